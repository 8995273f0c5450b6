/** Several destinations of one call: all ring, one gets the flow, nobody else does. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import type { Groupcall, VoiceCall } from '../../src/wire/voice-call.ts'
import { ask, type Person, person } from './security/people.ts'
import { bindings, carrier, migrated, signed, until } from './stage.ts'

const FLOW = [
  { type: 'answer' },
  { type: 'talk', option: { text: 'You are first.' } },
  { type: 'digits_receive', option: { duration: 60_000, length: 1 } },
]
let admin = {} as Person
let away = {} as Person

beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
  away = await person('Away', 'admin', 'w_far')
  for (const number of ['+14155558201', '+14155558202', '+14155558203']) {
    const entry = { number, name: '', deskId: null, inFlightCap: 99, cooldownMs: 0 }
    await stubFor(bindings, 'trunk', 'w_test').saveNumber(entry)
  }
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

interface Placed {
  calls: VoiceCall[]
  groupcalls: Groupcall[]
}
async function place(numbers: string[]): Promise<{ group: string; legs: { id: string; sid: string }[] }> {
  const destinations = numbers.map(target => ({ type: 'tel', target }))
  const answer = await ask(admin, 'POST /v1.0/calls', { destinations, actions: FLOW })
  expect(answer.status, await answer.clone().text()).toBe(201)
  const { calls, groupcalls } = await answer.json<Placed>()
  const [group] = groupcalls
  expect(calls.map(one => [one.status, one.destination.target, one.groupcall_id])).toEqual(
    numbers.map(number => ['dialing', number, group?.id]),
  )
  expect(group).toMatchObject({ status: 'progressing', answer_call_id: null, call_ids: calls.map(one => one.id) })
  const legs = await Promise.all(calls.map(async ({ id }) => ({ id, sid: await sidOf(id) })))
  return { group: group?.id ?? '', legs }
}

function sidOf(callId: string): Promise<string> {
  return until(async () => {
    const { call } = await stubFor(bindings, 'call', callId).read()
    if (call.phase !== 'live' || call.providerId === null) throw new Error('not placed yet')
    return call.providerId
  })
}

/** The carrier asks at the address that it was given for this leg. */
async function answers({ id, sid }: { id: string; sid: string }): Promise<string> {
  const created = (await carrier.requests()).find(
    one => one.form.Url?.includes(encodeURIComponent(id)) || one.form.Url?.includes(id),
  )
  const url = new URL(created?.form.Url ?? '')
  return (await signed(`${url.pathname}${url.search}`, { CallSid: sid, CallStatus: 'in-progress' })).text()
}
const read = async <T>(path: string): Promise<T> => (await ask(admin, `GET ${path}`)).json<T>()
const statusesSent = async (sid: string) =>
  (await carrier.requests()).filter(one => one.path.includes(sid) && one.form.Status).map(one => one.form.Status)

test('the first who answers gets the flow, the others are canceled, and one who answers too late does not get it [S1-5]', async () => {
  const { group, legs } = await place(['+14155558301', '+14155558302', '+14155558303'])
  const [slow, first, other] = legs as [(typeof legs)[0], (typeof legs)[0], (typeof legs)[0]]
  const said = await answers(first)
  expect(said).toContain('>You are first.<')
  expect(await answers(first)).toBe(said)
  await until(async () => {
    for (const { sid } of [slow, other]) expect(await statusesSent(sid)).toContain('canceled')
  })
  const late = await answers(slow)
  expect(late).not.toContain('You are first.')
  expect(await statusesSent(first.sid)).toEqual([])
  expect(await read(`/groupcalls/${group}`)).toMatchObject({
    status: 'progressing',
    answer_call_id: first.id,
    call_count: 3,
  })
  expect(await read(`/v1.0/calls/${first.id}`)).toMatchObject({ status: 'progressing', groupcall_id: group })
  expect(await read(`/v1.0/activeflows/${first.id}`)).toMatchObject({ status: 'running' })
  expect((await ask(admin, `GET /v1.0/activeflows/${slow.id}`)).status).toBe(404)
})

test('too few numbers of ours call nobody, and those that were ready stay ready', async () => {
  const far = await person('Far', 'admin', 'w_few')
  await stubFor(bindings, 'trunk', 'w_few').saveNumber({
    number: '+14155558204',
    name: '',
    deskId: null,
    inFlightCap: 1,
    cooldownMs: 0,
  })
  const destinations = ['+14155558341', '+14155558342'].map(target => ({ type: 'tel', target }))
  const place = (several: typeof destinations) => ask(far, 'POST /v1.0/calls', { destinations: several, actions: FLOW })
  expect((await place(destinations)).status).toBe(422)
  expect(await carrier.requests()).toEqual([])
  expect((await place(destinations.slice(0, 1))).status).toBe(201)
})

test('answers of the same instant make one winner', async () => {
  const { legs } = await place(['+14155558311', '+14155558312', '+14155558313'])
  const said = await Promise.all(legs.map(answers))
  expect(said.filter(text => text.includes('You are first.'))).toHaveLength(1)
})

test('its hang-up ends whoever has answered and whoever rings, and one that answers then hears no flow', async () => {
  const { group, legs } = await place(['+14155558321', '+14155558322'])
  const [ringing] = legs as [(typeof legs)[0]]
  for (const endpoint of [`GET /v1.0/groupcalls/${group}`, `POST /v1.0/groupcalls/${group}/hangup`])
    expect((await ask(away, endpoint)).status, endpoint).toBe(404)
  expect((await ask(admin, `POST /v1.0/groupcalls/${group}/hangup`)).status).toBe(202)
  await until(async () => {
    for (const { sid } of legs) expect(await statusesSent(sid)).toContain('canceled')
  })
  expect(await answers(ringing)).not.toContain('You are first.')
  const second = await place(['+14155558331', '+14155558332'])
  const [winner] = second.legs as [(typeof legs)[0]]
  expect(await answers(winner)).toContain('You are first.')
  expect((await ask(admin, `POST /v1.0/groupcalls/${second.group}/hangup`)).status).toBe(202)
  await until(async () => expect(await statusesSent(winner.sid)).toContain('completed'))
})
