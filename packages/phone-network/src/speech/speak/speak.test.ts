import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { SpokenVoices } from '../../media/voices.ts'
import { readWav } from '../../media/wav.ts'
import { type Speech, startSpeech } from '../speech-server.ts'
import { KEY, SpeechClient } from '../testing/speech-client.ts'

/** Deepgram's and OpenAI's speech, over HTTP and over a WebSocket. */

const MULAW = 'model=aura-2-thalia-en&encoding=mulaw&sample_rate=8000'
const voices = new SpokenVoices(1)
const clients: SpeechClient[] = []
let speech: Speech
let nowMs = 0

beforeAll(async () => {
  speech = await startSpeech({ port: 0, voices, key: KEY, now: () => nowMs })
})
afterAll(async () => {
  await speech.close()
  await voices.close()
})
afterEach(() => {
  for (const client of clients.splice(0)) client.socket.terminate()
  speech.knobs.reset()
})

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${speech.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Token ${KEY}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer())
function dial(query: string): SpeechClient {
  const client = new SpeechClient(speech.url, `/v1/speak?${query}`)
  clients.push(client)
  return client
}

test('a text becomes the very sound of the voice, raw or as WAV', async () => {
  const clip = Buffer.from(await voices.say('Good morning.', 'slt'))
  const raw = await post(`/v1/speak?${MULAW}&container=none`, { text: 'Good morning.' })
  expect(raw.headers.get('content-type')).toBe('audio/mulaw')
  expect(raw.headers.get('dg-model-name')).toBe('aura-2-thalia-en')
  expect(raw.headers.get('dg-char-count')).toBe('13')
  expect((await bytesOf(raw)).equals(clip)).toBe(true)
  const wav = await bytesOf(await post('/v1/speak?encoding=linear16&sample_rate=16000', { text: 'Good morning.' }))
  expect(readWav(wav)).toMatchObject({ hz: 16_000, samples: { length: clip.length * 2 } })
  const man = await post(`/v1/speak?${MULAW.replace('thalia', 'orion')}&container=none`, 'Good morning.', {
    'content-type': 'text/plain',
  })
  expect((await bytesOf(man)).equals(Buffer.from(await voices.say('Good morning.', 'rms')))).toBe(true)
})

test('the first sentence is on its way before the last one is made', async () => {
  const text = Array.from({ length: 12 }, (_, index) => `This is sentence number ${index} of a long story.`).join(' ')
  const answer = await post(`/v1/speak?${MULAW}&container=none`, { text })
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  const first = (await reader.read()).value?.length ?? 0
  let all = first
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) all += piece.value.length
  expect(first).toBeLessThan(all / 4)
})

test('MP3 is the default over HTTP, as it is with the vendor', async () => {
  const answer = await post('/v1/speak', { text: 'Good morning.' })
  expect(answer.headers.get('content-type')).toBe('audio/mpeg')
  expect((await bytesOf(answer)).subarray(0, 1)[0]).toBe(0xff)
})

test.each([
  [MULAW, '{"text":""}', 400, 'empty'],
  [MULAW, '{"words":"x"}', 400, 'text'],
  [MULAW, 'no json', 400, 'JSON'],
  [MULAW, '[]', 400, 'JSON'],
  [MULAW, JSON.stringify({ text: 'x'.repeat(2_001) }), 413, '2000'],
  [MULAW, `{"text":"${'x'.repeat(100_000)}"}`, 413, '2000'],
  ['encoding=opus', '{"text":"x"}', 400, 'opus'],
  ['model=nobody', '{"text":"x"}', 400, 'nobody'],
])('a bad request is refused in the vendor’s words (%#)', async (query, body, status, why) => {
  const answer = await post(`/v1/speak?${query}`, body)
  expect(answer.status).toBe(status)
  expect(await answer.json()).toEqual({
    err_code: expect.any(String),
    err_msg: expect.stringContaining(why),
    request_id: expect.any(String),
  })
})

test('over a WebSocket: Metadata, sound by sentences, Flushed, Cleared, closed', async () => {
  const client = await dial(MULAW).open()
  await client.until(() => client.of('Metadata').length === 1)
  expect(client.messages[0]).toMatchObject({ type: 'Metadata', model_name: 'aura-2-thalia-en' })
  client.say({ type: 'Speak', text: 'Good morn' })
  client.say({ type: 'Speak', text: 'ing. How are ' })
  await client.until(() => client.sounds.length > 0)
  client.say({ type: 'Speak', text: 'you?' })
  client.say({ type: 'Flush' })
  await client.until(() => client.of('Flushed').length === 1)
  expect(client.of('Flushed')).toEqual([{ type: 'Flushed', sequence_id: 0 }])
  const whole = [await voices.say('Good morning.', 'slt'), await voices.say('How are you?', 'slt')]
  expect(Buffer.concat(client.sounds).equals(Buffer.concat(whole))).toBe(true)
  client.say({ type: 'Clear' })
  await client.until(() => client.of('Cleared').length === 1)
  expect(client.of('Cleared')).toEqual([{ type: 'Cleared', sequence_id: 1 }])
  client.say({ type: 'Speak', text: 'Bye.' })
  client.say({ type: 'Close' })
  expect(await client.closed()).toMatchObject({ code: 1000 })
})

