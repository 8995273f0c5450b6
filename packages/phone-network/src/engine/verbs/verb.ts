import type { TwimlNode } from '../../twiml/document.ts'
import type { Input, Step } from '../input.ts'
import type { Recording } from '../media-world.ts'
import type { Turn } from '../turn.ts'
import type { Call, Doing } from '../world.ts'

/** The inputs of a running verb. Most are steps or inputs of the engine, passed on unchanged. */
export type VerbInput =
  | Extract<
      Step,
      {
        kind:
          | 'sound.ended'
          | 'gather.over'
          | 'record.begins'
          | 'record.over'
          | 'record.silent'
          | 'child.answered'
          | 'child.ended'
          | 'dial-limit.reached'
          | 'conference.left'
          | 'queue.left'
          | 'refer.answered'
          | 'refer.notified'
      }
    >
  | Extract<Input, { kind: 'sound.started' | 'sound.failed' | 'recording.silent' }>
  /** keys pressed at the far end */
  | { kind: 'keys'; digits: string }
  /** `*` on a call whose `<Dial>` has `hangupOnStar` */
  | { kind: 'star.pressed' }
  /** a person at the far end begins, or has said, a sentence */
  | { kind: 'speech.began' }
  | { kind: 'speech.ended'; text: string }
  /** the prompts nested in a `<Gather>` have been heard */
  | { kind: 'prompts.over' }
  /** the member of a queue has heard the document of `<Dial><Queue url>` */
  | { kind: 'whisper.over' }
  /** the stream or relay of a `<Connect>` is over; `fields` go to its `action` */
  | { kind: 'connection.over'; sid: string; fields: Record<string, string> }
  /** the sound of a recording has been stored */
  | { kind: 'recording.kept'; recording: Recording }

/** One row of the table of verbs. */
export interface Verb {
  /** Begins the verb on a call. A verb that is over at once calls `proceed`. */
  start(turn: Turn, call: Call, node: TwimlNode): void
  /** Takes an input while the verb runs; `doing` is its own. False means that the input is not for it. */
  input?(turn: Turn, call: Call, doing: Doing, input: VerbInput): boolean
}
