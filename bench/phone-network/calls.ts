/** Calls created by REST in a second: requests of the unmodified `twilio` package over HTTP, one network process, no sound. */
import { startPhoneNetwork } from '../../packages/phone-network/src/phone-network.ts'
import { inParallel } from '../parallel.ts'

const FROM = '+14155550000'
const CALLS = 3_000
const AT_ONCE = 16
const WARM = 300

export async function callsCreatedPerSecond(): Promise<number> {
  const network = await startPhoneNetwork({
    port: 0,
    cps: 100,
    numbers: [{ number: FROM, voiceUrl: 'http://127.0.0.1:9/' }],
  })
  const { accountSid, authToken } = network.account
  const url = `${network.url}/2010-04-01/Accounts/${accountSid}/Calls.json`
  const headers = { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` }
  const create = async (index: number): Promise<void> => {
    const body = new URLSearchParams({ To: numberOf(index), From: FROM, Twiml: '<Response><Hangup/></Response>' })
    const answer = await fetch(url, { method: 'POST', headers, body })
    if (answer.status !== 201) throw new Error(`create: ${answer.status} ${await answer.text()}`)
    const { sid } = (await answer.json()) as { sid: string }
    // The network accepts a limited number of live calls, as Twilio does, and this one is not needed any more.
    network.control.hangUpCall(sid)
  }
  const indexes = Array.from({ length: CALLS + WARM }, (_, index) => index)
  await inParallel(indexes.slice(0, WARM), AT_ONCE, create)
  const started = performance.now()
  await inParallel(indexes.slice(WARM), AT_ONCE, create)
  const seconds = (performance.now() - started) / 1_000
  await network.close()
  return Math.round(CALLS / seconds)
}

function numberOf(index: number): string {
  return `+1202${String(5_550_000 + index)}`
}
