/** What a carrier says, acted on: which actor hears it, and what the carrier is answered. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { turnOfToken } from '../../core/call/control/state.ts'
import { pageOfToken } from '../../core/call/flow/state.ts'
import type { ProviderStatus } from '../../core/call/state.ts'
import { deskId, deskOfLine } from '../../core/ids.ts'
import {
  HANG_UP,
  type Instructions,
  OPT_OUT,
  sayAndHangUp,
  VOICEMAIL,
  VOICEMAIL_MESSAGE,
} from '../../core/instruction/instruction.ts'
import type { CarrierAccount } from '../../providers/telephony/port.ts'
import type { CarrierEvent } from '../../providers/telephony/webhook-port.ts'
import { callerOf } from '../../wire/phone-number.ts'
import { callBrought, phoneDials } from './incoming.ts'
import { sipDials } from './sip-phones.ts'

/** The answer's instructions, with the call whose callback URLs they name (empty: none); null: there is nothing to say. */
export type Acted = { callId: string; instructions: Instructions } | null

type Of<K extends CarrierEvent['kind']> = Extract<CarrierEvent, { kind: K }>

export async function act(env: Env, account: CarrierAccount, event: CarrierEvent): Promise<Acted> {
  switch (event.kind) {
    case 'leg-asks':
      return legAsks(env, event)
    case 'call-asks': {
      const deskId = deskOfLine(event.callId)
      if (deskId !== null) return saying('', (await stubFor(env, 'desk', deskId).lineAsks(event.callId)) ?? HANG_UP)
      return saying(event.callId, await stubFor(env, 'call', event.callId).answer(event.providerId))
    }
    case 'digits-keyed':
      return keyed(env, account.workspaceId, event)
    case 'dial-ended': {
      const { callId, providerId, end } = event
      return saying(callId, await stubFor(env, 'call', callId).dialEnded(providerId, end))
    }
    case 'summary-asked': {
      const words = await stubFor(env, 'call', event.callId).document('summary')
      return saying('', words ? [{ kind: 'say', text: words }] : HANG_UP)
    }
    case 'hold-asked':
      return saying('', [{ kind: 'play', urls: [`${account.publicUrl}/sounds/hold.wav`], forever: true }])
    case 'call-brought':
      return callBrought(env, account.workspaceId, event)
    case 'phone-dials':
      return phoneDials(env, account.workspaceId, event)
    case 'sip-dials':
      return sipDials(env, account.workspaceId, event)
    default:
      await store(env, account, event)
      return null
  }
}

function saying(callId: string, instructions: Instructions): Acted {
  return { callId, instructions }
}

/** The race: the batch decides in one call; an AI agent or a flow that won needs a second one. */
async function legAsks(env: Env, { batchId, callId, providerId, verdict }: Of<'leg-asks'>): Promise<Acted> {
  const claim = await stubFor(env, 'batch', batchId).claim(callId, providerId, verdict)
  const call = () => stubFor(env, 'call', callId)
  if ('agent' in claim) return saying(callId, await call().converse(claim.agent, providerId))
  if ('flow' in claim) return saying(callId, await call().runFlow(claim.flow, providerId))
  return saying(callId, claim.instructions)
}

/** The key of a message puts the person's number on the do-not-call list; after a greeting without a key comes the tone. */
async function keyed(
  env: Env,
  workspaceId: string,
  { callId, token, digits, number, recordedMs }: Of<'digits-keyed'>,
): Promise<Acted> {
  if (pageOfToken(token) !== null || turnOfToken(token) !== null)
    return saying(callId, await stubFor(env, 'call', callId).stepDone({ token, digits, recordedMs }))
  const optsOut = digits === OPT_OUT.key && (token === OPT_OUT.token || token === VOICEMAIL.greeting)
  if (!optsOut && token === VOICEMAIL.greeting) return saying(callId, VOICEMAIL_MESSAGE)
  if (!optsOut && token === VOICEMAIL.message) return saying(callId, sayAndHangUp('Thank you. Goodbye.'))
  if (!optsOut) return saying(callId, HANG_UP)
  // A person who was called has the number that was called; only a caller can withhold theirs.
  if (callerOf(number).withheld)
    return saying(callId, sayAndHangUp('Your number is withheld, so we cannot put it on a list. Goodbye.'))
  const [because, by] = ['a key on the phone', 'the person themselves']
  await stubFor(env, 'workspace', workspaceId).optOut({ number, because, by, callId })
  return saying(callId, sayAndHangUp('You are off our list. Goodbye.'))
}

