/**
 * Phones that register at the carrier's SIP domain of the workspace, over the whole phone network: they are called by a number, dial numbers, extensions
 * and what extensions lead to, and are nobody once their extension is gone. Other exchanges come in by trunks.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SipPhone } from '../../packages/phone-network/src/testing/sip-phone.ts'
import { findSipp, type Sipp } from '../../scripts/local/sipp.ts'
import type { Billing } from '../../src/wire/billing.ts'
import type { ShownExtension } from '../../src/wire/extension.ts'
import type { CarrierPhonesShown, ShownTrunk } from '../../src/wire/trunk.ts'
import type { VoiceCallRow } from '../../src/wire/voice-call.ts'
import { caller, ended, MAIN, program, said, setProgramStage, stage, until } from './program-stage.ts'

const OUTSIDE = '+15002200733'
const ELSEWHERE = '+15002200734'
/** Somebody whose call another exchange passes on. */
const PASSED_ON = '+15002200735'
/** Loudness of somebody who speaks, 0…1. */
const SPEECH = 0.02
const SPEAKS = Array(20)
  .fill([{ say: 'I would like to speak with the reception, please.' }, { pauseMs: 500 }])
  .flat()

type Made = ShownExtension & { password: string }
const phones: SipPhone[] = []
const running: ChildProcess[] = []
/** With the sound of each behind it. */
const SIPP_PORT = 7340
let desk = {} as Made
let phone: SipPhone
beforeAll(async () => {
  await setProgramStage(7330, '733')
}, 120_000)
afterAll(async () => {
  for (const one of phones) one.close()
  for (const child of running) child.kill('SIGKILL')
  await stage?.close()
})

const calls = () => stage.network.control.world().calls
const levels = (sid: string) => calls().find(one => one.sid === sid)?.levels ?? { says: 0, hears: 0 }
const ready = () =>
  until(async () => {
    const domain = await program<CarrierPhonesShown>('GET', '/v1.0/carrier_phones')
    expect(domain).toMatchObject({ enabled: true, status: 'ready', problem: null })
    return domain
  })

async function open(user: string, domain: string, password: string): Promise<SipPhone> {
  const made = await SipPhone.open(stage.network.sipPort ?? 0, { user, domain, password })
  phones.push(made)
  return made
}

/** The call of a phone that dials, as the network has it. It goes on while the test looks. */
async function dials(from: SipPhone, to: string) {
  const before = calls().map(one => one.sid)
  const dialled = from.dial(to)
  const sid = await until(() => {
    const found = calls().find(one => one.direction === 'inbound' && !before.includes(one.sid))
    expect(found).toBeDefined()
    return found?.sid ?? ''
  })
  return { sid, dialled }
}

test('the domain is made at the carrier, an extension is let in there, and its phone registers with the secret that was shown once', async () => {
  await program('PUT', '/v1.0/carrier_phones', { enabled: true })
  desk = await program<Made>('POST', '/v1.0/extensions', { extension: '101', name: 'Reception', at_carrier: true })
  const { domain_name } = await ready()
  expect(desk).toMatchObject({ username: '101', at_carrier: true, carrier_domain_name: domain_name })
  phone = await open('101', domain_name ?? '', desk.password)
  expect((await phone.register()).status).toBe(200)
  const wrong = await open('101', domain_name ?? '', 'K7wrongwrongwrongwrong2')
  expect((await wrong.register()).status).toBe(403)
}, 60_000)

test('a person calls a number that leads to the extension; the phone shows who calls, and both hear each other', async () => {
  await program('PUT', `/v1.0/numbers/${encodeURIComponent(MAIN)}`, { extension_id: desk.id })
  const since = phone.got.length
  const sid = caller(SPEAKS)
  const invite = await phone.next('INVITE', since)
  const from = calls().find(one => one.sid === sid)?.from ?? '?'
  expect(invite.headers.find(([name]) => name === 'From')?.[1]).toContain(from)
  phone.reply(invite, 180)
  phone.reply(invite, 200)
  await phone.next('ACK', since)
  const quiet = phone.talk(440)
  await until(() => expect(phone.loudness).toBeGreaterThan(SPEECH))
  await until(() => expect(levels(sid).hears).toBeGreaterThan(SPEECH))
  quiet()
  phone.back(invite, 'BYE')
  await ended(sid)
  await until(async () => {
    const { items } = await program<{ items: VoiceCallRow[] }>('GET', '/v1.0/calls')
    expect(items[0]).toMatchObject({ direction: 'incoming', status: 'hangup', hangup_reason: 'normal' })
  })
}, 90_000)

