/** Which column of a list is what: guessed from its header, or from what stands in it. */
export const FIELDS = [
  'contactId',
  'firstName',
  'lastName',
  'fullName',
  'company',
  'phone',
  'timeZone',
  'postcode',
  'aiConsent',
] as const
export type Field = (typeof FIELDS)[number]
/** One for each column; null: the column is left out. Several columns may be `phone`: the first with a number counts. */
export type Mapping = readonly (Field | null)[]

/** Words of headers without spaces, signs and accents: English, German, French, Spanish, and those of common programs. */
const NAMES: Record<Field, readonly string[]> = {
  contactId:
    'id contactid externalid personid leadid recordid customerid kundennummer kundennr identifiant idcliente'.split(
      ' ',
    ),
  firstName: 'firstname first givenname forename vorname prenom nombre nome'.split(' '),
  lastName: 'lastname last surname familyname nachname familienname nomdefamille apellido apellidos cognome'.split(' '),
  fullName: 'name fullname contact contactname person kontakt ansprechpartner nom nomcomplet nombrecompleto'.split(' '),
  company:
    'company companyname organisation organization account accountname employer business firma unternehmen societe entreprise empresa azienda'.split(
      ' ',
    ),
  phone:
    'phone phonenumber telephone tel mobile mobilephone cell cellphone number workphone businessphone homephone phone1 phone2 directphone telefon telefonnummer handy mobil mobiltelefon rufnummer portable telephoneportable telefono movil celular telefonno'.split(
      ' ',
    ),
  timeZone: 'timezone tz zone zeitzone fuseauhoraire fuseau zonahoraria'.split(' '),
  postcode: 'postcode postalcode zip zipcode plz postleitzahl codepostal codigopostal cp'.split(' '),
  aiConsent: 'aiconsent consentai aicalls kieinwilligung consentementia'.split(' '),
}

const KNOWN: ReadonlyMap<string, Field> = new Map(FIELDS.flatMap(field => NAMES[field].map(name => [name, field])))

function bare(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
}

/** Lists with the same header are mapped alike: the header as one text. */
export function signatureOf(header: readonly string[]): string {
  return header.map(bare).join('|').slice(0, 1_000)
}

/** @param isNumber whether a text is a phone number that can be dialled */
export function hasHeader(first: readonly string[], isNumber: (text: string) => boolean): boolean {
  if (first.some(cell => KNOWN.has(bare(cell)))) return true
  return !first.some(cell => isNumber(cell))
}

const MOSTLY = 0.5

/** What each column seems to be. Only `phone` may come twice. */
export function guess(
  header: readonly string[],
  samples: readonly (readonly string[])[],
  isNumber: (text: string) => boolean,
): (Field | null)[] {
  const taken = new Set<Field>()
  const mapping = header.map(cell => {
    const field = KNOWN.get(bare(cell)) ?? null
    if (field === null || (field !== 'phone' && taken.has(field))) return null
    taken.add(field)
    return field
  })
  // A column "Name" beside one with first names holds the last names.
  const whole = mapping.indexOf('fullName')
  if (whole >= 0 && taken.has('firstName') && !taken.has('lastName')) mapping[whole] = 'lastName'
  if (taken.has('phone')) return mapping
  const width = Math.max(header.length, ...samples.map(row => row.length))
  for (let column = 0; column < width; column += 1) {
    if ((mapping[column] ?? null) !== null) continue
    const filled = samples.map(row => row[column] ?? '').filter(cell => cell.trim() !== '')
    if (filled.length > 0 && filled.filter(isNumber).length / filled.length > MOSTLY) {
      while (mapping.length < column) mapping.push(null)
      mapping[column] = 'phone'
      break
    }
  }
  return mapping
}
