/**
 * The whole product, with nothing replaced inside: real Chromium, the real browser SDK, real Worker and Durable Objects,
 * signed webhooks, TwiML and audio; outside, the phone network. One agent, one session, by keyboard alone.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { type Agent, hears, laneOf, laneStates, lanes, openBrowser, press, sitDown } from './agent.ts'

/** Magic numbers of the phone network (packages/phone-network/docs/people.md): +1500 BB PPP II. */
const HUMAN = (tenths: number) => `22${String(tenths).padStart(3, '0')}`
const QUIET = '41000'
const BUSY = '40003'
const TIED = '24002'
const VOICEMAIL = '30003'
/** Hangs up 6 s after the answer: by then it is decided that this is a person (4 s at most). */
const LEAVES = '21060'

const ROUNDS: [string, string[]][] = [
  ['plain', [HUMAN(8), QUIET, QUIET, QUIET]],
  ['tied', [QUIET, TIED, TIED, QUIET]],
  ['machine', [VOICEMAIL, QUIET, QUIET, QUIET]],
  ['busy', [BUSY, BUSY, BUSY, BUSY]],
  ['late', [HUMAN(8), HUMAN(12), QUIET, QUIET]],
  ['leaves', [QUIET, QUIET, LEAVES, QUIET]],
  ['inbound', [QUIET, QUIET, QUIET, QUIET]],
  ['reload', [QUIET, HUMAN(6), QUIET, QUIET]],
  ['killed', [HUMAN(10), QUIET, QUIET, QUIET]],
  ['tenth', [QUIET, QUIET, QUIET, HUMAN(4)]],
  ['eleventh', [QUIET, HUMAN(4), QUIET, QUIET]],
  ['twelfth', [HUMAN(4), QUIET, QUIET, QUIET]],
  ['thirteenth', [QUIET, QUIET, HUMAN(4), QUIET]],
]

const people = ROUNDS.flatMap(([round, kinds], row) =>
  kinds.map((kind, column) => ({
    name: `${round[0]?.toUpperCase()}${round.slice(1)} ${'ABCD'[column]}`,
    company: 'Test & Sons',
    number: `+1500${kind}${String(row * 4 + column).padStart(2, '0')}`,
    timeZone: 'America/New_York',
  })),
)

let stage: Stage
let browser: Browser
let agent: Agent

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 5150, networkPort: 5170, demo: { people } })
  browser = await openBrowser()
  agent = await sitDown(browser, stage.url)
})
test.afterAll(async () => {
  await agent?.close()
  await browser?.close()
  await stage?.close()
})

let saved = 0

async function startRound(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: /^(Continue|Start dialing)/ })).toBeEnabled({ timeout: 20_000 })
  const before = await firstCall(page)
  await press(page, 'Space')
  await expect.poll(() => firstCall(page), { timeout: 15_000 }).not.toBe(before)
  await expect(lanes(page)).toHaveCount(4)
}

function firstCall(page: Page): Promise<string | null> {
  return page.evaluate(() => document.querySelector('fieldset[data-call-id]')?.getAttribute('data-call-id') ?? null)
}

async function won(page: Page, name: string): Promise<void> {
  await expect(laneOf(page, name)).toHaveAttribute('data-state', 'live', { timeout: 15_000 })
}

async function hangUpAndSave(page: Page, key = '1'): Promise<void> {
  await press(page, 'x')
  await saveOutcome(page, key)
}

async function saveOutcome(page: Page, key = '1'): Promise<void> {
  await expect(page.getByText(/choose an outcome|outcome/i).first()).toBeVisible()
  await expect.poll(async () => (await view(page)).pendingOutcomes.length, { timeout: 10_000 }).toBe(1)
  await press(page, key)
  await expect.poll(async () => (await view(page)).pendingOutcomes.length, { timeout: 10_000 }).toBe(0)
  saved += 1
}

interface SeenView {
  pendingOutcomes: unknown[]
  lanes: { callId: string; state: string; reason: string | null; contact: { name: string; number: string } }[]
  session: { state: string; counts: Record<string, number> } | null
  line: { state: string; generation: number }
  conversation: { callId: string; sinceMs: number } | null
}
/** The server's own view of this agent, by the public API (the desk's campaign status has the lanes only). */
async function view(page: Page): Promise<SeenView> {
  return page.evaluate(async () => (await fetch('/api/desk/view')).json())
}

const creates = (number: string) =>
  stage.network.control.log().filter(entry => entry.kind === 'call-created' && JSON.stringify(entry).includes(number))
    .length