test('the phone dials a number: ours is shown, both hear each other, and the call is in the log and on the bill', async () => {
  const { sid, dialled } = await dials(phone, OUTSIDE)
  const { response, call } = await dialled
  expect(response.status).toBe(200)
  const rung = calls().find(one => one.parentSid === sid)
  const ours = (await program<{ items: { number: string }[] }>('GET', '/v1.0/numbers')).items.map(one => one.number)
  expect(rung?.to).toBe(OUTSIDE)
  expect(ours).toContain(rung?.from)
  const quiet = phone.talk(440)
  await until(() => expect(levels(rung?.sid ?? '').hears).toBeGreaterThan(SPEECH))
  await until(() => expect(phone.loudness).toBeGreaterThan(SPEECH))
  quiet()
  phone.send(phone.within(call, 'BYE'))
  await ended(sid)
  const row = await until(async () => {
    const { items } = await program<{ items: VoiceCallRow[] }>('GET', '/v1.0/calls')
    const found = items.find(one => one.destination.target === OUTSIDE && one.status === 'hangup')
    expect(found).toMatchObject({ direction: 'outgoing', hangup_reason: 'normal', source: { target: rung?.from } })
    return found
  })
  await until(async () => {
    const { items } = await program<{ items: Billing[] }>('GET', '/v1.0/billings?transaction_type=usage')
    expect(items.find(one => one.reference_id === row?.id)?.cost_type).toBe('call_pstn_outgoing')
  })
}, 90_000)

test('a number on the do-not-call list is not dialled, and the phone hears which rule says so', async () => {
  await program('POST', '/api/do-not-call', { number: OUTSIDE, note: 'asked by letter' })
  const { sid, dialled } = await dials(phone, OUTSIDE)
  await until(() => expect(said(sid).join(' ')).toMatch(/do-not-call list/i))
  expect(calls().some(one => one.parentSid === sid)).toBe(false)
  expect((await dialled).response.status).toBe(200)
  await ended(sid)
}, 60_000)

test('an extension calls another; nobody there, or no such extension, is said in words', async () => {
  const other = await program<Made>('POST', '/v1.0/extensions', { extension: '102', name: 'Office', at_carrier: true })
  const { domain_name } = await ready()
  const none = await dials(phone, '102')
  await until(() => expect(said(none.sid).join(' ')).toContain('Nobody answered.'))
  await ended(none.sid)
  const office = await open('102', domain_name ?? '', other.password)
  expect((await office.register()).status).toBe(200)
  const { sid, dialled } = await dials(phone, '102')
  const invite = await office.next('INVITE')
  expect(invite.headers.find(([name]) => name === 'From')?.[1]).toContain('101')
  office.reply(invite, 180)
  office.reply(invite, 200)
  expect((await dialled).response.status).toBe(200)
  const quiet = [phone.talk(440), office.talk(660)]
  await until(() => expect(phone.loudness).toBeGreaterThan(SPEECH))
  await until(() => expect(office.loudness).toBeGreaterThan(SPEECH))
  for (const stop of quiet) stop()
  office.back(invite, 'BYE')
  await ended(sid)
  const busy = await dials(phone, '102')
  office.reply(await office.next('INVITE', office.got.length - 1), 486)
  await until(() => expect(said(busy.sid).join(' ')).toContain('That number is busy.'))
  await ended(busy.sid)
  const nobody = await dials(phone, '199')
  await until(() => expect(said(nobody.sid).join(' ')).toContain('cannot be called'))
  await ended(nobody.sid)
}, 120_000)

