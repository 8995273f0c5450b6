/**
 * Google's Generative Language API (`streamGenerateContent`), as its reference describes it. A model with `thinking` in its name
 * signs the first call of a tool in each answer, and refuses a request in which its call comes back without that signature
 * (ai.google.dev, "Thought signatures": required in function calling, the first of parallel calls only).
 * The real one also takes the word that its clients may put in a signature's place; here it is refused, since thoughts are lost by it.
 */
import type { ServerResponse } from 'node:http'
import { type Made, replyTo } from './reply-rules.ts'
import { Refused, type Seen, startVendor, type VendorServer, wantHeader, wantJson, wantQuery } from './vendor-server.ts'

/** `tokensMax`: what each request must ask for. */
export function startGemini({ key = 'test-key', tokensMax = 200 } = {}): Promise<VendorServer> {
  const signatures = new Signatures()
  return startVendor({
    name: 'gemini',
    error: (status, message) => ({ error: { code: status, message, status: 'INVALID_ARGUMENT' } }),
    async answer(seen, response, cut) {
      if (seen.method !== 'POST' || !/^\/v1beta\/models\/[a-z0-9.-]+:streamGenerateContent$/.test(seen.path))
        throw new Refused(404, `nothing at ${seen.path}`)
      wantHeader(seen, 'x-goog-api-key', key, 401)
      wantQuery(seen, { alt: 'sse' })
      wantTokens(seen, tokensMax)
      await answer(seen, response, cut, seen.path.includes('thinking') ? signatures : null)
    },
  })
}

const MEMBERS = ['contents', 'systemInstruction', 'generationConfig']
const OPTIONAL = ['tools', 'toolConfig']

interface Part {
  text?: string
  functionCall?: { name: string; args?: unknown }
  thoughtSignature?: string
  functionResponse?: { name: string }
}

function wantTokens(seen: Seen, tokensMax: number): void {
  const { generationConfig } = wantJson(seen, MEMBERS, OPTIONAL)
  const { maxOutputTokens } = generationConfig as { maxOutputTokens?: number }
  if (maxOutputTokens !== tokensMax) throw new Refused(400, 'maxOutputTokens')
}

/** Calls that were made, and how each was signed (null: it was not the first of its answer). */
class Signatures {
  readonly #given = new Map<string, string | null>()

  sign(call: Part['functionCall'], first: boolean): { thoughtSignature?: string } {
    const signature = first ? `signature ${this.#given.size}` : null
    this.#given.set(JSON.stringify(call), signature)
    return signature === null ? {} : { thoughtSignature: signature }
  }

  /** The parts of one content of the model. */
  check(parts: Part[]): void {
    const [first] = parts.filter(part => part.functionCall !== undefined)
    for (const part of parts) {
      if (part.functionCall === undefined) continue
      const { name, args } = part.functionCall
      const given = this.#given.get(JSON.stringify({ name, args }))
      if (given === undefined) continue
      if (part === first && part.thoughtSignature === undefined)
        throw new Refused(400, `Function call is missing a thought_signature in functionCall parts: ${name}`)
      if ((part.thoughtSignature ?? null) !== given) throw new Refused(400, `Corrupted thought signature: ${name}`)
    }
  }
}

async function answer(seen: Seen, response: ServerResponse, cut: boolean, signed: Signatures | null): Promise<void> {
  const body = wantJson(seen, MEMBERS, OPTIONAL)
  const contents = body.contents as { role: string; parts: Part[] }[]
  if (contents[0]?.role !== 'user') throw new Refused(400, 'the first content is not the user’s')
  for (const { role, parts } of contents) {
    if (role !== 'user' && role !== 'model') throw new Refused(400, `no role ${role}`)
    if (parts.length === 0) throw new Refused(400, 'contents.parts must not be empty')
    if (role === 'model') signed?.check(parts)
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
  let calls = 0
  for (const made of contents.at(-1)?.parts.some(part => part.functionResponse) ? replyTo('say Done') : replyTo(last)) {
    await new Promise(resolve => setImmediate(resolve))
    if (cut && made.type === 'end') return void response.destroy()
    if (made.type === 'silence') return
    // A call of a tool ends with STOP like everything else.
    if (made.type === 'end') chunk([{ text: '' }], made.reason === 'length' ? 'MAX_TOKENS' : 'STOP')
    else if (made.type === 'text') chunk([{ text: made.text }])
    else {
      const call = callOf(made)
      chunk([{ functionCall: call, ...signed?.sign(call, calls === 0) }])
      calls += 1
    }
  }
  response.end()
}

/** Arguments are an object here: text that is no JSON cannot come. */
function callOf(made: Extract<Made, { type: 'tool' }>): { name: string; args: unknown } {
  let args: unknown = {}
  try {
    args = JSON.parse(made.json)
  } catch {
    args = {}
  }
  return { name: made.name, args }
}