test('a round: the first who answers is heard, the three others are let go with the reason [S3-18]', async () => {
  const { page } = agent
  await page.getByRole('checkbox').focus()
  await page.keyboard.press('Space')
  await startRound(page)
  await won(page, 'Plain A')
  await hears(page)
  await expect.poll(() => laneStates(page)).toEqual(['live', 'ended', 'ended', 'ended'])
  await expect(laneOf(page, 'Plain B')).toContainText('Plain A answered first')
  await hangUpAndSave(page)
})

test('two answer in the same instant: one is bridged, the other hears the message [S3-20]', async () => {
  const { page } = agent
  await startRound(page)
  await expect.poll(() => laneStates(page), { timeout: 15_000 }).toContain('live')
  const winners = (await view(page)).lanes.filter(lane => lane.state === 'live')
  expect(winners).toHaveLength(1)
  await hears(page)
  const tied = (await view(page)).lanes.filter(lane => lane.contact.number.includes(TIED) && lane.state !== 'live')
  expect(tied).toHaveLength(1)
  expect(tied[0]?.reason).toBe('no-seat')
  await hangUpAndSave(page, '2')
})

test('a machine holds first: it is let go when detection says so, and no outcome is owed [S3-22 S3-64]', async () => {
  const { page } = agent
  await startRound(page)
  await expect(laneOf(page, 'Machine A')).toHaveAttribute('data-state', 'holding', { timeout: 10_000 })
  await expect.poll(async () => (await view(page)).lanes[0]?.reason, { timeout: 10_000 }).toBe('machine')
  await expect.poll(async () => (await view(page)).session?.state, { timeout: 10_000 }).toBe('waiting')
  expect((await view(page)).pendingOutcomes).toHaveLength(0)
})

test('all are busy: the round ends by itself and waits for the agent [S3-23]', async () => {
  const { page } = agent
  await startRound(page)
  await expect
    .poll(async () => (await view(page)).lanes.map(lane => lane.reason), { timeout: 15_000 })
    .toEqual(['busy', 'busy', 'busy', 'busy'])
  await expect.poll(async () => (await view(page)).session?.state).toBe('waiting')
})

test('a late answer, while its cancel is on the way, hears the message and not the agent [S3-20]', async () => {
  const { page } = agent
  stage.network.control.addFault({ on: 'rest', what: '5xx', next: 9, match: { Status: 'canceled' } })
  await startRound(page)
  await won(page, 'Late A')
  await expect.poll(async () => (await view(page)).lanes[1]?.reason, { timeout: 10_000 }).toBe('no-seat')
  const message = stage.network.control
    .log()
    .some(entry => JSON.stringify(entry).includes('all of our agents are speaking'))
  expect(message).toBe(true)
  stage.network.control.clearFaults()
  await hears(page)
  await hangUpAndSave(page)
})

test('the customer hangs up first: the page says so and asks for the outcome [S3-54]', async () => {
  test.setTimeout(60_000)
  const { page } = agent
  await startRound(page)
  await expect.poll(async () => (await view(page)).lanes[2]?.reason, { timeout: 30_000 }).toBe('customer-hung-up')
  expect((await view(page)).conversation).toBeNull()
  await saveOutcome(page, '4')
  await expect(page.getByRole('button', { name: /^Continue/ })).toBeEnabled({ timeout: 10_000 })
})

test('an inbound call beside a live race is answered; the race gives its seat back [S3-37 S3-42 S4-2 S4-3]', async () => {
  const { page } = agent
  await startRound(page)
  stage.network.control.dial('+14155559001', '+14155550001', {
    kind: 'human',
    acts: [{ say: 'Hello, I am calling you about my order.' }, { pauseMs: 500 }],
    repeat: true,
  })
  await expect(page.getByRole('dialog', { name: 'Inbound call' })).toBeVisible({ timeout: 10_000 })
  await press(page, 'a')
  await expect.poll(async () => (await view(page)).conversation?.callId ?? '', { timeout: 10_000 }).toContain('.call_')
  await hears(page)
  await expect(page.getByText(/^Live with/).first()).toBeVisible()
  const row = () => page.evaluate(async () => (await (await fetch('/api/calls?q=4155559001')).json()).items[0] ?? {})
  await expect.poll(row).toMatchObject({ direction: 'inbound', number: '+14155559001', from: '+14155550001' })
  await expect.poll(() => laneStates(page), { timeout: 15_000 }).toEqual(['ended', 'ended', 'ended', 'ended'])
  await press(page, 'x')
  await expect.poll(async () => (await view(page)).conversation, { timeout: 10_000 }).toBeNull()
})