test('what an extension leads to is reached by its short code: a queue, an AI agent, a flow', async () => {
  const queue = await program<{ id: string }>('POST', '/v1.0/queues', { name: 'Sales' })
  const actions = [
    { type: 'answer', option: {} },
    { type: 'talk', option: { text: 'The canteen has soup today.' } },
  ]
  const flow = await program<{ id: string }>('POST', '/v1.0/flows', { name: 'Canteen', actions })
  const { items: agents } = await program<{ items: { agentId: string }[] }>('GET', '/api/ai/agents')
  const away = { destinations: [{ type: 'tel', target: ELSEWHERE }], timeout: 20_000 }
  const onward = await program<{ id: string }>('POST', '/v1.0/flows', {
    name: 'Taxi',
    actions: [{ type: 'connect', option: away }],
  })
  const leads = {
    203: { flow_id: onward.id },
    200: { queue_id: queue.id },
    201: { agent_id: agents[0]?.agentId },
    202: { flow_id: flow.id },
  }
  for (const [extension, lead] of Object.entries(leads)) {
    const made = await program<Made>('POST', '/v1.0/extensions', { extension, name: `Code ${extension}` })
    expect(await program('PUT', `/v1.0/extensions/${made.id}`, lead)).toMatchObject(lead)
  }
  const soup = await dials(phone, '202')
  await until(() => expect(said(soup.sid)).toContain('The canteen has soup today.'))
  await ended(soup.sid)
  const waits = await dials(phone, '200')
  await until(async () => {
    const { items } = await program<{ items: object[] }>('GET', `/v1.0/queuecalls?queue_id=${queue.id}`)
    expect(items).toHaveLength(1)
  })
  phone.send(phone.within((await waits.dialled).call, 'BYE'))
  await ended(waits.sid)
  const talks = await dials(phone, '201')
  const { call } = await talks.dialled
  phone.talk(null)
  await until(() => expect(phone.loudness).toBeGreaterThan(SPEECH))
  phone.send(phone.within(call, 'BYE'))
  await ended(talks.sid)
  // A number that such a flow dials sees a number of ours, and not the code.
  const taxi = await dials(phone, '203')
  const { call: ride } = await taxi.dialled
  await until(() => expect(phone.loudness).toBeGreaterThan(SPEECH))
  phone.send(phone.within(ride, 'BYE'))
  await ended(taxi.sid)
  // The carrier's leg to that number is on the bill, although the caller hangs up first.
  await until(async () => {
    const [latest] = (await program<{ items: VoiceCallRow[] }>('GET', '/v1.0/calls')).items
    expect(latest).toMatchObject({ destination: { target: '203' }, status: 'hangup' })
    const bills = await program<{ items: Billing[] }>('GET', `/v1.0/billings?reference_id=${latest?.id}`)
    expect(bills.items.map(one => one.cost_type)).toEqual(['call_pstn_outgoing'])
  })
  const { items } = await program<{ items: { number: string }[] }>('GET', '/v1.0/numbers')
  const rung = calls().find(one => one.parentSid === taxi.sid)
  expect(rung?.to).toBe(ELSEWHERE)
  expect(items.map(one => one.number)).toContain(rung?.from)
}, 120_000)

test('a program calls an extension with a flow, and another exchange is not called at our carrier', async () => {
  const since = phone.got.length
  const body = {
    destinations: [{ type: 'extension', target: '101' }],
    actions: [{ type: 'talk', option: { text: 'Good morning.' } }],
  }
  const made = await program<{ id: string; destination: object }>('POST', '/v1.0/calls', body)
  expect(made.destination).toMatchObject({ type: 'sip', target_name: 'Reception' })
  const invite = await phone.next('INVITE', since)
  phone.reply(invite, 200)
  await phone.next('BYE', since)
  await until(async () => {
    const { items } = await program<{ items: VoiceCallRow[] }>('GET', '/v1.0/calls')
    expect(items.find(one => one.id === made.id)).toMatchObject({ status: 'hangup', hangup_reason: 'normal' })
  })
  const away = { destinations: [{ type: 'sip', target: 'sip:bo@elsewhere.sip.twilio.com' }], actions: body.actions }
  await expect(program('POST', '/v1.0/calls', away)).rejects.toThrow(/400.*destinations.0.target/)
}, 60_000)

test('whoever is taken away is off the carrier’s list: the phone can neither register nor call', async () => {
  const taken = await program<Made>('POST', '/v1.0/extensions', { extension: '103', name: 'Guest', at_carrier: true })
  const { domain_name } = await ready()
  const guest = await open('103', domain_name ?? '', taken.password)
  expect((await guest.register()).status).toBe(200)
  const renewed = await program<Made>('POST', `/v1.0/extensions/${taken.id}/secret`)
  await ready()
  expect((await guest.register()).status).toBe(403)
  const again = await open('103', domain_name ?? '', renewed.password)
  expect((await again.register()).status).toBe(200)
  await program('DELETE', `/v1.0/extensions/${taken.id}`)
  await ready()
  expect((await again.register()).status).toBe(403)
  expect((await again.dial('101')).response.status).toBe(403)
}, 60_000)

