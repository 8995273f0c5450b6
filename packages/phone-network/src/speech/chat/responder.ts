import type { IncomingMessage, ServerResponse } from 'node:http'
import { bytesOf, openAiRefusal, pause } from '../answering.ts'
import { obey } from '../dialogue/obey.ts'
import type { Script } from '../dialogue/script-file.ts'
import { type Reply, replyOf } from '../dialogue/walk.ts'
import { openStream, sendAnswer, write } from './chat-answer.ts'
import { type ChatRequest, readChatRequest } from './chat-request.ts'
import { modelOf, type Variant } from './models.ts'

/** Answers chat completions from scripts. It is stateless: everything it knows is in the request. */

export const BODY_BYTES_MAX = 4 * 1024 * 1024
/** `slow`: before the first word, and between words. */
export const SLOW_MS = 4_000
const SLOW_PIECE_MS = 300
const ENDLESS_PIECE_MS = 5
/** Time limit of `silent` and `endless`, for clients that do not disconnect. */
export const OPEN_MS_MAX = 600_000

export interface ChatContext {
  scripts: ReadonlyMap<string, Script>
  now: () => number
  delayMs: number
  /** whether the connection is cut in the middle of the answer */
  drop: boolean
  /** the reader has gone */
  signal: AbortSignal
  noted(body: unknown): void
}

function replyFor(request: ChatRequest, script: Script, variant: Variant | null): Reply {
  if (variant === 'unknown-tool') return { text: '', calls: [{ tool: 'no_such_tool', arguments: { why: 'because' } }] }
  const offers = (tool: string): boolean => request.tools.has(tool) && request.toolChoice !== 'none'
  const [first = 'no_such_tool'] = request.tools
  if (variant === 'bad-arguments') {
    return { text: '', calls: [{ tool: first, arguments: { broken: '{"dest": "sales", ' } }] }
  }
  const reply = script.responder === 'obey' ? obey(request.turns, script) : replyOf(script, request.turns, offers)
  if (request.toolChoice === 'none') return { ...reply, calls: [] }
  if (reply.calls.length > 0 || request.turns.at(-1)?.role === 'tool') return reply
  // `tool_choice` demands a call, and a model makes one even without a reason.
  if (typeof request.toolChoice === 'object')
    return { text: '', calls: [{ tool: request.toolChoice.name, arguments: {} }] }
  return request.toolChoice === 'required' ? { text: '', calls: [{ tool: first, arguments: {} }] } : reply
}

/** A stream that says nothing, or never stops. */
async function misbehave(
  response: ServerResponse,
  request: ChatRequest,
  variant: 'silent' | 'endless',
  signal: AbortSignal,
): Promise<void> {
  if (request.stream) openStream(response)
  const until = Date.now() + OPEN_MS_MAX
  const head = { id: 'chatcmpl-endless', object: 'chat.completion.chunk', created: 0, model: request.model }
  while (variant === 'endless' && request.stream && !signal.aborted && Date.now() < until) {
    await write(response, { ...head, choices: [{ index: 0, delta: { content: 'and so on ' }, finish_reason: null }] })
    await pause(ENDLESS_PIECE_MS, signal)
  }
  await pause(until - Date.now(), signal)
  response.destroy()
}

/** Answers a request. Throws `Refusal`. */
export async function answerChat(
  incoming: IncomingMessage,
  response: ServerResponse,
  context: ChatContext,
): Promise<void> {
  const { scripts, signal, now, delayMs, drop } = context
  const bytes = await bytesOf(incoming, BODY_BYTES_MAX, () => openAiRefusal(413, 'The request is too large.'))
  const text = bytes.toString('utf8')
  context.noted(jsonOrText(text))
  const request = readChatRequest(text)
  const { script, variant } = modelOf(request.model, scripts)
  if (variant === 'error')
    throw openAiRefusal(500, 'The server had an error while processing your request. Sorry about that!')
  if (variant === 'busy') throw openAiRefusal(429, 'Rate limit reached for requests.', null, 'rate_limit_exceeded')
  await pause(delayMs + (variant === 'slow' ? SLOW_MS : 0), signal)
  if (variant === 'silent' || variant === 'endless') return misbehave(response, request, variant, signal)
  await sendAnswer(response, {
    request,
    reply: replyFor(request, script, variant),
    created: Math.floor(now() / 1_000),
    pieceMs: variant === 'slow' ? SLOW_PIECE_MS : 0,
    cut: drop || variant === 'cut',
    signal,
  })
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
