/**
 * The desk socket `GET /api/desk` (WebSocket, session cookie, same origin): commands up, views and facts down.
 * Every command carries an id chosen by the page; the answer is `accepted` or `refused` with the same id, after commit.
 */
import { z } from 'zod'
import { isTypedTime } from '../core/campaign/dispositions.ts'
import { zoneNamed } from '../core/clearance/zones.ts'
import type { DeskView, Reason } from '../core/desk/view.ts'
import { optionalName } from './name.ts'
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
const zoneName = z
  .string()
  .max(60)
  .refine(name => zoneNamed(name) !== null, 'not the name of a time zone')

const actions = {
  /** first message on each socket; `since` = last seq seen (0: none) */
  hello: z.object({ type: z.literal('hello'), protocol: z.number().int(), tabId: id, since: z.number().int().min(0) }),
  /** everything up to this seq has arrived, which opens the window again */
  ack: z.object({ type: z.literal('ack'), seq: z.number().int().min(0) }),
  /** the page shows what others do now and is in front, or not any more; while it does, it gets `live` */
  look: z.object({ type: z.literal('look'), on: z.boolean() }),
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
  /** the person asked not to be called again: their number is listed under the agent's name */
  callDoNotCall: z.object({ type: z.literal('call.do-not-call'), callId }),
  /** to a colleague (as calls name people), a queue, or a number */
  callTransfer: z.object({
    type: z.literal('call.transfer'),
    callId,
    to: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('agent'), agentId: z.string().min(1).max(46) }),
      z.object({ kind: z.literal('queue'), queueId: z.string().min(1).max(100) }),
      z.object({ kind: z.literal('number'), number: z.string().min(3).max(40) }),
    ]),
    /** the agent speaks with the colleague or the number before the person does */
    askFirst: z.boolean().optional(),
  }),
  /** who speaks with whom while somebody is asked first */
  transferSwap: z.object({ type: z.literal('transfer.swap'), callId }),
  transferMerge: z.object({ type: z.literal('transfer.merge'), callId }),
  transferComplete: z.object({ type: z.literal('transfer.complete'), callId }),
  transferCancel: z.object({ type: z.literal('transfer.cancel'), callId }),
  /** a colleague who was asked first leaves again */
  visitLeave: z.object({ type: z.literal('visit.leave'), callId }),
  callTakeBack: z.object({ type: z.literal('call.take-back'), callId }),
  muteChanged: z.object({ type: z.literal('mute.changed'), muted: z.boolean() }),
  singleDial: z.object({ type: z.literal('single.dial'), phone: z.string().min(3).max(40) }),
  inboundAccept: z.object({ type: z.literal('inbound.accept'), callId }),
  inboundDecline: z.object({ type: z.literal('inbound.decline'), callId }),
  /** the note is kept with the call as typed; each save holds the wrap-up clock for a few seconds */
  noteSaved: z.object({ type: z.literal('note.saved'), callId, text: plainText(NOTE_CHARS_MAX) }),
  /** during the call it is chosen, and saved when the call ends; after it, it is saved */
  outcomeSaved: z.object({
    type: z.literal('outcome.saved'),
    callId,
    outcomeId: id,
    /** when the person is called again: by the clock of `zone`, else of the time zone among `fields`, else of the known one, else of the number's */
    callAt: z.string().refine(isTypedTime, 'a time such as 2026-12-01T09:30').optional(),
    zone: zoneName.optional(),
    /** what the outcome asks for, and the book does not have */
    fields: z
      .object({
        company: optionalName(120).optional(),
        timeZone: zoneName.optional(),
        postcode: optionalName(16).optional(),
        extension: z
          .string()
          .regex(/^[0-9wW*#]{0,20}$/, 'digits, * and #, at most 20')
          .optional(),
      })
      .optional(),
  }),
  presencePaused: z.object({ type: z.literal('presence.paused') }),
  presenceReady: z.object({ type: z.literal('presence.ready') }),
  wrapUpDone: z.object({ type: z.literal('wrap-up.done') }),
  /** what a supervisor has said is read, and leaves the screen */
  noticeRead: z.object({ type: z.literal('notice.read'), noticeId: id }),
} as const

export const deskAction = z.discriminatedUnion('type', [
  actions.hello,
  actions.ack,
  actions.look,
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
  actions.callDoNotCall,
  actions.callTransfer,
  actions.callTakeBack,
  actions.transferSwap,
  actions.transferMerge,
  actions.transferComplete,
  actions.transferCancel,
  actions.visitLeave,
  actions.muteChanged,
  actions.singleDial,
  actions.inboundAccept,
  actions.inboundDecline,
  actions.noteSaved,
  actions.outcomeSaved,
  actions.presencePaused,
  actions.presenceReady,
  actions.wrapUpDone,
  actions.noticeRead,
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
  | 'not-first' // a queue cannot be asked first
  | 'nobody-there' // there is no such colleague or queue
  | 'outbound-not-allowed' // by the agent's voice profile
  | 'not-cleared' // a rule of clearance; `message` says which, and until when

export type DeskMessage =
  /** the whole screen; it is also the answer to `hello` when `since` is too old */
  | { type: 'view'; seq: number; view: DeskView; facts: DeskFact[] }
  /** something has changed in the inbox of this agent; the page asks for it */
  | { type: 'inbox'; at: number }
  /** what the page has read of this desk, room, queue or log has changed; a page that looks reads it again */
  | { type: 'live'; at: number; of: string }
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
