/** A tool as a model calls it, the same for both drivers. */
import type { Opaque } from '../../providers/language/port.ts'

/** A model that calls tools endlessly is stopped after this many; what it has said until then stands. */
export const TOOL_STEPS_MAX = 4

export interface ToolCall {
  toolId: string
  name: string
  /** as the model wrote it: not checked */
  input: unknown
  opaque?: Opaque | undefined
  /** called in the same answer as the one before it */
  together?: boolean | undefined
}

/** The state of the reply at the time of a call. */
export interface ToolMoment {
  /** what this reply has said before the tool, heard or not */
  spoken: string
  /** nothing of ours is still to be heard */
  quiet(): boolean
}
