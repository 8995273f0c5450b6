import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BrowserEvents, BrowserGateway } from './media/plane.ts'
import { type PhoneNetwork, startPhoneNetwork } from './phone-network.ts'
import { silentPlane, silentVoices } from './testing/silent-plane.ts'
import { SmallApp } from './testing/small-app.ts'
import { twilioClient } from './testing/twilio-client.ts'

/** The whole network in real time: an ordinary program that dials four numbers and keeps the first who answers. */

const FROM = '+14155550000'
const EVENTS = ['initiated', 'ringing', 'answered', 'completed']

let app: SmallApp
let network: PhoneNetwork
let events: BrowserEvents
const plane = silentPlane()
const rung: string[] = []
const told: string[] = []

const gateway: BrowserGateway = {
  devices: () => ['one'],
  ring: (identity, call) => void rung.push(`${identity} ${call.callSid}`),
  cancel: sid => void told.push(`cancel ${sid}`),
  hangup: sid => void told.push(`hangup ${sid}`),
  ringing: sid => void told.push(`ringing ${sid}`),
  answered: sid => void told.push(`answered ${sid}`),
}

beforeEach(async () => {
  app = await new SmallApp().start()
  network = await startPhoneNetwork({
    port: 0,
    cps: 4,
    sound: { plane, voices: silentVoices() },
    gatewayFactory: wiring => {
      events = wiring.events
      return gateway
    },
    numbers: [{ number: FROM, voiceUrl: `${app.url}/inbound` }],
    account: { voiceUrl: `${app.url}/voice` },
  })
})

afterEach(async () => {
  await network.close()
  await app.stop()
})

describe('a race of four', () => {
  test('one is bridged, the others are canceled, everything told is in order and signed', async () => {
    const client = twilioClient(network.url, network.account)
    app.pages.set('/answer', (heard, response) => {
      // The first answer wins; what the program does then is what a parallel dialler does.
      const losers = calls.filter(sid => sid !== heard.fields.CallSid)
      Promise.all(losers.map(sid => client.calls(sid).update({ status: 'canceled' })))
      response
        .writeHead(200, { 'content-type': 'text/xml' })
        .end(
          `<Response><Dial><Conference waitUrl="" beep="false" statusCallback="${app.url}/conference" ` +
            'statusCallbackEvent="start end join leave">desk</Conference></Dial></Response>',
        )
    })
    const calls: string[] = []
    for (const to of ['+15002000501', '+15002007001', '+15004100001', '+15003006001']) {
      const call = await client.calls.create({
        to,
        from: FROM,
        url: `${app.url}/answer`,
        statusCallback: `${app.url}/status`,
        statusCallbackEvent: EVENTS,
        machineDetection: 'Enable',
        asyncAmd: 'true',
        asyncAmdStatusCallback: `${app.url}/amd`,
      })
      calls.push(call.sid)
    }
    const [winner = ''] = calls
    await app.until(() => app.at('/amd').length === 1)
    await client.calls(winner).update({ status: 'completed' })
    await app.until(() => app.at('/status').length === 13 && app.at('/conference').length === 3)

    const of = (sid: string | undefined): string[] =>
      app.at('/status').flatMap(heard => (heard.fields.CallSid === sid ? [heard.fields.CallStatus ?? ''] : []))
    expect(of(winner)).toEqual(['initiated', 'ringing', 'in-progress', 'completed'])
    for (const loser of calls.slice(1)) expect(of(loser)).toEqual(['initiated', 'ringing', 'canceled'])
    expect(app.at('/answer')).toHaveLength(1)
    expect(app.at('/amd')[0]?.fields).toMatchObject({ CallSid: winner, AnsweredBy: 'human' })
    expect(app.at('/conference').map(heard => heard.fields.StatusCallbackEvent)).toEqual([
      'participant-join',
      'participant-leave',
      'conference-end',
    ])
    for (const heard of app.heard) {
      const signature = String(heard.headers['x-twilio-signature'])
      expect(validateRequest(network.account.authToken, signature, app.url + heard.path, heard.fields)).toBe(true)
    }
    expect(plane.did).toContain(`leave ${winner}`)
    expect(plane.did.at(-1)).toBe(`removeLeg ${winner}`)
  })
})

describe('a browser', () => {
  test('calls out, is rung, and hangs up, through the gateway', async () => {
    app.pages.set('/voice', '<Response><Dial><Conference waitUrl="">desk</Conference></Dial></Response>')
    app.pages.set('/inbound', '<Response><Dial><Client>ada</Client></Dial></Response>')
    const device = { identity: 'ada', accountSid: network.account.accountSid, applicationSid: null }
    const sid = events.onInvite(device, { To: 'desk' })
    await network.control.until(entry => entry.kind === 'participant-joined' && entry.callSid === sid)
    expect(told).toContain(`answered ${sid}`)
    expect(plane.did.some(line => line.startsWith('join CF') && line.includes(sid))).toBe(true)
    events.onClientHangup(sid)
    await network.control.until(entry => entry.kind === 'conference-ended')

    const inbound = network.control.dial('+14155551001', FROM)
    await network.control.until(
      entry => entry.kind === 'call-ringing' && entry.callSid !== inbound && entry.callSid !== sid,
    )
    const child = rung[0]?.split(' ')[1] ?? ''
    events.onClientAnswered(child)
    expect(plane.did).toContain(`bridge ${inbound} ${child}`)
    network.control.hangUpPhone('+14155551001')
    expect(told).toContain(`hangup ${child}`)
  })
})

describe('the server', () => {
  test('takes the next port when the wanted one is busy, and shows the same account for the same seed', async () => {
    const other = await startPhoneNetwork({ port: network.port })
    expect(other.port).toBeGreaterThan(network.port)
    expect(other.account).toEqual(network.account)
    expect((await fetch(`${other.url}/elsewhere`)).status).toBe(404)
    await other.close()
  })

  test('a TwiML App may be set later, and a tunnel reaches the program', async () => {
    const tunnelled = await startPhoneNetwork({ port: 0, tunnels: { 'https://demo.example.test': app.url } })
    tunnelled.control.setNumber({ number: FROM, voiceUrl: 'https://demo.example.test/inbound' })
    tunnelled.control.dial('+14155551001', FROM)
    await app.until(() => app.at('/inbound').length === 1)
    const [heard] = app.at('/inbound')
    const signature = String(heard?.headers['x-twilio-signature'])
    const { authToken } = tunnelled.account
    expect(validateRequest(authToken, signature, 'https://demo.example.test/inbound', heard?.fields ?? {})).toBe(true)
    await tunnelled.close()
  })
})
