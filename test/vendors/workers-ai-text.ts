/** Text models behind the AI binding: `run` with `stream: true` gives a stream of events (`response`, `tool_calls`, `usage`). */
import { type Made, replyTo } from './reply-rules.ts'
import type { Fault, Seen, VendorServer } from './vendor-server.ts'
import type { FakeAi } from './workers-ai.ts'

const CODE_OF: Record<number, string> = {
  400: '5004: Invalid data',
  401: '5018: Account is not allowed to access this model',
  429: '3040: Capacity temporarily exceeded, please try again.',
}

/** A vendor without a server, so nothing listens on its address. */
export async function startWorkersAiText(): Promise<VendorServer> {
  return {
    url: 'binding:',
    seen: [],
    complaints: [],
    faults: [],
    open: 0,
    cutAll: () => undefined,
    stop: async () => undefined,
  }
}

export function aiTextBinding(vendor: VendorServer, key = 'test-key'): FakeAi {
  return {
    async run(model, inputs, options = {}) {
      vendor.seen.push({ body: Buffer.from(JSON.stringify(inputs)) } as Seen)
      const fault = vendor.faults.shift()
      if (vendor.url !== 'binding:') throw new Error('InferenceUpstreamError')
      if (key !== 'test-key') {
        vendor.complaints.push('a wrong key')
        throw new Error(CODE_OF[401])
      }
      if (fault?.kind === 'status') throw new Error(CODE_OF[fault.status] ?? 'InferenceUpstreamError')
      if (!model.startsWith('@cf/')) throw new Error('5007: No such model')
      if (inputs.stream !== true) throw new Error('5004: Invalid data')
      const messages = inputs.messages as { role: string; content: string }[]
      if (messages[0]?.role !== 'system') throw new Error('5004: Invalid data')
      return eventsOf(replyTo(messages.at(-1)?.content ?? ''), fault, options.signal as AbortSignal | undefined)
    },
  }
}

function eventsOf(made: Made[], fault: Fault | undefined, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const text = new TextEncoder()
  const left = [...made]
  return new ReadableStream({
    async pull(controller) {
      await new Promise(resolve => setImmediate(resolve))
      const event = (data: unknown) => controller.enqueue(text.encode(`data: ${JSON.stringify(data)}\n\n`))
      const next = left.shift()
      if (next?.type === 'silence') {
        await new Promise<void>(resolve => signal?.addEventListener('abort', () => resolve()))
        return controller.error(signal?.reason)
      }
      if (next?.type === 'text') return event({ response: next.text, p: 'abc' })
      if (next?.type === 'tool')
        return event({
          response: '',
          tool_calls: [
            { id: next.id, type: 'function', index: 0, function: { name: next.name, arguments: next.json } },
          ],
        })
      if (fault?.kind === 'cut') return controller.error(new Error('Network connection lost.'))
      const reason = next?.type === 'end' && next.reason === 'length' ? 'length' : undefined
      event({
        response: '',
        ...(reason ? { finish_reason: reason } : {}),
        usage: { prompt_tokens: 21, completion_tokens: 7, total_tokens: 28 },
      })
      controller.enqueue(text.encode('data: [DONE]\n\n'))
      controller.close()
    },
  })
}
