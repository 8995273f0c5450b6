/** What an installation sets in its environment, heard on a call: no language model, another language, a fixed silence. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AiStage } from './ai-stage.ts'

const SILENCE_MS = 1_500

let stage: AiStage
beforeAll(async () => {
  stage = await AiStage.set(6300, {
    OPENAI_API_KEY: '',
    OPENAI_BASE_URL: '',
    STT_LANGUAGE: 'de-DE',
    TURN_SILENCE_MS: String(SILENCE_MS),
  })
})
afterAll(() => stage.close())

test('without a key of any model a placeholder answers and the call goes on, after the silence that is set [S2-12] [S2-9] [S2-30]', async () => {
  await stage.change({ language: 'en-US', opening: 'Hello.' })
  const held = await stage.dial([
    { listen: true },
    { say: 'what are your opening hours' },
    { listen: true },
    { hangUp: true },
  ])
  await held.over()
  const heard = held.said('caller')[0] ?? ''
  expect(heard.toLowerCase()).toContain('opening hours')
  expect(held.said('agent')).toEqual([
    'Hello.',
    `I heard: ${heard} No language model is set up yet, so I cannot answer that.`,
  ])
  expect(held.notes('last-words')).toEqual([])
  const { entries } = await held.read()
  const caller = entries.find(entry => entry.who === 'caller')
  const reply = entries.find(entry => entry.who === 'agent' && entry.seq > (caller?.seq ?? 0))
  expect(reply?.latency?.voiceToVoiceMs ?? 0).toBeGreaterThanOrEqual(SILENCE_MS)
  const words = entries.filter(entry => entry.who === 'caller' || entry.who === 'agent')
  expect(words.map(entry => entry.sessionId)).toEqual(words.map(() => `${held.callId}/1`))
  // What a socket that watches the call told meanwhile is the same.
  expect(held.entries.filter(entry => entry.who === 'agent').map(entry => entry.sessionId)).toContain(
    `${held.callId}/1`,
  )
})

test('an agent with a silence of its own does not wait for that of the installation [S2-9]', async () => {
  await stage.change({ language: 'en-US', opening: 'Hello.', turnSilenceMs: 400 })
  const held = await stage.dial([
    { listen: true },
    { say: 'what are your opening hours' },
    { listen: true },
    { hangUp: true },
  ])
  await held.over()
  const { entries } = await held.read()
  const reply = entries.filter(entry => entry.who === 'agent')[1]
  expect(reply?.latency?.voiceToVoiceMs ?? SILENCE_MS).toBeLessThan(SILENCE_MS)
})

test('how long a call is kept open is a limit of the agent [S2-42]', async () => {
  await stage.change({ language: 'en-US', opening: 'Hello.', limits: { durationSeconds: 10, costCents: 500 } })
  const held = await stage.dial([{ listen: true }, { pauseMs: 30_000 }])
  await held.over()
  expect(held.said('agent').at(-1)).toBe('I am sorry, our time is up. Thank you for calling. Goodbye.')
})

test('a new agent that names no language speaks that of STT_LANGUAGE [S2-34]', async () => {
  const made = await stage.api<{ body: { language: string } }>('root', 'POST', '/api/ai/agents', {
    name: 'Uli',
    prompt: 'Hilf.',
  })
  expect(made.body.language).toBe('de-DE')
})
