/** OpenAI as its API reference describes it: chat completions (streamed), transcriptions, speech. */
import type { ServerResponse } from 'node:http'
import { mulawOf } from '../../src/sound/mulaw.ts'
import { type Made, replyTo } from './reply-rules.ts'
import { cutUp, hear } from './spelled-sound.ts'
import {
  Refused,
  type Seen,
  sendJson,
  sendPieces,
  startVendor,
  type VendorServer,
  wantHeader,
  wantJson,
} from './vendor-server.ts'

export function startOpenAi({ key = 'test-key' } = {}): Promise<VendorServer> {
  return startVendor({
    name: 'openai',
    error: (status, message) => ({
      error: { message, type: status === 401 ? 'invalid_request_error' : 'server_error', param: null, code: null },
    }),
    async answer(seen, response, cut) {
      if (seen.method !== 'POST') throw new Refused(405, `${seen.method} is not allowed`)
      wantHeader(seen, 'authorization', `Bearer ${key}`, 401)
      if (seen.path === '/v1/chat/completions') return chat(seen, response, cut)
      if (seen.path === '/v1/audio/transcriptions') return transcribe(seen, response, cut)
      if (seen.path === '/v1/audio/speech') return speak(seen, response, cut)
      throw new Refused(404, `nothing at ${seen.path}`)
    },
  })
}

interface ChatMessage {
  role: string
  content?: string | null
  tool_call_id?: string
  tool_calls?: { id: string; type: string; function: { name: string; arguments: string } }[]
}

async function chat(seen: Seen, response: ServerResponse, cut: boolean): Promise<void> {
  const body = wantJson(seen, ['model', 'messages', 'max_tokens', 'stream', 'stream_options'], ['tools', 'tool_choice'])
  if (body.stream !== true) throw new Refused(400, 'stream is not true')
  const messages = body.messages as ChatMessage[]
  checkMessages(messages)
  checkTools(body.tools)
  const last = messages.at(-1)
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  const event = (choices: unknown[], usage: unknown = null) =>
    response.write(
      `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: body.model, choices, usage })}\n\n`,
    )
  event([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }])
  for (const made of replyTo(last?.content ?? '')) {
    await new Promise(resolve => setImmediate(resolve))
    if (cut && made.type === 'end') return void response.destroy()
    if (made.type === 'silence') return
    for (const choice of choicesOf(made)) event([choice])
  }
  event([], { prompt_tokens: 21, completion_tokens: 7, total_tokens: 28 })
  response.end('data: [DONE]\n\n')
}

function choicesOf(made: Exclude<Made, { type: 'silence' }>): unknown[] {
  const choice = (delta: unknown, finish: string | null = null) => ({ index: 0, delta, finish_reason: finish })
  if (made.type === 'text') return [choice({ content: made.text })]
  if (made.type === 'end') return [choice({}, made.reason === 'tools' ? 'tool_calls' : made.reason)]
  const half = Math.ceil(made.json.length / 2)
  return [
    choice({ tool_calls: [{ index: 0, id: made.id, type: 'function', function: { name: made.name, arguments: '' } }] }),
    choice({ tool_calls: [{ index: 0, function: { arguments: made.json.slice(0, half) } }] }),
    choice({ tool_calls: [{ index: 0, function: { arguments: made.json.slice(half) } }] }),
  ]
}

async function transcribe(seen: Seen, response: ServerResponse, cut: boolean): Promise<void> {
  const form = await new Response(new Uint8Array(seen.body), {
    headers: { 'Content-Type': seen.headers['content-type'] ?? '' },
  })
    .formData()
    .catch(() => {
      throw new Refused(400, 'the body is no form')
    })
  for (const name of form.keys())
    if (!['file', 'model', 'language', 'response_format', 'prompt'].includes(name))
      throw new Refused(400, `unknown field ${name}`)
  if (form.get('response_format') !== 'json') throw new Refused(400, 'response_format')
  if (!/^[a-z]{2}$/.test(String(form.get('language')))) throw new Refused(400, 'language is not ISO-639-1')
  if (!String(form.get('model')).includes('transcribe')) throw new Refused(400, 'no such model')
  const file = form.get('file')
  if (!(file instanceof File) || file.name !== 'utterance.wav' || file.type !== 'audio/wav')
    throw new Refused(400, 'no file')
  const words = hear(mulawOfWav(new Uint8Array(await file.arrayBuffer())))
  if (cut) return void response.destroy()
  sendJson(response, 200, { text: words.map(word => word.text).join(' '), usage: { type: 'duration', seconds: 1 } })
}

