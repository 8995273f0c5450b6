import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { decode, silence } from '../../media/mulaw.ts'
import { resample } from '../../media/resample.ts'
import { SpokenVoices } from '../../media/voices.ts'
import { type Speech, startSpeech } from '../speech-server.ts'
import { BETA, BETA_PATH, betaSession, done, errors, speak } from '../testing/realtime-client.ts'
import { type Message, SpeechClient } from '../testing/speech-client.ts'

/** `WS /v1/realtime` in both shapes: a caller who is a synthesizer, an answer that is read by its events. */

const QUESTION = 'what are your opening hours'
const voices = new SpokenVoices(1)
const clients: SpeechClient[] = []
let speech: Speech

beforeAll(async () => {
  speech = await startSpeech({ port: 0, voices })
})
afterAll(async () => {
  await speech.close()
  await voices.close()
})
afterEach(() => {
  for (const client of clients.splice(0)) client.socket.terminate()
  speech.knobs.reset()
})

async function dial(
  options: ConstructorParameters<typeof SpeechClient>[2] = {},
  path = BETA_PATH,
): Promise<SpeechClient> {
  const client = new SpeechClient(speech.url, path, options)
  clients.push(client)
  await client.open()
  await client.until(() => client.of('session.created').length === 1)
  return client
}

const gaSession = {
  type: 'realtime',
  model: 'gpt-realtime',
  output_modalities: ['audio'],
  audio: {
    input: {
      format: { type: 'audio/pcm', rate: 24_000 },
      turn_detection: { type: 'server_vad' },
      transcription: { model: 'whisper-1' },
    },
    output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
  },
  instructions: 'Be brief.',
}

const types = (client: SpeechClient): string[] => client.messages.map((message: Message) => message.type)
/** Each type when it comes for the first time. */
const course = (client: SpeechClient): string[] => [...new Set(types(client))]
const deltas = (client: SpeechClient, type: string): Buffer =>
  Buffer.concat(client.of(type).map(({ delta }) => Buffer.from(delta, 'base64')))

