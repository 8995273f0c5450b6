import type { OwnNumber } from '../engine/account.ts'
import { emptyRouting, nationalLook, numberBySid } from '../engine/book.ts'
import type { World } from '../engine/world.ts'
import { isFree, isOnSale, numbersOnSale, typeOfNumber } from './available-numbers.ts'
import { one } from './form.ts'
import { drop, keep } from './keep.ts'
import { page } from './paging.ts'
import { e164, isPhoneNumber } from './read-call.ts'
import { API_VERSION, accountPath, date } from './resources.ts'
import { notFound, RestError } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'
import { readRouting, routingKeys } from './routing-form.ts'

/** `/IncomingPhoneNumbers`. https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource */

/** Accepted without effect: this network has no addresses, trunks, bundles, emergency calls or fax. */
const WITHOUT_EFFECT = [
  'AccountSid',
  'AddressSid',
  'BundleSid',
  'EmergencyAddressSid',
  'EmergencyStatus',
  'IdentitySid',
  'TrunkSid',
  'VoiceReceiveMode',
]

export function numberResource(world: World, own: OwnNumber): Record<string, unknown> {
  return {
    ...routingKeys(own),
    sid: own.sid,
    account_sid: world.account.accountSid,
    phone_number: own.number,
    voice_application_sid: own.voiceApplicationSid,
    sms_application_sid: own.sms.SmsApplicationSid || null,
    capabilities: { voice: true, sms: true, mms: true, fax: false },
    address_requirements: 'none',
    address_sid: null,
    identity_sid: null,
    bundle_sid: null,
    trunk_sid: null,
    beta: false,
    origin: 'twilio',
    type: own.type,
    status: 'in-use',
    voice_receive_mode: 'voice',
    emergency_status: 'Inactive',
    emergency_address_sid: null,
    emergency_address_status: 'unregistered',
    api_version: API_VERSION,
    date_created: date(own.createdAt),
    date_updated: date(own.updatedAt),
    uri: `${accountPath(world)}/IncomingPhoneNumbers/${own.sid}.json`,
  }
}

function numberOf(ask: RestAsk, sid: string): OwnNumber {
  const own = numberBySid(ask.world, sid)
  if (!own) throw notFound(ask.path)
  return own
}

function applicationOf({ world, form }: RestAsk, old: string | null): string | null {
  if (!form.has('VoiceApplicationSid')) return old
  const sid = one(form, 'VoiceApplicationSid')
  if (sid !== null && !world.applications.has(sid)) {
    throw new RestError(400, 21218, `VoiceApplicationSid ${sid} does not exist`)
  }
  return sid
}

function note(ask: RestAsk): void {
  for (const name of WITHOUT_EFFECT) {
    if (one(ask.form, name) !== null) ask.alert(`${name} of a number is accepted without effect`)
  }
}

/** The number that a create asks for. Throws 21421 invalid, 21422 not available, 21452 none in that area. */
function wantedNumber({ world, form }: RestAsk): string {
  const raw = one(form, 'PhoneNumber')
  if (raw !== null) {
    const number = e164(raw)
    if (!isPhoneNumber(number)) throw new RestError(400, 21421, `PhoneNumber ${raw} is invalid`)
    if (!isFree(world, number)) throw new RestError(400, 21422, `PhoneNumber ${number} is not available`)
    return number
  }
  const areaCode = one(form, 'AreaCode')
  if (areaCode === null) throw new RestError(400, 21421, 'PhoneNumber or AreaCode is required')
  const [found] = isOnSale(areaCode)
    ? numbersOnSale(world, { country: 'US', kind: 'Local', areaCode, contains: '' })
    : []
  if (found === undefined) throw new RestError(400, 21452, `No phone numbers found in area code ${areaCode}`)
  return found
}

function create(ask: RestAsk): RestAnswer {
  const number = wantedNumber(ask)
  const settings = {
    ...readRouting(ask.form, emptyRouting(nationalLook(number))),
    voiceApplicationSid: applicationOf(ask, null),
    type: typeOfNumber(number),
  }
  note(ask)
  const sid = keep(ask, { of: 'number', number, settings })
  return { status: 201, body: numberResource(ask.world, numberOf(ask, sid)) }
}

function fetch(ask: RestAsk, sid: string): RestAnswer {
  return { status: 200, body: numberResource(ask.world, numberOf(ask, sid)) }
}

function update(ask: RestAsk, sid: string): RestAnswer {
  const own = numberOf(ask, sid)
  const settings = {
    ...readRouting(ask.form, own),
    voiceApplicationSid: applicationOf(ask, own.voiceApplicationSid),
  }
  note(ask)
  keep(ask, { of: 'number', number: own.number, settings })
  return fetch(ask, sid)
}

/** `415555****` or any part of the number; `*` is any digit. */
function partOf(pattern: string): RegExp {
  const digits = pattern.replace(/[^\d*]/g, '').replaceAll('*', '\\d')
  return new RegExp(digits)
}

function list(type: OwnNumber['type'] | null, part: string) {
  return ({ world, query }: RestAsk): RestAnswer => {
    const number = one(query, 'PhoneNumber')
    const name = one(query, 'FriendlyName')
    const origin = one(query, 'Origin')
    const fits = number === null ? null : partOf(number)
    const found = [...world.numbers.values()]
      .reverse()
      .filter(
        own =>
          (type === null || own.type === type) &&
          (fits === null || fits.test(own.number)) &&
          (name === null || own.friendlyName === name) &&
          (origin === null || origin === 'twilio') &&
          one(query, 'Beta') !== 'true_only',
      )
    const path = `${accountPath(world)}/IncomingPhoneNumbers${part}.json`
    const body = page(path, query, 'incoming_phone_numbers', found, own => numberResource(world, own))
    return { status: 200, body }
  }
}

const ONE = '/IncomingPhoneNumbers/{Sid}.json'

function rowsOf(type: OwnNumber['type'] | null, part: string): Route[] {
  const path = `/IncomingPhoneNumbers${part}.json`
  return [
    { method: 'GET', path, operation: 'number-list', run: list(type, part) },
    { method: 'POST', path, operation: 'number-create', run: create },
  ]
}

export const OWN_NUMBER_ROUTES: Route[] = [
  ...rowsOf(null, ''),
  // These rows come before the row of one number, which would take their names for SIDs.
  ...rowsOf('local', '/Local'),
  ...rowsOf('mobile', '/Mobile'),
  ...rowsOf('toll-free', '/TollFree'),
  { method: 'GET', path: ONE, operation: 'number-fetch', run: fetch },
  { method: 'POST', path: ONE, operation: 'number-update', run: update },
  {
    method: 'DELETE',
    path: ONE,
    operation: 'number-delete',
    run: (ask, sid = '') => drop(ask, 'number', numberOf(ask, sid).sid),
  },
]
