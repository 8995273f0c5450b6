/** Nothing that was accepted is lost: what grows is rows, every text has a limit, and what cannot be stored is refused aloud. */
import { runInDurableObject } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { platformOf } from '../../../src/actors/shell/platform.ts'
import { Shell } from '../../../src/actors/shell/shell.ts'
import { STATE_BYTES_MAX } from '../../../src/actors/shell/state-store.ts'
import { stubFor } from '../../../src/actors/stubs.ts'
import { OPEN_CONFERENCE } from '../../../src/actors/workspace/conference-book.ts'
import { batch } from '../../../src/core/batch/batch.ts'
import { type BatchState, LEGS_MAX, SEATS_MAX } from '../../../src/core/batch/state.ts'
import { campaign, refusedView } from '../../../src/core/campaign/campaign.ts'
import {
  type CampaignEffect,
  type CampaignFact,
  type CampaignInput,
  type CampaignState,
  SESSIONS_MAX,
} from '../../../src/core/campaign/state.ts'
import { desk } from '../../../src/core/desk/desk.ts'
import { type DeskState, EMPTY_DESK, PENDING_MAX } from '../../../src/core/desk/state.ts'
import type { LaneContact } from '../../../src/core/desk/view.ts'
import { type Growing, step } from '../../../src/core/machine.ts'
import { CALLERS_MAX, TRIES_KEPT } from '../../../src/core/room/conference.ts'
import { room } from '../../../src/core/room/room.ts'
import { PARTICIPANTS_MAX } from '../../../src/core/room/state.ts'
import { SUPERVISIONS_MAX } from '../../../src/core/room/supervision.ts'
import type { Campaign, EventPage } from '../../../src/wire/api.ts'
import { NOTE_CHARS_MAX } from '../../../src/wire/desk.ts'
import { AI_LINES_MAX, SCRIPT_CHARS_MAX } from '../../../src/wire/routes/campaigns.ts'
import { SETTINGS } from '../sitting.ts'
import { bindings, migrated, until } from '../stage.ts'
import { ask, type Person, person } from './people.ts'

let [admin, supervisor] = [] as Person[] as [Person, Person]
beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
  supervisor = await person('Sam', 'supervisor')
})

/** A letter that takes two bytes in JSON, so that a text of them is as large as a lawful one becomes. */
const WIDE = '"'
const outcomes = Array.from({ length: 9 }, (_, index) => ({
  key: index + 1,
  outcomeId: `${index}${WIDE.repeat(63)}`,
  label: WIDE.repeat(80),
}))
const LARGEST = { name: WIDE.repeat(120), script: WIDE.repeat(SCRIPT_CHARS_MAX), outcomes }

async function post(body: object) {
  return ask(supervisor, 'POST /api/campaigns', { name: 'One', outcomes: SETTINGS.outcomes, ...body })
}

test('a campaign with a text above its limit is refused by name, and the largest one is there [D6]', async () => {
  for (const [field, body] of [
    ['outcomes.0.label', { outcomes: [{ key: 1, outcomeId: 'yes', label: 'x'.repeat(70_000) }] }],
    ['outcomes.0.outcomeId', { outcomes: [{ key: 1, outcomeId: 'x'.repeat(70_000), label: 'Yes' }] }],
    ['script', { script: '\u0001'.repeat(12_000) }],
    ['script', { script: '\ud800'.repeat(12_000) }],
    ['script', { script: 'x'.repeat(SCRIPT_CHARS_MAX + 1) }],
    ['name', { name: 'x'.repeat(121) }],
  ] as const) {
    const answer = await post(body)
    expect(answer.status, field).toBe(400)
    expect(await answer.json(), field).toMatchObject({ fields: [{ field }] })
  }
  const { campaignId } = (await (await post(LARGEST)).json()) as { campaignId: string }
  const read = (await (await ask(supervisor, `GET /api/campaigns/${campaignId}`)).json()) as Campaign
  expect(read).toMatchObject(LARGEST)
})

