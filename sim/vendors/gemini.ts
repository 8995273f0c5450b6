/** Google's Generative Language API (`streamGenerateContent`), as its reference describes it. */
import type { ServerResponse } from 'node:http'
import { type Made, replyTo } from './reply-rules.ts'
import { Refused, type Seen, startVendor, type VendorServer, wantHeader, wantJson, wantQuery } from './vendor-server.ts'

export function startGemini({ key = 'test-key' } = {}): Promise<VendorServer> {
  return startVendor({
    name: 'gemini',
    error: (status, message) => ({ error: { code: status, message, status: 'INVALID_ARGUMENT' } }),
    async answer(seen, response, cut) {
      if (seen.method !== 'POST' || !/^\/v1beta\/models\/[a-z0-9.-]+:streamGenerateContent$/.test(seen.path))
        throw new Refused(404, `nothing at ${seen.path}`)
      wantHeader(seen, 'x-goog-api-key', key, 401)
      wantQuery(seen, { alt: 'sse' })
      await answer(seen, response, cut)
    },
  })
}

interface Part {
  text?: string
  functionCall?: { name: string }
  functionResponse?: { name: string }
}

async function answer(seen: Seen, response: ServerResponse, cut: boolean): Promise<void> {
  const body = wantJson(seen, ['contents', 'systemInstruction', 'generationConfig'], ['tools', 'toolConfig'])
  const { maxOutputTokens } = body.generationConfig as { maxOutputTokens?: number }
  if (maxOutputTokens !== 200) throw new Refused(400, 'maxOutputTokens')
  const contents = body.contents as { role: string; parts: Part[] }[]
  if (contents[0]?.role !== 'user') throw new Refused(400, 'the first content is not the user’s')
  for (const { role, parts } of contents) {
    if (role !== 'user' && role !== 'model') throw new Refused(400, `no role ${role}`)
    if (parts.length === 0) throw new Refused(400, 'contents.parts must not be empty')
  }
  const last = contents.at(-1)?.parts.findLast(part => part.text !== undefined)?.text ?? ''
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  const chunk = (parts: object[], finishReason?: string) =>
    response.write(
      `data: ${JSON.stringify({
        candidates: [{ content: { parts, role: 'model' }, index: 0, ...(finishReason ? { finishReason } : {}) }],
        usageMetadata: { promptTokenCount: 21, candidatesTokenCount: 7, totalTokenCount: 28 },
        modelVersion: 'gemini-test',
      })}\n\n`,
    )
  for (const made of replyTo(last)) {
    await new Promise(resolve => setImmediate(resolve))
    if (cut && made.type === 'end') return void response.destroy()
    if (made.type === 'silence') return
    // A call of a tool ends with STOP like everything else.
    if (made.type === 'end') chunk([{ text: '' }], made.reason === 'length' ? 'MAX_TOKENS' : 'STOP')
    else chunk([partOf(made)])
  }
  response.end()
}

/** Arguments are an object here: text that is no JSON cannot come. */
function partOf(made: Exclude<Made, { type: 'silence' | 'end' }>): object {
  if (made.type === 'text') return { text: made.text }
  let args: unknown = {}
  try {
    args = JSON.parse(made.json)
  } catch {
    args = {}
  }
  return { functionCall: { name: made.name, args } }
}
