/**
 * Decides which tool calls of a model are allowed. A model never authorises itself: each request is checked against the
 * agent's settings and the history of this call. The reason of a refusal goes back to the model in words.
 */

/** How often one call may use a tool. It limits the harm of a model that is talked into a loop. */
const USES_MAX: Record<string, number> = {
  transfer_call: 4,
  end_call: 2,
  send_dtmf: 20,
  leave_voicemail: 1,
  opt_out: 3,
  book_callback: 5,
  lookup_contact: 5,
  set_variable: 50,
}
const HTTP_USES_MAX = 20

export interface ToolUse {
  tool: string
  /** the tools that this agent was given */
  enabled: string[]
  /** how often this call has used it already */
  used: number
  /** somebody is being asked to take the call right now, or it is being connected to them */
  transferPending: boolean
}

/** Null: the use is allowed. */
export function refusalOfTool(use: ToolUse): string | null {
  // A person can always opt out, whatever the agent's settings say.
  if (use.tool !== 'opt_out' && !use.enabled.includes(use.tool)) return 'This agent has no such tool.'
  if (use.used >= (USES_MAX[use.tool] ?? HTTP_USES_MAX)) return 'This was done too often in this call.'
  if (use.tool === 'transfer_call' && use.transferPending) return 'A colleague is being asked already.'
  // The end waits for the transfer, also when a model asks for both in one answer.
  if (use.tool === 'end_call' && use.transferPending) return 'A colleague is being asked: the call cannot end now.'
  return null
}
