/** Tests of the desk against the whole stack: two agents, hold, mute, one number, a refused number, declining. */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { type Agent, hears, laneOf, openBrowser, press, pressButton, sitDown } from './agent.ts'

const people = [
  ['Ada One', '+15002200501'],
  ['Ada Two', '+15004100002'],
  ['Bo One', '+15002200603'],
  ['Bo Two', '+15004100004'],
  ['Refused', '+15005000005'],
  ['Reached', '+15002200506'],
].map(([name, number]) => ({
  name: name ?? '',
  company: 'Test & Sons',
  number: number ?? '',
  timeZone: 'America/New_York',
}))

let stage: Stage
let browser: Browser
let ada: Agent
let bo: Agent

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 5850, networkPort: 5870, demo: { people } })
  browser = await openBrowser()
  ada = await sitDown(browser, stage.url, 'Ada')
  bo = await sitDown(browser, stage.url, 'Bo')
})
test.afterAll(async () => {
  await ada?.close()
  await bo?.close()
  await browser?.close()
  await stage?.close()
})

interface View {
  conversation: { callId: string; held: boolean } | null
  lanes: { state: string; reason: string | null; contact: { name: string } }[]
  pendingOutcomes: unknown[]
  session: { state: string } | null
}
const view = (page: Page): Promise<View> => page.evaluate(async () => (await fetch('/api/desk/view')).json())

async function start(page: Page, lines: string): Promise<void> {
  await page.getByRole('radio', { name: lines, exact: true }).focus()
  await page.keyboard.press('Space')
  const consent = page.getByRole('checkbox')
  if (await consent.count()) {
    await consent.focus()
    if (!(await consent.isChecked())) await page.keyboard.press('Space')
  }
  await press(page, 'Space')
}

test('two agents share one campaign: neither the start nor the stop of one touches the other [S3-21]', async () => {
  await start(ada.page, '2')
  await expect(laneOf(ada.page, 'Ada One')).toHaveAttribute('data-state', 'live', { timeout: 15_000 })
  await start(bo.page, '2')
  await expect(laneOf(bo.page, 'Bo One')).toHaveAttribute('data-state', 'live', { timeout: 15_000 })
  await hears(ada.page)
  await hears(bo.page)
  await bo.page.keyboard.press('Escape')
  await bo.page.keyboard.press('Escape')
  await expect.poll(async () => (await view(bo.page)).session?.state).toBe('stopped')
  await press(bo.page, 'x')
  await expect.poll(async () => (await view(bo.page)).conversation).toBeNull()
  expect((await view(ada.page)).conversation).not.toBeNull()
  await hears(ada.page)
})

test('hold: the lane says so after the carrier did, and the customer is back afterwards', async () => {
  await press(ada.page, 'h')
  await expect.poll(async () => (await view(ada.page)).conversation?.held, { timeout: 10_000 }).toBe(true)
  const held = stage.network.control
    .world()
    .conferences.flatMap(room => room.participants)
    .filter(one => one.held)
  expect(held).toHaveLength(1)
  await press(ada.page, 'h')
  await expect.poll(async () => (await view(ada.page)).conversation?.held, { timeout: 10_000 }).toBe(false)
  await hears(ada.page)
})

test('mute: the page cannot be misread, and nothing of the agent is heard', async () => {
  const said = () => {
    const { conferences, calls } = stage.network.control.world()
    const room = conferences.find(one => one.participants.length === 2)
    const line = room?.participants.find(one => one.label?.startsWith('agent:'))
    return calls.find(call => call.sid === line?.callSid)?.levels?.says ?? -1
  }
  await expect.poll(said, { timeout: 10_000, intervals: [50] }).toBeGreaterThan(0.01)
  await press(ada.page, 'm')
  await expect(ada.page.getByText(/you are muted/i).first()).toBeVisible()
  await expect.poll(async () => Math.max(...(await several(said))), { timeout: 10_000 }).toBeLessThan(0.005)
  await press(ada.page, 'm')
  await expect.poll(said, { timeout: 10_000, intervals: [50] }).toBeGreaterThan(0.01)
  await press(ada.page, 'x')
  await expect.poll(async () => (await view(ada.page)).pendingOutcomes.length).toBe(1)
  await press(ada.page, '1')
  await expect.poll(async () => (await view(ada.page)).pendingOutcomes.length).toBe(0)
})

