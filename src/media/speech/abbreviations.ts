/** Abbreviations whose full stop may not end a sentence, by language, in lower case and without the last stop. */
import type { Language } from '../turn/words.ts'

const list = (words: string) => new Set(words.split(' '))

/** Abbreviations that never end a sentence: titles, "for example", "number". */
export const NEVER_ENDS: Record<Language, ReadonlySet<string>> = {
  en: list(
    'mr mrs ms dr prof st sr jr gen col lt sgt capt rev hon e.g i.e vs no nos fig vol ext tel approx dept est mt',
  ),
  es: list(
    'sr sra srta sres dr dra d dña da prof profa lic ing ud uds p.ej ej núm n.º tel ext av avda c s/ sto sta gral aprox',
  ),
  fr: list('m mm mme mlle dr pr prof me mgr st ste p.ex ex cf tél no n° av bd env art vol'),
  de: list(
    'hr fr dr prof ing dipl z.b bzw d.h ca vgl nr tel str st u.a evtl ggf inkl zzgl abs art mind max min sog bzgl geb gest v.a z.t',
  ),
  it: list(
    'sig sig.ra sigg sig.na dott dott.ssa dr ing avv prof prof.ssa geom rag p.es es n tel ecc.ra spett gent egr art pag',
  ),
  pt: list('sr sra srs srta dr dra prof profa eng exmo exma d p.ex ex n n.º nº tel av r pág art aprox'),
}

/** Abbreviations that may end a sentence: a capital letter after them begins the next one. */
export const MAY_END: Record<Language, ReadonlySet<string>> = {
  en: list(
    'a.m p.m etc inc ltd co corp u.s u.k ph.d b.c a.d jan feb mar apr jun jul aug sept sep oct nov dec ave blvd rd',
  ),
  es: list('a.m p.m etc s.a s.l ee.uu'),
  fr: list('etc s.a s.a.s'),
  de: list('usw etc u.s.w usf o.ä'),
  it: list('ecc etc s.p.a s.r.l'),
  pt: list('etc s.a ltda a.m p.m'),
}
