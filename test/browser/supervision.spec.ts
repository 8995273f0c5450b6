/**
 * A supervisor on a real call: two browsers with the carrier's SDK, the whole product, the phone network's mixer. Who hears whom is
 * measured at the legs. The agent is muted and the person says nothing, so that all sound on the call is the supervisor's microphone.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { type Agent, openBrowser, press, pressButton, sitDown } from './agent.ts'

/** Loudness of a microphone that beeps, and of nobody, 0…1. */
const SPEECH = 0.02
const SILENCE = 0.002
const PEOPLE = ['+15002200871', '+15002200872', '+15002200873']

let stage: Stage
let browser: Browser
let ada: Agent

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7150, networkPort: 7170 })
  stage.network.control.definePeople(
    PEOPLE.map(number => ({
      ...{ number, name: 'Quiet', company: '', timeZone: 'America/New_York' },
      script: { kind: 'human', answerMs: 300 },
    })),
  )
  browser = await openBrowser()
  ada = await sitDown(browser, stage.url)
})
test.afterAll(async () => {
  await ada?.close()
  await browser?.close()
  await stage?.close()
})

const world = () => stage.network.control.world()
const legOf = (label: RegExp) =>
  world()
    .conferences.flatMap(one => one.participants)
    .find(one => label.test(one.label ?? '') && one.status === 'connected')?.callSid ?? ''
const levels = (callSid: string) => world().calls.find(one => one.sid === callSid)?.levels ?? { says: 0, hears: 0 }

/** Ada's microphone, by its key; nothing where it is so already. */
async function mute(muted: boolean): Promise<void> {
  const button = ada.page.getByRole('button', { name: /^(Mute|Unmute)/ }).first()
  await expect(button).toBeVisible()
  if (((await button.textContent()) ?? '').startsWith(muted ? 'Mute' : 'Unmute')) await press(ada.page, 'm')
  await expect(button).toHaveText(muted ? /^Unmute/ : /^Mute/)
}

/** Ada calls somebody by hand; her microphone is off. Returns the leg of the person. */
async function adaCalls(phone: string): Promise<string> {
  const dial = () =>
    ada.page.evaluate(
      async body => {
        const headers = { 'content-type': 'application/json' }
        return (await fetch('/api/campaign/call-notknown', { method: 'POST', headers, body: JSON.stringify(body) }))
          .status
      },
      { phone },
    )
  // The call before is over for the desk a moment after it is for the page.
  await expect.poll(dial, { timeout: 20_000, intervals: [500] }).toBe(202)
  const inRoom = () => world().calls.find(one => one.to === phone && one.conferenceSid !== null)?.sid ?? ''
  await expect.poll(inRoom, { timeout: 20_000 }).not.toBe('')
  await expect(ada.page.getByRole('button', { name: 'Hang up' })).toBeEnabled()
  await mute(true)
  return inRoom()
}

/** Sam has no phone and no session. */
async function samComes(): Promise<{ page: Page; close(): Promise<void> }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, permissions: ['microphone'] })
  const page = await context.newPage()
  await page.goto(stage.url)
  await pressButton(page, 'Continue as Sam')
  await pressButton(page, 'Continue without the phone')
  await page.getByRole('link', { name: 'Live', exact: true }).click()
  return { page, close: () => context.close() }
}

