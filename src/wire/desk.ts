/**
 * The desk socket `GET /api/desk` (WebSocket, session cookie, same origin): commands up, views and facts down.
 * Every command carries an id chosen by the page; the answer is `accepted` or `refused` with the same id, after commit.
 */
import { z } from 'zod'
import type { DeskView, Reason } from '../core/desk/view.ts'
import { plainText } from './text.ts'

export type * from '../core/desk/view.ts'

/** It is raised when a page of an older release can no longer talk to the desk and must reload. */
export const DESK_PROTOCOL = 1
/** A browser socket with more unacknowledged bytes than this is closed with 1013. */
export const ACK_WINDOW_BYTES = 512 * 1024
export const COMMAND_BYTES_MAX = 64 * 1024
export const NOTE_CHARS_MAX = 4000

const id = z.string().min(1).max(64)
const callId = z.string().min(1).max(96)

const actions = {
  /** first message on each socket; `since` = last seq seen (0: none) */
  hello: z.object({ type: z.literal('hello'), protocol: z.number().int(), tabId: id, since: z.number().int().min(0) }),
  /** everything up to this seq has arrived, which opens the window again */
  ack: z.object({ type: z.literal('ack'), seq: z.number().int().min(0) }),
  phoneClaim: z.object({ type: z.literal('phone.claim'), tabId: id }),
  phoneRegistered: z.object({ type: z.literal('phone.registered'), tabId: id }),
  phoneLost: z.object({ type: z.literal('phone.lost'), tabId: id, reason: z.string().max(200) }),
  /** the carrier gives the phone no pass; it is tried again, and the event list says so once */
  phoneRefused: z.object({ type: z.literal('phone.refused'), tabId: id, reason: z.string().max(200) }),
  qualityReported: z.object({
    type: z.literal('quality.reported'),
    callId,
    level: z.enum(['good', 'fair', 'poor', 'bad']),
    cause: z.string().max(200).nullable(),
  }),
  sessionStart: z.object({
    type: z.literal('session.start'),
    campaignId: id,
    lines: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  }),
  sessionContinue: z.object({ type: z.literal('session.continue') }),
  sessionPause: z.object({ type: z.literal('session.pause') }),
  sessionResume: z.object({ type: z.literal('session.resume') }),
  sessionStop: z.object({ type: z.literal('session.stop') }),
  laneSkip: z.object({ type: z.literal('lane.skip'), callId }),
  callKeep: z.object({ type: z.literal('call.keep'), callId }),
  callHangUp: z.object({ type: z.literal('call.hang-up'), callId }),
  callHold: z.object({ type: z.literal('call.hold'), callId }),
  callUnhold: z.object({ type: z.literal('call.unhold'), callId }),
  muteChanged: z.object({ type: z.literal('mute.changed'), muted: z.boolean() }),
  singleDial: z.object({ type: z.literal('single.dial'), phone: z.string().min(3).max(40) }),
  inboundAccept: z.object({ type: z.literal('inbound.accept'), callId }),
  inboundDecline: z.object({ type: z.literal('inbound.decline'), callId }),
  /** the note is kept with the call as typed; each save holds the wrap-up clock for a few seconds */
  noteSaved: z.object({ type: z.literal('note.saved'), callId, text: plainText(NOTE_CHARS_MAX) }),
  outcomeSaved: z.object({ type: z.literal('outcome.saved'), callId, outcomeId: id }),
  presencePaused: z.object({ type: z.literal('presence.paused') }),
  presenceReady: z.object({ type: z.literal('presence.ready') }),
} as const

export const deskAction = z.discriminatedUnion('type', [
  actions.hello,
  actions.ack,
  actions.phoneClaim,
  actions.phoneRegistered,
  actions.phoneLost,
  actions.phoneRefused,
  actions.qualityReported,
  actions.sessionStart,
  actions.sessionContinue,
  actions.sessionPause,
  actions.sessionResume,
  actions.sessionStop,
  actions.laneSkip,
  actions.callKeep,
  actions.callHangUp,
  actions.callHold,
  actions.callUnhold,
  actions.muteChanged,
  actions.singleDial,
  actions.inboundAccept,
  actions.inboundDecline,
  actions.noteSaved,
  actions.outcomeSaved,
  actions.presencePaused,
  actions.presenceReady,
])
export const deskCommand = z.intersection(z.object({ id }), deskAction)

export type DeskAction = z.infer<typeof deskAction>
export type DeskCommand = z.infer<typeof deskCommand>

/** The reason why a command was refused, as a stable word; `message` is for people. */
export type DeskRefusal =
  | Reason
  | 'malformed'
  | 'no-agent' // nobody has signed in at this desk
  | 'unknown-campaign'
  | 'id-used' // the id of this command was another command's
  | 'too-fast' // more commands than a person gives
  | 'not-stored' // the desk could not keep it; nothing was done
  | 'bad-number'
  | 'outbound-not-allowed' // by the agent's voice profile
  | 'not-cleared' // a rule of clearance; `message` says which, and until when

export type DeskMessage =
  /** the whole screen; it is also the answer to `hello` when `since` is too old */
  | { type: 'view'; seq: number; view: DeskView; facts: DeskFact[] }
  | { type: 'accepted'; id: string }
  | { type: 'refused'; id: string; reason: DeskRefusal; message: string }

/** One line of the rolling event list (S4-31): newest last, at most 100 kept by the page. */
export interface DeskFact {
  seq: number
  at: number
  /** fact type of the desk's machine, e.g. `lane-changed`, `conversation-started` */
  type: string
  callId: string | null
}