test('what an actor cannot store is refused to whoever asked, and the log says so [D4] [D6]', async () => {
  const stub = stubFor(bindings, 'campaign', 'w_test.c_toolarge')
  expect(await stub.configure(SETTINGS)).toBe(true)
  // Refused over and over, it is told once a minute.
  for (let times = 0; times < 5; times += 1)
    expect(await stub.configure({ ...SETTINGS, script: 'x'.repeat(STATE_BYTES_MAX) })).toBe(false)
  expect((await stub.read()).state.settings?.script).toBe(SETTINGS.script)
  await until(async () => {
    const page = (await (await ask(supervisor, 'GET /api/events?types=input-refused')).json()) as EventPage
    expect(page.items).toMatchObject([
      { about: { campaign: 'w_test.c_toolarge' }, data: { input: 'campaign.configured', because: 'too-large' } },
    ])
  })
})

/** The machine with its shell and nothing behind it: debts are performed by nobody. */
async function onDisk<T>(name: string, body: (open: () => CampaignShell, sql: SqlStorage) => T): Promise<T> {
  const stub = bindings.ROOM.getByName(`w_test.d_${name}.1`) as unknown as DurableObjectStub
  return runInDurableObject(stub, async (_, ctx) => {
    await ctx.storage.deleteAll()
    const open = () =>
      new Shell(platformOf(ctx), {
        machine: campaign,
        laneOf: () => 'one',
        performer: { perform: () => new Promise<never>(() => {}) },
      })
    return body(open, ctx.storage.sql)
  })
}
type CampaignShell = Shell<CampaignState, CampaignInput, CampaignFact, CampaignEffect>

const AGENTS = 300
const deskOf = (n: number) => `w_test.d_${String(n).padStart(46, 'a')}`
const start = (n: number): CampaignInput => ({
  type: 'agent.asked',
  at: n,
  deskId: deskOf(n),
  agentName: WIDE.repeat(80),
  word: 'start',
  lines: 4,
})

/** Brings this agent to a round of four people who have all answered. */
function atWork(shell: CampaignShell, n: number): void {
  shell.commit(start(n))
  const askId = shell.state.sessions.at(-1)?.askId ?? ''
  const lease = { leaseId: `${deskOf(n)}:${n}`, for: { kind: 'batch' as const, id: askId } }
  const place = { kind: 'room' as const, room: `${deskOf(n)}.${n}` }
  shell.commit({ type: 'seat.answered', at: n, askId, lease, place, reason: null })
  const people = [1, 2, 3, 4].map(one => ({
    contactId: `${n}-${one}`.padStart(48, 'p'),
    name: 'Pat',
    company: '',
    number: `+1415555017${one}`,
    numberShown: '',
    timeZone: null,
    postcode: null,
    extension: null,
    attempts: 0,
    lastNote: '',
  }))
  const numbers = people.map(() => '+14155550178')
  shell.commit({
    type: 'numbers.leased',
    at: n,
    askId,
    numbers,
    notBefore: null,
    candidates: people,
    verdicts: people.map(() => ({ cleared: true as const })),
    left: 4,
  })
}

test('300 agents work in one campaign: nothing is refused, and every row is small [D4]', async () => {
  const found = await onDisk('crowd', (open, sql) => {
    const shell = open()
    const settings = { ...SETTINGS, ...LARGEST }
    shell.commit({ type: 'campaign.configured', at: 0, campaignId: 'w_test.c_crowd', settings })
    for (let n = 1; n <= AGENTS; n += 1) atWork(shell, n)
    const sizes = sql.exec(
      'SELECT length(CAST(body AS BLOB)) AS n FROM state UNION ALL SELECT length(CAST(body AS BLOB)) FROM state_rows',
    )
    const tables = sql.exec("SELECT name FROM sqlite_master WHERE name = 'quarantine'").toArray()
    // Another object that wakes up reads the same state.
    const again = open().state
    return { sizes: sizes.toArray().map(row => Number(row.n)), tables, live: shell.state, again }
  })
  expect(found.tables).toEqual([])
  expect(found.live.sessions.filter(one => one.roundOpen)).toHaveLength(AGENTS)
  expect(found.again).toEqual(found.live)
  expect(Math.max(...found.sizes)).toBeLessThan(STATE_BYTES_MAX)
  expect(found.sizes).toHaveLength(AGENTS + 1)
})

