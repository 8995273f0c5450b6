import type { CallbackTarget } from '../engine/world.ts'
import { type Form, methodOf, urlOf } from './form.ts'

/** Reading a status callback and the names of its events. */

const CALL_EVENTS = ['initiated', 'ringing', 'answered', 'completed']

/** Names that are not events. The call is made without them, and they are logged. */
export function strangeEvents(form: Form, prefix = 'StatusCallback', known = CALL_EVENTS): string[] {
  return eventsOf(form, prefix).filter(event => !known.includes(event))
}

function eventsOf(form: Form, prefix: string): string[] {
  return (form.get(`${prefix}Event`) ?? []).flatMap(value => value.split(/[\s,]+/)).filter(Boolean)
}

/** A status callback with its events. An event that Twilio does not have is left out; see `strangeEvents`. */
export function readCallback(form: Form, prefix = 'StatusCallback', known = CALL_EVENTS): CallbackTarget | null {
  const named = eventsOf(form, prefix).filter(event => known.includes(event))
  const url = urlOf(form, prefix)
  if (url === null) return null
  return { url, method: methodOf(form, `${prefix}Method`), events: named.length > 0 ? named : ['completed'] }
}
