import { afterAll, beforeAll, expect, test } from 'vitest'
import { encode } from '../media/mulaw.ts'
import { readSound } from '../media/sound-file.ts'
import { createSound } from '../media/start-sound.ts'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { SmallApp } from '../testing/small-app.ts'
import { twilioClient } from '../testing/twilio-client.ts'

/** Recordings in real time: what is downloaded is what was heard. */

const OURS = '+14155550000'
const sound = createSound({ seed: 7 })
let app: SmallApp
let network: PhoneNetwork
let client: ReturnType<typeof twilioClient>

beforeAll(async () => {
  app = await new SmallApp().start()
  network = await startPhoneNetwork({
    port: 0,
    cps: 50,
    sound,
    numbers: [{ number: OURS, voiceUrl: `${app.url}/inbound` }],
  })
  client = twilioClient(network.url, network.account)
  // On a busy machine the first sentence is made so slowly that the silence before it would end a <Record>.
  const lines = ['Hello?', 'Yes, speaking. Who is this?', 'I see. Go on, I am listening.']
  await Promise.all(lines.map(line => sound.voices.say(line)))
})
afterAll(async () => {
  await network.close()
  await app.stop()
})

const media = async (recordingUrl: string, ending = ''): Promise<Buffer> => {
  const response = await fetch(`${network.url}${new URL(recordingUrl).pathname}${ending}`)
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}
const until = (kind: string, callSid: string) =>
  network.control.until(entry => entry.kind === kind && 'callSid' in entry && entry.callSid === callSid, 20_000)
const fieldsOf = (path: string): Record<string, string> => app.at(path)[0]?.fields ?? {}
/** Resolves when this call has been heard for so many frames. */
const frames = (callSid: string, count: number): Promise<void> =>
  new Promise(resolve => {
    let heard = 0
    const stop = sound.plane.tap(callSid, () => {
      heard += 1
      if (heard < count) return
      stop()
      resolve()
    })
  })
/** µ-law of each channel of a WAV file */
const voicesOf = (wav: Buffer): Buffer[] => {
  const channels = wav.readUInt16LE(22)
  const pcm = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length))
  return Array.from({ length: channels }, (_, channel) =>
    Buffer.from(encode(pcm.filter((_sample, index) => index % channels === channel))),
  )
}
const inform = 'in-progress completed absent'

test('<Record>: ends by silence in the sound, tells its action, and the sound can be downloaded', async () => {
  app.pages.set('/recorded', '<Response><Hangup/></Response>')
  const made = await client.calls.create({
    to: '+15002000001',
    from: OURS,
    twiml:
      `<Response><Record timeout="2" action="${app.url}/recorded" transcribe="true" transcribeCallback="${app.url}/words"` +
      ` recordingStatusCallback="${app.url}/r" recordingStatusCallbackEvent="${inform}"/></Response>`,
  })
  await app.until(() => app.at('/recorded').length === 1, 20_000)
  const fields = fieldsOf('/recorded')
  expect(fields).toMatchObject({ CallSid: made.sid, Digits: '', RecordingSid: expect.stringMatching(/^RE/) })
  expect(Number(fields.RecordingDuration)).toBeGreaterThanOrEqual(4)
  await app.until(() => app.at('/words').length === 1 && app.at('/r').length === 2)
  // The first word was said before the beep was over.
  expect(app.at('/words')[0]?.fields.TranscriptionText).toContain('Who is this?')
  const transcript = await client.transcriptions(fieldsOf('/words').TranscriptionSid ?? '').fetch()
  expect(transcript).toMatchObject({ recordingSid: fields.RecordingSid, status: 'completed', type: 'fast' })
  expect(transcript.transcriptionText).toBe(fieldsOf('/words').TranscriptionText)
  const own = client.recordings(fields.RecordingSid ?? '').transcriptions
  expect((await own.list()).map(({ sid }) => sid)).toEqual([transcript.sid])
  expect(await client.transcriptions(transcript.sid).remove()).toBe(true)
  expect(await client.transcriptions.list()).toEqual([])
  expect(app.at('/r').map(heard => heard.fields.RecordingStatus)).toEqual(['in-progress', 'completed'])
  expect(app.at('/r')[1]?.fields).toMatchObject({ RecordingSource: 'RecordVerb', RecordingChannels: '1' })
  const wav = await media(fields.RecordingUrl ?? '', '.wav')
  const seconds = (wav.length - 44) / 16_000
  expect(Math.abs(seconds - Number(fields.RecordingDuration))).toBeLessThan(0.6)
  const plain = await media(fields.RecordingUrl ?? '')
  expect(plain.equals(wav)).toBe(true)
  const mp3 = readSound(new Uint8Array(await media(fields.RecordingUrl ?? '', '.mp3')), 'audio/mpeg')
  expect(Math.abs(mp3.length / 8_000 - seconds)).toBeLessThan(0.3)
})

test('nobody speaks: nothing was recorded, on with the next verb', async () => {
  const made = await client.calls.create({
    to: '+15002300001',
    from: OURS,
    twiml: `<Response><Record timeout="1" playBeep="false" action="${app.url}/never"/><Say>Nothing</Say></Response>`,
  })
  await until('network-said', made.sid)
  expect(app.at('/never')).toEqual([])
  expect((await client.calls(made.sid).recordings.list()).map(({ status }) => status)).toEqual(['absent'])
})

