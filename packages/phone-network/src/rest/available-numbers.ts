import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  isSupportedCountry,
} from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import type { OwnNumber } from '../engine/account.ts'
import { nationalLook } from '../engine/book.ts'
import { AREA_CODES, type Place, placeOf, placeOfArea } from '../engine/places.ts'
import { seededRandom } from '../engine/random.ts'
import type { World } from '../engine/world.ts'
import { flag, one } from './form.ts'
import { page } from './paging.ts'
import { accountPath } from './resources.ts'
import { notFound } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/**
 * `/AvailablePhoneNumbers`: numbers on sale, made from the seed, so that the same question has the same answer.
 * https://www.twilio.com/docs/phone-numbers/api/availablephonenumberlocal-resource
 */

const SHOWN = 30
const TRIES = 200
const KINDS = ['Local', 'Mobile', 'TollFree'] as const
type Kind = (typeof KINDS)[number]
const TOLL_FREE = ['800', '833', '844', '855', '866', '877', '888']
/** Area codes of Canada in the table, so that the two countries keep apart. */
const areasOf = (country: string): string[] => AREA_CODES.filter(code => placeOfArea(code)?.country === country)

/** Filters without effect here; the log says so. */
const WITHOUT_EFFECT = ['NearNumber', 'NearLatLong', 'Distance', 'InRateCenter', 'InLata']

interface Wish {
  country: CountryCode
  kind: Kind
  areaCode: string
  contains: string
}

export function typeOfNumber(number: string): OwnNumber['type'] {
  return /^\+1(8(00|33|44|55|66|77|88))\d{7}$/.test(number) ? 'toll-free' : 'local'
}

/** Whether an area code has numbers to sell. */
export function isOnSale(areaCode: string): boolean {
  return placeOfArea(areaCode) !== undefined
}

/** Whether a number is free: not owned, not a person's and not a magic number. */
export function isFree(world: World, number: string): boolean {
  return !world.numbers.has(number) && !world.people.has(number) && !/^\+1500/.test(number)
}

const LETTERS = '22233344455566677778889999'

function patternOf(contains: string): string {
  return contains
    .toUpperCase()
    .replace(/[A-Z]/g, letter => LETTERS[letter.charCodeAt(0) - 65] ?? '')
    .replace(/[^\d*]/g, '')
}

/** Matches the pattern with the end of a number, or with all of it when it begins with the country code. */
function lay(number: string, pattern: string, callingCode: string): string {
  const text = pattern.startsWith(callingCode) && pattern.length >= number.length - 1 ? pattern : pattern.slice(-10)
  const from = Math.max(1 + callingCode.length, number.length - text.length)
  return (
    number.slice(0, from) +
    [...number.slice(from)]
      .map((digit, index) => {
        const over = text[index + text.length - (number.length - from)] ?? '*'
        return over === '*' ? digit : over
      })
      .join('')
  )
}

function base({ country, kind, areaCode }: Wish, pick: (below: number) => number): string | null {
  const digits = (count: number): string => Array.from({ length: count }, () => pick(10)).join('')
  if (country === 'US' || country === 'CA') {
    const codes = areaCode !== '' ? [areaCode] : kind === 'TollFree' ? TOLL_FREE : areasOf(country)
    const code = codes[pick(codes.length)]
    return code === undefined ? null : `+1${code}${2 + pick(8)}${digits(6)}`
  }
  const example = getExampleNumber(country, examples)?.number
  return example === undefined ? null : example.slice(0, -5) + digits(5)
}

/** Up to thirty free numbers that match a search. */
export function numbersOnSale(world: World, wish: Wish): string[] {
  const { country, kind, areaCode, contains } = wish
  const random = seededRandom(`on sale ${world.seed} ${country} ${kind} ${areaCode} ${contains}`)
  const callingCode = getCountryCallingCode(country)
  const pattern = patternOf(contains)
  const found = new Set<string>()
  for (let tries = 0; tries < TRIES && found.size < SHOWN; tries += 1) {
    const plain = base(wish, below => random.int(below))
    if (plain === null) break
    const number = pattern === '' ? plain : lay(plain, pattern, callingCode)
    const fits = new RegExp(pattern.replaceAll('*', '\\d')).test(number)
    const inArea = areaCode === '' || number.startsWith(`+1${areaCode}`)
    if (fits && inArea && isFree(world, number)) found.add(number)
  }
  return [...found]
}

