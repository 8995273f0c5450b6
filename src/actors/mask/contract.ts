/** What masks offer: the object that is named by the workspace keeps their list and chooses, the object of a number decides who meets at it. */
import type { Led, MaskSession, SessionRefusal, Side, Wanted } from '../../core/mask/mask.ts'

type Actor = Rpc.DurableObjectBranded

export interface MaskSettings {
  name: string
  /** E.164; null: strangers hear `unknownMessage` */
  forwardTo: string | null
  waitingMessage: string
  unknownMessage: string
  language: string
  record: boolean
  /** who brings its calls: the carrier of the workspace, or 8x8 by its webhooks */
  carrier: 'workspace' | '8x8'
  /** the voice of 8x8 */
  voice: string
  /** a call rings so long */
  ringMs: number
  coolOffMs: number
}
export interface Mask extends MaskSettings {
  maskId: string
  number: string
  madeMs: number
  changedMs: number
  openSessions: number
}

export interface Interaction {
  callId: string
  maskId: string
  /** null: the caller was in no session */
  sessionId: string | null
  /** which party called; null: no party */
  from: Side | null
  atMs: number
  /** `ended`: how is in `result` */
  status: 'connecting' | 'connected' | 'ended' | 'refused'
  /** `answered`, `busy`, `no-answer`, `failed`, `canceled`, `abandoned` (the caller hung up); of those refused `unknown-caller`, `wrong-pin` or the rule of dialing */
  result: string | null
  endedMs: number | null
}

export type Opened =
  | { is: 'open'; session: MaskSession; isNew: boolean }
  | { is: 'refused'; because: SessionRefusal | 'name-taken' | 'no-mask' | 'no-mask-free' | 'too-many' }

/** `maskId` null: any mask that fits. `uniqueName`: asked again with the same parties it gives the same session. */
export interface SessionAsk extends Pick<Wanted, 'a' | 'b' | 'expiresMs' | 'idleMs' | 'maxMs'> {
  maskId: string | null
  uniqueName: string | null
}

export interface InteractionQuery {
  /** null: of every session, and of strangers */
  sessionId: string | null
  /** calls that are not over */
  live: boolean
  /** `at~callId` of the last row of the page before; null: the newest */
  after: string | null
  limit: number
}

export interface MaskContract extends Actor {
  /** Of the object that is named by the workspace. */
  enlist(maskId: string): Promise<boolean>
  strike(maskId: string): Promise<void>
  /** Whoever asks for a mask by a name from outside asks here first, so that no object is made for a number that is none. */
  has(maskId: string): Promise<boolean>
  listed(after: string | null, limit: number): Promise<string[]>
  assign(ask: SessionAsk): Promise<Opened>
  /** The session with this name; null: none has it. */
  named(uniqueName: string): Promise<string | null>
  /** `maskId` null: of every mask */
  sessions(maskId: string | null, after: string | null, limit: number): Promise<string[]>
  /** These are over. */
  over(sessionIds: string[]): Promise<void>

  /** Of the object of a number. */
  configure(settings: MaskSettings): Promise<Mask>
  read(): Promise<Mask | null>
  /** False: somebody may still be called behind it. */
  remove(): Promise<boolean>
  open(wanted: Wanted): Promise<Opened>
  session(sessionId: string): Promise<MaskSession | null>
  close(sessionId: string): Promise<MaskSession | null>
  /** Where a call leads. `caller` null: withheld. Asked again with the same `askId` it is the same. */
  route(askId: string, callId: string, caller: string | null, pin: string | null): Promise<Led | null>
  /** The rules of dialing do not let the other side be called. */
  refused(callId: string, because: string): Promise<void>
  /** The other side has answered, where a carrier tells it. */
  connected(callId: string): Promise<void>
  /** The call has left the mask. */
  ended(callId: string, result: string): Promise<void>
  interactions(query: InteractionQuery): Promise<Interaction[]>
}
