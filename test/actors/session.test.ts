import { beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { logId, workspaceOf } from '../../src/core/ids.ts'
import { monthOf } from '../../src/core/month.ts'
import { deskWithLine, SETTINGS, say } from './sitting.ts'
import { bindings, carrier, cookieOf, migrated, request, type Stage, twice, until } from './stage.ts'

beforeEach(async () => {
  await carrier.reset()
})

/** An agent whose phone is registered and whose line is open; a campaign of two people; two numbers. */
async function sitting(stage: Stage, tag: string) {
  const [deskId, campaignId] = [`w_test.d_${tag}`, `w_test.c_${tag}`]
  const { desk, room } = await deskWithLine(stage, deskId)
  for (const last of [1, 2]) {
    await stage
      .stub('trunk', 'w_test')
      .saveNumber({ number: `+1415555000${last}`, name: '', deskId, inFlightCap: 50, cooldownMs: 0 })
  }
  const people = [1, 2].map(n => ({
    contactId: `p${n}`,
    name: `Person ${n}`,
    company: '',
    number: `+14155${String(tag.length + 200)}00${n}`,
    numberShown: '',
    timeZone: null,
  }))
  await stage.stub('campaign', campaignId).configure(SETTINGS)
  await stage.stub('workspace', workspaceOf(campaignId)).saveCampaign(campaignId, 'Test', 1)
  await stage.stub('campaign', campaignId).addContacts(people)
  return { deskId, campaignId, desk, people, room }
}

twice('a round from Space to the saved outcome [S3-2 S3-11 S3-14 S3-53]', async (stage, tag) => {
  const { deskId, campaignId, desk, people } = await sitting(stage, `round${tag}`)
  expect(await desk.command(say({ type: 'session.start', campaignId, lines: 2 }))).toMatchObject({ type: 'accepted' })
  await until(async () => {
    for (const person of people) expect(await carrier.creates(person.number)).toHaveLength(1)
    expect((await stage.peek('desk', deskId).view())?.lanes).toHaveLength(2)
  })
  const batchId = `${campaignId}.b1`
  const lane = async (n: number) =>
    (await stage.peek('desk', deskId).view())?.lanes.find(one => one.callId === `${batchId}.${n}`)
  const other = `${batchId}.2`
  const providerId = await until(async () => {
    const { call } = await stage.peek('call', other).read()
    if (call.phase !== 'live' || call.providerId === null) throw new Error('not placed yet')
    return call.providerId
  })
  const ringing = { type: 'call.reported' as const, at: Date.now(), providerId, status: 'ringing' as const }
  await stage.stub('call', other).deliver(ringing, 'status:ringing')
  await until(async () => expect(await lane(2)).toMatchObject({ state: 'ringing', contact: { contactId: 'p2' } }))
  const log = stage.peek('log', logId('w_test', monthOf(Date.now())))
  await until(async () => {
    const { items } = await log.list({ cursor: null, limit: 5, q: people[1]?.number ?? '' })
    expect(items.find(row => row.callId === other)).toMatchObject({ contactId: 'p2', campaignId, status: 'ringing' })
  })
  const verdict = await stage.stub('batch', batchId).claim(`${batchId}.1`, 'CA-first', null)
  expect(verdict).toMatchObject({ instructions: [{ kind: 'join-room', room: `${deskId}.1`, role: 'customer' }] })
  await stage
    .stub('batch', batchId)
    .deliver({ type: 'leg.judged', at: Date.now(), legId: `${batchId}.1`, verdict: 'human' }, 'amd')
  await until(async () => expect((await stage.peek('desk', deskId).view())?.conversation?.provisional).toBe(false))
  // The answered one is live, and nothing rings beside it.
  expect(await lane(1)).toMatchObject({ state: 'live', contact: { contactId: 'p1' } })
  await until(async () => expect(['released', 'ended']).toContain((await lane(2))?.state))
  await desk.command(say({ type: 'note.saved', callId: `${batchId}.1`, text: 'Friday' }))
  await desk.command(say({ type: 'call.hang-up', callId: `${batchId}.1` }))
  await until(async () => expect((await stage.peek('desk', deskId).view())?.pendingOutcomes).toHaveLength(1))
  expect(await desk.command(say({ type: 'outcome.saved', callId: `${batchId}.1`, outcomeId: 'yes' }))).toMatchObject({
    type: 'accepted',
  })
  await until(async () => {
    const { state, left } = await stage.peek('campaign', campaignId).read()
    expect(state.sessions[0]?.counts.outcomes).toEqual({ yes: 1 })
    expect(left).toBe(1)
  })
})

twice('no start before the phone is registered and the line is open [S3-29 S3-44 S3-64 S4-5]', async (stage, tag) => {
  const deskId = `w_test.d_gate${tag}`
  const desk = stage.stub('desk', deskId)
  await desk.open({ userId: tag, deskId, name: 'Ada', role: 'agent', identity: `agent_${tag}` })
  await stage.stub('workspace', 'w_test').saveCampaign('w_test.c_x', 'X', 1)
  const start = () => desk.command(say({ type: 'session.start', campaignId: 'w_test.c_x', lines: 1 }))
  expect(await start()).toMatchObject({ type: 'refused', reason: 'phone-not-ready' })
  await desk.command(say({ type: 'phone.claim', tabId: 'tab' }))
  await desk.command(say({ type: 'phone.registered', tabId: 'tab' }))
  expect(await start()).toMatchObject({ type: 'refused', reason: 'line-not-open' })
  expect(await desk.command('{')).toMatchObject({ type: 'refused', reason: 'malformed' })
})

twice('the view says what the desk refuses, and a command that is sent again is accepted again', async (stage, tag) => {
  const deskId = `w_test.d_said${tag}`
  const desk = stage.stub('desk', deskId)
  await desk.open({ userId: tag, deskId, name: 'Ada', role: 'agent', identity: `agent_${tag}` })
  const pause = say({ type: 'presence.paused' })
  expect((await desk.view())?.whyNot).toMatchObject({
    'session.start': 'phone-not-ready',
    'presence.ready': 'not-on-break',
  })
  expect(await desk.command(pause)).toMatchObject({ type: 'accepted' })
  expect((await desk.view())?.whyNot['presence.paused']).toBe('on-break')
  // The page lost the answer: the break has begun, and that is no reason to refuse it.
  expect(await desk.command(pause)).toMatchObject({ type: 'accepted' })
  expect(await desk.command(say({ type: 'presence.paused' }))).toMatchObject({ type: 'refused', reason: 'on-break' })
})

twice('numbers and slots: the same asker gets the same answer, the cap holds [S3-34]', async (stage, tag) => {
  const trunk = stage.stub('trunk', `w_pool${tag}`)
  await trunk.saveNumber({ number: '+14155550009', name: '', deskId: null, inFlightCap: 2, cooldownMs: 60_000 })
  const first = await trunk.leaseNumbers('ask-1', 4)
  expect(first.numbers).toEqual(['+14155550009', '+14155550009'])
  expect(await trunk.leaseNumbers('ask-1', 4)).toEqual(first)
  expect((await trunk.leaseNumbers('ask-2', 1)).numbers).toEqual([])
  await trunk.freeNumber('+14155550009', 'call-1', false)
  await trunk.freeNumber('+14155550009', 'call-1', false)
  expect((await trunk.leaseNumbers('ask-3', 2)).numbers).toEqual(['+14155550009'])
  const ask = {
    callId: 'call-1',
    to: '+14155550101',
    purpose: 'single' as const,
    agent: null,
    campaignId: null,
    timeZone: null,
    postcode: null,
    hours: null,
  }
  expect((await trunk.clear(ask)).notBefore).toBe((await trunk.clear(ask)).notBefore)
})

test('two rounds that dial at once never take a number beyond its limit together [S3-34]', async () => {
  const trunk = stubFor(bindings, 'trunk', 'w_atonce')
  for (const number of ['+14155550031', '+14155550032'])
    await trunk.saveNumber({ number, name: '', deskId: null, inFlightCap: 3, cooldownMs: 0 })
  const asks = Array.from({ length: 6 }, (_, n) => stubFor(bindings, 'trunk', 'w_atonce').leaseNumbers(`round-${n}`, 4))
  const leased = (await Promise.all(asks)).flatMap(one => one.numbers)
  expect(leased.filter(number => number === '+14155550031')).toHaveLength(3)
  expect(leased.filter(number => number === '+14155550032')).toHaveLength(3)
  const rows = await trunk.numbers()
  expect(rows.map(row => row.in_flight)).toEqual([3, 3])
})

twice('the log takes each fact once, whatever is delivered again [S3-8]', async (stage, tag) => {
  const log = stage.stub('log', logId(`w_log${tag}`, monthOf(Date.now())))
  const callId = `w_log${tag}.c_1.b1.1`
  const links = { kind: 'campaign', batchId: 'b', campaignId: 'c', contactId: 'p', deskId: 'd', agentName: 'Ada' }
  const facts = [
    {
      seq: 1,
      about: { call: callId },
      fact: {
        type: 'call-created',
        at: 1_000,
        links,
        options: {},
        personal: { to: '+1500', from: '+1415', name: 'Person' },
      },
    },
    { seq: 2, about: { call: callId }, fact: { type: 'call-ringing', at: 2_000 } },
    {
      seq: 3,
      about: { call: callId },
      fact: { type: 'call-hungup', at: 3_000, reason: 'busy', providerStatus: 'busy', talkedMs: 0, code: null },
    },
  ]
  await log.hear(callId, JSON.stringify(facts))
  await log.hear(callId, JSON.stringify(facts.slice(1)))
  const { items } = await log.list({ cursor: null, limit: 10 })
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({ callId, status: 'hangup', hangupReason: 'busy', name: 'Person', number: '+1500' })
  const detail = JSON.parse((await log.detail(callId)) ?? '{}') as { timeline: unknown[] }
  expect(detail.timeline).toHaveLength(3)
})

test('a desk socket: hello brings the view, and a page that reads too slowly is let go with 1013 [S3-52]', async () => {
  await migrated()
  const cookie = await cookieOf('bo')
  const open = await request('/api/desk', { headers: { Upgrade: 'websocket', Cookie: cookie } })
  const socket = (open as unknown as { webSocket: WebSocket | null }).webSocket
  if (!socket) throw new Error('no socket')
  const messages: { type: string; seq?: number }[] = []
  const closed = new Promise<number>(resolve => socket.addEventListener('close', event => resolve(event.code)))
  socket.addEventListener('message', event => {
    messages.push(JSON.parse(String(event.data)) as { type: string })
  })
  socket.accept()
  socket.send(say({ type: 'hello', protocol: 1, tabId: 'tab', since: 0 }))
  await until(async () => expect(messages[0]?.type).toBe('view'))
  const me = (await (await request('/api/desk/view', { headers: { Cookie: cookie } })).json()) as {
    agent: { deskId: string }
  }
  const desk = bindings.DESK.getByName(me.agent.deskId)
  // The screen acknowledges nothing, so the desk closes its socket after half a MiB of views.
  for (let n = 0; n < 2_000; n += 1) {
    await desk.deliver({ type: 'mute.changed', at: Date.now(), muted: n % 2 === 0 }, null)
    if (n % 100 === 99 && (await Promise.race([closed, Promise.resolve(0)])) !== 0) break
  }
  expect(await closed).toBe(1013)
})
