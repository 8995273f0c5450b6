import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSound } from '../media/start-sound.ts'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { twilioClient } from '../testing/twilio-client.ts'
import { demoAnswer } from './demo-answers.ts'

/** The addresses that Twilio's documentation names work without the internet: TwiML, music, the cowbell, the hold-music twimlet. */

const OURS = '+14155550000'
const HUMAN = '+15002001507'
let network: PhoneNetwork

beforeAll(async () => {
  network = await startPhoneNetwork({
    port: 0,
    cps: 50,
    sound: createSound({ seed: 7 }),
    numbers: [{ number: OURS, voiceUrl: 'http://demo.twilio.com/docs/voice.xml' }],
  })
})
afterAll(() => network.close())

const alerts = () => network.control.log().filter(entry => entry.kind === 'alert')
const heardOn = (sid: string) => network.control.world().calls.find(call => call.sid === sid)?.levels?.hears ?? 0

/** Resolves when the call hears something that is as loud as music. */
async function hearsMusic(sid: string): Promise<void> {
  await expect.poll(() => heardOn(sid), { timeout: 20_000, interval: 20 }).toBeGreaterThan(0.01)
}

test.each(['http', 'https'])(
  '%s://demo.twilio.com/docs/voice.xml says a sentence and plays music [C14]',
  async scheme => {
    const client = twilioClient(network.url, network.account)
    const { sid } = await client.calls.create({
      to: HUMAN,
      from: OURS,
      url: `${scheme}://demo.twilio.com/docs/voice.xml`,
    })
    const said = await network.control.until(entry => entry.kind === 'network-said' && entry.callSid === sid)
    expect(said).toMatchObject({ text: expect.stringContaining('documentation') })
    await hearsMusic(sid)
    await client
      .calls(sid)
      .update({ twiml: '<Response><Play>https://demo.twilio.com/docs/classic.mp3</Play></Response>' })
    await hearsMusic(sid)
    await client.calls(sid).update({ status: 'completed' })
    expect(alerts()).toEqual([])
  },
)

test('the cowbell and the hold-music twimlet sound, on and on [C14]', async () => {
  const client = twilioClient(network.url, network.account)
  const { sid } = await client.calls.create({
    to: HUMAN,
    from: OURS,
    twiml: '<Response><Play loop="20">https://api.twilio.com/cowbell.mp3</Play></Response>',
  })
  await network.control.until(entry => entry.kind === 'call-answered' && entry.callSid === sid)
  await hearsMusic(sid)
  await client
    .calls(sid)
    .update({ url: 'http://twimlets.com/holdmusic?Bucket=com.twilio.music.classical&Message=Hold+on' })
  await network.control.until(
    entry => entry.kind === 'twiml-received' && entry.callSid === sid && entry.verbs.join(' ') === 'Play Say Redirect',
  )
  await hearsMusic(sid)
  await client.calls(sid).update({ status: 'completed' })
  expect(alerts()).toEqual([])
})

test('what those hosts do not have is 404, other hosts are not touched [C14]', () => {
  expect(demoAnswer('http://demo.twilio.com/other')?.status).toBe(404)
  expect(demoAnswer('http://twimlets.com/forward')?.status).toBe(404)
  for (const url of [
    'https://api.twilio.com/2010-04-01/Accounts.json',
    'http://example.test/',
    'ftp://twimlets.com/holdmusic',
    'nonsense',
  ]) {
    expect(demoAnswer(url)).toBeNull()
  }
  const twiml = Buffer.from(
    demoAnswer('http://twimlets.com/holdmusic?Bucket=my"><x&Message=a<b')?.bytes ?? [],
  ).toString()
  expect(twiml).toContain('com.twilio.music.ambient')
  expect(twiml).toContain('<Say>a&lt;b</Say>')
})

test('the buckets of music differ from one another [C14]', () => {
  const [one, other] = ['classical', 'rock'].map(style =>
    demoAnswer(`http://com.twilio.music.${style}.s3.amazonaws.com/any.mp3`),
  )
  expect(one?.contentType).toBe('audio/wav')
  expect(Buffer.compare(one?.bytes ?? Buffer.alloc(0), other?.bytes ?? Buffer.alloc(0))).not.toBe(0)
})

test('a program that asks such a host through this network gets the same answer [C14]', async () => {
  const answered = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const headers = { host: 'demo.twilio.com' }
    request(`${network.url}/docs/voice.xml`, { headers }, response => {
      let body = ''
      response.on('data', chunk => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, body }))
    })
      .on('error', reject)
      .end()
  })
  expect(answered).toEqual({ status: 200, body: expect.stringContaining('classic.mp3') })
})
