/** What the inbox of a workspace offers: voicemail, missed calls and callbacks that were asked for, one row each. */
import type { Box } from '../../core/call/voicemail/state.ts'

type Actor = Rpc.DurableObjectBranded

export type EntryKind = 'voicemail' | 'missed' | 'callback'
/** `due`: it is being fetched; `kept`: we have a copy; `at-carrier`: the deployment keeps no files, so the carrier's is played */
export type SoundState = 'none' | 'due' | 'kept' | 'at-carrier' | 'lost'
/** `no-provider`: the deployment has none that turns sound into words */
export type TranscriptState = 'none' | 'due' | 'done' | 'empty' | 'no-provider' | 'failed'

export interface Entry {
  entryId: string
  kind: EntryKind
  box: Box
  /** the call that left it; null: a callback that no call of today names */
  callId: string | null
  atMs: number
  /** E.164; empty: it was withheld */
  number: string
  /** of the contact with this number; empty: nobody in the book has it */
  name: string
  contactId: string | null
  /** length of the message; null: there is none, or the carrier does not say */
  seconds: number | null
  sound: SoundState
  transcriptState: TranscriptState
  transcript: string
  /** what the caller of a callback wanted, in words; empty: nothing was said */
  note: string
  handledMs: number | null
  handledBy: string
  deletedMs: number | null
}

/** A call that was missed, a message, or a callback that was asked for; a repeat of the same one changes nothing. */
export type NewEntry = { box: Box; number: string; atMs: number } & (
  | { kind: 'missed'; callId: string }
  /** `place`: of the message among those of its call, from 1 */
  | { kind: 'voicemail'; callId: string; recordingId: string; seconds: number | null; place: number }
  | { kind: 'callback'; key: string; callId: string | null; note: string }
)
/** Boxes that somebody may see; null: all of them. */
export type Boxes = readonly Box[] | null

export interface InboxQuery {
  boxes: Boxes
  kind: EntryKind | null
  /** only messages of this call; absent: of every call */
  messagesOf?: string | undefined
  /** null: whether it was handled or not */
  handled: boolean | null
  /** `at~entryId` of the last row of the page before; null: the newest */
  after: string | null
  limit: number
}
/** What one message's sound is read from. */
export type SoundPlace =
  | { is: 'file'; key: string; bytes: number }
  | { is: 'carrier'; recordingId: string }
  | { is: 'none'; because: SoundState }

export interface InboxContract extends Actor {
  file(entry: NewEntry): Promise<void>
  /** A callback came to its end: its row is handled. */
  callbackDone(key: string): Promise<void>
  list(query: InboxQuery): Promise<Entry[]>
  /** Null: there is no such entry in these boxes, or it is deleted. */
  read(entryId: string, boxes: Boxes): Promise<Entry | null>
  /** How many are neither handled nor deleted. */
  waiting(boxes: Boxes): Promise<number>
  /** Null: there is no such entry in these boxes. A deleted one can be brought back until it is swept. */
  change(entryId: string, boxes: Boxes, change: EntryChange, by: string): Promise<Entry | null>
  soundOf(entryId: string, boxes: Boxes): Promise<SoundPlace | null>
  /** Words that a caller hears before the tone; null: the usual ones. */
  greetings(): Promise<{ box: Box; text: string }[]>
  greetingOf(box: Box): Promise<string | null>
  setGreeting(box: Box, text: string): Promise<void>
}
export type EntryChange = { do: 'handle' | 'reopen' | 'delete' | 'restore' }