const domainOf = (trunk: ShownTrunk) =>
  until(async () => {
    const now = await program<ShownTrunk>('GET', `/v1.0/trunks/${trunk.id}`)
    expect(now).toMatchObject({ status: 'ready', problem: null })
    return now.domain_name ?? ''
  })

test('another exchange calls in with its credentials or from its addresses, and is refused otherwise [S1-26]', async () => {
  const known = { name: 'Old exchange', auth_types: ['basic'] }
  const basic = await program<ShownTrunk & { password: string }>('POST', '/v1.0/trunks', known)
  const listed = (name: string, address: string) =>
    program<ShownTrunk>('POST', '/v1.0/trunks', { name, auth_types: ['ip'], allowed_ips: [address] })
  const [here, far] = [await listed('Here', '127.0.0.1'), await listed('Far', '203.0.113.0/24')]
  const by = async (trunk: ShownTrunk, password: string) => open('trunk', await domainOf(trunk), password)
  expect((await (await by(basic, 'K7wrongwrongwrongwrong2')).dial(MAIN)).response.status).toBe(403)
  expect((await (await by(far, '')).dial(MAIN)).response.status).toBe(403)
  for (const exchange of [await by(basic, basic.password), await open(PASSED_ON, await domainOf(here), '')]) {
    const since = phone.got.length
    // The main number leads to extension 101.
    const { sid, dialled } = await dials(exchange, MAIN)
    const invite = await phone.next('INVITE', since)
    const shown = invite.headers.find(([name]) => name === 'From')?.[1]
    expect(shown).toContain(exchange.user === PASSED_ON ? PASSED_ON : basic.id)
    phone.reply(invite, 200)
    expect((await dialled).response.status).toBe(200)
    phone.back(invite, 'BYE')
    await ended(sid)
  }
  await program('DELETE', `/v1.0/trunks/${here.id}`)
  await until(async () =>
    expect((await (await open('trunk', here.domain_name ?? '', '')).dial(MAIN)).response.status).toBe(404),
  )
}, 120_000)

/** One run of a scenario of SIPp with one call; its exit code is 0 when everything came as the scenario says. */
async function sipp(
  { command, env }: Sipp,
  name: string,
  domain: string,
  port: number,
  password: string,
): Promise<number> {
  const args = [
    `127.0.0.1:${stage.network.sipPort}`,
    ...['-sf', path.join(import.meta.dirname, '../package/sipp', `${name}.xml`), '-t', 'u1', '-i', '127.0.0.1'],
    ...[
      '-p',
      String(port),
      '-mi',
      '127.0.0.1',
      '-mp',
      String(port + 2),
      '-rtp_echo',
      '-m',
      '1',
      '-nostdin',
      '-timeout',
      '30s',
    ],
    ...['-key', 'domain', domain, '-key', 'user', '104', '-au', '104', '-ap', password],
  ]
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'ignore' })
  running.push(child)
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? -1
}

test('SIPp, a tool of others, registers with what the API says, is refused with a wrong secret, and is called by a number', async context => {
  const tool = findSipp()
  context.skip(typeof tool === 'string', String(tool))
  const found = tool as Sipp
  const made = await program<Made>('POST', '/v1.0/extensions', { extension: '104', name: 'Workshop', at_carrier: true })
  const domain = (await ready()).domain_name ?? ''
  expect(await sipp(found, 'register', domain, SIPP_PORT, 'K7wrongwrongwrongwrong2')).not.toBe(0)
  expect(await sipp(found, 'register', domain, SIPP_PORT + 10, made.password)).toBe(0)
  const answered = sipp(found, 'answer', domain, SIPP_PORT + 10, made.password)
  await program('PUT', `/v1.0/numbers/${encodeURIComponent(MAIN)}`, { extension_id: made.id })
  const sid = caller(SPEAKS)
  // Its echo sends back what it hears, so the caller hears themselves.
  await until(() => expect(levels(sid).hears).toBeGreaterThan(SPEECH))
  stage.network.control.hangUpCall(sid)
  expect(await answered).toBe(0)
}, 200_000)
