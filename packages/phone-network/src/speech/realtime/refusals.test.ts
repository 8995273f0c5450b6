import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { SpokenVoices } from '../../media/voices.ts'
import { type Speech, startSpeech } from '../speech-server.ts'
import { BETA, BETA_PATH, betaSession, done, errors } from '../testing/realtime-client.ts'
import { SpeechClient } from '../testing/speech-client.ts'

/** `WS /v1/realtime`: what is refused, at the door and within a session. */

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

describe('what is wrong is told, and the session goes on', () => {
  test.each([
    ['no JSON', '{', 'invalid_json', null],
    ['a list', '[]', 'invalid_json', null],
    ['an unknown type', { type: 'response.start' }, 'invalid_value', 'type'],
    ['no session', { type: 'session.update' }, 'invalid_type', 'session'],
    ['an unknown setting', { type: 'session.update', session: { volume: 11 } }, 'unknown_parameter', 'session.volume'],
    [
      'the present shape',
      { type: 'session.update', session: { type: 'realtime' } },
      'unknown_parameter',
      'session.type',
    ],
    [
      'an unknown format',
      { type: 'session.update', session: { input_audio_format: 'opus' } },
      'invalid_value',
      'session.input_audio_format',
    ],
    ['an unknown voice', { type: 'session.update', session: { voice: 'robin' } }, 'invalid_value', 'session.voice'],
    [
      'no detection of turns',
      { type: 'session.update', session: { turn_detection: { type: 'guess' } } },
      'invalid_value',
      'session.turn_detection.type',
    ],
    [
      'a threshold beyond 1',
      { type: 'session.update', session: { turn_detection: { type: 'server_vad', threshold: 2 } } },
      'invalid_value',
      'session.turn_detection.threshold',
    ],
    ['sound that is no base64', { type: 'input_audio_buffer.append', audio: 'ä' }, 'invalid_value', 'audio'],
    ['no sound', { type: 'input_audio_buffer.append' }, 'invalid_type', 'audio'],
    ['an item of no type', { type: 'conversation.item.create', item: {} }, 'invalid_value', 'item.type'],
    [
      'a role that nobody has',
      { type: 'conversation.item.create', item: { type: 'message', role: 'boss', content: [] } },
      'invalid_value',
      'item.role',
    ],
    [
      'an item that is not there',
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 1 },
      'invalid_value',
      'item_id',
    ],
    ['nothing to cancel', { type: 'response.cancel' }, 'response_cancel_not_active', null],
    [
      'no modality',
      { type: 'response.create', response: { modalities: [] } },
      'invalid_value',
      'response.output_modalities',
    ],
  ])('%s [C14]', async (_, event, code, param) => {
    const client = await dial(BETA)
    const sent = typeof event === 'string' ? event : { event_id: 'mine', ...event }
    client.say(sent)
    await client.until(() => errors(client).length === 1)
    expect(errors(client)[0]).toMatchObject({
      type: 'invalid_request_error',
      code,
      param,
      event_id: typeof event === 'string' ? null : 'mine',
    })
    client.say({ type: 'session.update', session: betaSession })
    await client.until(() => client.of('session.updated').length === 1)
  })

  test('the present shape wants its type, and knows no setting of the beta [C14]', async () => {
    const client = await dial()
    client.say({ type: 'session.update', session: betaSession })
    client.say({ type: 'session.update', session: { type: 'realtime', modalities: ['audio'] } })
    await client.until(() => errors(client).length === 2)
    expect(errors(client)).toMatchObject([
      { code: 'missing_required_parameter', param: 'session.type' },
      { code: 'unknown_parameter', param: 'session.modalities' },
    ])
  })

  test('the voice cannot change once it was heard; more cannot be cut off than there is [C14]', async () => {
    const client = await dial(BETA)
    client.say({ type: 'response.create', response: { instructions: 'Say exactly: "Good day."' } })
    await client.until(() => done(client).length === 1)
    client.say({ type: 'session.update', session: { voice: 'echo' } })
    const item_id = done(client)[0].output[0].id
    client.say({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 60_000 })
    await client.until(() => errors(client).length === 2)
    expect(errors(client)).toMatchObject([{ code: 'cannot_update_voice' }, { param: 'audio_end_ms' }])
  })
})

describe('the door', () => {
  const refused = (path: string, options = {}) => new SpeechClient(speech.url, path, options).refused()

  test('a wrong key, no model, a model that is none [C14]', async () => {
    expect(await refused(BETA_PATH, { key: 'wrong-key' })).toMatchObject({
      status: 401,
      body: { error: { code: 'invalid_api_key' } },
    })
    expect(await refused('/v1/realtime')).toMatchObject({ status: 400, body: { error: { code: 'missing_model' } } })
    expect(await refused('/v1/realtime?model=gemini')).toMatchObject({
      status: 404,
      body: { error: { code: 'model_not_found' } },
    })
  })

  test('a browser gives its key as a subprotocol; failures can be asked for [C14]', async () => {
    const protocols = ['realtime', 'openai-insecure-api-key.any', 'openai-beta.realtime-v1']
    const client = await dial({ key: '', protocols })
    expect(client.of('session.created')[0].session).toMatchObject({
      object: 'realtime.session',
      input_audio_format: 'pcm16',
    })
    speech.knobs.change({ ability: 'realtime', failNext: 1, failStatus: 503 })
    expect(await refused(BETA_PATH)).toMatchObject({ status: 503 })
    expect(speech.knobs.requests().at(-1)).toMatchObject({ ability: 'realtime', path: '/v1/realtime', status: 503 })
  })
})
