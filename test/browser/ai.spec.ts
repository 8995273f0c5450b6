/**
 * A person tries the demo's AI agent from the browser: the whole product, nothing pretended inside. Outside stand the phone
 * network and its speech services, and a microphone that this test speaks into.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { type Agent, openBrowser, pressButton, sitDown } from './agent.ts'
import { SpokenMicrophone } from './spoken-microphone.ts'

let stage: Stage
let browser: Browser
let agent: Agent
const microphone = new SpokenMicrophone()

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 6350, networkPort: 6370 })
  browser = await openBrowser()
  agent = await sitDown(browser, stage.url, 'Ada', context => microphone.plugInto(context))
})
test.afterAll(async () => {
  await agent?.close()
  await browser?.close()
  await stage?.close()
  microphone.close()
})

const said = (page: Page, who: 'caller' | 'agent') => page.locator(`li[data-kind="${who}"]`)

test('a person talks to the AI, is understood, and reads and hears the answer', async () => {
  test.setTimeout(90_000)
  const { page } = agent
  await page.getByRole('link', { name: 'AI', exact: true }).click()
  await page.getByRole('link', { name: 'Robin' }).click()
  await pressButton(page, 'Talk to the AI')
  await expect(page.getByText('You are talking to the AI')).toBeVisible({ timeout: 15_000 })
  await expect(said(page, 'agent').first()).toContainText('How can I help you?', { timeout: 15_000 })
  await microphone.say(page, 'what are your opening hours')
  await expect(said(page, 'caller').first()).toContainText('What are your opening hours?', { timeout: 10_000 })
  await expect(said(page, 'agent').nth(1)).toContainText('We are open Monday to Friday', { timeout: 15_000 })
})
