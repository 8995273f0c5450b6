/** The product on a carrier that is not Twilio: the actors and the Worker as they are, the scripted carrier behind them. */
import { beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { SOLO_POLICY } from '../../src/core/batch/batch.ts'
import { accountOf } from '../../src/providers/registry.ts'
import type { ScriptedAccount } from '../../src/providers/telephony/port.ts'
import { accountUrl, callUrls } from '../../src/providers/telephony/scripted/callback-urls.ts'
import { networkOf } from '../../src/providers/telephony/scripted/carrier.ts'
import { deliver } from '../../src/providers/telephony/scripted/delivery.ts'
import { SIGNATURE_HEADER, signatureOf } from '../../src/providers/telephony/scripted/webhooks.ts'
import { logging } from './logging.ts'
import { BASE, bindings, carrier, migrated, request, until } from './stage.ts'

const OURS = '+14155550001'
const network = networkOf('w_twin')
const OPTIONS = { ringLimitMs: 30_000, amd: 'off', record: false } as const
const LINKS = {
  kind: 'single',
  batchId: null,
  campaignId: null,
  contactId: null,
  deskId: null,
  agentName: null,
} as const

beforeEach(async () => {
  await migrated()
  await carrier.reset()
})

async function twin(): Promise<ScriptedAccount> {
  const account = await accountOf(bindings, 'w_twin')
  if (account?.provider !== 'scripted') throw new Error('the scripted carrier is not set up')
  return account
}

/** Delivers what the carrier has to say, through the Worker. Returns the status of every answer. */
async function settle(): Promise<number[]> {
  network.pass(Date.now() + 200)
  return deliver(network, await twin(), async (url, headers, body) => {
    const answer = await request(url.slice(BASE.length), { method: 'POST', headers, body })
    return { status: answer.status, text: await answer.text() }
  })
}

/** The carrier's id of the call to this number, once it was created there. */
function placedAt(number: string): Promise<string> {
  return until(async () => {
    const id = network.newestOf(number)
    if (id === null) throw new Error('not created yet')
    return id
  })
}

test('a call is placed, answered and completed, and Twilio hears nothing of it', async () => {
  const callId = 'w_twin.call_first'
  const call = stubFor(bindings, 'call', callId)
  await call.request(LINKS, { to: '+12025550111', from: OURS, name: 'Ada' }, OPTIONS)
  const providerId = await placedAt('+12025550111')
  expect(await settle()).not.toContain(404)
  await until(async () =>
    expect(await call.read()).toMatchObject({ call: { phase: 'live', status: 'ringing', providerId } }),
  )
  network.answer(providerId, Date.now())
  // A call of no batch and no agent has nothing to hear: the carrier performs the end, and reports it.
  const statuses = await settle()
  expect(statuses).toContain(200)
  expect(statuses.every(status => status === 200 || status === 204)).toBe(true)
  expect(network.performed.get(providerId)).toEqual([{ do: 'end' }])
  expect(await call.read()).toMatchObject({ call: { phase: 'over', reason: 'normal' } })
  expect(await carrier.requests()).toEqual([])
})

test('two people answer a round: one is in the agent’s room, the other is canceled before they answer', async () => {
  const batchId = 'w_twin.c_spring.b1'
  const numbers = ['+12025550121', '+12025550122']
  const legs = numbers.map((to, index) => ({
    callId: `${batchId}.${index + 1}`,
    contactId: null,
    name: `Person ${index + 1}`,
    to,
    from: OURS,
  }))
  const room = 'w_twin.d_nobody.1'
  const seats = [{ seatId: 'seat-1', deskId: 'w_twin.d_nobody', place: { kind: 'room' as const, room } }]
  await stubFor(bindings, 'batch', batchId).open({
    policy: SOLO_POLICY,
    legs,
    seats,
    campaignId: null,
    agentName: null,
    record: false,
    clearance: { purpose: 'single', agent: null, hours: null },
  })
  const [first = '', second = ''] = [await placedAt(numbers[0] ?? ''), await placedAt(numbers[1] ?? '')]
  await settle()
  network.answer(first, Date.now())
  await settle()
  expect(network.performed.get(first)).toMatchObject([{ do: 'join', room, as: { callId: legs[0]?.callId } }])
  const joined = await stubFor(bindings, 'room', room).read()
  expect(joined.participants).toMatchObject([{ callId: legs[0]?.callId, role: 'customer' }])
  await until(async () => {
    await settle()
    expect(await stubFor(bindings, 'call', legs[1]?.callId ?? '').read()).toMatchObject({ call: { phase: 'over' } })
  })
  expect(network.performed.get(second)).toBeUndefined()
  network.hangUp(first, Date.now())
  await settle()
  expect(await stubFor(bindings, 'call', legs[0]?.callId ?? '').read()).toMatchObject({ call: { phase: 'over' } })
})

test('a create whose answer is lost is not sent again: the first webhook adopts the call', async () => {
  network.fail('create', { answer: 'none', performed: true })
  const sent = () => network.requests.filter(one => one === 'create').length
  const before = sent()
  const call = stubFor(bindings, 'call', 'w_twin.call_lost')
  await call.request(LINKS, { to: '+12025550131', from: OURS, name: 'Ada' }, OPTIONS)
  const providerId = await placedAt('+12025550131')
  await settle()
  await until(async () => expect(await call.read()).toMatchObject({ call: { phase: 'live', providerId } }))
  expect(sent()).toBe(before + 1)
})

test('a refused create ends the call with the carrier’s code', async () => {
  network.fail('create', { answer: 'refused', code: 2 })
  const call = stubFor(bindings, 'call', 'w_twin.call_refused')
  await call.request(LINKS, { to: '+12025550141', from: OURS, name: 'Ada' }, OPTIONS)
  await until(async () => expect(await call.placed(0)).toMatchObject({ providerId: null, code: 2 }))
})

test('somebody who calls a number of the workspace is answered in the carrier’s own words, and the record of the call has none of them [S1-3]', async () => {
  const id = network.bring('+12025550151', OURS, accountUrl(await twin()), Date.now())
  await logging('warn', 'callback for an unknown call', async () => expect(await settle()).toContain(200))
  expect(network.performed.get(id)?.map(step => step.do)).toEqual(['listen', 'tape', 'speak', 'end'])
  const callId = (await stubFor(bindings, 'trunk', 'w_twin').callOf(id)) ?? ''
  const { call } = await stubFor(bindings, 'call', callId).read()
  expect(call).toMatchObject({ phase: 'over', links: { kind: 'inbound' }, from: '+12025550151', providerId: id })
})

test('a webhook with a wrong signature, of another workspace, or of the other carrier is refused', async () => {
  const account = await twin()
  const url = callUrls(account, 'w_twin.call_first').events
  const body = JSON.stringify({ event: 'status', call: 'sc_1', status: 'done' })
  const post = (path: string, signature: string) =>
    request(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', [SIGNATURE_HEADER]: signature },
      body,
    })
  const path = url.slice(BASE.length)
  expect((await post(path, await signatureOf(account, url, body))).status).toBe(204)
  expect((await post(path, 'forged')).status).toBe(403)
  expect((await post(path.replaceAll('w_twin', 'w_test'), await signatureOf(account, url, body))).status).toBe(403)
  expect((await post(path.replace('/carriers/scripted', '/twilio'), 'forged')).status).toBe(403)
})

