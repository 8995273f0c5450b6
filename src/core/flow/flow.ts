/**
 * A flow as data: a list of actions, in VoIPBIN's shape. The first action is where it begins; after an action comes the one that
 * `next_id` names, else the next of the list. `check.ts` says what a flow may be, `verbs/table.ts` what an action may do,
 * and `src/core/call/flow` runs it on a call.
 */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type Option = { readonly [field: string]: Json }

/** A checked action: its verb is of the table, its id is there, its option has the form of its verb. */
export interface Action {
  id: string
  type: string
  option: Option
  /** the action that comes next, where it is not the next of the list */
  next_id?: string
}
/** Where an action id of VoIPBIN means a place and not an action: the next of the list, and the end of the flow. */
export const NEXT_ID = '00000000-0000-0000-0000-000000000003'
export const FINISH_ID = '00000000-0000-0000-0000-000000000002'

/** Limits of a flow as it is saved. It is one row of the state of a call, which has 64 KiB, so 60 KiB of JSON is the largest. */
export const STEPS_MAX = 1_000
export const FLOW_BYTES_MAX = 60 * 1024
export const ID_CHARS_MAX = 64
/** The longest text that a carrier says at once. */
export const TEXT_CHARS_MAX = 4_096
export const URL_CHARS_MAX = 2_048

/** Limits of a flow that runs. */
export const EXECUTED_AT_ONCE_MAX = 100
export const EXECUTED_MAX = 1_000
/** the flow itself and the stacks that it has fetched */
export const DEPTH_MAX = 10

/** Of a text whose surrogates are in pairs, as JSON writes them. */
function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    // Each half of a pair is two of its four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2
  }
  return bytes
}

/** Bytes of a value as it is stored: JSON in UTF-8. */
export function bytesOf(value: unknown): number {
  return utf8Bytes(JSON.stringify(value) ?? '')
}
