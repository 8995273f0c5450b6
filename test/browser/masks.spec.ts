/**
 * A newcomer makes a masked number from the page and rings it from two pretend phones: the page in a real browser, the phones in the phone network,
 * nothing in between replaced. The pages are looked at light, dark and at the width of a phone.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { OUR_NUMBERS } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { openBrowser } from './agent.ts'
import { lookEverywhere } from './look.ts'

const [, NUMBER = ''] = OUR_NUMBERS
const [RIDER, DRIVER] = ['+15002007701', '+15002200707']
/** Loudness of somebody who speaks, 0…1. */
const SPEECH = 0.02
const SPEAKS = {
  kind: 'human' as const,
  acts: Array(20)
    .fill([{ say: 'I am at the corner.' }, { pauseMs: 700 }])
    .flat(),
}

let stage: Stage
let browser: Browser
let page: Page
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7250, networkPort: 7270 })
  browser = await openBrowser()
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  page = await context.newPage()
  await page.goto(stage.url)
  await page.getByRole('button', { name: 'Continue as Root' }).click()
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
})
test.afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

const calls = () => stage.network.control.world().calls
const rung = (sid: string) => calls().find(one => one.parentSid === sid)
const hears = (sid: string | undefined) => calls().find(one => one.sid === sid)?.levels?.hears ?? 0

const looked = (name: string) => lookEverywhere(page, name)

test('a number becomes a mask, and two people may meet behind it', async () => {
  test.setTimeout(90_000)
  await page.getByRole('link', { name: 'Masks', exact: true }).click()
  await expect(page.getByText('There are no masks yet.')).toBeVisible()
  const made = page.getByRole('form', { name: 'A new mask' })
  await expect(made.getByRole('button', { name: 'Make a mask' })).toBeDisabled()
  await made.getByLabel('Number').selectOption(NUMBER)
  await made.getByLabel('Name').fill('Rides')
  await made.getByRole('button', { name: 'Make a mask' }).click()
  await page.getByRole('link', { name: NUMBER }).click()
  await expect(page.getByText('Nobody meets here yet.')).toBeVisible()
  const session = page.getByRole('form', { name: 'A new session' })
  await session.getByLabel('First number').fill(RIDER)
  await session.getByLabel('Name of the first').fill('Rider')
  await session.getByLabel('Second number').fill('500')
  await session.getByLabel('Name of the second').fill('Driver')
  await session.getByRole('button', { name: 'Let them meet' }).click()
  await expect(page.getByText('participants.1.number: not a phone number that can be dialled').first()).toBeVisible()
  // What was typed stays for whoever mends it.
  await expect(session.getByLabel('First number')).toHaveValue(RIDER)
  await session.getByLabel('Second number').fill(DRIVER)
  await session.getByRole('button', { name: 'Let them meet' }).click()
  const row = page.getByRole('row', { name: /Rider/ })
  await expect(row).toContainText('open until')
  await expect(row).not.toContainText(RIDER)
})

test('each of the two pretend phones reaches the other, and the page shows the calls without a number', async () => {
  test.setTimeout(90_000)
  const connected = page.getByRole('row', { name: 'being connected' })
  const reaches = async (from: string, to: string) => {
    const sid = stage.network.control.dial(from, NUMBER, SPEAKS)
    await expect.poll(() => rung(sid), { timeout: 20_000 }).toMatchObject({ to, from: NUMBER })
    await expect(connected).toBeVisible({ timeout: 10_000 })
    return sid
  }
  const hangsUp = async (sid: string) => {
    stage.network.control.hangUpCall(sid)
    await expect(connected).toHaveCount(0, { timeout: 15_000 })
  }
  const first = await reaches(RIDER, DRIVER)
  await expect.poll(() => hears(first), { timeout: 20_000 }).toBeGreaterThan(SPEECH)
  await hangsUp(first)
  await hangsUp(await reaches(DRIVER, RIDER))
  await expect(page.getByRole('row', { name: 'the first called' })).toBeVisible()
  await expect(page.getByRole('row', { name: 'the second called' })).toBeVisible()
  const text = await page.locator('main').innerText()
  for (const number of [RIDER, DRIVER]) expect(text).not.toContain(number.slice(-7))
  await looked('mask')
})

test('the call in the log has no number of a person either', async () => {
  await page.getByRole('row', { name: 'the first called' }).getByRole('link').click()
  await expect(page.getByText(NUMBER).first()).toBeVisible()
  for (const number of [RIDER, DRIVER]) await expect(page.getByText(number.slice(-4))).toHaveCount(0)
  await page.goBack()
})

test('an administrator may see both numbers; a mask with an open session stays, and goes when that is closed', async () => {
  test.setTimeout(60_000)
  const row = page.getByRole('row', { name: /Rider/ })
  await row.getByRole('button', { name: 'Show numbers' }).click()
  await expect(row).toContainText(RIDER)
  await page.getByRole('button', { name: `Delete the mask ${NUMBER}`, exact: true }).click()
  await page.getByRole('button', { name: `Really delete? Delete the mask ${NUMBER}` }).click()
  await expect(page.getByText('People may still call behind this number.').first()).toBeVisible()
  await row.getByRole('button', { name: 'Close the session of Rider and Driver', exact: true }).click()
  await row.getByRole('button', { name: /^Really close/ }).click()
  await expect(row).toContainText('closed by hand')
  await page.getByRole('button', { name: `Delete the mask ${NUMBER}`, exact: true }).click()
  await page.getByRole('button', { name: `Really delete? Delete the mask ${NUMBER}` }).click()
  await expect(page.getByText('There are no masks yet.')).toBeVisible()
  await looked('masks')
})
