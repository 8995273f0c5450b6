/**
 * The port of a carrier's webhooks. A carrier has its own paths, fields and proof of authenticity; each webhook becomes one
 * event in our words, and an answer in our instructions becomes its document. `src/worker/carriers` acts on the events.
 */
import type { Verdict } from '../../core/batch/state.ts'
import type { DialEnd, ProviderStatus } from '../../core/call/state.ts'
import type { Instructions } from '../../core/instruction/instruction.ts'
import type { RoomInput } from '../../core/room/state.ts'
import type { CarrierAccount } from './port.ts'

/** What a callback of a conference tells its room; the Worker adds the time. */
type Untimed<T> = T extends unknown ? Omit<T, 'at'> : never
export type RoomReport = Untimed<
  Extract<RoomInput, { type: `participant.${'joined' | 'left' | 'held' | 'muted'}` | 'conference.ended' }>
>

/** `side`: of whom; `in` is who the carrier hears on this leg */
export type TranscriptReport =
  | { is: 'sentence'; side: 'in' | 'out'; text: string }
  | { is: 'moved'; status: 'progressing' | 'done' | 'failed' }

/** What an agent's browser phone dials: the agent's own line, an AI agent that is tried, a conversation to listen to, a colleague's browser, or a number as it was typed. */
export type PhoneWish =
  | { to: 'line' }
  /** `callId` was reserved by the page before it dialled; null: the trunk makes one */
  | { to: 'ai-agent'; agentId: string; callId: string | null }
  /** a supervisor listens in; the id was asked for by the page before it dialled */
  | { to: 'supervision'; supervisionId: string }
  /** `name`: as calls and queues name people */
  | { to: 'colleague'; name: string }
  | { to: 'number'; number: string }

/** `id` names the report, so that a repeated delivery changes nothing. */
export type CarrierEvent =
  /** the carrier wants instructions for a leg of a batch; `verdict`: detection that ran before the answer */
  | { kind: 'leg-asks'; batchId: string; callId: string; providerId: string; verdict: Verdict | null }
  | { kind: 'call-asks'; callId: string; providerId: string }
  /** the party that the call was connected to has left, or was not reached */
  | { kind: 'dial-ended'; callId: string; providerId: string; end: DialEnd }
  /** a number that the carrier has dialled for the call has taken it up */
  | { kind: 'onward-answered'; callId: string; providerId: string }
  /** a number that the carrier has dialled for the call is done; `talkedMs` 0: nobody answered there */
  | { kind: 'onward-ended'; callId: string; providerId: string; number: string; talkedMs: number }
  /** a person pressed keys, or none in time (empty), after a step that asked for them; `number` is the person's */
  | { kind: 'digits-keyed'; callId: string; token: string; digits: string; number: string; recordedMs: number }
  | { kind: 'leg-judged'; batchId: string; callId: string; verdict: Verdict; id: string }
  /** `callId` is null where the carrier knows no id of ours: the status callback of a number */
  | {
      kind: 'call-reported'
      callId: string | null
      providerId: string
      status: ProviderStatus
      remote: boolean
      id: string
      /** how long a call that is over has lasted from its answer; absent: the carrier does not say */
      lastedMs?: number
      /** the desk whose browser phone placed it, by name; absent: none of ours did */
      fromPhone?: string
      /** the workspace that the name of that phone has */
      workspaceId?: string
      /** the number that was called, when the carrier has brought the call */
      to?: string
      /** a SIP phone placed it; one that was only told something is no call of ours */
      fromSip?: true
    }
  /** a status that we do not know; it is logged and changes nothing */
  | { kind: 'odd-status'; callId: string | null; providerId: string }
  /** the agent has taken up the browser phone that an inbound call rings */
  | { kind: 'phone-answered'; callId: string }
  /** `named`: our own id of it; absent: we have given it none. `message`: the step that asks a caller for a message has made it */
  | {
      kind: 'recording-reported'
      callId: string
      recordingId: string
      named?: string
      status: string
      seconds: number | null
      message?: true
    }
  /** of a conference as a whole */
  | {
      kind: 'room-recording-reported'
      room: string
      recordingId: string
      conferenceId: string
      status: string
      seconds: number | null
    }
  /** a transcript that a flow has begun: a sentence (`text`), or a word about the transcript itself */
  | { kind: 'transcribed'; callId: string; said: TranscriptReport; id: string }
  /** the words for the agent who takes a call over */
  | { kind: 'summary-asked'; callId: string }
  /** the sound for a participant on hold */
  | { kind: 'hold-asked' }
  | { kind: 'room-reported'; room: string; report: RoomReport; id: string }
  /** somebody calls one of our numbers */
  | { kind: 'call-brought'; providerId: string; from: string; to: string }
  /** a call of a browser phone; `deskName` is null when it is no phone of ours. `workspaceId`: the phone's name has it */
  | { kind: 'phone-dials'; providerId: string; deskName: string | null; workspaceId?: string; wish: PhoneWish }
  /**
   * a SIP phone or another exchange calls one of our domains. `door`: which one, as the address says that we have given to it; `user`: whom the carrier has
   * let in by a password, null: by the address; `from` and `dialled`: what stands before the `@`
   */
  | {
      kind: 'sip-dials'
      providerId: string
      door: string
      domainName: string
      user: string | null
      from: string
      dialled: string
    }
  /** a webhook of this carrier that we have no use for */
  | { kind: 'other' }

/** A webhook as it arrived. */
export interface Webhook {
  /** the path behind the carrier's base, e.g. `/calls/w_a.call_1/status` */
  path: string
  /** path and query as they were requested: what a signature covers, behind the configured public URL */
  pathAndQuery: string
  header(name: string): string | null
  body: string
}

/** A webhook that is not taken: `status` is the answer's, `field` the part that is wrong, and how. Nothing has run. */
export class UnreadableWebhook extends Error {
  readonly status: number
  readonly field: { field: string; message: 'missing' | 'repeated' | 'too long' | 'broken' | 'not an id' } | null
  constructor(status: number, message: string, field: UnreadableWebhook['field'] = null) {
    super(message)
    this.status = status
    this.field = field
  }
}
export function unsigned(): UnreadableWebhook {
  return new UnreadableWebhook(403, 'The signature is missing or wrong.')
}

export interface CarrierDocument {
  contentType: string
  body: string
}

export interface CarrierDoor<A extends CarrierAccount = CarrierAccount> {
  /** the content type of its webhooks, without parameters */
  contentType: string
  /** Checks who sent it, then reads it. Throws `UnreadableWebhook`; null: no path of this carrier's, or ids of another workspace. */
  open(account: A, webhook: Webhook): Promise<CarrierEvent | null>
  /** Is the upgrade to a stream's WebSocket at this path the carrier's? */
  isSignedUpgrade(account: A, pathname: string, header: Webhook['header']): Promise<boolean>
  /** Instructions as the carrier's document, with the callback URLs of that call; `callId` is empty where they name none. */
  document(account: A, callId: string, instructions: Instructions): Promise<CarrierDocument>
}
