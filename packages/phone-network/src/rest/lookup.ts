import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { personOf } from '../engine/acting.ts'
import { nationalLook } from '../engine/book.ts'
import { countryOf } from '../engine/places.ts'
import type { World } from '../engine/world.ts'
import { typeOfNumber } from './available-numbers.ts'
import { one } from './form.ts'
import { badParameter, notFound } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** `lookups.twilio.com/v2/PhoneNumbers/{n}`. https://www.twilio.com/docs/lookup/v2-api */

/** Packages of the lookup; those with null are accepted, answered with null and logged. */
const FIELDS = [
  'caller_name',
  'sim_swap',
  'call_forwarding',
  'line_type_intelligence',
  'line_status',
  'identity_match',
  'reassigned_number',
  'sms_pumping_risk',
  'phone_number_quality_score',
  'pre_fill',
]
const ANSWERED = ['caller_name', 'line_type_intelligence', 'line_status', 'call_forwarding', 'validation']

/** A number of this network is valid, even if no numbering plan has it. */
function isOurs(world: World, number: string): boolean {
  return /^\+1500\d{7}$/.test(number) || world.people.has(number) || world.numbers.has(number)
}

function fieldOf(world: World, number: string, name: string): Record<string, unknown> | null {
  const kind = personOf(world, number).script.kind
  if (name === 'caller_name') {
    if (countryOf(number) !== 'US') return { caller_name: null, caller_type: null, error_code: 60600 }
    const person = world.people.get(number)
    return {
      caller_name: person ? person.name.toUpperCase().slice(0, 15) : null,
      caller_type: person ? 'CONSUMER' : 'UNDETERMINED',
      error_code: null,
    }
  }
  if (name === 'line_type_intelligence') {
    const tollFree = typeOfNumber(number) === 'toll-free'
    const type = tollFree ? 'tollFree' : world.numbers.has(number) ? 'nonFixedVoip' : 'mobile'
    return {
      carrier_name: 'The phone network',
      error_code: null,
      mobile_country_code: type === 'mobile' && countryOf(number) === 'US' ? '310' : null,
      mobile_network_code: type === 'mobile' && countryOf(number) === 'US' ? '000' : null,
      type,
    }
  }
  if (name === 'line_status') {
    return { status: kind === 'unreachable' ? 'unreachable' : 'reachable', error_code: null }
  }
  if (name === 'call_forwarding') return { call_forwarding_enabled: false, error_code: null }
  return null
}

function lookUp(ask: RestAsk, raw: string): RestAnswer {
  const { world, query, origin } = ask
  const country = one(query, 'CountryCode')?.toUpperCase()
  const parsed = parsePhoneNumberFromString(raw, country as Parameters<typeof parsePhoneNumberFromString>[1])
  const number = parsed?.number ?? raw.replace(/[\s().-]/g, '')
  if (!/^\+?\d{2,}$/.test(number)) throw notFound(ask.path)
  const fields = (one(query, 'Fields') ?? '')
    .split(',')
    .map(word => word.trim())
    .filter(Boolean)
  for (const name of fields) {
    if (!FIELDS.includes(name) && name !== 'validation') throw badParameter('Fields', `has no ${name}`)
    if (!ANSWERED.includes(name)) ask.alert(`Lookup: ${name} is not known here and answered null`)
  }
  const invalidPerson = isOurs(world, number) && personOf(world, number).script.kind === 'invalid'
  const valid = !invalidPerson && (isOurs(world, number) || (parsed?.isValid() ?? false))
  const callingCode = parsed?.countryCallingCode ?? (number.startsWith('+1') ? '1' : null)
  const body = {
    calling_country_code: valid ? callingCode : null,
    country_code: valid ? countryOf(number) || null : null,
    phone_number: number.startsWith('+') ? number : `+${number}`,
    national_format: valid ? (parsed?.formatNational() ?? nationalLook(number)) : null,
    valid,
    validation_errors: valid
      ? []
      : [number.length < 8 ? 'TOO_SHORT' : number.length > 16 ? 'TOO_LONG' : 'INVALID_BUT_POSSIBLE'],
    ...Object.fromEntries(
      FIELDS.map(name => [name, valid && fields.includes(name) ? fieldOf(world, number, name) : null]),
    ),
    url: `${origin}/v2/PhoneNumbers/${encodeURIComponent(number)}`,
  }
  return { status: 200, body }
}

export const LOOKUP_ROUTES: Route[] = [
  { method: 'GET', path: '/v2/PhoneNumbers/{PhoneNumber}', operation: 'lookup-fetch', run: lookUp },
]