type Question =
  | 'digits-keyed'
  | 'leg-asks'
  | 'call-asks'
  | 'dial-ended'
  | 'summary-asked'
  | 'hold-asked'
  | 'call-brought'
  | 'phone-dials'
  | 'sip-dials'

/** What only has to be known. A callback for a call that we do not know is accepted, so that it is not repeated, and changes nothing. */
async function store(
  env: Env,
  account: CarrierAccount,
  event: Exclude<CarrierEvent, { kind: Question }>,
): Promise<void> {
  const at = Date.now()
  switch (event.kind) {
    case 'leg-judged': {
      const { batchId, callId, verdict, id } = event
      return warn(await stubFor(env, 'batch', batchId).deliver({ type: 'leg.judged', at, legId: callId, verdict }, id))
    }
    case 'call-reported': {
      const { providerId, status, remote, id, lastedMs } = event
      const callId = event.callId ?? (await stubFor(env, 'trunk', account.workspaceId).callOf(providerId))
      if (callId === null) return lineReported(env, account, event)
      const lasted = lastedMs === undefined ? {} : { lastedMs }
      const input = { type: 'call.reported' as const, at, providerId, status, remote, ...lasted }
      return warn(await stubFor(env, 'call', callId).deliver(input, id))
    }
    case 'onward-answered': {
      const { callId, providerId } = event
      const input = { type: 'call.onward-answered' as const, at, providerId }
      return warn(await stubFor(env, 'call', callId).deliver(input, `onward-answered:${providerId}`))
    }
    case 'onward-ended': {
      const { callId, providerId, number, talkedMs } = event
      const input = { type: 'call.onward-ended' as const, at, providerId, number, talkedMs }
      return warn(await stubFor(env, 'call', callId).deliver(input, `onward:${providerId}`))
    }
    case 'odd-status':
      // An unknown status is logged and not fatal (S2-2). The word is foreign text, so the log gets the ids alone.
      return console.warn(
        JSON.stringify({ message: 'unknown call status', trace: event.callId, providerId: event.providerId }),
      )
    case 'phone-answered': {
      const input = { type: 'call.answer-seen' as const, at, providerId: null }
      return warn(await stubFor(env, 'call', event.callId).deliver(input, null))
    }
    case 'recording-reported': {
      const { callId, recordingId: carrierId, named, status, seconds, message } = event
      const of = message ? { message } : {}
      const which = named === undefined ? { recordingId: carrierId } : { recordingId: named, carrierId }
      const input = { type: 'recording.reported' as const, at, ...which, status, seconds, ...of }
      return warn(await stubFor(env, 'call', callId).deliver(input, `recording:${carrierId}:${status}`))
    }
    case 'room-recording-reported': {
      const { room, recordingId, conferenceId, status, seconds } = event
      const input = { type: 'recording.reported' as const, at, recordingId, conferenceId, status, seconds }
      return stubFor(env, 'room', room).deliver(input, `recording:${recordingId}:${status}`)
    }
    case 'transcribed': {
      const input = { type: 'recording.live' as const, at, said: event.said }
      return warn(await stubFor(env, 'call', event.callId).deliver(input, event.id))
    }
    case 'room-reported':
      await stubFor(env, 'room', event.room).deliver({ ...event.report, at }, event.id)
      return
    case 'other':
  }
}

const RUNNING: readonly ProviderStatus[] = ['queued', 'initiated', 'ringing', 'in-progress']

/** The app's callback tells of the agents' own lines as well. Their rooms say more, but the room's word of an end may be late or lost. */
async function lineReported(
  env: Env,
  { workspaceId }: CarrierAccount,
  { fromPhone, fromSip, providerId, status, id }: Extract<CarrierEvent, { kind: 'call-reported' }>,
): Promise<void> {
  if (fromSip) return
  if (fromPhone === undefined) return warn(false)
  if (RUNNING.includes(status)) return
  await stubFor(env, 'desk', deskId(workspaceId, fromPhone)).deliver(
    { type: 'line.ended', at: Date.now(), providerId },
    id,
  )
}

function warn(known: boolean): void {
  if (!known) console.warn(JSON.stringify({ message: 'callback for an unknown call' }))
}