test('one agent too many is told so; a session that is over makes room [D4] [D5]', () => {
  const put = (state: CampaignState, input: CampaignInput) => step(campaign, state, input)
  let state = put(campaign.initial, {
    type: 'campaign.configured',
    at: 0,
    campaignId: 'w_test.c_full',
    settings: SETTINGS,
  }).state
  for (let n = 1; n <= SESSIONS_MAX; n += 1) state = put(state, start(n)).state
  const refused = put(state, start(SESSIONS_MAX + 1))
  expect(refused.facts).toMatchObject([{ type: 'session-refused', deskId: deskOf(SESSIONS_MAX + 1) }])
  expect(refused.effects).toMatchObject([{ type: 'refuse-session', deskId: deskOf(SESSIONS_MAX + 1), lines: 4 }])
  expect(refusedView(state, deskOf(SESSIONS_MAX + 1), 4, 7)).toMatchObject({
    state: 'stopped',
    restReason: 'campaign-full',
  })
  const stopped = put(state, { ...start(7), word: 'stop' } as CampaignInput).state
  const taken = put(stopped, start(SESSIONS_MAX + 1))
  expect(taken.facts.map(fact => fact.type)).toEqual(['session-forgotten', 'session-started', 'round-asked'])
  expect(taken.state.sessions).toHaveLength(SESSIONS_MAX)
  expect(AGENTS + AI_LINES_MAX).toBeLessThanOrEqual(SESSIONS_MAX)
})

test('a name of 62,000 letters is refused, whoever gives it [D5]', async () => {
  const name = 'x'.repeat(62_000)
  const bo = await person('Bo', 'agent')
  expect((await ask(admin, `PATCH /api/members/${bo.userId}`, { name })).status).toBe(400)
  const added = { email: 'long@example.com', name, role: 'agent', password: 'a long enough secret' }
  expect((await ask(admin, 'POST /api/members', added)).status).toBe(400)
})

/** The bytes of the largest value that the shell writes for this state. */
function largest<State>(state: State, growing?: Growing<State>): number {
  const values = growing ? [growing.rest(state), ...growing.rowsOf(state).values()] : [state]
  return Math.max(...values.map(value => new TextEncoder().encode(JSON.stringify(value)).length))
}

const contact: LaneContact = {
  contactId: 'p'.repeat(48),
  name: WIDE.repeat(161),
  company: WIDE.repeat(120),
  number: '+14155550177',
  numberShown: '+1 415 555 0177',
  timeZone: 'America/Argentina/ComodRivadavia',
  attempt: 4,
  lastNote: WIDE.repeat(NOTE_CHARS_MAX),
}
const note = WIDE.repeat(NOTE_CHARS_MAX)
const id = 'w'.repeat(96)

