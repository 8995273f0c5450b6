import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { decode } from '../../media/mulaw.ts'
import { resample } from '../../media/resample.ts'
import { SpokenVoices } from '../../media/voices.ts'
import { writeWav } from '../../media/wav.ts'
import { type Speech, startSpeech } from '../speech-server.ts'
import { KEY, SpeechClient } from '../testing/speech-client.ts'

/** `WS /v1/listen` with an unmodified client: spoken by a synthesizer, through µ-law, read back. */

const MULAW = '/v1/listen?model=nova-3&encoding=mulaw&sample_rate=8000'
const voices = new SpokenVoices(1)
let speech: Speech
let impatient: Speech
const clients: SpeechClient[] = []

beforeAll(async () => {
  speech = await startSpeech({ port: 0, voices })
  impatient = await startSpeech({ port: 0, voices, idleMs: 700 })
})
afterAll(async () => {
  await speech.close()
  await impatient.close()
  await voices.close()
})
afterEach(() => {
  for (const client of clients.splice(0)) client.socket.terminate()
  speech.knobs.reset()
})

function dial(path: string, options?: ConstructorParameters<typeof SpeechClient>[2], of = speech): SpeechClient {
  const client = new SpeechClient(of.url, path, options)
  clients.push(client)
  return client
}
const finals = (client: SpeechClient) => client.of('Results').filter(result => result.is_final)
const texts = (client: SpeechClient): string[] =>
  finals(client).map(result => result.channel.alternatives[0].transcript)
async function read(path: string, text: string, voice = 'rms'): Promise<string[]> {
  const client = await dial(path).open()
  client.hear(await voices.say(text, voice))
  client.say({ type: 'CloseStream' })
  await client.closed()
  return texts(client)
}

test('a sentence is read back, with words, times and confidence in the vendor’s shape', async () => {
  const client = await dial(`${MULAW}&vad_events=true&punctuate=true&interim_results=true`).open()
  const clip = await voices.say('what are your opening hours', 'rms')
  client.hear(clip)
  await client.until(() => finals(client).length === 1)
  expect(client.messages[0]).toEqual({ type: 'SpeechStarted', channel: [0, 1], timestamp: expect.any(Number) })
  const [result] = finals(client)
  expect(result).toMatchObject({
    type: 'Results',
    channel_index: [0, 1],
    is_final: true,
    speech_final: true,
    from_finalize: false,
    metadata: { request_id: expect.any(String), model_info: { name: 'nova-3' }, model_uuid: expect.any(String) },
  })
  const [alternative] = result.channel.alternatives
  expect(alternative.transcript).toBe('What are your opening hours?')
  expect(alternative.confidence).toBeGreaterThan(0.5)
  expect(alternative.words.map((word: { word: string }) => word.word)).toEqual([
    'what',
    'are',
    'your',
    'opening',
    'hours',
  ])
  expect(alternative.words[4].punctuated_word).toBe('hours?')
  // The clip began 300 ms into the stream.
  expect(alternative.words[0].start).toBeGreaterThan(0.2)
  expect(alternative.words[0].start).toBeLessThan(0.5)
  expect(alternative.words[4].end).toBeLessThan(0.3 + clip.length / 8_000 + 0.1)
  client.say({ type: 'CloseStream' })
  expect(await client.closed()).toMatchObject({ code: 1000 })
  expect(client.messages.at(-1)).toMatchObject({ type: 'Metadata', transaction_key: 'deprecated', channels: 1 })
})

test('interim results come while somebody speaks', async () => {
  const client = await dial(`${MULAW}&interim_results=true`).open()
  const clip = await voices.say('i would like to book an appointment on tuesday at ten', 'rms')
  const part = clip.subarray(0, Math.round(clip.length * 0.7))
  // In pieces, as a line brings it: a guess is told when the next one still says it.
  const sound = Buffer.concat([new Uint8Array(2_400).fill(255), part])
  for (let at = 0; at < sound.length; at += 1_600) client.socket.send(sound.subarray(at, at + 1_600))
  await client.until(() => client.of('Results').some(result => !result.is_final))
  const [interim] = client.of('Results')
  expect(interim).toMatchObject({ is_final: false, speech_final: false })
  expect(interim.channel.alternatives[0].transcript).toMatch(/^i would/)
  client.hear(clip.subarray(part.length))
  await client.until(() => finals(client).length > 0)
})

