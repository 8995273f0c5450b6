/** An administrator takes an agent's right to call away on the voice page, and the agent's phone and dial pad follow. */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { openBrowser, pressButton, sitDown } from './agent.ts'

let stage: Stage
let browser: Browser

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 6510, networkPort: 6530 })
  browser = await openBrowser()
})
test.afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

/** A person who is signed in and looks at pages; their phone is not needed. */
async function visit(name: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const page = await context.newPage()
  await page.goto(stage.url)
  await pressButton(page, `Continue as ${name}`)
  await pressButton(page, 'Continue without the phone')
  await page.getByRole('link', { name: 'Voice', exact: true }).click()
  return page
}

test('an agent sees their own profile and no choice of others, and names themselves [S4-24] [S4-26]', async () => {
  const page = await visit('Ada')
  await expect(page.getByLabel('May place calls')).toBeChecked()
  await expect(page.getByLabel('Profile of')).toHaveCount(0)
  await page.getByLabel('Alias').fill('Zoë')
  await page.getByRole('button', { name: 'Save the profile' }).click()
  await expect(page.getByText(/^Zoë \(agent_/)).toBeVisible()
  await page.getByLabel('Caller ID of calls by hand').fill('+1 415 555 9999')
  await page.getByRole('button', { name: 'Save the profile' }).click()
  await expect(page.getByText('not one of our numbers')).toBeVisible()
  await page.context().close()
})

test('an administrator forbids an agent to call, and the server refuses the dial pad [S4-26] [S4-27] [S4-37]', async () => {
  test.setTimeout(60_000)
  const ada = await sitDown(browser, stage.url, 'Ada')
  const root = await visit('Root')
  await root.getByLabel('Profile of').selectOption({ label: 'Ada' })
  await expect(root.getByLabel('Alias')).toHaveValue('Zoë')
  await root.getByLabel('May place calls').click()
  await root.getByRole('button', { name: 'Save the profile' }).click()
  await expect(root.getByText('The voice profile is saved.')).toBeVisible()
  await ada.page.getByRole('link', { name: 'Dial pad' }).click()
  await ada.page.getByLabel('Phone number').fill('+1 500 410 0001')
  await pressButton(ada.page, 'Call')
  await expect(ada.page.getByText('Your voice profile does not let you place calls.').first()).toBeVisible()
  expect(stage.network.control.world().calls.filter(one => one.to === '+15004100001')).toEqual([])
  await ada.close()
  await root.context().close()
})
