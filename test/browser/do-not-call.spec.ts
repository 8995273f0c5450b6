/**
 * Somebody calls the demo's number, says "take me off your list" to Robin, and is never called again by anything. The whole product,
 * with nothing replaced inside.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { AI_NUMBER } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { type Agent, lanes, openBrowser, press, pressButton, sitDown } from './agent.ts'

/** Ida has called us; Ben has not. Both are in the campaign. */
const IDA = '+14155557101'
const BEN = '+15004100090'
const SHOWN = '+1 415 555 7101'
/** Nobody's contact: dialled by hand. */
const CLEO = '+15002001095'

let stage: Stage
let browser: Browser
let agent: Agent

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  const people = [
    { name: 'Ida Berg', company: 'Test & Sons', number: IDA },
    { name: 'Ben Holt', company: 'Test & Sons', number: BEN },
  ]
  stage = await setStage({ state: null, port: 6450, networkPort: 6470, demo: { people } })
  browser = await openBrowser()
  agent = await sitDown(browser, stage.url, 'Ada')
})
test.afterAll(async () => {
  await agent?.close()
  await browser?.close()
  await stage?.close()
})

async function post(
  page: Page,
  path: string,
  body: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await page.request.post(`${stage.url}${path}`, { data: body })
  return { status: answer.status(), body: (await answer.json()) as Record<string, unknown> }
}

/** Calls that the phone network was asked to make to this number. */
function callsTo(number: string): number {
  return stage.network.control.world().calls.filter(one => one.to === number && one.direction !== 'inbound').length
}

test('Robin takes a caller off the list, and the number stands on the page of the list [C1]', async () => {
  test.setTimeout(90_000)
  const { page } = agent
  stage.network.control.dial(IDA, AI_NUMBER, {
    kind: 'human',
    voice: 'woman',
    acts: [{ listen: true }, { say: 'take me off your list please' }, { listen: true }, { hangUp: true }],
  })
  await expect
    .poll(async () => (await post(page, '/api/clearance/checks', { number: IDA })).body.rule, { timeout: 45_000 })
    .toBe('do-not-call')
  await page.getByRole('link', { name: 'Do not call', exact: true }).click()
  await expect(page.getByRole('cell', { name: IDA })).toBeVisible()
  await expect(page.getByRole('button', { name: `Remove ${IDA}` })).toHaveCount(0)
  await page.getByLabel('Number to check').fill('(415) 555-7101')
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await expect(page.getByText('This number is on the do-not-call list.')).toBeVisible()
})

test('the dial pad, the API and the routes of the seeds refuse the number in words [C1]', async () => {
  const { page } = agent
  await page.getByRole('link', { name: 'Dial pad' }).click()
  await page.getByLabel('Phone number').fill(SHOWN)
  await pressButton(page, 'Call')
  await expect(page.getByText('This number is on the do-not-call list.').first()).toBeVisible()
  const agents = await page.request.get(`${stage.url}/api/ai/agents`)
  const robin = ((await agents.json()) as { items: { agentId: string }[] }).items[0]?.agentId ?? ''
  const called = await post(page, `/api/ai/agents/${robin}/calls`, { toNumber: IDA, consent: 'signed up on our page' })
  expect(called).toMatchObject({ status: 422, body: { fields: [{ field: 'toNumber', message: 'do-not-call' }] } })
  expect((await post(page, '/twilio/outbound/call', { toNumber: IDA })).status).toBe(422)
  expect((await post(page, '/api/campaign/call-notknown', { phone: IDA })).status).toBe(422)
})

test('a campaign that has the number dials the others [C1]', async () => {
  test.setTimeout(60_000)
  const { page } = agent
  await page.getByRole('link', { name: 'Dialer' }).click()
  await page.getByLabel('I have read this, and our rules allow it').check()
  await expect(page.getByRole('button', { name: /^(Continue|Start dialing)/ })).toBeEnabled({ timeout: 20_000 })
  await press(page, 'Space')
  await expect(lanes(page)).toHaveCount(1, { timeout: 15_000 })
  await expect.poll(() => callsTo(BEN), { timeout: 15_000 }).toBe(1)
  await expect(page.getByRole('group', { name: /Ida Berg/ })).toHaveCount(0)
  expect(callsTo(IDA)).toBe(0)
})

test('a supervisor takes the number off with a reason, and only then may it be called [C1]', async () => {
  test.setTimeout(60_000)
  const sam = await sitDown(browser, stage.url, 'Sam')
  const { page } = sam
  await page.goto(`${stage.url}/do-not-call`)
  await page.getByRole('button', { name: `Remove ${IDA}` }).click()
  const take = page.getByRole('button', { name: 'Take it off' })
  await expect(take).toBeDisabled()
  await page.getByLabel('Why may this number be called again?').fill('She has written to us and asked for a call.')
  await take.click()
  await expect(page.getByText('Nobody is on the list yet.')).toBeVisible()
  expect((await post(page, '/api/clearance/checks', { number: IDA })).body).toMatchObject({ cleared: true })
  await sam.close()
})

/** Ends the session, and dials a number with the pad until somebody is on the line. */
async function dialByHand(page: Page, number: string): Promise<void> {
  await page.getByRole('link', { name: 'Dial pad' }).click()
  await page.getByLabel('Phone number').fill(number)
  await pressButton(page, 'Call')
  await expect(page.getByRole('button', { name: 'Do not call again', exact: true })).not.toHaveAttribute(
    'aria-disabled',
    'true',
    { timeout: 30_000 },
  )
}

test('after a call by hand one press lists the person, and the page of the call says so [C1]', async () => {
  test.setTimeout(90_000)
  const cleo = await sitDown(browser, stage.url, 'Sam')
  const { page } = cleo
  await dialByHand(page, CLEO)
  // Outcomes belong to campaigns, and this call has none.
  await expect(page.getByRole('region', { name: 'Outcome' })).toHaveCount(0)
  await pressButton(page, 'Hang up')
  const last = page.getByRole('region', { name: 'Last call' })
  await last.getByRole('button', { name: /^Do not call again/ }).click()
  await expect(last.getByRole('button', { name: /^On the do-not-call list/ })).toBeVisible()
  await expect
    .poll(async () => (await post(page, '/api/clearance/checks', { number: CLEO })).body.rule, { timeout: 10_000 })
    .toBe('do-not-call')
  await last.getByRole('link').click()
  await expect(page.getByRole('link', { name: 'On the do-not-call list' })).toBeVisible({ timeout: 10_000 })
  await page.getByRole('link', { name: 'Do not call', exact: true }).click()
  await expect(page.getByRole('row').filter({ hasText: CLEO })).toContainText('told an agent, Sam')
  await cleo.close()
})

test('a supervisor lists and removes an area on the page of the list [C1]', async () => {
  test.setTimeout(60_000)
  const sam = await sitDown(browser, stage.url, 'Sam')
  const { page } = sam
  await page.getByRole('link', { name: 'Do not call', exact: true }).click()
  await page.getByLabel('All numbers that begin so').check()
  await page.getByLabel('First digits to add').fill('+1')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText('a whole country is not an area')).toBeVisible()
  await page.getByLabel('First digits to add').fill('+1 (628)')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('cell', { name: '+1628 …' })).toBeVisible()
  await page.getByRole('button', { name: 'Remove +1628' }).click()
  await page.getByLabel('Why may this number be called again?').fill('Listed by mistake.')
  await page.getByRole('button', { name: 'Take it off' }).click()
  await expect(page.getByRole('cell', { name: '+1628 …' })).toHaveCount(0)
  await sam.close()
})
