/** Makes one reply of the model: cuts its text into sentences as it arrives, runs its tools, and asks again with their results. */
import type { Language, LanguageRequest, Said } from '../../../providers/language/port.ts'
import { createSpokenText } from '../../speech/spoken-text.ts'
import type { Language as Tongue } from '../../turn/words.ts'
import { TOOL_STEPS_MAX, type ToolCall } from '../tool-call.ts'

/** A longer reply is cut: about four minutes of speech. */
export const REPLY_CHARS_MAX = 4_000

export interface ReplyEvents {
  /** A piece of text has arrived; the first one tells how fast the model is. */
  text(): void
  sentence(text: string): void
  /** Runs the tool and returns its result for the model. Never throws. */
  tool(call: ToolCall): Promise<unknown>
  usage(tokensIn: number, tokensOut: number): void
  /** The result belongs to the history that the next request carries. */
  toolDone(call: ToolCall, result: unknown): void
}

/**
 * `empty`: the model said nothing, and did not end a series of tool calls either. `unspoken`: it has answered, but there is nothing
 * that a voice could say: a filter or the limit of its length took the words, or it wrote an emoji. Asked again it would do the same.
 * Throws what the language port throws.
 */
export async function makeReply(
  language: Language,
  request: () => LanguageRequest,
  tongue: Tongue,
  events: ReplyEvents,
): Promise<'said' | 'empty' | 'unspoken'> {
  let spoke = false
  let ended = false
  let called = false
  let unspoken = false
  for (let step = 0; step <= TOOL_STEPS_MAX; step += 1) {
    const asked = request()
    const answer = await oneAnswer(language, asked, tongue, events)
    if (asked.signal.aborted) return 'said'
    spoke ||= answer.spoke
    unspoken = answer.unspoken
    ended = answer.calls.length === 0
    if (ended) break
    called = true
    for (const call of answer.calls) {
      const result = await events.tool(call)
      if (asked.signal.aborted) return 'said'
      events.toolDone(call, result)
    }
  }
  // Silence after a tool is an answer (a message was left, the call ends); endless tool calls are not.
  if (spoke || (called && ended && !unspoken)) return 'said'
  return unspoken ? 'unspoken' : 'empty'
}

interface OneAnswer {
  spoke: boolean
  calls: ToolCall[]
  unspoken: boolean
}

async function oneAnswer(
  language: Language,
  request: LanguageRequest,
  tongue: Tongue,
  events: ReplyEvents,
): Promise<OneAnswer> {
  const text = createSpokenText(tongue)
  const calls: ToolCall[] = []
  let characters = 0
  let spoke = false
  let wrote = false
  const say = (found: string[]) => {
    for (const sentence of found) {
      spoke = true
      events.sentence(sentence)
    }
  }
  for await (const part of language.reply(request)) {
    if (request.signal.aborted) break
    if (part.type === 'tool') {
      const { toolId, name, input, opaque } = part
      calls.push({ toolId, name, input, opaque, together: calls.length > 0 })
      if (calls.length >= TOOL_STEPS_MAX) break
    } else if (part.type === 'text') {
      events.text()
      characters += part.text.length
      wrote ||= part.text.trim() !== ''
      say(text.push(part.text))
      if (characters > REPLY_CHARS_MAX) break
    } else {
      wrote ||= part.reason === 'length' || part.reason === 'filtered'
      events.usage(part.tokensIn, part.tokensOut)
    }
  }
  if (!request.signal.aborted) say(text.flush())
  return { spoke, calls, unspoken: !spoke && calls.length === 0 && wrote }
}

/** Entries of the history that a request carries; the oldest ones are left out. */
export const SAID_MAX = 200

export function remembered(said: Said[]): Said[] {
  return said.slice(-SAID_MAX)
}
