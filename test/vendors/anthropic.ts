/** Anthropic's Messages API, streamed, as its reference describes it. */
import type { ServerResponse } from 'node:http'
import { type Made, replyTo } from './reply-rules.ts'
import { Refused, type Seen, startVendor, type VendorServer, wantHeader, wantJson } from './vendor-server.ts'

export function startAnthropic({ key = 'test-key' } = {}): Promise<VendorServer> {
  return startVendor({
    name: 'anthropic',
    error: (status, message) => ({
      type: 'error',
      error: { type: status === 401 ? 'authentication_error' : 'api_error', message },
    }),
    async answer(seen, response, cut) {
      if (seen.method !== 'POST' || seen.path !== '/v1/messages') throw new Refused(404, `nothing at ${seen.path}`)
      wantHeader(seen, 'x-api-key', key, 401)
      wantHeader(seen, 'anthropic-version', '2023-06-01')
      await answer(seen, response, cut)
    },
  })
}

interface Block {
  type: string
  text?: string
  id?: string
  tool_use_id?: string
}
interface Message {
  role: string
  content: Block[] | string
}

async function answer(seen: Seen, response: ServerResponse, cut: boolean): Promise<void> {
  const body = wantJson(seen, ['model', 'max_tokens', 'messages', 'system', 'stream'], ['tools', 'tool_choice'])
  if (body.stream !== true) throw new Refused(400, 'stream is not true')
  const last = checkMessages(body.messages as Message[])
  for (const tool of (body.tools ?? []) as { input_schema?: { type?: string } }[])
    if (tool.input_schema?.type !== 'object') throw new Refused(400, 'tools.0.input_schema')
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  const event = (type: string, rest: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`)
  event('message_start', {
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: body.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 21, output_tokens: 1 },
    },
  })
  let index = 0
  for (const made of replyTo(last)) {
    await new Promise(resolve => setImmediate(resolve))
    if (made.type === 'silence') return
    if (made.type !== 'end') {
      for (const [type, rest] of blockOf(made, index)) event(type, rest)
      index += 1
      continue
    }
    if (cut) return void response.destroy()
    const stop = { stop: 'end_turn', tools: 'tool_use', length: 'max_tokens' }[made.reason]
    event('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 7 } })
  }
  event('message_stop', {})
  response.end()
}

function blockOf(made: Exclude<Made, { type: 'silence' | 'end' }>, index: number): [string, object][] {
  const start = (block: object): [string, object] => ['content_block_start', { index, content_block: block }]
  const delta = (change: object): [string, object] => ['content_block_delta', { index, delta: change }]
  const stop: [string, object] = ['content_block_stop', { index }]
  if (made.type === 'text')
    return [start({ type: 'text', text: '' }), delta({ type: 'text_delta', text: made.text }), stop]
  return [
    start({ type: 'tool_use', id: 'toolu_1', name: made.name, input: {} }),
    delta({ type: 'input_json_delta', partial_json: made.json }),
    stop,
  ]
}

/** The rules of the API: a user begins, roles alternate, each tool_use has its tool_result in the next message. */
function checkMessages(messages: Message[]): string {
  let open: string[] = []
  messages.forEach(({ role, content }, at) => {
    if (role !== (at % 2 === 0 ? 'user' : 'assistant')) throw new Refused(400, 'messages: roles must alternate')
    const blocks: Block[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content
    if (blocks.some(block => block.type === 'text' && !block.text))
      throw new Refused(400, 'text content blocks must be non-empty')
    const answered = blocks.flatMap(block => (block.type === 'tool_result' ? [block.tool_use_id ?? ''] : []))
    if (open.join() !== answered.join())
      throw new Refused(400, '`tool_use` ids were found without `tool_result` blocks')
    open = blocks.flatMap(block => (block.type === 'tool_use' ? [block.id ?? ''] : []))
  })
  const content = messages.at(-1)?.content ?? ''
  return typeof content === 'string' ? content : (content.findLast(block => block.type === 'text')?.text ?? '')
}
