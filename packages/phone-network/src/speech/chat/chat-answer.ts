import type { ServerResponse } from 'node:http'
import { pause, sendJson } from '../answering.ts'
import type { Reply, Turn } from '../dialogue/walk.ts'
import type { ChatRequest } from './chat-request.ts'

/** A reply as chat completion: one JSON, or server-sent events. https://platform.openai.com/docs/api-reference/chat */

export interface ChatAnswer {
  request: ChatRequest
  reply: Reply
  /** seconds since 1970 */
  created: number
  /** between two pieces of a stream */
  pieceMs: number
  /** the stream breaks off in the middle */
  cut: boolean
  signal: AbortSignal
}

/** Estimate of the number of tokens, for `usage`: four characters are about one. */
function tokens(text: string): number {
  return Math.ceil(text.length / 4)
}

function usageOf(turns: readonly Turn[], reply: Reply): Record<string, number> {
  const prompt = turns.reduce((sum, turn) => sum + 4 + tokens(turn.text), 0)
  const completion = tokens(reply.text) + reply.calls.reduce((sum, call) => sum + 8 + tokens(JSON.stringify(call)), 0)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

/** Words with the blanks after them, as a model's tokens arrive. */
export function pieces(text: string): string[] {
  return text.match(/\S+\s*/g) ?? []
}

/** As many words as the request allows; true when that was not all. */
function limited({ reply, request }: ChatAnswer): { text: string; short: boolean } {
  const { maxTokens } = request
  const all = pieces(reply.text)
  if (maxTokens === null || all.length <= maxTokens) return { text: reply.text, short: false }
  return { text: all.slice(0, maxTokens).join('').trimEnd(), short: true }
}

interface WireCall {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
}

/** Arguments that are a text already stay as they are: they are invalid on purpose. */
function wireCalls(reply: Reply): WireCall[] {
  return reply.calls.map(call => ({
    id: `call_${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`,
    type: 'function',
    function: {
      name: call.tool,
      arguments: typeof call.arguments.broken === 'string' ? call.arguments.broken : JSON.stringify(call.arguments),
    },
  }))
}

function finishOf(calls: readonly WireCall[], short: boolean): string {
  if (calls.length > 0) return 'tool_calls'
  return short ? 'length' : 'stop'
}

export async function sendAnswer(response: ServerResponse, answer: ChatAnswer): Promise<void> {
  const { request, reply, created } = answer
  const id = `chatcmpl-${crypto.randomUUID().replaceAll('-', '')}`
  const head = { id, created, model: request.model, system_fingerprint: 'fp_demo' }
  if (request.stream) return streamAnswer(response, answer, { ...head, object: 'chat.completion.chunk' })
  if (answer.cut) {
    response.destroy()
    return
  }
  const { text, short } = limited(answer)
  const calls = wireCalls(reply)
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  }
  sendJson(response, 200, {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(calls, short) }],
    usage: usageOf(request.turns, reply),
  })
}

async function streamAnswer(
  response: ServerResponse,
  answer: ChatAnswer,
  head: Record<string, unknown>,
): Promise<void> {
  const { request, reply, pieceMs, signal } = answer
  const extra = request.includeUsage ? { usage: null } : {}
  const { text, short } = limited(answer)
  const calls = wireCalls(reply)
  const deltas: Record<string, unknown>[] = [
    { role: 'assistant', content: text === '' && calls.length > 0 ? null : '' },
  ]
  deltas.push(...pieces(text).map(content => ({ content })))
  for (const [index, call] of calls.entries()) {
    deltas.push({ tool_calls: [{ ...call, index, function: { name: call.function.name, arguments: '' } }] })
    for (const part of call.function.arguments.match(/[\s\S]{1,12}/g) ?? []) {
      deltas.push({ tool_calls: [{ index, function: { arguments: part } }] })
    }
  }
  openStream(response)
  const until = answer.cut ? Math.ceil(deltas.length / 2) : deltas.length
  for (const delta of deltas.slice(0, until)) {
    if (signal.aborted) return
    const choice = { index: 0, delta, logprobs: null, finish_reason: null }
    await write(response, { ...head, choices: [choice], ...extra })
    await pause(pieceMs, signal)
  }
  if (answer.cut) {
    // A comment of the event stream: what was sent before the connection dies does arrive.
    response.write(':\n\n', () => response.destroy())
    return
  }
  const last = { index: 0, delta: {}, logprobs: null, finish_reason: finishOf(calls, short) }
  await write(response, { ...head, choices: [last], ...extra })
  if (request.includeUsage) await write(response, { ...head, choices: [], usage: usageOf(request.turns, reply) })
  response.end('data: [DONE]\n\n')
}

export function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  response.flushHeaders()
}

/** One event; waits while the reader is behind, so an endless answer fills no memory. */
export async function write(response: ServerResponse, event: unknown): Promise<void> {
  if (response.destroyed || response.write(`data: ${JSON.stringify(event)}\n\n`)) return
  await new Promise<void>(resolve => {
    const done = (): void => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}
