/** A call at a mask: whom it is led to, and what its mask is told. */
import { type KnownCall, knownCall } from '../../core/call/flow/pages.ts'
import { type CallEffect, type CallInput, type CallState, maskOf } from '../../core/call/state.ts'
import { type MaskId, numberOfMask, parseId, workspaceOf } from '../../core/ids.ts'
import { hideNumbers } from '../../core/mask/hidden.ts'
import type { Led } from '../../core/mask/mask.ts'
import { toE164 } from '../../wire/phone-number.ts'
import type { Neighbours } from '../neighbours.ts'
import { judged } from './flow-parties.ts'
import { sidesOf } from './transfer.ts'

type Of<T extends CallEffect['type']> = Extract<CallEffect, { type: T }>
type Answer = Extract<CallInput, { type: 'flow.answered' }>['answer']

/** The number behind which the people of this call are; null: it is at no mask. */
export function maskedBy(state: CallState): string | null {
  const maskId = maskOf(state)
  return maskId === null ? null : numberOfMask(maskId)
}

/** What is told of a call: at a mask without the numbers of its people. */
export function shownCall(state: CallState): KnownCall {
  const [known, shown] = [knownCall(state), maskedBy(state)]
  return shown === null ? known : hideNumbers(known, shown)
}

export async function ledByMask(
  near: Neighbours,
  callId: string,
  { call }: CallState,
  { ask, option }: Of<'flow-ask-neighbour'>,
): Promise<Answer> {
  const maskId = parseId('mask', String(option.mask_id), workspaceOf(callId))
  if (maskId === null || call.phase !== 'live') return { is: 'failed', because: 'no-such-mask' }
  const pin = typeof option.pin === 'string' ? option.pin : null
  const mask = near.actor('mask', maskId)
  const led = await mask.route(`${callId}:${ask}`, callId, toE164(sidesOf(call).from), pin)
  if (led === null) return { is: 'failed', because: 'no-such-mask' }
  switch (led.is) {
    case 'pin':
      return { is: 'result', result: led.wrong ? 'pin-wrong' : 'pin-wanted' }
    case 'nobody': {
      const talk = { type: 'talk', option: { text: led.message, language: led.language } }
      return { is: 'steps', actions: [talk, { type: 'hangup', option: {} }] }
    }
    default: {
      const refused = await judged(near, callId, led.number, call)
      if (refused === null) return { is: 'steps', actions: stepsTo(maskId, led) }
      await mask.refused(callId, refused)
      return { is: 'failed', because: refused }
    }
  }
}

/** Whoever is rung sees the number of the mask. */
function stepsTo(maskId: MaskId, led: Extract<Led, { is: 'party' | 'owner' }>): unknown[] {
  const { number, waitingMessage: text, language, record, ringMs, maxMs } = led
  const parties = { list: [{ kind: 'number', number, told: true }] }
  const dial = { parties, from: numberOfMask(maskId), ring_ms: ringMs, most_ms: maxMs, record }
  const talk = text === '' ? [] : [{ type: 'talk', option: { text, language } }]
  return [...talk, { type: 'dial', option: dial }]
}

export async function leaveMask(
  near: Neighbours,
  callId: string,
  { mask = '', result = '' }: Of<'flow-leave'>,
): Promise<CallInput[]> {
  const maskId = parseId('mask', mask, workspaceOf(callId))
  if (maskId !== null) await near.actor('mask', maskId).ended(callId, result)
  return []
}

/** Both sides of a masked call talk. */
export async function maskConnected(near: Neighbours, callId: string, mask: string): Promise<void> {
  const maskId = parseId('mask', mask, workspaceOf(callId))
  if (maskId !== null) await near.actor('mask', maskId).connected(callId)
}