test('a reload in mid-call: the same lanes, the customer waits, the phone is back within 3 s [S3-52 S3-64 S4-19]', async () => {
  const { page } = agent
  await startRound(page)
  await won(page, 'Reload B')
  const before = await view(page)
  await page.reload()
  const reloaded = Date.now()
  await expect(laneOf(page, 'Reload B')).toHaveAttribute('data-state', 'live')
  await expect.poll(async () => (await view(page)).line.state, { timeout: 10_000, intervals: [50] }).toBe('open')
  expect(Date.now() - reloaded).toBeLessThan(3_000)
  const after = await view(page)
  expect(after.lanes.map(lane => lane.callId)).toEqual(before.lanes.map(lane => lane.callId))
  expect(after.conversation?.sinceMs).toBe(before.conversation?.sinceMs)
  expect(after.line.generation).toBe(before.line.generation)
  await hears(page)
  await hangUpAndSave(page)
})

test('workerd is killed between the answer and the cancels: one winner, soon, and nobody is dialled twice [S3-6]', async () => {
  const { page } = agent
  const [first] = people.filter(person => person.name === 'Killed A')
  // The cancels are refused until the kill: they are owed, written, and not done.
  stage.network.control.addFault({ on: 'rest', what: '5xx', match: { Status: 'canceled' } })
  const answered = stage.network.control.until(
    entry =>
      entry.kind === 'twiml-received' && JSON.stringify(entry).includes(callSidOf(first?.number ?? '') ?? 'none'),
    30_000,
    stage.network.control.log().at(-1)?.seq ?? 0,
  )
  await startRound(page)
  await answered
  const killed = Date.now()
  const pid = stage.worker.pid()
  expect(pid).not.toBeNull()
  if (pid !== null) process.kill(pid, 'SIGKILL')
  stage.network.control.clearFaults()
  await expect
    .poll(async () => (await view(page).catch(() => null))?.lanes.filter(lane => lane.state === 'live').length, {
      timeout: 15_000,
      intervals: [100],
    })
    .toBe(1)
  await expect
    .poll(async () => (await view(page)).lanes.filter(lane => lane.state === 'ended').length, { timeout: 10_000 })
    .toBe(3)
  expect(Date.now() - killed).toBeLessThan(12_000)
  for (const person of people.filter(one => one.name.startsWith('Killed'))) expect(creates(person.number)).toBe(1)
  // The page's own socket was lost with the Worker; a key that is pressed before it is back does nothing.
  await expect(page.getByText('Live', { exact: true })).toBeVisible({ timeout: 15_000 })
  await won(page, 'Killed A')
  await hears(page)
  await hangUpAndSave(page)
})

function callSidOf(number: string): string | null {
  const created = stage.network.control
    .log()
    .findLast(entry => entry.kind === 'call-created' && JSON.stringify(entry).includes(number))
  return created ? (/CA[0-9a-f]{32}/.exec(JSON.stringify(created))?.[0] ?? null) : null
}

for (const name of ['Tenth D', 'Eleventh B', 'Twelfth A', 'Thirteenth C']) {
  test(`on with the session: ${name}`, async () => {
    const { page } = agent
    await startRound(page)
    await won(page, name)
    await hears(page)
    await hangUpAndSave(page, '3')
  })
}

test('the summary counts what has happened, and every attempt stands in the call log', async () => {
  const { page } = agent
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect.poll(async () => (await view(page)).session?.state, { timeout: 10_000 }).toBe('stopped')
  const counts = (await view(page)).session?.counts ?? {}
  expect(counts.rounds).toBe(ROUNDS.length)
  expect(counts.dials).toBe(ROUNDS.length * 4)
  expect(counts.busy).toBe(4)
  expect(counts.machines).toBe(1)
  expect(counts.talkedMs).toBeGreaterThan(1_000)
  expect(counts.abandoned).toBeGreaterThanOrEqual(2)
  const outcomes = Object.values((counts.outcomes ?? {}) as unknown as Record<string, number>).reduce(
    (sum, n) => sum + n,
    0,
  )
  expect(outcomes).toBe(saved)
  expect(saved).toBeGreaterThanOrEqual(10)
  const log = await page.evaluate(async () => (await fetch('/api/calls?limit=200')).json())
  expect(log.items.filter((row: { kind: string }) => row.kind === 'campaign')).toHaveLength(ROUNDS.length * 4)
})
