/** Tests the contract of every language model behind `src/providers/language/port.ts` against look-alikes of the vendors. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  anthropicLanguage,
  googleLanguage,
  openAiLanguage,
  workersAiLanguage,
} from '../../src/providers/language/models.ts'
import type { Language, LanguagePart, Said, ToolOffer } from '../../src/providers/language/port.ts'
import { ScriptedLanguage, type ScriptedPart } from '../../src/providers/language/scripted.ts'
import { startAnthropic } from '../vendors/anthropic.ts'
import { startGemini } from '../vendors/gemini.ts'
import { startOpenAi } from '../vendors/openai.ts'
import { replyTo } from '../vendors/reply-rules.ts'
import type { VendorServer } from '../vendors/vendor-server.ts'
import { aiTextBinding, startWorkersAiText } from '../vendors/workers-ai-text.ts'
import { failureOf, gather, REFUSALS } from './outcomes.ts'
import { scriptedAt, startScripted } from './scripted-vendor.ts'

interface Bench {
  name: string
  start(): Promise<VendorServer>
  make(vendor: VendorServer, key: string): Language
  /** behind the binding nothing says when to come back */
  binding?: boolean
}

const BENCHES: Bench[] = [
  {
    name: 'openai',
    start: startOpenAi,
    make: (vendor, apiKey) => openAiLanguage({ apiKey, model: 'gpt-test', baseUrl: `${vendor.url}/v1/` }),
  },
  {
    name: 'anthropic',
    start: startAnthropic,
    make: (vendor, apiKey) => anthropicLanguage({ apiKey, model: 'claude-test', baseUrl: `${vendor.url}/v1` }),
  },
  {
    name: 'google',
    start: startGemini,
    make: (vendor, apiKey) => googleLanguage({ apiKey, model: 'gemini-test', baseUrl: `${vendor.url}/v1beta` }),
  },
  {
    name: 'workers-ai',
    start: startWorkersAiText,
    make: (vendor, key) => workersAiLanguage(aiTextBinding(vendor, key) as unknown as Ai, '@cf/meta/test'),
    binding: true,
  },
  {
    name: 'scripted',
    start: startScripted,
    make: ({ url }, key) =>
      new ScriptedLanguage({ script: request => scriptFor(request.said), mood: scriptedAt(url).moodOf(key) }),
  },
]