/** Looks for two seconds, because the fake microphone beeps once a second. */
async function several(look: () => number): Promise<number[]> {
  const seen: number[] = []
  await expect.poll(() => seen.push(look()), { intervals: [50], timeout: 10_000 }).toBeGreaterThan(40)
  return seen
}

test('a number that the carrier refuses ends its lane with the reason, the other one is reached', async () => {
  await press(ada.page, 'Space')
  await expect(laneOf(ada.page, 'Reached')).toHaveAttribute('data-state', 'live', { timeout: 20_000 })
  expect((await view(ada.page)).lanes.find(lane => lane.contact.name === 'Refused')?.reason).toBe('refused')
  await press(ada.page, 'x')
  await expect.poll(async () => (await view(ada.page)).pendingOutcomes.length).toBe(1)
  await press(ada.page, '2')
  await expect.poll(async () => (await view(ada.page)).pendingOutcomes.length).toBe(0)
})

test('a caller whom the agent declines leaves a message, and the call page plays it [S4-4 S3-37]', async () => {
  test.setTimeout(90_000)
  const caller = '+14155559002'
  const message = 'please call me back about the invoice of last month'
  stage.network.control.dial(caller, '+14155550001', {
    kind: 'human',
    acts: [
      { listen: { silenceMs: 1_500, atMostMs: 30_000 } },
      { pauseMs: 1_000 },
      { say: message },
      { pauseMs: 500 },
      { hangUp: true },
    ],
  })
  await expect(ada.page.getByRole('dialog', { name: 'Inbound call' })).toBeVisible({ timeout: 10_000 })
  await press(ada.page, 'd')
  await expect(ada.page.getByRole('dialog', { name: 'Inbound call' })).toBeHidden()
  const calls = async () =>
    ada.page.evaluate(async () => (await (await fetch('/api/calls?direction=inbound')).json()).items)
  await expect
    .poll(calls, { timeout: 60_000 })
    .toContainEqual(expect.objectContaining({ number: caller, status: 'hangup', result: 'voicemail' }))
  await ada.page.getByRole('link', { name: 'Calls' }).click()
  await ada.page
    .getByRole('row', { name: /555 ?-?9002|5559002/ })
    .getByRole('link')
    .first()
    .click()
  const player = ada.page.getByLabel('Recording', { exact: true })
  await expect(player).toBeVisible({ timeout: 15_000 })
  await expect
    .poll(() => player.evaluate((sound: HTMLAudioElement) => sound.duration), { timeout: 10_000 })
    .toBeGreaterThan(2)
  // What was heard depends on how well a busy machine speaks and listens; that its words stand there does not.
  const words = ada.page.getByRole('region', { name: 'Recordings' })
  await expect(words).toContainText(/Caller|No words were heard/, { timeout: 30_000 })
  // The older address of a call's sound gives it too, when the carrier has none any more.
  const older = await ada.page.evaluate(async () => {
    const callId = location.pathname.split('/').at(-1)
    return (await fetch(`/api/calls/${callId}/recording.wav`)).status
  })
  expect(older).toBe(200)
  await ada.page.getByRole('link', { name: 'Dialer' }).click()
})

test('the dial pad calls one number that is no contact; no outcome is owed [S1-20]', async () => {
  await ada.page.keyboard.press('Escape')
  await ada.page.keyboard.press('Escape')
  await expect.poll(async () => (await view(ada.page)).session?.state).toMatch(/stopped|finished/)
  await ada.page.getByRole('link', { name: 'Dial pad' }).focus()
  await ada.page.keyboard.press('Enter')
  await ada.page.getByRole('textbox').first().fill('+1 500 220 0777')
  await pressButton(ada.page, 'Call')
  await expect.poll(async () => (await view(ada.page)).lanes[0]?.state, { timeout: 15_000 }).toBe('live')
  await hears(ada.page)
  await press(ada.page, 'x')
  await expect.poll(async () => (await view(ada.page)).conversation).toBeNull()
  expect((await view(ada.page)).pendingOutcomes).toHaveLength(0)
})
