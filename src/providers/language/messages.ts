/** What was said, as messages that every model takes: the caller is the user, and a user begins. */
import type { ModelMessage } from 'ai'
import type { Said } from './port.ts'

/** Models of several vendors refuse a conversation that is empty or that the assistant begins. */
export const OPENING = '(The call is connected. Nobody has spoken yet.)'
/** Stands behind what the caller heard of a sentence that was cut off, so that the model does not count on the rest. */
export const INTERRUPTED = '[interrupted]'

/**
 * A supervisor's words stand in the system prompt, the only place that a caller cannot imitate; several models refuse
 * system messages in the middle of a conversation.
 */
export function systemOf(system: string, said: Said[]): string {
  const whispers = said.flatMap(one => (one.role === 'supervisor' ? [`- ${one.text}`] : []))
  if (whispers.length === 0) return system
  return `${system}\n\nYour supervisor whispers to you during the call; the caller does not hear it. Oldest first:\n${whispers.join('\n')}`
}

export function messagesOf(said: Said[]): ModelMessage[] {
  const messages: ModelMessage[] = said.flatMap(messagesOfOne)
  if (messages[0]?.role !== 'user') messages.unshift({ role: 'user', content: OPENING })
  return messages
}

function messagesOfOne(one: Said): ModelMessage[] {
  if (one.role === 'supervisor') return []
  if (one.role === 'caller') return [{ role: 'user', content: one.text }]
  if (one.role === 'agent') {
    const text = one.interrupted ? `${one.text} ${INTERRUPTED}`.trimStart() : one.text
    return text === '' ? [] : [{ role: 'assistant', content: text }]
  }
  const { toolId: toolCallId, name: toolName, input, result } = one
  return [
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId, toolName, input }] },
    { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output: outputOf(result) }] },
  ]
}

function outputOf(result: unknown): { type: 'text'; value: string } {
  return { type: 'text', value: typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null') }
}