test('linear16 at 8 and 16 kHz, cut at odd bytes, is heard as well', async () => {
  const pcm = decode(await voices.say('how much does it cost', 'rms'))
  for (const hz of [8_000, 16_000]) {
    const client = await dial(`/v1/listen?encoding=linear16&sample_rate=${hz}`).open()
    const samples = Int16Array.from(resample(pcm, 8_000, hz), Math.round)
    const bytes = Buffer.concat([Buffer.alloc(hz), Buffer.from(samples.buffer), Buffer.alloc(hz * 2)])
    for (let at = 0; at < bytes.length; at += 333) client.socket.send(bytes.subarray(at, at + 333))
    await client.until(() => finals(client).length === 1)
    expect(texts(client)).toEqual(['how much does it cost'])
  }
})

test('speech outside of the grammar is refused instead of forced into it', async () => {
  for (const text of ['the weather is nice today', 'did you watch the football game last night']) {
    expect(await read(MULAW, text)).toEqual([''])
  }
  expect((await read(`${MULAW}&refuse=false`, 'the weather is nice today'))[0]).not.toBe('')
  expect(await read(`${MULAW}&unclear=%5Bunclear%5D`, 'the weather is nice today', 'slt')).toEqual(['[unclear]'])
})

test('a grammar of one state hears what belongs there and nothing else', async () => {
  expect(await read(`${MULAW}&grammar=reception.time`, 'half past three')).toEqual(['half past three'])
  expect(await read(`${MULAW}&grammar=qualify.seats`, 'twenty five seats')).toEqual(['twenty five seats'])
  expect(await read(`${MULAW}&grammar=qualify.seats`, 'where is your office')).toEqual([''])
})

test('Finalize gives the words now, and one result even when there are none', async () => {
  const client = await dial(`${MULAW}&endpointing=false`).open()
  client.hear(await voices.say('take me off your list', 'rms'), 200)
  client.say({ type: 'Finalize' })
  await client.until(() => finals(client).length === 1)
  expect(finals(client)[0]).toMatchObject({ from_finalize: true, is_final: true, speech_final: true })
  client.say({ type: 'Finalize' })
  await client.until(() => finals(client).length === 2)
  expect(texts(client)).toEqual(['take me off your list', ''])
})

test('two sentences are two results in order; UtteranceEnd comes once, after the pause', async () => {
  const client = await dial(`${MULAW}&interim_results=true&utterance_end_ms=1000`).open()
  client.hear(await voices.say('talk to sales', 'rms'), 500)
  client.hear(await voices.say('goodbye', 'rms'), 500)
  await client.until(() => finals(client).length === 2)
  expect(texts(client)).toEqual(['talk to sales', 'goodbye'])
  client.hear(new Uint8Array(0), 3_000)
  await client.until(() => client.of('UtteranceEnd').length === 1)
  const word = finals(client)[1].channel.alternatives[0].words[0]
  expect(client.of('UtteranceEnd')).toEqual([{ type: 'UtteranceEnd', channel: [0, 1], last_word_end: word.end }])
})

test('silence without KeepAlive is closed with 1011 NET-0001, with it the socket stays', async () => {
  const quiet = await dial(MULAW, {}, impatient).open()
  const alive = await dial(MULAW, {}, impatient).open()
  const keep = setInterval(() => alive.say({ type: 'KeepAlive' }), 100)
  expect(await quiet.closed()).toMatchObject({ code: 1011, why: expect.stringContaining('net0001') })
  clearInterval(keep)
  expect(alive.closedWith).toBeNull()
  expect(await alive.closed()).toMatchObject({ code: 1011 })
})

test('a message that is none closes with 1008', async () => {
  for (const wrong of ['hello', '{"type":"Dance"}', 'null', '[1]']) {
    const client = await dial(MULAW).open()
    client.say(wrong)
    expect(await client.closed()).toMatchObject({ code: 1008, why: expect.stringContaining('DATA-0000') })
  }
})

test.each([
  ['', 'encoding'],
  ['encoding=opus&sample_rate=8000', 'opus'],
  ['encoding=mulaw', 'sample_rate'],
  ['encoding=mulaw&sample_rate=16000', '16000'],
  ['encoding=linear16&sample_rate=44100', '44100'],
  ['encoding=mulaw&sample_rate=8000&channels=2', 'channel'],
  ['encoding=mulaw&sample_rate=8000&multichannel=true', 'channel'],
  ['encoding=mulaw&sample_rate=8000&language=de', 'language'],
  ['encoding=mulaw&sample_rate=8000&interim_results=perhaps', 'interim_results'],
  ['encoding=mulaw&sample_rate=8000&endpointing=soon', 'endpointing'],
  ['encoding=mulaw&sample_rate=8000&utterance_end_ms=1000', 'interim_results'],
  ['encoding=mulaw&sample_rate=8000&interim_results=true&utterance_end_ms=10', 'utterance_end_ms'],
  ['encoding=mulaw&sample_rate=8000&grammar=reception.kitchen', 'grammar'],
  ['encoding=mulaw&sample_rate=8000&grammar=__proto__', 'grammar'],
  ['encoding=mulaw&sample_rate=8000&refuse=maybe', 'refuse'],
])('the upgrade with "%s" is refused with 400', async (query, why) => {
  const { status, body, headers } = await dial(`/v1/listen?${query}`).refused()
  expect(status).toBe(400)
  expect(body).toEqual({
    err_code: 'Bad Request',
    err_msg: expect.stringContaining(why),
    request_id: expect.any(String),
  })
  expect(headers['dg-error']).toContain('Bad Request')
})

