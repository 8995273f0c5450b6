/** Conferences by name by the API and by flows: what is refused, who is told, and what the carrier is asked for. */
import { evictDurableObject } from 'cloudflare:test'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import type { Conference, ConferenceCall } from '../../src/wire/conference.ts'
import type { Flow } from '../../src/wire/flow.ts'
import { ask, type Person, person } from './security/people.ts'
import { bindings, carrier, migrated, signed, until } from './stage.ts'

const NUMBER = '+14155557941'
let admin = {} as Person
let agent = {} as Person
let away = {} as Person
let calls = 0

beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
  agent = await person('Ada', 'agent')
  away = await person('Away', 'admin', 'w_far')
  const entry = { number: NUMBER, name: 'Rooms', deskId: null, inFlightCap: 99, cooldownMs: 0 }
  await stubFor(bindings, 'trunk', 'w_test').saveNumber(entry)
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

async function made(name: string, more: object = {}): Promise<Conference> {
  const answer = await ask(admin, 'POST /v1.0/conferences', { name, ...more })
  expect(answer.status, await answer.clone().text()).toBe(201)
  return answer.json<Conference>()
}
async function refused(endpoint: string, body?: object): Promise<[number, string[]]> {
  const answer = await ask(admin, endpoint, body)
  const { fields = [] } = await answer.json<{ fields?: { field: string }[] }>()
  return [answer.status, fields.map(one => one.field)]
}
async function answers(option: object, more: object[] = []): Promise<void> {
  const actions = [
    { type: 'answer' },
    { id: 'join', type: 'conference_join', option },
    ...more,
    { type: 'talk', option: { text: `Result ${'$'}{trunkline.step.result}.` } },
  ]
  const flow = await (await ask(admin, 'POST /v1.0/flows', { name: 'Rooms', actions })).json<Flow>()
  const bound = await ask(admin, `PUT /v1.0/numbers/${encodeURIComponent(NUMBER)}`, { flow_id: flow.id })
  expect(bound.status).toBe(200)
}

/** Somebody calls our number: the pages that they hear, and how the carrier goes on with them. */
async function rings() {
  calls += 1
  const sid = `CA${String(calls).padStart(32, 'c')}`
  const form = { CallSid: sid, From: `+1415677${1000 + calls}`, To: NUMBER, Direction: 'inbound' }
  let page = await (await signed('/twilio/w_test/inbound', { ...form, CallStatus: 'ringing' })).text()
  const callId = (await stubFor(bindings, 'trunk', 'w_test').callOf(sid)) ?? ''
  const fetched = async (url: string, more: Record<string, string>) => {
    const path = url.replaceAll('&amp;', '&').replace(/^https?:\/\/[^/]+/, '')
    page = await (await signed(path.split('#')[0] ?? '', { ...form, CallStatus: 'in-progress', ...more })).text()
  }
  let followed = 0
  /** Goes where the carrier is sent, until the caller hears this. */
  const hears = (text: string) =>
    until(async () => {
      if (page.includes(text)) return
      const told = (await carrier.requests()).filter(one => one.path.endsWith(`/Calls/${sid}.json`) && one.form.Url)
      const next = page.includes('<Conference') ? '' : (/<Redirect[^>]*>([^<]+)</.exec(page)?.[1] ?? '')
      if (told.length > followed) await fetched(told.at(-1)?.form.Url ?? '', {})
      else if (next !== '') await fetched(next, {})
      followed = told.length
      expect(page).toContain(text)
    })
  const keys = async (Digits: string) => fetched(/action="([^"]+)"/.exec(page)?.[1] ?? '', { Digits })
  const room = (conferenceId: string, event: string, more: Record<string, string> = {}) =>
    signed(`/twilio/w_test/rooms/${conferenceId}/conference`, {
      ConferenceSid: `CF${'1'.repeat(32)}`,
      StatusCallbackEvent: event,
      CallSid: sid,
      ParticipantLabel: `guest:${callId}`,
      SequenceNumber: String(calls),
      ...more,
    })
  const ends = () => signed(`/twilio/w_test/calls/${callId}/status`, { ...form, CallStatus: 'completed' })
  return { sid, callId, page: () => page, hears, keys, room, ends }
}
interface Event {
  type: string
  about: Record<string, string>
}
/** The whole sequence of the workspace. */
async function events(): Promise<Event[]> {
  const all: Event[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await ask(admin, `GET /api/events?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`)
    const { items, next } = await page.json<{ items: Event[]; next: string | null }>()
    all.push(...items)
    cursor = items.length === 0 ? null : next
  }
  return all
}
async function inside(id: string): Promise<ConferenceCall[]> {
  const answer = await ask(agent, `GET /v1.0/conferencecalls?conference_id=${id}`)
  return (await answer.json<{ items: ConferenceCall[] }>()).items
}