/** The loudest that each hears in the moments in which this leg speaks. */
async function heardWhile(speaker: string, ears: string[]): Promise<number[]> {
  const loudest = ears.map(() => 0)
  for (let moments = 0; moments < 40; ) {
    const { calls } = world()
    const level = (sid: string) => calls.find(one => one.sid === sid)?.levels
    if ((level(speaker)?.says ?? 0) > SPEECH) {
      moments += 1
      ears.forEach((sid, at) => {
        loudest[at] = Math.max(loudest[at] ?? 0, level(sid)?.hears ?? 0)
      })
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return loudest
}

test('a listener is heard by nobody, a whisper by the agent alone, a barge by both, and the person’s end ends it within a second', async () => {
  test.setTimeout(120_000)
  const person = await adaCalls(PEOPLE[0] ?? '')
  const agent = legOf(/^agent:/)
  const sam = await samComes()
  const row = sam.page.getByRole('listitem', { name: 'Ada' })
  await expect(row).toContainText('On a call', { timeout: 15_000 })
  const bar = sam.page.getByRole('region', { name: 'Listening' })

  await row.getByRole('button', { name: 'Listen: Ada' }).click()
  await expect(bar).toContainText('You listen: nobody hears you', { timeout: 20_000 })
  await expect(ada.page.getByText('Sam listens')).toBeVisible()
  const supervisor = legOf(/^listener:/)
  expect(supervisor).not.toBe('')
  for (const level of await heardWhile(supervisor, [agent, person])) expect(level).toBeLessThan(SILENCE)

  await bar.getByRole('button', { name: 'Whisper' }).click()
  await expect(bar).toContainText('hears you')
  await expect(ada.page.getByText('Sam speaks to you alone')).toBeVisible()
  const [toAgent = 0, toPerson = 1] = await heardWhile(supervisor, [agent, person])
  expect(toAgent).toBeGreaterThan(SPEECH)
  expect(toPerson).toBeLessThan(SILENCE)

  await bar.getByRole('button', { name: 'Barge' }).click()
  await expect(bar).toContainText('Both hear you')
  await expect(ada.page.getByText('Sam speaks to you both')).toBeVisible()
  for (const level of await heardWhile(supervisor, [agent, person])) expect(level).toBeGreaterThan(SPEECH)

  await press(sam.page, 'l')
  await expect(bar).toContainText('nobody hears you')
  for (const level of await heardWhile(supervisor, [agent, person])) expect(level).toBeLessThan(SILENCE)

  // What Ada says is heard by the person and by the supervisor.
  await mute(false)
  await expect.poll(() => levels(agent).says, { timeout: 10_000, intervals: [20] }).toBeGreaterThan(SPEECH)
  for (const level of await heardWhile(agent, [person, supervisor])) expect(level).toBeGreaterThan(SPEECH)
  await expect
    .poll(() => sam.page.evaluate(() => window.trunklineSupervisionAudio?.inRms() ?? 0), {
      timeout: 10_000,
      intervals: [20],
    })
    .toBeGreaterThan(0.01)

  stage.network.control.hangUpCall(person)
  const endOf = (sid: string) =>
    stage.network.control.log().find(one => one.kind === 'call-ended' && one.callSid === sid)?.at ?? 0
  await expect.poll(() => endOf(supervisor), { timeout: 10_000 }).toBeGreaterThan(0)
  expect(endOf(supervisor) - endOf(person)).toBeLessThanOrEqual(1_000)
  await expect(bar).toHaveCount(0)
  expect(endOf(agent)).toBe(0)
  await sam.close()
})

test('a supervisor who closes the page leaves the others as they are', async () => {
  test.setTimeout(90_000)
  const person = await adaCalls(PEOPLE[1] ?? '')
  const sam = await samComes()
  await expect(sam.page.getByRole('button', { name: 'Barge: Ada' })).toBeEnabled({ timeout: 20_000 })
  // The key is about the only call there is.
  await press(sam.page, 'b')
  await expect(ada.page.getByText('Sam speaks to you both')).toBeVisible({ timeout: 20_000 })
  await sam.close()
  await expect(ada.page.getByText('Sam speaks to you both')).toHaveCount(0, { timeout: 30_000 })
  expect(legOf(/^listener:/)).toBe('')
  const inside = world().conferences.flatMap(one => one.participants.filter(two => two.status === 'connected'))
  expect(inside.map(one => one.callSid).sort()).toEqual([legOf(/^agent:/), person].sort())
  await press(ada.page, 'x')
  await expect(ada.page.getByRole('button', { name: 'Hang up' })).toHaveCount(0, { timeout: 15_000 })
})

test('a supervisor with an open line takes the person over, and hears them at once', async () => {
  test.setTimeout(90_000)
  const person = await adaCalls(PEOPLE[2] ?? '')
  const sam = await sitDown(browser, stage.url, 'Sam')
  await sam.page.getByRole('link', { name: 'Live', exact: true }).click()
  await expect(sam.page.getByRole('button', { name: 'Take over from Ada' })).toBeEnabled({ timeout: 20_000 })
  await press(sam.page, 'Shift+T')
  await expect(sam.page.getByRole('region', { name: 'Call', exact: true })).toBeVisible({ timeout: 20_000 })
  const room = (callSid: string) => world().calls.find(one => one.sid === callSid)?.conferenceSid
  const lines = world()
    .conferences.flatMap(one => one.participants)
    .filter(one => one.label?.startsWith('agent:'))
    .map(one => one.callSid)
  expect(lines).toHaveLength(2)
  const [sams = '', ...others] = lines.filter(sid => room(sid) === room(person))
  expect(others).toEqual([])
  await expect.poll(() => levels(sams).says, { timeout: 10_000, intervals: [20] }).toBeGreaterThan(SPEECH)
  for (const level of await heardWhile(sams, [person])) expect(level).toBeGreaterThan(SPEECH)
  await expect(ada.page.getByRole('button', { name: 'Hang up' })).toHaveCount(0)
  stage.network.control.hangUpCall(person)
  await sam.close()
})