test('keys: in a header or as subprotocol; none and a wrong one are 401', async () => {
  expect((await dial(MULAW, { key: '' }).refused()).status).toBe(401)
  expect((await dial(MULAW, { key: 'wrong-key' }).refused()).body).toMatchObject({ err_code: 'INVALID_AUTH' })
  const browser = await dial(MULAW, { key: '', protocols: ['token', 'abc'] }).open()
  expect(browser.socket.protocol).toBe('token')
})

test('slow, failing and dying on demand', async () => {
  speech.knobs.change({ ability: 'listen', failNext: 1, failStatus: 503 })
  expect((await dial(MULAW).refused()).status).toBe(503)
  speech.knobs.change({ ability: 'listen', dropNext: 1 })
  const dropped = await dial(`${MULAW}&vad_events=true`).open()
  dropped.hear(await voices.say('goodbye', 'rms'))
  expect(await dropped.closed()).toMatchObject({ code: 1006 })
  expect(dropped.messages).toHaveLength(1)
  const cut = await dial(MULAW).open()
  speech.knobs.change({ ability: 'listen', dropNow: true })
  expect(await cut.closed()).toMatchObject({ code: 1006 })
})

async function transcribe(fields: Record<string, string | Blob>): Promise<{ status: number; text: string }> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  const answer = await fetch(`${speech.url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: form,
  })
  return { status: answer.status, text: await answer.text() }
}

test('a file is transcribed as json, text and verbose_json', async () => {
  const file = new Blob([Buffer.from(writeWav([await voices.say('talk to sales', 'rms')]))], { type: 'audio/wav' })
  const about = { file, model: 'whisper-1' }
  expect(JSON.parse((await transcribe(about)).text)).toEqual({ text: 'Talk to sales.' })
  expect((await transcribe({ ...about, response_format: 'text' })).text).toBe('Talk to sales.\n')
  const verbose = JSON.parse((await transcribe({ ...about, response_format: 'verbose_json' })).text)
  expect(verbose).toMatchObject({ task: 'transcribe', language: 'english', text: 'Talk to sales.' })
  expect(verbose.words.map((word: { word: string }) => word.word)).toEqual(['talk', 'to', 'sales'])
  const [request] = speech.knobs.requests().slice(-1)
  expect(request).toMatchObject({ ability: 'listen', path: '/v1/audio/transcriptions', body: { file: '(a file)' } })
})

test.each([
  [{ model: 'whisper-1' }, "'file'"],
  [{ file: new Blob(['x']) }, 'model'],
  [{ file: new Blob(['x']), model: 'whisper-1' }, 'file format'],
  [{ file: new Blob(['x']), model: 'whisper-1', response_format: 'srt' }, 'srt'],
])('a bad transcription request is refused (%#)', async (fields, why) => {
  const { status, text } = await transcribe(fields as Record<string, string | Blob>)
  expect(status).toBe(400)
  expect(JSON.parse(text).error.message).toContain(why)
})

test('a flood of frames from many sockets is told once and counted, and a sentence after it is heard [D24]', async () => {
  const flooded = await startSpeech({ port: 0, voices, backlogMax: 4 * 8_000 })
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  try {
    const clip = await voices.say('my uncle plays golf', 'rms')
    const flood = await Promise.all(Array.from({ length: 20 }, () => dial(MULAW, {}, flooded).open()))
    for (const client of flood) client.hear(Buffer.concat([clip, clip, clip]))
    await vi.waitFor(() => expect(flooded.knobs.settings().listen.droppedMs).toBeGreaterThan(10_000), 20_000)
    for (const client of flood) client.socket.terminate()
    const after = await dial(MULAW, {}, flooded).open()
    after.hear(await voices.say('what are your opening hours', 'rms'))
    await after.until(() => finals(after).length === 1)
    expect(texts(after)).toEqual(['what are your opening hours'])
    expect(warned.mock.calls).toEqual([
      ['speech services: more is said than the recogniser can hear; sound is dropped'],
    ])
  } finally {
    warned.mockRestore()
    await flooded.close()
  }
})