/** Reads 16 bits, 8 kHz, one channel, and refuses everything else. */
export function mulawOfWav(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const word = (at: number) => String.fromCharCode(...file.subarray(at, at + 4))
  const wrong =
    word(0) !== 'RIFF' ||
    view.getUint32(4, true) !== file.length - 8 ||
    word(8) !== 'WAVE' ||
    word(12) !== 'fmt ' ||
    view.getUint32(16, true) !== 16 ||
    view.getUint16(20, true) !== 1 ||
    view.getUint16(22, true) !== 1 ||
    view.getUint32(24, true) !== 8_000 ||
    view.getUint32(28, true) !== 16_000 ||
    view.getUint16(32, true) !== 2 ||
    view.getUint16(34, true) !== 16 ||
    word(36) !== 'data' ||
    view.getUint32(40, true) !== file.length - 44
  if (wrong) throw new Refused(400, 'Audio file might be corrupted or unsupported')
  if (file.length - 44 < 1_600) throw new Refused(400, 'Audio file is too short')
  return Uint8Array.from({ length: (file.length - 44) / 2 }, (_, at) => mulawOf(view.getInt16(44 + at * 2, true)))
}

/** `pcm` is 24 kHz, 16 bits, little-endian, no header: a 400 Hz tone of 30 ms per letter. */
async function speak(seen: Seen, response: ServerResponse, cut: boolean): Promise<void> {
  const body = wantJson(seen, ['model', 'input', 'voice', 'response_format'])
  if (body.response_format !== 'pcm') throw new Refused(400, 'response_format is not pcm')
  if (typeof body.input !== 'string' || body.input === '' || body.input.length > 4_096) throw new Refused(400, 'input')
  const samples = Int16Array.from({ length: body.input.length * 720 }, (_, at) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * 400 * at) / 24_000)),
  )
  response.writeHead(200, { 'Content-Type': 'audio/pcm' })
  // An odd number: samples are cut in their middle, as the network does.
  await sendPieces(response, cutUp(new Uint8Array(samples.buffer), 3_333), cut)
}

/** OpenAI refuses a tool's answer without its call, and a call without its answer. */
function checkMessages(messages: ChatMessage[]): void {
  if (!Array.isArray(messages) || messages.length < 2) throw new Refused(400, 'too few messages')
  if (messages[0]?.role !== 'system') throw new Refused(400, 'the first message is not the system’s')
  const open = new Set<string>()
  for (const { role, content, tool_call_id: answered, tool_calls: calls } of messages) {
    if (!['system', 'user', 'assistant', 'tool'].includes(role)) throw new Refused(400, `no role ${role}`)
    if (role === 'tool' && !open.delete(answered ?? '')) throw new Refused(400, 'an answer of a tool without its call')
    if (role !== 'tool' && open.size > 0) throw new Refused(400, 'a call of a tool without its answer')
    if (role === 'user' && (typeof content !== 'string' || content === '')) throw new Refused(400, 'an empty message')
    for (const call of calls ?? []) {
      JSON.parse(call.function.arguments)
      open.add(call.id)
    }
  }
}

function checkTools(tools: unknown): void {
  for (const tool of (tools ?? []) as { type: string; function: { name: string; parameters: { type: string } } }[]) {
    if (tool.type !== 'function' || !/^[a-zA-Z0-9_-]{1,64}$/.test(tool.function.name))
      throw new Refused(400, 'not a tool')
    if (tool.function.parameters.type !== 'object') throw new Refused(400, 'the input of a tool is no object')
  }
}
