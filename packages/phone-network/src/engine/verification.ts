import { personOf } from './acting.ts'
import { keepInBook } from './book.ts'
import { fact, intend, later, soon, type Turn } from './turn.ts'
import { callFields } from './webhook-fields.ts'
import type { Call } from './world.ts'

/**
 * The call that verifies a caller id: the person at the phone types the code that the program was given. People with a
 * human's script type it by themselves, at a manual phone somebody must press the keys, and machines never do.
 * https://www.twilio.com/docs/voice/api/outgoing-caller-ids
 */

const TYPES_AFTER_MS = 1_500

/** The phone is answered: a human looks for the code and types it after a moment. */
export function awaitCode(turn: Turn, call: Call): void {
  if (call.verification === null || call.far.kind !== 'person') return
  if (personOf(turn.world, call.far.number).script.kind !== 'human') return
  later(turn, TYPES_AFTER_MS, { kind: 'code.typed', callSid: call.sid })
}

/** The human types the whole code. */
export function typeWholeCode(turn: Turn, call: Call): void {
  if (call.verification === null) return
  fact(turn, { kind: 'digits-pressed', callSid: call.sid, digits: call.verification.code })
  takeCode(turn, call, call.verification.code)
}

/** Keys pressed during a verification call: the last ones must be the code. */
export function takeCode(turn: Turn, call: Call, digits: string): void {
  const { verification } = call
  if (verification === null || verification.done) return
  verification.typed = (verification.typed + digits).slice(-verification.code.length)
  if (verification.typed !== verification.code) return
  verification.done = true
  const settings = verification.friendlyName === null ? {} : { friendlyName: verification.friendlyName }
  keepInBook(turn, { of: 'caller-id', number: call.to, settings })
  soon(turn, { kind: 'hang-up.wanted', callSid: call.sid })
}

/** Tell the program that asked for the verification how it ended. */
export function tellVerification(turn: Turn, call: Call): void {
  const { verification } = call
  if (!verification?.callback) return
  const sid = verification.done ? turn.world.callerIds.get(call.to)?.sid : undefined
  intend(turn, {
    do: 'notify',
    webhook: 'status',
    lane: call.sid,
    callSid: call.sid,
    target: verification.callback,
    fields: {
      ...callFields(turn.world, call),
      VerificationStatus: verification.done ? 'success' : 'failed',
      ...(sid === undefined ? {} : { OutgoingCallerIdSid: sid }),
    },
  })
}