test('the largest desk is within the limit, and is read back as it was [D4]', () => {
  const talk = {
    callId: id,
    kind: 'campaign' as const,
    contact,
    sinceMs: 1,
    provisional: false,
    held: false,
    answerToRoomMs: 1,
    note,
    batchId: id,
    campaignId: id,
  }
  const lane = {
    callId: id,
    contact,
    from: '+14155550178',
    state: 'live' as const,
    sinceMs: 1,
    untilMs: null,
    reason: null,
    firstName: null,
    verdict: null,
  }
  const owed = (n: number) => ({ callId: `${id}${n}`, contact, campaignId: id, endedMs: 1, talkedMs: 1, note })
  const ring = {
    callId: id,
    from: '',
    fromShown: '',
    to: '',
    contact,
    sinceMs: 1,
    accepted: false,
    transfer: { transferId: id, summary: WIDE.repeat(600) },
  }
  const state: DeskState = {
    ...EMPTY_DESK,
    agent: { userId: id, deskId: id, name: WIDE.repeat(80), role: 'agent', identity: id },
    settings: { wrapUpMs: 1, outcomes, script: LARGEST.script },
    lanes: [1, 2, 3, 4].map(() => lane),
    conversation: talk,
    parked: talk,
    lastTalk: { callId: id, contact, endedMs: 1, doNotCall: true },
    inbound: ring,
    pending: Array.from({ length: PENDING_MAX }, (_, n) => owed(n)),
  }
  const { growing } = desk
  if (growing === undefined) throw new Error('a desk grows')
  expect(largest(state, growing)).toBeLessThan(STATE_BYTES_MAX)
  const stored = new Map(JSON.parse(JSON.stringify([...growing.rowsOf(state)])) as [string, unknown][])
  expect(growing.whole(JSON.parse(JSON.stringify(growing.rest(state))) as DeskState, stored)).toEqual(state)
  expect(growing.whole(growing.rest(EMPTY_DESK), growing.rowsOf(EMPTY_DESK))).toEqual(EMPTY_DESK)
})

test('the largest round and the largest room are within the limit [D4]', () => {
  const order = {
    agentId: 'a'.repeat(48),
    version: 99_999,
    record: true,
    driver: 'realtime' as const,
    language: 'en-US',
  }
  const legs = Array.from({ length: LEGS_MAX }, (_, n) => ({
    legId: `${id.slice(4)}${n}`,
    verdict: 'unknown' as const,
    answeredAs: 'C'.repeat(64),
    watchAt: 1e13,
    looked: true,
    phase: 'ended' as const,
    outcome: 'connected' as const,
    host: order,
  }))
  const seats = Array.from({ length: SEATS_MAX }, () => ({
    seatId: id,
    deskId: id,
    place: { kind: 'agent' as const, order },
    paused: true,
    legId: id,
  }))
  const policy = { ...SETTINGS.policy, host: order }
  expect(largest<BatchState>({ phase: 'open', policy, legs, seats }, batch.growing)).toBeLessThan(STATE_BYTES_MAX)
  const participants = Array.from({ length: PARTICIPANTS_MAX }, () => ({
    callId: id,
    role: 'customer' as const,
    muted: true,
    held: true,
    joinedAt: 1e13,
  }))
  const names = participants.map((_, n) => [`${id}${n}`, 'C'.repeat(64)] as const)
  const full = {
    room: id,
    owner: { kind: 'desk' as const, id },
    participants,
    carrier: { conferenceId: id, legs: Object.fromEntries(names) },
    gone: names.map(([, one]) => one),
    wanted: Object.fromEntries(names.map(([one]) => [one, true])),
    conference: {
      version: 1e9,
      settings: { ...OPEN_CONFERENCE.settings, needsPin: true },
      closed: false,
      callers: Object.fromEntries(
        Array.from({ length: CALLERS_MAX }, (_, n) => [
          `${id}${n}`,
          { ask: 1e6, moderator: false, stage: 'leaving' as const, untilMs: 1e13 },
        ]),
      ),
      tries: Object.fromEntries(Array.from({ length: TRIES_KEPT }, (_, n) => [`${id}${n}`, 3])),
    },
    supervisions: Array.from({ length: SUPERVISIONS_MAX }, (_, n) => ({
      ...{ supervisionId: `${id}${n}`, callId: id, by: { deskId: id, name: 'x'.repeat(80) }, announced: true },
      ...{
        ask: 1e6,
        wanted: 'whisper' as const,
        refused: false,
        mode: 'whisper' as const,
        providerId: id,
        untilMs: 1e13,
      },
    })),
  }
  expect(largest(full, room.growing)).toBeLessThan(STATE_BYTES_MAX)
})