/** The twin follows the same rules as the look-alikes. */
function scriptFor(said: Said[]): ScriptedPart[] {
  const last = said.at(-1)
  return replyTo(last?.role === 'caller' ? last.text : '').map((made): ScriptedPart => {
    if (made.type === 'text') return made
    if (made.type === 'silence') return { type: 'silence' }
    if (made.type === 'end') return { type: 'end', reason: made.reason, tokensIn: 21, tokensOut: 7 }
    return { type: 'tool', toolId: made.id, name: made.name, input: jsonOr(made.json) }
  })
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const TOOLS: ToolOffer[] = [
  {
    name: 'transfer_call',
    description: 'Hands the caller to a person.',
    input: {
      type: 'object',
      properties: { dest: { type: 'string' } },
      required: ['dest'],
      additionalProperties: false,
    },
  },
]

function caller(text: string): Said[] {
  return [{ role: 'caller', text }]
}

describe.each(BENCHES)('$name', bench => {
  let vendor: VendorServer
  let language: Language
  beforeAll(async () => {
    vendor = await bench.start()
    language = bench.make(vendor, 'test-key')
  })
  afterAll(() => vendor.stop())
  afterEach(() => {
    vendor.seen.length = 0
    expect(vendor.complaints.splice(0)).toEqual([])
  })

  const request = (said: Said[], signal: AbortSignal = new AbortController().signal, tools = TOOLS) => ({
    system: 'You answer the phone.',
    said,
    tools,
    tokensMax: 200,
    signal,
  })
  const all = async (said: Said[], tools = TOOLS): Promise<LanguagePart[]> =>
    gather(language.reply(request(said, undefined, tools)))
  test('streams its words as they come and ends with what they cost [S2-12]', async () => {
    const parts = await all(caller('say Good morning to you'))
    expect(parts.flatMap(part => (part.type === 'text' ? [part.text] : []))).toEqual([
      'Good',
      ' morning',
      ' to',
      ' you',
    ])
    expect(parts.at(-1)).toEqual({ type: 'end', reason: 'stop', tokensIn: 21, tokensOut: 7 })
  })

  test('tells a call of a tool with the words before it, and does not run it', async () => {
    const parts = await all(caller('both transfer_call'))
    expect(parts.map(part => part.type)).toEqual(['text', 'tool', 'end'])
    expect(await all(caller('call transfer_call {"dest":"sales"}'))).toMatchObject([
      { type: 'tool', name: 'transfer_call', input: { dest: 'sales' }, toolId: expect.any(String) },
      { type: 'end', reason: 'tools' },
    ])
  })

  test('a tool that nobody offered, and input that is no JSON, come out as they are', async () => {
    expect(await all(caller('call fly_away {"to":"moon"}'))).toMatchObject([
      { type: 'tool', name: 'fly_away', input: { to: 'moon' } },
      { type: 'end', reason: 'tools' },
    ])
    const [broken] = await all(caller('call transfer_call {"dest":'))
    expect(broken).toMatchObject({ type: 'tool', name: 'transfer_call' })
  })

  test('says when it stopped for length', async () => {
    expect((await all(caller('too long'), [])).at(-1)).toMatchObject({ type: 'end', reason: 'length' })
  })

  test('takes everything that can have been said: an interrupted agent, whispers, tools', async () => {
    const parts = await all([
      { role: 'agent', text: 'Hello, this is', interrupted: true },
      { role: 'caller', text: 'Who?' },
      { role: 'supervisor', text: 'Be brief.' },
      { role: 'tool', toolId: 'call_0', name: 'transfer_call', input: { dest: 'sales' }, result: { ok: false } },
      { role: 'agent', text: '', interrupted: true },
      { role: 'caller', text: 'say Yes' },
    ])
    expect(parts.map(part => part.type)).toEqual(['text', 'end'])
    // The scripted one asks no vendor.
    const words = bench.name === 'scripted' ? [] : ['Hello, this is [interrupted]', 'Be brief.', 'sales', 'ok']
    const sent = bench.name === 'scripted' ? '' : (vendor.seen.at(-1)?.body.toString() ?? '')
    for (const word of words) expect(sent).toContain(word)
  })

  test('begins a conversation in which nobody has spoken', async () => {
    expect((await all([])).at(-1)).toMatchObject({ type: 'end', reason: 'stop' })
  })

  test('ends early and quietly when the caller speaks over it', async () => {
    for (const words of ['silence', 'stall']) {
      const speaking = new AbortController()
      const parts: LanguagePart[] = []
      const reading = (async () => {
        for await (const part of language.reply(request(caller(words), speaking.signal))) parts.push(part)
      })()
      await expect.poll(() => (words === 'stall' ? parts.length : vendor.seen.length)).toBeGreaterThan(0)
      speaking.abort()
      await reading
      expect(parts.filter(part => part.type === 'end')).toEqual([])
    }
  })

  test('asks once, whatever comes of it: refused, throttled, down, cut off', async () => {
    const cases = [...REFUSALS, [{ kind: 'cut' }, 'unavailable']] as const
    for (const [fault, kind] of cases) {
      vendor.seen.length = 0
      vendor.faults.push(fault)
      const failed = await failureOf(all(caller('say secret words')))
      expect(failed.kind, JSON.stringify(fault)).toBe(kind)
      expect(failed.retryAfterMs).toBe(kind === 'throttled' && !bench.binding ? 7_000 : null)
      expect(failed.message).not.toContain('secret')
      expect(vendor.seen).toHaveLength(1)
    }
  })

  test('a wrong key is said to be one', async () => {
    const wrong = bench.make(vendor, 'wrong-key')
    const failed = await failureOf(gather(wrong.reply(request(caller('say hi')))))
    expect(failed.kind).toBe('unauthorised')
    expect(vendor.complaints.splice(0)).toHaveLength(1)
  })

  test('nobody at home is a failure, not a hang', async () => {
    const gone = bench.make({ ...vendor, url: 'http://127.0.0.1:9' }, 'test-key')
    expect((await failureOf(gather(gone.reply(request(caller('say hi')))))).kind).toBe('unavailable')
  })
})