describe('a question of the caller', () => {
  test('in the beta’s shape, µ-law: the turn is found, told, and answered in sound [C14]', async () => {
    const client = await dial(BETA)
    client.say({ type: 'session.update', session: betaSession })
    await client.until(() => client.of('session.updated').length === 1)
    expect(client.of('session.updated')[0].session).toMatchObject({
      ...betaSession,
      turn_detection: { type: 'server_vad', silence_duration_ms: 500 },
      modalities: ['audio', 'text'],
    })
    speak(client, await voices.say(QUESTION, 'rms'))
    await client.until(() => client.of('rate_limits.updated').length === 1)
    expect(course(client).slice(3)).toEqual([
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.created',
      'conversation.item.input_audio_transcription.delta',
      'conversation.item.input_audio_transcription.completed',
      'response.created',
      'response.output_item.added',
      'response.content_part.added',
      'response.audio_transcript.delta',
      'response.audio.delta',
      'response.audio.done',
      'response.audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
    ])
    const [{ item_id, audio_start_ms }] = client.of('input_audio_buffer.speech_started')
    expect(client.of('input_audio_buffer.committed')[0]).toMatchObject({ item_id, previous_item_id: null })
    expect(audio_start_ms).toBeLessThanOrEqual(320)
    const [heard] = client.of('conversation.item.input_audio_transcription.completed')
    expect(heard).toMatchObject({ item_id, transcript: QUESTION })
    const [said] = client.of('response.audio_transcript.done')
    expect(said.transcript).toMatch(/nine|open/i)
    expect(deltas(client, 'response.audio.delta').length / 8).toBeGreaterThan(1_000)
    expect(done(client)[0]).toMatchObject({
      status: 'completed',
      output: [{ role: 'assistant', content: [{ type: 'audio', transcript: said.transcript }] }],
      usage: { total_tokens: expect.any(Number) },
    })
  })

  test('in the present shape, PCM at 24 kHz in, µ-law out [C14]', async () => {
    const client = await dial()
    client.say({ type: 'session.update', session: gaSession })
    await client.until(() => client.of('session.updated').length === 1)
    expect(client.of('session.updated')[0].session).toMatchObject({
      type: 'realtime',
      audio: { output: { format: { type: 'audio/pcmu' }, voice: 'marin' } },
    })
    const pcm = Int16Array.from(
      resample(decode(Buffer.concat([silence(300), await voices.say(QUESTION, 'rms'), silence(800)])), 8_000, 24_000),
    )
    const bytes = Buffer.from(pcm.buffer)
    // Cut at odd bytes, as a network does.
    for (let at = 0; at < bytes.length; at += 961) {
      client.say({ type: 'input_audio_buffer.append', audio: bytes.subarray(at, at + 961).toString('base64') })
    }
    await client.until(() => done(client).length === 1)
    expect(client.of('conversation.item.input_audio_transcription.completed')[0].transcript).toBe(QUESTION)
    expect(types(client)).toEqual(
      expect.arrayContaining([
        'conversation.item.added',
        'conversation.item.done',
        'response.output_audio.delta',
        'response.output_audio_transcript.done',
      ]),
    )
    expect(types(client)).not.toContain('response.audio.delta')
    expect(done(client)[0].output[0].content[0]).toMatchObject({ type: 'output_audio' })
  })

  test('words that no script knows are answered too, and silence is no turn [C14]', async () => {
    const client = await dial(BETA)
    client.say({ type: 'session.update', session: betaSession })
    speak(client, silence(3_000))
    speak(client, await voices.say('the quick brown fox jumps over the lazy dog', 'rms'))
    await client.until(() => done(client).length === 1)
    expect(client.of('input_audio_buffer.speech_started')).toHaveLength(1)
    expect(client.of('response.audio_transcript.done')[0].transcript).toMatch(/You can/)
  })

  test('with create_response off the turn is told, and the client asks for the answer [C14]', async () => {
    const client = await dial(BETA)
    client.say({
      type: 'session.update',
      session: { ...betaSession, turn_detection: { type: 'server_vad', create_response: false } },
    })
    speak(client, await voices.say(QUESTION, 'rms'))
    await client.until(() => client.of('conversation.item.input_audio_transcription.completed').length === 1)
    expect(client.of('response.created')).toEqual([])
    client.say({ type: 'response.create', response: { modalities: ['text'] } })
    await client.until(() => done(client).length === 1)
    expect(client.of('response.text.done')[0].text).toMatch(/nine|open/i)
    expect(client.of('response.audio.delta')).toEqual([])
  })

  test('without turn detection the client commits; too little sound is refused [C14]', async () => {
    const client = await dial(BETA)
    client.say({ type: 'session.update', session: { ...betaSession, turn_detection: null } })
    client.say({ type: 'input_audio_buffer.commit' })
    await client.until(() => errors(client).length === 1)
    expect(errors(client)[0]).toMatchObject({ code: 'input_audio_buffer_commit_empty' })
    speak(client, await voices.say(QUESTION, 'rms'))
    client.say({ type: 'input_audio_buffer.commit' })
    await client.until(() => client.of('conversation.item.input_audio_transcription.completed').length === 1)
    expect(client.of('conversation.item.input_audio_transcription.completed')[0].transcript).toBe(QUESTION)
    expect(types(client)).not.toContain('input_audio_buffer.speech_started')
    expect(types(client)).not.toContain('response.created')
    client.say({ type: 'input_audio_buffer.clear' })
    await client.until(() => client.of('input_audio_buffer.cleared').length === 1)
    client.say({ type: 'input_audio_buffer.commit' })
    await client.until(() => errors(client).length === 2)
  })
})

