import { intend, soon, type Turn } from './turn.ts'
import { voiceFields } from './webhook-fields.ts'
import { type Call, newToken, type Target } from './world.ts'

/**
 * The seam between TwiML verbs. A verb that is over calls `proceed` and never starts another verb itself, so that no
 * verb has to know which one comes next.
 */

/** Ask `target` for TwiML. The answer comes back as the input `instructions.fetched` with the same token. */
export function fetchInstructions(
  turn: Turn,
  call: Call,
  target: Target,
  fallback: Target | null,
  extra: Record<string, string> = {},
): void {
  const token = newToken(turn.world)
  call.doing = { what: 'fetching', token, target, fallback }
  const fields = { ...voiceFields(turn.world, call), ...extra }
  intend(turn, { do: 'fetch', callSid: call.sid, token, target, fields })
}

/** A verb that is over sooner has done nothing that anybody could notice. */
const VERB_MS_MIN = 20

/** The present verb leads to another document. Counts those that follow one another without a verb that took time. */
export function followDocument(turn: Turn, call: Call, target: Target, fields: Record<string, string> = {}): void {
  call.idleDocuments += 1
  fetchInstructions(turn, call, target, null, fields)
}

/** Continue with the document that the verb's `action` returns, or without an `action` with the next verb. */
export function proceed(
  turn: Turn,
  call: Call,
  action: Target | null = null,
  fields: Record<string, string> = {},
): void {
  call.doing = { what: 'nothing' }
  if (turn.at - call.verbAt >= VERB_MS_MIN) call.idleDocuments = 0
  if (action === null) soon(turn, { kind: 'verb.due', callSid: call.sid })
  else followDocument(turn, call, action, fields)
}