test('Clear stops what is being made, and what comes after is heard', async () => {
  const client = await dial(MULAW).open()
  client.say({ type: 'Speak', text: 'This story is never heard in full. It has a second sentence. And a third one. ' })
  client.say({ type: 'Clear' })
  client.say({ type: 'Speak', text: 'Goodbye.' })
  client.say({ type: 'Flush' })
  await client.until(() => client.of('Flushed').length === 1)
  expect(Buffer.concat(client.sounds).equals(Buffer.from(await voices.say('Goodbye.', 'slt')))).toBe(true)
})

test('more than 20 flushes in a minute are warned about', async () => {
  const client = await dial(MULAW).open()
  for (let flush = 0; flush < 21; flush += 1) client.say({ type: 'Flush' })
  await client.until(() => client.of('Warning').length === 1)
  expect(client.of('Warning')[0]).toMatchObject({ code: 'EXCESSIVE_FLUSH' })
  nowMs += 60_000
  client.say({ type: 'Flush' })
  await client.until(() => client.of('Flushed').length === 21)
})

test.each([
  'no json',
  '{"type":"Dance"}',
  '{"type":"Speak"}',
  JSON.stringify({ type: 'Speak', text: 'x'.repeat(2_001) }),
])('a message that is none is an Error, then 1008 (%#)', async message => {
  const client = await dial(MULAW).open()
  client.say(message)
  expect(await client.closed()).toMatchObject({ code: 1008 })
  expect(client.of('Error')).toHaveLength(1)
})

test('bad parameters and keys are refused before the WebSocket is open', async () => {
  expect((await dial('encoding=mp3').refused()).status).toBe(400)
  const stranger = new SpeechClient(speech.url, `/v1/speak?${MULAW}`, { key: 'another' })
  clients.push(stranger)
  expect((await stranger.refused()).status).toBe(401)
  expect((await post('/v1/speak', { text: 'x' }, { authorization: 'Token another' })).status).toBe(401)
})

test('slow, failing and dying on demand', async () => {
  speech.knobs.change({ ability: 'speak', failNext: 1, failStatus: 429 })
  expect((await post(`/v1/speak?${MULAW}`, { text: 'x' })).status).toBe(429)
  speech.knobs.change({ ability: 'speak', delayMs: 300 })
  const began = performance.now()
  expect((await post(`/v1/speak?${MULAW}`, { text: 'Good morning.' })).status).toBe(200)
  expect(performance.now() - began).toBeGreaterThanOrEqual(290)
  speech.knobs.change({ ability: 'speak', delayMs: 0, dropNext: 2 })
  const broken = await post(`/v1/speak?${MULAW}`, { text: 'One sentence. Another sentence.' })
  await expect(broken.arrayBuffer()).rejects.toThrow()
  const client = await dial(MULAW).open()
  client.say({ type: 'Speak', text: 'Good morning. ' })
  expect(await client.closed()).toMatchObject({ code: 1006 })
})

test('OpenAI’s speech: pcm at 24 kHz and wav; what does not exist is refused', async () => {
  const ask = (changes: object) =>
    post('/v1/audio/speech', { model: 'tts-1', input: 'Good morning.', voice: 'alloy', ...changes })
  const clip = await voices.say('Good morning.', 'slt')
  expect((await bytesOf(await ask({ response_format: 'pcm' }))).length).toBe(clip.length * 3 * 2)
  expect(readWav(await bytesOf(await ask({ response_format: 'wav' }))).hz).toBe(24_000)
  for (const [changes, param] of [
    [{ input: '' }, 'input'],
    [{ input: 'x'.repeat(4_097) }, 'input'],
    [{ response_format: 'flac' }, 'response_format'],
    [{ voice: 'nobody' }, 'voice'],
    [{ voice: 'constructor' }, 'voice'],
    [{ response_format: 'constructor' }, 'response_format'],
    [{ speed: 9 }, 'speed'],
    [{ model: 7 }, null],
  ] as const) {
    const answer = await ask(changes)
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { error: object }).error).toMatchObject({ type: 'invalid_request_error', param })
  }
})