test('a dual recording holds, in step, exactly the frames that both sides heard', async () => {
  const taken: { says: Buffer; hears: Buffer }[] = []
  const made = await client.calls.create({
    to: '+15002000301',
    from: OURS,
    record: true,
    recordingChannels: 'dual',
    recordingStatusCallback: `${app.url}/dual`,
    statusCallback: `${app.url}/status`,
    twiml: '<Response><Say>Good morning, this is the network.</Say><Hangup/></Response>',
  })
  await until('call-ringing', made.sid)
  sound.plane.tap(made.sid, (says, hears) => taken.push({ says: Buffer.from(says), hears: Buffer.from(hears) }))
  await app.until(() => app.at('/dual').length === 1 && app.at('/status').length === 1, 20_000)
  const fields = fieldsOf('/dual')
  expect(fields).toMatchObject({ CallSid: made.sid, RecordingSource: 'OutboundAPI', RecordingChannels: '2' })
  expect(app.at('/status')[0]?.fields).toMatchObject({ CallStatus: 'completed', RecordingSid: fields.RecordingSid })
  const [one, other] = voicesOf(await media(fields.RecordingUrl ?? '', '.wav'))
  if (!one || !other) throw new Error('not two channels')
  expect([one.length % 160, one.length]).toEqual([0, other.length])
  const count = one.length / 160
  const said = Buffer.concat(taken.slice(-count).map(frame => frame.says))
  const heard = Buffer.concat(taken.slice(-count).map(frame => frame.hears))
  // µ-law has two zeros; as PCM they are one.
  const same = (a: Buffer, b: Buffer) => a.equals(Buffer.from(b.map(byte => (byte === 0x7f ? 0xff : byte))))
  expect([same(one, said), same(other, heard)]).toEqual([true, true])
  expect(other.some(byte => byte < 0xa0)).toBe(true)
  const mono = voicesOf(
    Buffer.from(
      await (
        await fetch(`${network.url}${new URL(fields.RecordingUrl ?? '').pathname}.wav?RequestedChannels=1`)
      ).arrayBuffer(),
    ),
  )
  expect(mono.map(voice => voice.length)).toEqual([one.length])
})

test('REST: start, pause by skipping, resume, stop, list, fetch, delete', async () => {
  const made = await client.calls.create({
    to: '+15002300002',
    from: OURS,
    twiml: '<Response><Pause length="20"/></Response>',
  })
  await until('call-answered', made.sid)
  const recordings = client.calls(made.sid).recordings
  const started = await recordings.create({ recordingStatusCallback: `${app.url}/rest`, recordingTrack: 'inbound' })
  expect(started).toMatchObject({
    callSid: made.sid,
    status: 'in-progress',
    source: 'StartCallRecordingAPI',
    duration: null,
  })
  await frames(made.sid, 50)
  expect((await recordings('Twilio.CURRENT').update({ status: 'paused', pauseBehavior: 'skip' })).status).toBe('paused')
  await frames(made.sid, 100)
  expect((await recordings(started.sid).update({ status: 'in-progress' })).status).toBe('in-progress')
  expect((await recordings('Twilio.CURRENT').update({ status: 'stopped' })).status).toBe('stopped')
  await expect(recordings('Twilio.CURRENT').fetch()).rejects.toMatchObject({ code: 20404 })
  await app.until(() => app.at('/rest').length === 1)
  const kept = await client.recordings(started.sid).fetch()
  expect([kept.status, kept.channels]).toEqual(['completed', 1])
  // A second was heard and the two of the pause are not in it.
  const [voice] = voicesOf(await media(kept.mediaUrl))
  expect(Math.abs((voice?.length ?? 0) - 8_000)).toBeLessThan(2_400)
  expect((await client.recordings.list({ callSid: made.sid })).map(({ sid }) => sid)).toEqual([started.sid])
  expect(await client.recordings(started.sid).remove()).toBe(true)
  await expect(client.recordings(started.sid).fetch()).rejects.toMatchObject({ status: 404 })
  const gone = await fetch(`${network.url}${new URL(kept.mediaUrl).pathname}.wav`)
  expect(gone.status).toBe(404)
  await client.calls(made.sid).update({ status: 'completed' })
})

test('a conference is recorded as everybody hears it', async () => {
  const room = `<Response><Dial><Conference record="record-from-start" trim="do-not-trim" recordingStatusCallback="${app.url}/room">recorded</Conference></Dial></Response>`
  const calls = await Promise.all(
    ['+15002200001', '+15002000003'].map(to => client.calls.create({ to, from: OURS, twiml: room })),
  )
  const started = await network.control.until(
    entry => entry.kind === 'recording-started' && entry.source === 'Conference',
    20_000,
  )
  const conference = (await client.conferences.list({ friendlyName: 'recorded' }))[0]
  if (!conference) throw new Error('no conference')
  expect((await client.conferences(conference.sid).recordings.list()).map(({ source }) => source)).toEqual([
    'Conference',
  ])
  await network.control.until(entry => entry.kind === 'person-fell-silent' && entry.at > started.at + 1_500, 20_000)
  for (const { sid } of calls) await client.calls(sid).update({ status: 'completed' })
  await app.until(() => app.at('/room').length === 1)
  const fields = fieldsOf('/room')
  expect(fields).toMatchObject({ ConferenceSid: conference.sid, RecordingSource: 'Conference' })
  const [voice] = voicesOf(await media(fields.RecordingUrl ?? '', '.wav'))
  expect(voice?.filter(byte => (byte & 0x7f) < 0x30).length).toBeGreaterThan(100)
})
