import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSound } from './media/start-sound.ts'
import { type PhoneNetwork, startPhoneNetwork } from './phone-network.ts'
import { twilioClient } from './testing/twilio-client.ts'
import { VirtualTime } from './time.ts'

/** Answering machine detection of whole calls, from their sound. */

const OURS = '+14155550000'
let network: PhoneNetwork

beforeAll(async () => {
  const time = new VirtualTime()
  network = await startPhoneNetwork({
    port: 0,
    cps: 50,
    time,
    sound: createSound({ seed: 7, time }),
    numbers: [{ number: OURS, voiceUrl: 'http://127.0.0.1:9/' }],
  })
})
afterAll(() => network.close())

async function verdict(to: string, machineDetection = 'Enable') {
  const client = twilioClient(network.url, network.account)
  const twiml = '<Response><Pause length="30"/></Response>'
  const { sid } = await client.calls.create({ to, from: OURS, machineDetection, twiml })
  await network.pass(20_000)
  const judged = await network.control.until(entry => entry.kind === 'answered-by' && entry.callSid === sid)
  const early = network.control
    .log()
    .some(entry => entry.kind === 'twiml-received' && entry.callSid === sid && entry.seq < judged.seq)
  return { ...(judged.kind === 'answered-by' ? { by: judged.answeredBy, ms: judged.ms } : { by: '', ms: 0 }), early }
}

test.each([
  ['a human', '+15002000001', 'Enable', 'human', 1_300, 2_300],
  ['a voicemail', '+15003000001', 'Enable', 'machine_start', 2_200, 3_000],
  ['a voicemail at its beep', '+15003000002', 'DetectMessageEnd', 'machine_end_beep', 5_000, 12_000],
  ['a fax', '+15003200001', 'Enable', 'fax', 300, 1_500],
  ['a forced verdict', '+15003100001', 'Enable', 'human', 1_150, 1_400],
  ['a human on a loud street', '+15003500001', 'Enable', 'human', 1_200, 2_500],
])('%s', async (_who, to, mode, by, from, until) => {
  const judged = await verdict(to, mode)
  expect(judged).toMatchObject({ by, early: false })
  expect(judged.ms).toBeGreaterThanOrEqual(from)
  expect(judged.ms).toBeLessThanOrEqual(until)
})