test('a conference is made, changed, listed and ended, and its PINs are shown to nobody [S1-45]', async () => {
  const { id, ...made1 } = await made('Board', { pin: '4711', moderator_pin: '471100' })
  expect(made1).toMatchObject({ name: 'Board', status: 'starting', has_pin: true, has_moderator_pin: true })
  const changed = await ask(admin, `PUT /v1.0/conferences/${id}`, { locked: true, detail: 'Mondays' })
  expect(await changed.json()).toMatchObject({ locked: true, detail: 'Mondays', has_pin: true })
  for (const endpoint of ['GET /v1.0/conferences', `GET /v1.0/conferences/${id}`, 'GET /conferences?limit=9'])
    expect(await (await ask(agent, endpoint)).text()).not.toContain('4711')
  const { items } = await (await ask(agent, 'GET /conferences')).json<{ items: Conference[] }>()
  expect(items.map(one => one.id)).toContain(id)
  expect((await ask(agent, `DELETE /v1.0/conferences/${id}`)).status).toBe(403)
  expect((await ask(admin, `DELETE /v1.0/conferences/${id}`)).status).toBe(200)
  expect((await ask(admin, `GET /v1.0/conferences/${id}`)).status).toBe(404)
  expect((await ask(admin, `DELETE /v1.0/conferences/${id}`)).status).toBe(404)
})

test('what is wrong with a conference is named by its field, and nothing is changed', async () => {
  const { id } = await made('Taken')
  const other = await made('Other', { pin: '1234' })
  for (const [body, field] of [
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'taken ' }, 'name'],
    [{ name: 'w_test.cf_1' }, 'name'],
    [{ name: 'A', pin: '12' }, 'pin'],
    [{ name: 'A', pin: 1234 }, 'pin'],
    [{ name: 'A', moderator_pin: '1234' }, 'moderator_pin'],
    [{ name: 'A', pin: '1234', moderator_pin: '1234' }, 'moderator_pin'],
    [{ name: 'A', max_participants: 1 }, 'max_participants'],
    [{ name: 'A', waits_for: 'rain' }, 'waits_for'],
    [{ name: 'A', type: 'connect' }, 'type'],
  ] as const)
    expect(await refused('POST /v1.0/conferences', body), JSON.stringify(body)).toEqual([400, [field]])
  expect(await refused(`PUT /v1.0/conferences/${other.id}`, { name: 'TAKEN' })).toEqual([400, ['name']])
  expect(await refused(`PUT /v1.0/conferences/${other.id}`, { moderator_pin: '1234' })).toEqual([
    400,
    ['moderator_pin'],
  ])
  expect(await (await ask(admin, `GET /v1.0/conferences/${other.id}`)).json()).toMatchObject({ name: 'Other' })
  for (const endpoint of [
    `GET /v1.0/conferences/${id}`,
    `DELETE /v1.0/conferences/${id}`,
    `GET /v1.0/conferencecalls?conference_id=${id}`,
    `GET /v1.0/conferencecalls/${id.split('.')[1]}~call_1`,
    `DELETE /v1.0/conferencecalls/${id.split('.')[1]}~call_1`,
    `POST /v1.0/conferencecalls/${id.split('.')[1]}~call_1/mute`,
  ])
    expect((await ask(away, endpoint)).status, endpoint).toBe(404)
  for (const odd of ['x', 'cf_1~', '~call_1', `${id.split('.')[1]}~call_none`])
    expect((await ask(admin, `GET /v1.0/conferencecalls/${odd}`)).status, odd).toBe(404)
})

