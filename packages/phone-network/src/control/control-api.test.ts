import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { SmallApp } from '../testing/small-app.ts'
import { twilioClient } from '../testing/twilio-client.ts'

const FROM = '+14155550000'
const CUSTOMER = '+14155558801'

let app: SmallApp
let network: PhoneNetwork

beforeAll(async () => {
  app = await new SmallApp().start()
  app.pages.set('/inbound', '<Response><Say>Welcome</Say><Pause length="600"/></Response>')
  app.pages.set('/stay', '<Response><Pause length="600"/></Response>')
  network = await startPhoneNetwork({ port: 0, cps: 50 })
})

afterAll(async () => {
  await network.close()
  await app.stop()
})

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${network.url}/_/${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
}

function until(kind: string, callSid: string) {
  return network.control.until(entry => entry.kind === kind && 'callSid' in entry && entry.callSid === callSid)
}

describe('the control API', () => {
  test('shows the world without a secret', async () => {
    const { body, status } = await ask('GET', 'world')
    expect(status).toBe(200)
    expect(body.phones).toHaveLength(40)
    expect(body.phones[0]).toMatchObject({ name: 'Amara Osei', state: 'idle', kind: 'human', callSid: null })
    expect(body.account.accountSid).toBe(network.account.accountSid)
    const text = JSON.stringify(body)
    expect(text).not.toContain(network.account.authToken)
    expect(text).not.toContain(network.account.apiKeySecret)
  })

  test('numbers are set, people are defined, a person calls us and hangs up', async () => {
    await ask('POST', 'numbers', { number: FROM, voiceUrl: `${app.url}/inbound`, statusCallback: `${app.url}/over` })
    await ask('POST', 'phones', {
      number: CUSTOMER,
      name: 'Test',
      script: { kind: 'human', acts: [{ say: 'Good day' }, { pauseMs: 60_000 }] },
    })
    const { body } = await ask('POST', 'dial', { from: CUSTOMER, to: FROM })
    await until('call-answered', body.callSid)
    const world = (await ask('GET', 'world')).body
    expect(world.phones.at(-1)).toMatchObject({ state: 'talking', says: 'Good day', callSid: body.callSid })
    await ask('POST', `phones/${encodeURIComponent(CUSTOMER)}/hangup`)
    await app.until(() => app.at('/over').length === 1)
    expect(app.at('/over')[0]?.fields).toMatchObject({ CallStatus: 'completed', Direction: 'inbound' })
  })

  test('ringing phones are answered, refused, and answered together', async () => {
    const client = twilioClient(network.url, network.account)
    const phones = ['+15004400001', '+15004400002', '+15004400003']
    const calls: { sid: string }[] = []
    for (const to of phones) {
      const call = await client.calls.create({ to, from: FROM, url: `${app.url}/stay` })
      await until('call-ringing', call.sid)
      calls.push(call)
    }
    expect((await ask('POST', `phones/${phones[0]}/busy`)).status).toBe(200)
    expect((await ask('POST', 'answer-together', { numbers: phones.slice(1) })).status).toBe(200)
    const both = network.control
      .log()
      .filter(entry => entry.kind === 'call-answered' && entry.callSid !== calls[0]?.sid)
    expect(new Set(both.slice(-2).map(entry => entry.at)).size).toBe(1)
    expect((await client.calls(calls[0]?.sid ?? '').fetch()).status).toBe('busy')
    expect((await ask('POST', `calls/${calls[1]?.sid}/hangup`)).status).toBe(200)
    expect((await ask('POST', `calls/${calls[1]?.sid}/hangup`)).status).toBe(409)
  })

  test('speed and faults are switched at run time', async () => {
    await ask('POST', 'cps', { cps: 2 })
    await ask('POST', 'faults', { on: 'status', what: 'drop', next: 3 })
    await ask('POST', 'faults', { what: 'double-answer', next: 2 })
    const { body } = await ask('GET', 'world')
    expect(body).toMatchObject({ cps: 2, faults: [{ on: 'status', what: 'drop', next: 3 }], doubleAnswers: 2 })
    await ask('DELETE', 'faults')
    expect((await ask('GET', 'world')).body).toMatchObject({ faults: [], doubleAnswers: 0 })
  })

  test.each([
    ['POST', 'cps', { cps: 0 }, 400],
    ['POST', 'faults', { on: 'moon' }, 400],
    ['POST', 'phones', { number: '12', script: { kind: 'busy' } }, 400],
    ['POST', 'phones/%2B14155551001/answer', undefined, 409],
    ['POST', 'phones/%2B14155551001/dance', undefined, 404],
    ['POST', 'dial', { from: CUSTOMER, to: '+14155550001' }, 409],
    ['POST', 'dial', {}, 400],
    ['POST', 'numbers', { number: FROM, voiceUrl: 'nonsense' }, 400],
    ['POST', 'account', { blockedPrefixes: ['882'] }, 400],
    ['POST', 'account', { status: 'rich' }, 400],
    ['POST', 'nothing', {}, 404],
    ['POST', 'dial', [1], 400],
    ['POST', 'recogniser', { errorRate: 2 }, 400],
    ['POST', 'calls/CA1/lose-streams', {}, 409],
    ['GET', 'nothing', undefined, 404],
    ['PUT', 'cps', {}, 405],
  ])('%s %s %j is answered %i with a reason', async (method, path, body, status) => {
    const answer = await ask(method, path, body)
    expect(answer.status).toBe(status)
    expect(answer.body.error).toEqual(expect.any(String))
  })

  test('the recogniser mishears from now on, and hears well again', async () => {
    app.pages.set('/words', '<Response/>')
    const twiml = `<Response><Gather input="speech" action="${app.url}/words"/></Response>`
    app.pages.set('/listen', twiml)
    await ask('POST', 'numbers', { number: '+14155550099', voiceUrl: `${app.url}/listen` })
    const heard = async (from: string, errorRate: number) => {
      await ask('POST', 'recogniser', { errorRate })
      const script = { kind: 'human', acts: [{ say: 'Nine for two' }] }
      const { body } = await ask('POST', 'dial', { from, to: '+14155550099', script })
      const entry = await until('gathered', body.callSid)
      return entry.kind === 'gathered' ? entry.words : ''
    }
    expect(await heard('+14155558811', 1)).not.toBe('Nine for two')
    expect(await heard('+14155558812', 0)).toBe('Nine for two')
  })

  test('pages of this machine may use it, pages of others may not', async () => {
    const here = await ask('GET', 'world', undefined, { origin: 'http://localhost:5173' })
    expect(here.headers.get('access-control-allow-origin')).toBe('http://localhost:5173')
    expect((await ask('GET', 'world', undefined, { origin: 'https://evil.example' })).status).toBe(403)
  })

  test('events stream from any sequence number', async () => {
    const last = network.control.log().at(-1)?.seq ?? 0
    const aborter = new AbortController()
    const response = await fetch(`${network.url}/_/events?since=${last - 2}`, { signal: aborter.signal })
    await ask('POST', 'cps', { cps: 9 })
    const reader = response.body?.getReader()
    let text = ''
    while (!text.includes('"cps":9')) {
      const chunk = await reader?.read()
      text += new TextDecoder().decode(chunk?.value)
    }
    aborter.abort()
    const seqs = [...text.matchAll(/^id: (\d+)$/gm)].map(match => Number(match[1]))
    expect(seqs).toEqual([last - 1, last, last + 1])
    const { body } = await ask('GET', `log?since=${last}`)
    expect(body.entries).toMatchObject([{ seq: last + 1, kind: 'cps-changed' }])
  })
})
