import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { SmallApp } from '../testing/small-app.ts'
import { twilioClient } from '../testing/twilio-client.ts'

/** Transcriptions over REST, with the unmodified `twilio` package. */

const OURS = '+14155550000'
let app: SmallApp
let network: PhoneNetwork

beforeAll(async () => {
  app = await new SmallApp().start()
  network = await startPhoneNetwork({ port: 0, numbers: [{ number: OURS, voiceUrl: `${app.url}/inbound` }] })
})
afterAll(async () => {
  await network.close()
  await app.stop()
})

test('start, words, stop by name; what does not exist is refused', async () => {
  const client = twilioClient(network.url, network.account)
  const twiml = '<Response><Pause length="20"/></Response>'
  const made = await client.calls.create({ to: '+15002000001', from: OURS, twiml })
  const { transcriptions } = client.calls(made.sid)
  await expect(transcriptions.create({})).rejects.toMatchObject({ code: 21220 })
  await network.control.until(entry => entry.kind === 'call-answered' && entry.callSid === made.sid, 5_000)
  const started = await transcriptions.create({
    name: 'notes',
    statusCallbackUrl: `${app.url}/t`,
    track: 'inbound_track',
  })
  expect(started).toMatchObject({ callSid: made.sid, name: 'notes', status: 'in-progress' })
  await app.until(() => app.at('/t').length === 2)
  expect(JSON.parse(app.at('/t')[1]?.fields.TranscriptionData ?? '{}').transcript).toBe('Hello?')
  await expect(transcriptions('nobody').update({ status: 'stopped' })).rejects.toMatchObject({ status: 404 })
  expect((await transcriptions('notes').update({ status: 'stopped' })).status).toBe('stopped')
  await app.until(() => app.at('/t').at(-1)?.fields.TranscriptionEvent === 'transcription-stopped')
  await client.calls(made.sid).update({ status: 'completed' })
})