test('a flow that names a conference by an id that is not there is refused; by a name it need not exist [S1-45]', async () => {
  const { id } = await made('Known')
  const flow = (type: string, option: object) => ({ name: 'F', actions: [{ id: 's', type, option }] })
  for (const [type, option, field] of [
    ['conference_join', { conference_id: 'w_test.cf_nobody' }, 'actions.s.conference_id'],
    ['conference_join', { conference_id: id.replace('w_test', 'w_far') }, 'actions.s.conference_id'],
    ['confbridge_join', { confbridge_id: 'nobody' }, 'actions.s.confbridge_id'],
  ] as const) {
    expect(await refused('POST /v1.0/flows', flow(type, option)), JSON.stringify(option)).toEqual([400, [field]])
    const { errors } = await (await ask(admin, 'POST /v1.0/flows/checks', flow(type, option))).json<{
      errors: { field: string }[]
    }>()
    expect(errors.map(one => `actions.s.${one.field}`)).toEqual([field])
  }
  for (const [type, option] of [
    ['conference_join', { conference_id: id }],
    ['conference_join', { conference_id: 'Not yet made' }],
    ['conference_join', { conference_id: `${'$'}{which}` }],
    ['confbridge_join', { confbridge_id: 'known' }],
  ] as const)
    expect((await ask(admin, 'POST /v1.0/flows', flow(type, option))).status, JSON.stringify(option)).toBe(201)
})

test('a caller joins by name; they are muted, held and taken out, also when the room was lost in between [S1-45] [S1-46]', async () => {
  await answers({ conference_id: 'Daily' })
  const [first, second] = await Promise.all([rings(), rings()])
  await first.hears('<Conference')
  await second.hears('<Conference')
  const { items } = await (await ask(admin, 'GET /v1.0/conferences?limit=200')).json<{ items: Conference[] }>()
  const daily = items.filter(one => one.name === 'Daily')
  expect(daily).toHaveLength(1)
  const id = daily[0]?.id ?? ''
  expect(first.page()).toContain(`>${id}</Conference>`)
  await first.room(id, 'participant-join')
  await second.room(id, 'participant-join', { SequenceNumber: '99' })
  expect((await inside(id)).map(one => one.status)).toEqual(['joined', 'joined'])
  expect(await (await ask(agent, `GET /v1.0/conferences/${id}`)).json()).toMatchObject({ status: 'progressing' })
  await evictDurableObject(stubFor(bindings, 'room', id) as unknown as DurableObjectStub)
  const one = (await inside(id)).find(({ reference_id }) => reference_id === first.callId)
  for (const [endpoint, form] of [
    ['POST', { Muted: 'true' }],
    ['DELETE', { Muted: 'false' }],
  ] as const) {
    expect((await ask(admin, `${endpoint} /v1.0/conferencecalls/${one?.id}/mute`)).status).toBe(202)
    await until(async () => expect((await carrier.requests()).at(-1)?.form).toEqual(form))
    const read = await ask(agent, `GET /v1.0/conferencecalls/${one?.id}`)
    await until(async () => expect(await read.clone().json()).toMatchObject({ role: 'participant' }))
  }
  expect((await ask(admin, `POST /conferencecalls/${one?.id}/hold`)).status).toBe(202)
  await until(async () =>
    expect((await inside(id)).find(({ reference_id }) => reference_id === first.callId)).toMatchObject({ held: true }),
  )
  expect((await ask(admin, `DELETE /v1.0/conferencecalls/${one?.id}`)).status).toBe(202)
  await first.hears('Result kicked.')
  expect((await ask(admin, `DELETE /v1.0/conferences/${id}`)).status).toBe(200)
  await second.hears('Result ended.')
})

test('the end of a conference lets those go as well who key its PIN, in the midst of the keys', async () => {
  const { id } = await made('Keyed', { pin: '86420' })
  await answers({ conference_id: id })
  const first = await rings()
  await first.hears('Please enter the PIN')
  const asked = first.page()
  expect((await inside(id)).map(one => one.status)).toEqual(['joining'])
  expect((await ask(admin, `POST /v1.0/conferences/${id}/end`)).status).toBe(202)
  await first.hears('Result ended.')
  expect(await inside(id)).toEqual([])
  // The carrier brings keys that were pressed before it heard of the end: they open nothing.
  const late = { CallSid: first.sid, CallStatus: 'in-progress', Digits: '86420' }
  const action =
    /action="([^"]+)"/
      .exec(asked)?.[1]
      ?.replaceAll('&amp;', '&')
      .replace(/^https?:\/\/[^/]+/, '') ?? ''
  expect(await (await signed(action, late)).text()).not.toContain('<Conference')
  expect(await inside(id)).toEqual([])
  const second = await rings()
  await second.hears('Please enter the PIN')
  const [one] = await inside(id)
  expect((await ask(admin, `DELETE /v1.0/conferencecalls/${one?.id}`)).status).toBe(202)
  await second.hears('Result kicked.')
  const third = await rings()
  await third.hears('Please enter the PIN')
  expect((await ask(admin, `DELETE /v1.0/conferences/${id}`)).status).toBe(200)
  await third.hears('Result ended.')
})

