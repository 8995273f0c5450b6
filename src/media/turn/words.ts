/** The words that the rules of turn-taking know, by language, in lower case. Where speech-to-text drops accents, both forms are listed. */

export type Language = 'en' | 'es' | 'fr' | 'de' | 'it' | 'pt'

const list = (words: string) => new Set(words.split(' '))

/** A speaker goes on after one of these: conjunctions, articles, prepositions, possessives, fillers. */
export const GOES_ON: Record<Language, ReadonlySet<string>> = {
  en: list(
    'and or but so because if when while although that which who the a an of to for with from at in on by as about into my your his her our their is are was were am will would could should can um uh er hmm well like just than then not very',
  ),
  es: list(
    'y e o u pero porque si cuando aunque que quien el la los las un una unos unas de del a al para por con sin en sobre mi tu su sus nuestro es son era está soy eh em este pues como muy más entonces',
  ),
  fr: list(
    'et ou mais donc car parce si quand que qui dont où le la les un une des du de à au aux pour par avec sans dans sur en mon ma mes ton ta son sa ses notre votre leur est sont était suis euh ben alors comme très plus',
  ),
  de: list(
    'und oder aber weil wenn dass ob als denn der die das den dem des ein eine einen einem einer von vom zu zum zur für mit ohne aus bei in im an am auf mein meine dein sein ihr unser ist sind war bin wird werde kann äh ähm also wie sehr mehr',
  ),
  it: list(
    'e ed o ma perché se quando che chi cui il lo la i gli le un uno una di del della dei a al alla per con senza in nel su sul da dal mio mia tuo suo nostro è sono era sia eh ehm allora come molto più quindi',
  ),
  pt: list(
    'e ou mas porque se quando que quem o a os as um uma uns umas de do da dos das para por com sem em no na sobre meu minha teu seu sua nosso é são era está sou hum então como muito mais',
  ),
}

/** These one or two words are whole answers. */
export const WHOLE_ANSWER: Record<Language, ReadonlySet<string>> = {
  en: list(
    'yes no yeah yep nope sure ok okay right correct exactly thanks hello hi bye goodbye maybe never always today tomorrow',
  ),
  es: list('sí si no claro vale bien correcto exacto gracias hola adiós nunca siempre hoy mañana'),
  fr: list('oui non ouais voilà bien exact merci bonjour allô jamais toujours demain'),
  de: list('ja nein doch genau klar gut okay richtig danke hallo tschüss nie immer heute morgen'),
  it: list('sì si no certo va bene esatto grazie pronto ciao mai sempre oggi domani'),
  pt: list('sim não claro certo bem exato obrigado obrigada olá alô nunca sempre hoje amanhã'),
}

/** The digits as they are spoken, and the words that repeat or separate them. */
export const NUMBER_WORD: Record<Language, ReadonlySet<string>> = {
  en: list(
    'zero oh one two three four five six seven eight nine ten eleven twelve double triple hundred thousand plus dash point',
  ),
  es: list('cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce doble triple cien mil más guion coma'),
  fr: list(
    'zéro un deux trois quatre cinq six sept huit neuf dix onze douze double triple cent mille plus tiret virgule',
  ),
  de: list(
    'null eins zwei zwo drei vier fünf sechs sieben acht neun zehn elf zwölf doppel hundert tausend plus strich komma',
  ),
  it: list(
    'zero uno due tre quattro cinque sei sette otto nove dieci undici dodici doppio triplo cento mila più trattino virgola',
  ),
  pt: list(
    'zero um dois três quatro cinco seis meia sete oito nove dez onze doze duplo triplo cem mil mais traço vírgula',
  ),
}

/** These words are said inside an e-mail or web address, so more follows. */
export const ADDRESS_WORD: Record<Language, ReadonlySet<string>> = {
  en: list('at dot underscore dash slash'),
  es: list('arroba punto guion barra'),
  fr: list('arobase point tiret slash'),
  de: list('at ät punkt unterstrich minus schrägstrich'),
  it: list('chiocciola punto trattino barra'),
  pt: list('arroba ponto traço sublinhado barra'),
}
