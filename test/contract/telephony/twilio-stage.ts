/** Twilio's client and door against the phone network, in the network's virtual time. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { type PhoneNetwork, startPhoneNetwork } from '../../../packages/phone-network/src/phone-network.ts'
import { silentPlane, silentVoices } from '../../../packages/phone-network/src/testing/silent-plane.ts'
import { VirtualTime } from '../../../packages/phone-network/src/time.ts'
import type { TwilioAccount } from '../../../src/providers/telephony/port.ts'
import { twilioCarrier } from '../../../src/providers/telephony/twilio/carrier.ts'
import { Program } from './program.ts'
import { OURS, type Stage, WORKSPACE } from './stage.ts'

const STEP_MS = 100
const PATIENCE_MS = 60_000
/** what Twilio says of a country that the account may not call */
const NOT_PERMITTED = 21_215
/** what the client waits when Twilio names no time */
const THROTTLED_MS = 1_000

export async function twilioStage(): Promise<Stage<TwilioAccount>> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const header = (name: string) => {
      const value = request.headers[name.toLowerCase()]
      return typeof value === 'string' ? value : null
    }
    const { status, text } = await program.take(request.url ?? '/', header, Buffer.concat(chunks).toString('utf8'))
    response.writeHead(status, { 'content-type': 'text/xml' }).end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = server.address()
  const publicUrl = `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`
  const base = `/twilio/${WORKSPACE}`
  const network: PhoneNetwork = await startPhoneNetwork({
    port: 0,
    time: new VirtualTime(Date.now()),
    sound: { plane: silentPlane(), voices: silentVoices() },
    people: [],
    numbers: [
      { number: OURS, voiceUrl: `${publicUrl}${base}/inbound`, statusCallback: `${publicUrl}${base}/inbound-status` },
    ],
  })
  const account: TwilioAccount = {
    provider: 'twilio',
    workspaceId: WORKSPACE,
    publicUrl,
    callsPerSecond: 4,
    ...network.account,
    apiBaseUrl: network.url,
  }
  const program = new Program(account, base, twilioCarrier.door)
  const { control } = network
  const rests = () => control.log().flatMap(entry => (entry.kind === 'rest' ? [entry] : []))
  const until: Stage['until'] = async fits => {
    for (let passed = 0; passed < PATIENCE_MS; passed += STEP_MS) {
      const found = program.heard.map(({ event }) => event).find(fits)
      if (found) return found
      await network.pass(STEP_MS)
    }
    throw new Error(`not heard: ${JSON.stringify(program.heard.map(({ event }) => event.kind))}`)
  }
  return {
    account,
    carrier: twilioCarrier,
    telephony: twilioCarrier.telephony(account),
    program,
    nowMs: () => network.control.world().at,
    person(number, kind = 'person') {
      const amd = { answeredBy: kind === 'machine' ? 'machine_start' : 'human', afterMs: 500 }
      const script = { kind: 'manual', amd }
      control.definePeople([{ number, name: 'Somebody', company: '', timeZone: 'America/New_York', script }])
    },
    speaker(number) {
      const acts = [{ pauseMs: 500 }, { say: 'Please call me back about the invoice of last month.' }]
      const script = { kind: 'human', answerMs: STEP_MS, acts }
      control.definePeople([{ number, name: 'Somebody', company: '', timeZone: 'America/New_York', script }])
    },
    async speaks() {
      await network.pass(STEP_MS)
    },
    async pickUp(number) {
      control.answer(number)
      await network.pass(STEP_MS)
    },
    async hangUp(number) {
      control.hangUpPhone(number)
      await network.pass(STEP_MS)
    },
    async bring(from) {
      control.dial(from, OURS, { kind: 'manual' })
      await network.pass(STEP_MS)
    },
    trouble(on, what) {
      const match = { operation: on === 'create' ? 'create' : 'update' }
      if (what === 'refused') {
        control.setAccount({ blockedPrefixes: ['+1415555'] })
        return NOT_PERMITTED
      }
      control.addFault({ on: 'rest', what: what === 'throttled' ? '429' : 'lost', next: 1, match })
      return THROTTLED_MS
    },
    hearers(providerId) {
      const all = control.world().conferences.flatMap(one => one.participants)
      const one = all.find(({ callSid }) => callSid === providerId)
      if (one === undefined || one.muted) return 'nobody'
      return one.coached ?? 'all'
    },
    creates: () => rests().filter(one => one.method === 'POST' && one.path.endsWith('/Calls.json')).length,
    until,
    signUpgrade: async path =>
      getExpectedTwilioSignature(account.authToken, `${publicUrl.replace('http:', 'wss:')}${path}`, {}),
    stream: {
      start: JSON.stringify({
        event: 'start',
        start: {
          streamSid: 's1',
          callSid: 'sc_1',
          mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        },
      }),
      sound: payload => `{"event":"media","media":{"track":"inbound","payload":"${payload}"},"streamSid":"s1"}`,
      mark: JSON.stringify({ event: 'mark', mark: { name: 'm1' } }),
      key: JSON.stringify({ event: 'dtmf', dtmf: { digit: '5' } }),
      stop: JSON.stringify({ event: 'stop' }),
    },
    relay: {
      setup: JSON.stringify({ type: 'setup', callSid: 'sc_1' }),
      prompt: JSON.stringify({ type: 'prompt', voicePrompt: 'Good day', last: true }),
      interrupted: JSON.stringify({ type: 'interrupt', utteranceUntilInterrupt: 'I was' }),
      played: JSON.stringify({ type: 'info', name: 'tokensPlayed', value: 'I was saying' }),
    },
    async stop() {
      await network.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