test('without the PIN nobody is let in: three tries, also over two steps of the flow, and the PIN is in no event [S1-45]', async () => {
  const { id } = await made('Secret', { pin: '86420' })
  await answers({ conference_id: id }, [{ type: 'confbridge_join', option: { confbridge_id: 'secret' } }])
  const caller = await rings()
  await caller.hears('Please enter the PIN')
  for (const wrong of ['1', '']) {
    await caller.keys(wrong)
    await caller.hears('This PIN is not right')
  }
  expect((await inside(id)).map(one => one.status)).toEqual(['joining'])
  await caller.keys('2')
  await caller.hears('Result pin-refused.')
  const knows = await rings()
  await knows.hears('Please enter the PIN')
  await knows.keys('86420')
  await knows.hears(`>${id}</Conference>`)
  const room = await stubFor(bindings, 'room', id).read()
  expect(JSON.stringify(room)).not.toContain('86420')
  const told = await until(async () => {
    const all = await events()
    const of = (type: string) => all.filter(one => one.type === type && one.about.call === knows.callId)
    expect([of('caller-let-in').length, of('flow-outside-asked').length]).toEqual([1, 2])
    return all
  })
  expect(JSON.stringify(told)).not.toContain('86420')
  await knows.ends()
  await until(async () => expect(await inside(id)).toEqual([]))
})

test('somebody whom nobody has let in is taken out at the carrier', async () => {
  const { id } = await made('Closed shop')
  await answers({ conference_id: 'Somewhere else' })
  const caller = await rings()
  await caller.room(id, 'participant-join')
  await until(async () => {
    const removals = (await carrier.requests()).filter(one => one.method === 'DELETE')
    expect(removals.map(one => one.path)).toEqual([expect.stringContaining(`/Participants/${caller.sid}.json`)])
  })
  expect(await inside(id)).toEqual([])
})

test('the end lets everybody go, and the conference stays: who calls later is let in [S1-45]', async () => {
  const { id } = await made('Stays')
  await answers({ conference_id: id })
  const [first, second] = [await rings(), await rings()]
  for (const caller of [first, second]) {
    await caller.hears(`>${id}</Conference>`)
    await caller.room(id, 'participant-join')
  }
  expect((await ask(agent, `POST /v1.0/conferences/${id}/end`)).status).toBe(403)
  expect((await ask(away, `POST /v1.0/conferences/${id}/end`)).status).toBe(404)
  expect((await ask(admin, `POST /v1.0/conferences/${id}/end`)).status).toBe(202)
  await first.hears('Result ended.')
  await second.hears('Result ended.')
  for (const caller of [first, second]) await caller.room(id, 'participant-leave')
  await until(async () => expect(await inside(id)).toEqual([]))
  const later = await rings()
  await later.hears(`>${id}</Conference>`)
})

test('a conference says who is in it to a supervisor, which numbers lead to it, and who is recorded', async () => {
  const { id, numbers } = await made('Who')
  expect(numbers).toEqual([])
  const bound = await ask(admin, `PUT /v1.0/numbers/${encodeURIComponent(NUMBER)}`, { conference_id: id })
  expect(bound.status).toBe(200)
  expect(await (await ask(agent, `GET /v1.0/conferences/${id}`)).json()).toMatchObject({ numbers: [NUMBER] })
  const caller = await rings()
  await caller.hears(`>${id}</Conference>`)
  await caller.room(id, 'participant-join')
  const seen = async (who: Person) => {
    const answer = await ask(who, `GET /v1.0/conferencecalls?conference_id=${id}`)
    return (await answer.json<{ items: ConferenceCall[] }>()).items[0]
  }
  const number = `+1 415 677 ${1000 + calls}`
  expect(await seen(admin)).toMatchObject({ number, recording: false, status: 'joined' })
  // An agent who is not in it sees how many are, and not who.
  expect(await seen(agent)).toMatchObject({ name: '', number: '', status: 'joined' })
  expect((await ask(admin, `POST /v1.0/calls/${caller.callId}/recording_start`)).status).toBe(202)
  await until(async () => expect(await seen(admin)).toMatchObject({ recording: true }))
  expect(await (await ask(agent, 'GET /api/desk/conference')).json()).toEqual({ conference_id: null })
})