describe('an answer', () => {
  const greet = (client: SpeechClient, words: string): void => {
    const content = [{ type: 'input_text', text: `Greet the user with "${words}"` }]
    client.say({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } })
    client.say({ type: 'response.create' })
  }

  test('says word for word what a written order says, as the samples begin [C14]', async () => {
    const client = await dial(BETA)
    client.say({ type: 'session.update', session: betaSession })
    greet(client, 'Hello there! How can I help you?')
    await client.until(() => done(client).length === 1)
    expect(client.of('response.audio_transcript.done')[0].transcript).toBe('Hello there! How can I help you?')
  })

  test('is cut off by the caller; what was not heard is taken out of the conversation [C14]', async () => {
    const client = await dial(BETA)
    client.say({ type: 'session.update', session: betaSession })
    greet(client, 'one two three four five six seven eight nine ten. '.repeat(20).trim())
    await client.until(() => client.of('response.audio.delta').length >= 4)
    const [{ item_id }] = client.of('response.audio.delta')
    speak(client, await voices.say(QUESTION, 'rms'))
    await client.until(() => done(client).length === 1)
    expect(done(client)[0]).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'turn_detected' },
    })
    expect(types(client).indexOf('input_audio_buffer.speech_started')).toBeLessThan(
      types(client).indexOf('response.done'),
    )
    client.say({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 500 })
    await client.until(() => client.of('conversation.item.truncated').length === 1)
    expect(client.of('conversation.item.truncated')[0]).toMatchObject({ item_id, content_index: 0, audio_end_ms: 500 })
    client.say({ type: 'conversation.item.retrieve', item_id })
    await client.until(() => client.of('conversation.item.retrieved').length === 1)
    const [{ transcript }] = client.of('conversation.item.retrieved')[0].item.content
    expect(transcript.split(' ').length).toBeLessThan(15)
    // The new question is answered after that.
    await client.until(() => done(client).length === 2)
    expect(done(client)[1].status).toBe('completed')
  })

  test('that may not be interrupted goes on; the question meanwhile is refused an answer [C14]', async () => {
    const client = await dial(BETA)
    const turn_detection = { type: 'server_vad', interrupt_response: false }
    client.say({ type: 'session.update', session: { ...betaSession, turn_detection } })
    greet(client, 'one two three four five six seven eight nine ten. '.repeat(20).trim())
    await client.until(() => client.of('response.audio.delta').length >= 3)
    speak(client, await voices.say(QUESTION, 'rms'))
    await client.until(() => errors(client).length === 1)
    expect(errors(client)[0]).toMatchObject({ code: 'conversation_already_has_active_response' })
    expect(client.of('input_audio_buffer.speech_stopped')).toHaveLength(1)
    await client.until(() => done(client).length === 1)
    expect(done(client)[0].status).toBe('completed')
  })

  test('is cancelled by the client; a second one at the same time is refused [C14]', async () => {
    const client = await dial(BETA)
    greet(client, 'one two three four five six seven eight nine ten. '.repeat(20).trim())
    client.say({ type: 'response.create' })
    await client.until(() => errors(client).length === 1 && client.of('response.audio.delta').length >= 3)
    expect(errors(client)[0]).toMatchObject({ code: 'conversation_already_has_active_response' })
    client.say({ type: 'response.cancel' })
    await client.until(() => done(client).length === 1)
    expect(done(client)[0]).toMatchObject({ status: 'cancelled', status_details: { reason: 'client_cancelled' } })
    client.say({ type: 'response.cancel' })
    await client.until(() => errors(client).length === 2)
    expect(errors(client)[1]).toMatchObject({ code: 'response_cancel_not_active' })
  })

  test('calls a function that is offered, and goes on with its result [C14]', async () => {
    const client = await dial(BETA)
    const tools = [{ type: 'function', name: 'transfer_call', parameters: { type: 'object', properties: {} } }]
    client.say({ type: 'session.update', session: { ...betaSession, tools } })
    const content = [{ type: 'input_text', text: 'talk to a person' }]
    client.say({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } })
    client.say({ type: 'response.create' })
    await client.until(() => done(client).length === 1)
    const [call] = client.of('response.function_call_arguments.done')
    expect(call).toMatchObject({ name: 'transfer_call', call_id: expect.any(String) })
    expect(JSON.parse(call.arguments)).toMatchObject({ dest: expect.any(String) })
    const output = { type: 'function_call_output', call_id: call.call_id, output: '{"result":"failed"}' }
    client.say({ type: 'conversation.item.create', item: output })
    client.say({ type: 'response.create' })
    await client.until(() => done(client).length === 2)
    expect(client.of('response.audio_transcript.done').at(-1).transcript).not.toBe('')
    client.say({ type: 'conversation.item.create', item: { ...output, call_id: 'call_nobody' } })
    await client.until(() => errors(client).length === 1)
    expect(errors(client)[0]).toMatchObject({ code: 'invalid_tool_call_id' })
  })
})
