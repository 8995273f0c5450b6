import { afterAll, beforeAll, expect, test } from 'vitest'
import { encode } from './media/mulaw.ts'
import { createSound } from './media/start-sound.ts'
import { tone } from './media/tones.ts'
import { writeWav } from './media/wav.ts'
import { type PhoneNetwork, startPhoneNetwork } from './phone-network.ts'
import { SmallApp } from './testing/small-app.ts'
import { twilioClient } from './testing/twilio-client.ts'

/** `<Play>`: the file is fetched, heard, and lasts as long as it is. */

const OURS = '+14155550000'
const PUBLIC = 'https://files.example.test'
let app: SmallApp
let network: PhoneNetwork

beforeAll(async () => {
  app = await new SmallApp().start()
  const file = writeWav([encode(tone([440], 1_200, 0.4))])
  app.pages.set('/tune.wav', (_heard, response) => {
    response.writeHead(200, { 'content-type': 'audio/wav' }).end(file)
  })
  app.pages.set('/moved', (_heard, response) => {
    response.writeHead(302, { location: '/tune.wav' }).end()
  })
  app.pages.set('/text', (_heard, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>no sound</html>')
  })
  network = await startPhoneNetwork({
    port: 0,
    cps: 50,
    sound: createSound({ seed: 7 }),
    numbers: [{ number: OURS, voiceUrl: `${app.url}/inbound` }],
    tunnels: { [PUBLIC]: app.url },
  })
})
afterAll(async () => {
  await network.close()
  await app.stop()
})

async function play(url: string) {
  const client = twilioClient(network.url, network.account)
  const twiml = `<Response><Play>${url}</Play><Say>Over</Say></Response>`
  const { sid } = await client.calls.create({ to: '+15002300001', from: OURS, twiml })
  let loudest = 0
  const unwatch = setInterval(() => {
    loudest = Math.max(loudest, network.control.world().calls.find(one => one.sid === sid)?.levels?.hears ?? 0)
  }, 50)
  await network.control.until(entry => entry.kind === 'network-said' && entry.callSid === sid, 15_000)
  clearInterval(unwatch)
  const of = (kind: string) =>
    network.control.log().find(entry => entry.kind === kind && 'callSid' in entry && entry.callSid === sid)?.at ?? 0
  const codes = network.control
    .log()
    .flatMap(entry => (entry.kind === 'alert' && entry.callSid === sid ? [entry.code] : []))
  await client.calls(sid).update({ status: 'completed' })
  return { ms: of('network-said') - of('call-answered'), codes, loudest }
}

test('a file through the tunnel, by a redirect, is heard and lasts as long as it is', async () => {
  const { ms, codes, loudest } = await play(`${PUBLIC}/moved`)
  expect(codes).toEqual([])
  expect(ms).toBeGreaterThan(1_200)
  expect(ms).toBeLessThan(2_200)
  expect(loudest).toBeGreaterThan(0.15)
  expect(app.at('/tune.wav')[0]?.headers).toMatchObject({ host: 'files.example.test', 'x-forwarded-proto': 'https' })
})

test.each([
  ['missing', '/nothing', 11200],
  ['no sound', '/text', 12300],
])('a file that is %s: the alert, and on with the next verb', async (_what, path, code) => {
  app.pages.set('/nothing', (_heard, response) => {
    response.writeHead(404).end()
  })
  const { ms, codes } = await play(`${app.url}${path}`)
  expect(codes).toEqual([code])
  expect(ms).toBeLessThan(1_500)
})