function availableResource(number: string, country: string, kind: Kind): Record<string, unknown> {
  const place: Place | null = placeOf(number)
  const known = kind === 'Local' && place !== null && place.city !== ''
  return {
    friendly_name: nationalLook(number),
    phone_number: number,
    lata: null,
    locality: known ? titled(place.city) : null,
    rate_center: known ? place.city.replaceAll(' ', '').slice(0, 10) : null,
    latitude: null,
    longitude: null,
    region: known ? place.state : null,
    postal_code: known ? place.zip : null,
    iso_country: country,
    address_requirements: 'none',
    beta: false,
    capabilities: { voice: true, sms: true, mms: true, fax: false },
  }
}

function titled(city: string): string {
  return city.toLowerCase().replace(/\b[a-z]/g, letter => letter.toUpperCase())
}

function countryOfPath(ask: RestAsk, code: string): CountryCode {
  if (!isSupportedCountry(code)) throw notFound(ask.path)
  return code
}

/** Answers `Mobile` with 20404: North America has no separate mobile numbers. */
function kindsOf(country: CountryCode): Kind[] {
  if (country === 'US' || country === 'CA') return ['Local', 'TollFree']
  return ['Local', 'Mobile']
}

function search(kind: Kind) {
  return (ask: RestAsk, code = ''): RestAnswer => {
    const { world, query } = ask
    const country = countryOfPath(ask, code)
    if (!kindsOf(country).includes(kind)) throw notFound(ask.path)
    for (const name of WITHOUT_EFFECT) if (one(query, name) !== null) ask.alert(`${name} is accepted without effect`)
    const areaCode = one(query, 'AreaCode') ?? ''
    const none =
      flag(query, 'SmsEnabled') === true ||
      flag(query, 'MmsEnabled') === true ||
      flag(query, 'FaxEnabled') === true ||
      flag(query, 'VoiceEnabled') === false ||
      (areaCode !== '' && kind === 'Local' && placeOfArea(areaCode)?.country !== country)
    const wish = { country, kind, areaCode, contains: one(query, 'Contains') ?? '' }
    const [region, city, zip] = ['InRegion', 'InLocality', 'InPostalCode'].map(name => one(query, name)?.toUpperCase())
    const found = (none ? [] : numbersOnSale(world, wish)).filter(number => {
      const place = placeOf(number)
      return (
        (region === undefined || place?.state === region) &&
        (city === undefined || place?.city === city) &&
        (zip === undefined || place?.zip === zip)
      )
    })
    const items = found.map(number => ({ sid: number }))
    const body = page(ask.path, query, 'available_phone_numbers', items, ({ sid: number }) =>
      availableResource(number, country, kind),
    )
    return { status: 200, body }
  }
}

const names = new Intl.DisplayNames(['en'], { type: 'region' })
const PART = { Local: 'local', Mobile: 'mobile', TollFree: 'toll_free' }

function countryResource(world: World, country: CountryCode): Record<string, unknown> {
  const path = `${accountPath(world)}/AvailablePhoneNumbers/${country}`
  return {
    country_code: country,
    country: names.of(country) ?? country,
    beta: false,
    subresource_uris: Object.fromEntries(kindsOf(country).map(kind => [PART[kind], `${path}/${kind}.json`])),
    uri: `${path}.json`,
  }
}

const ALL = '/AvailablePhoneNumbers'

export const AVAILABLE_NUMBER_ROUTES: Route[] = [
  {
    method: 'GET',
    path: `${ALL}.json`,
    operation: 'available-country-list',
    run: ({ world, path, query }) => {
      const items = getCountries().map(sid => ({ sid }))
      return { status: 200, body: page(path, query, 'countries', items, ({ sid }) => countryResource(world, sid)) }
    },
  },
  {
    method: 'GET',
    path: `${ALL}/{Country}.json`,
    operation: 'available-country-fetch',
    run: (ask, code = '') => ({ status: 200, body: countryResource(ask.world, countryOfPath(ask, code)) }),
  },
  ...KINDS.map(
    (kind): Route => ({
      method: 'GET',
      path: `${ALL}/{Country}/${kind}.json`,
      operation: 'available-list',
      run: search(kind),
    }),
  ),
]