test('only local mode at a loopback address can have the scripted carrier', async () => {
  expect((await accountOf(bindings, 'w_test'))?.provider).toBe('twilio')
  expect(await accountOf({ ...bindings, TRUNKLINE_MODE: undefined }, 'w_twin')).toBeNull()
  expect(await accountOf({ ...bindings, PUBLIC_BASE_URL: 'https://calls.example.com' }, 'w_twin')).toBeNull()
  expect(await accountOf({ ...bindings, SCRIPTED_CARRIER_WORKSPACE: undefined }, 'w_twin')).toBeNull()
})

test('a SIP phone of this carrier calls another one at its domain, and who is not on our list is not known', async () => {
  const registrar = stubFor(bindings, 'registrar', 'w_twin')
  await registrar.phonesAtCarrier(true)
  for (const extension of ['101', '102'])
    await registrar.create(`ex_${extension}`, extension, { name: extension, detail: '', atCarrier: true })
  const { domainName } = await until(async () => {
    const domain = await registrar.phonesAtCarrier(null)
    if (domain.state !== 'ready') throw new Error(domain.state)
    return domain
  })
  expect(domainName).toMatch(/\.sip\.scripted\.test$/)
  const account = await twin()
  const dials = async (user: string) => {
    const said = { event: 'sip', call: `sip-${user}`, door: 'phones', domain: domainName, user, dialled: '102' }
    const [url, body] = [accountUrl(account), JSON.stringify(said)]
    const headers = { 'Content-Type': 'application/json', [SIGNATURE_HEADER]: await signatureOf(account, url, body) }
    return (await request(url.slice(BASE.length), { method: 'POST', headers, body })).text()
  }
  expect(await dials('101')).toContain(`sip:102@${domainName}`)
  expect(await dials('103')).toContain('not known here')
})
