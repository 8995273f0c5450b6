/** Turns the history into messages that every model accepts: the caller is the user, and the first message is the user's. */
import type { ModelMessage, ToolCallPart, ToolResultPart } from 'ai'
import type { Said } from './port.ts'

/** The first message, because models of several vendors refuse a conversation that is empty or that the assistant begins. */
export const OPENING = '(The call is connected. Nobody has spoken yet.)'
/** Marks the point where a reply was cut off, so that the model does not assume that the caller heard the rest. */
export const INTERRUPTED = '[interrupted]'

/**
 * A supervisor's words are put into the system prompt, because a caller cannot imitate that, and because several models
 * refuse system messages in the middle of a conversation.
 */
export function systemOf(system: string, said: Said[]): string {
  const whispers = said.flatMap(one => (one.role === 'supervisor' ? [`- ${one.text}`] : []))
  if (whispers.length === 0) return system
  return `${system}\n\nYour supervisor whispers to you during the call; the caller does not hear it. Oldest first:\n${whispers.join('\n')}`
}

export function messagesOf(said: Said[]): ModelMessage[] {
  const messages: ModelMessage[] = said.flatMap((one, at) =>
    one.role === 'tool' ? messagesOfTools(said, at) : messagesOfOne(one),
  )
  if (messages[0]?.role !== 'user') messages.unshift({ role: 'user', content: OPENING })
  return messages
}

type Tool = Extract<Said, { role: 'tool' }>

/**
 * Tool calls of one answer stay one message, followed by their results: a model that signs its thoughts signs only the first
 * call, and treats each message as a separate answer (Google, "Thought signatures": parallel function calls).
 */
function messagesOfTools(said: Said[], at: number): ModelMessage[] {
  const [first] = said.slice(at)
  // This call is in the message of the call before it. If that call is too old to be sent, this one is left out too.
  if (first?.role !== 'tool' || first.together) return []
  const rest = said.slice(at + 1)
  const end = rest.findIndex(one => one.role !== 'tool' || !one.together)
  const tools = [first, ...(end < 0 ? rest : rest.slice(0, end))].filter((one): one is Tool => one.role === 'tool')
  return [
    { role: 'assistant', content: tools.map(callOf) },
    { role: 'tool', content: tools.map(resultOf) },
  ]
}

function callOf({ toolId: toolCallId, name: toolName, input, opaque }: Tool): ToolCallPart {
  const providerOptions = opaque as ToolCallPart['providerOptions']
  return { type: 'tool-call', toolCallId, toolName, input, ...(providerOptions ? { providerOptions } : {}) }
}

function resultOf({ toolId: toolCallId, name: toolName, result }: Tool): ToolResultPart {
  return { type: 'tool-result', toolCallId, toolName, output: outputOf(result) }
}

function messagesOfOne(one: Exclude<Said, Tool>): ModelMessage[] {
  if (one.role === 'supervisor') return []
  if (one.role === 'caller') return [{ role: 'user', content: one.text }]
  const text = one.interrupted ? `${one.text} ${INTERRUPTED}`.trimStart() : one.text
  return text === '' ? [] : [{ role: 'assistant', content: text }]
}

function outputOf(result: unknown): { type: 'text'; value: string } {
  return { type: 'text', value: typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null') }
}
