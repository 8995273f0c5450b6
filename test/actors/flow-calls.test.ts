/** Calls that a flow places: each asks the gate, happens once, and none leads back to itself for ever. */
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { unique } from '../../src/actors/unique.ts'
import { callId } from '../../src/core/ids.ts'
import type { Flow } from '../../src/wire/flow.ts'
import { bindings, carrier, migrated, signed, until } from './stage.ts'
import { type Floor, floorOf, ringAt, rings, sits } from './switchboard.ts'

let floor = {} as Floor
beforeAll(async () => {
  await migrated()
  floor = await floorOf('+14155557971')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

const tell = (text: string) => [{ type: 'talk', option: { text } }]
async function flowOf(actions: object[]): Promise<string> {
  const made = await floor.ask('POST /v1.0/flows', { name: 'Calls', actions })
  expect(made.status, await made.clone().text()).toBe(201)
  return (await made.json<Flow>()).id
}
/** A flow with this option of `call` answers our number, and somebody calls it. */
async function calling(option: object) {
  const id = await flowOf([
    { type: 'answer' },
    { type: 'call', option },
    { type: 'talk', option: { text: 'Goes on.' } },
    { type: 'digits_receive', option: { duration: 60_000 } },
  ])
  await floor.ask(`PUT /v1.0/numbers/${encodeURIComponent(floor.number)}`, { flow_id: id })
  const caller = await rings(floor)
  await caller.hears('>Goes on.<')
  return caller
}
const creates = async () => (await carrier.requests()).filter(one => one.form.To !== undefined)

/** A call that the carrier was asked for, when it is known under the carrier's id: what its person hears, and its end. */
async function placed(to: string) {
  return until(async () => {
    const { form } = (await creates()).find(one => one.form.To === to) ?? {}
    const { pathname, search } = new URL(form?.Url ?? '')
    const id = /calls\/([^/]+)\//.exec(decodeURIComponent(pathname))?.[1] ?? ''
    const { call } = await stubFor(bindings, 'call', id).read()
    if (call.phase !== 'live' || call.providerId === null) throw new Error('not placed yet')
    const CallSid = call.providerId
    const hears = async () => (await signed(`${pathname}${search}`, { CallSid, CallStatus: 'in-progress' })).text()
    return { form, depth: call.links.depth ?? 0, hears }
  })
}

test('a flow calls a number with steps of its own, once, and goes on [S1-18]', async () => {
  await calling({ destinations: [{ type: 'tel', target: '+14155550171' }], actions: tell('You are called.') })
  const { form, hears } = await placed('+14155550171')
  expect(form).toMatchObject({ To: '+14155550171', From: floor.number })
  expect(await hears()).toContain('>You are called.<')
  expect(await creates()).toHaveLength(1)
})

test('a number on the do-not-call list is not called, and the log says by which rule', async () => {
  await floor.ask('POST /api/do-not-call', { number: '+14155550172' })
  await calling({ destinations: [{ type: 'tel', target: '+14155550172' }], actions: tell('Hello.') })
  await until(async () => {
    const { items } = await (await floor.ask('GET /v1.0/calls?limit=50')).json<{
      items: { destination: { target: string }; hangup_reason: string }[]
    }>()
    const placed = items.find(one => one.destination.target === '+14155550172')
    expect(placed?.hangup_reason).toBe('not-cleared')
  })
  expect(await creates()).toEqual([])
})

test('a flow calls a member of the team at their desk', async () => {
  const ada = await sits()
  await calling({ destinations: [{ type: 'agent', target: ada.userId }], actions: tell('A caller waits.') })
  expect((await ringAt(ada)).transfer).toMatchObject({ program: {}, of: { kind: 'call' } })
  await until(async () =>
    expect((await creates()).map(one => one.form.To)).toEqual([expect.stringContaining('client:')]),
  )
})

test('calls that flows have placed place further ones, three deep', async () => {
  const option = { destinations: [{ type: 'tel', target: '+14155550174' }], actions: tell('Deep.') }
  const deep = async (depth: number, to: string) => {
    const id = callId('w_test', unique())
    const links = {
      kind: 'api' as const,
      batchId: null,
      campaignId: null,
      contactId: null,
      deskId: null,
      agentName: null,
    }
    const actions = [
      { id: 'c', type: 'call', option },
      { id: 't', ...tell('Here.')[0] },
    ]
    const flow = { flowId: null, version: 0, actionsJson: JSON.stringify(actions), variables: {} }
    const clearance = { purpose: 'transfer' as const, agent: null, hours: null }
    const options = { ringLimitMs: 30_000, amd: 'off' as const, record: false, clearance }
    const party = { to, from: floor.number, name: '' }
    await stubFor(bindings, 'call', id).request({ ...links, depth }, party, options, null, flow)
    const { depth: stored, hears } = await placed(to)
    expect(stored).toBe(depth)
    expect(await hears()).toContain('>Here.<')
  }
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
  await deep(3, '+14155550175')
  await until(async () => expect(warned).toHaveBeenCalledWith(expect.stringContaining('too deep')))
  expect((await creates()).map(one => one.form.To)).toEqual(['+14155550175'])
  await deep(2, '+14155550176')
  await until(async () => expect((await creates()).map(one => one.form.To)).toContain('+14155550174'))
})

test('what cannot be called is refused at save, with the step and the field', async () => {
  const refused = async (option: object) => {
    const answer = await floor.ask('POST /v1.0/flows', { name: 'x', actions: [{ id: 'c', type: 'call', option }] })
    expect(answer.status).toBe(400)
    return (await answer.json<{ fields: { field: string }[] }>()).fields.map(one => one.field)
  }
  const destinations = [{ type: 'tel', target: '+14155550171' }]
  expect(await refused({ destinations })).toEqual(['actions.c.flow_id'])
  expect(await refused({ destinations, actions: tell('x'), chained: true })).toEqual(['actions.c.chained'])
  expect(await refused({ destinations: [{ type: 'queue', target: 'w_test.q_1' }], actions: tell('x') })).toEqual([
    'actions.c.destinations',
  ])
})
