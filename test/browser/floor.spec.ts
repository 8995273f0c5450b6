/// <reference types="node" />
/**
 * A supervisor and an agent, each in their own browser: a message is read, a break is ordered and ended, and the agent is signed out, by keyboard. The
 * Worker is the real one.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { openBrowser } from './agent.ts'

let stage: Stage
let browser: Browser
let ada: Page
let sam: Page
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7374, networkPort: 7384 })
  browser = await openBrowser()
  ada = await signedIn('Ada')
  sam = await signedIn('Sam')
  await sam.getByRole('link', { name: 'Live', exact: true }).click()
})
test.afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

async function signedIn(name: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  await page.goto(stage.url)
  await page.getByRole('button', { name: `Continue as ${name}` }).click()
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  return page
}
const said = () => ada.getByRole('region', { name: 'From your supervisor' })
const row = () => sam.getByRole('listitem', { name: /^Ada/ })

/** By keyboard alone. */
async function says(deed: string, words: string): Promise<void> {
  await row()
    .getByRole('button', { name: new RegExp(`^${deed}: Ada`) })
    .press('Enter')
  const form = sam.getByRole('form', { name: new RegExp(`^${deed}: Ada`) })
  await form.getByRole('textbox').fill(words)
  await form.getByRole('textbox').press('Enter')
  await expect(form).toHaveCount(0)
}

test('a message stands on the agent’s screen until they have read it, also after a reload', async () => {
  test.setTimeout(60_000)
  await expect(row()).toContainText('Ready')
  await says('Message', 'Well done this morning.')
  await expect(said()).toContainText('Well done this morning.')
  await ada.reload()
  await ada.getByRole('button', { name: 'Continue without the phone' }).click()
  await expect(said()).toContainText('Well done this morning.')
  await said().getByRole('button', { name: /^Read/ }).press('Enter')
  await expect(said()).toHaveCount(0)
})

test('a break that was ordered is shown to both, with its reason, and the agent ends it', async () => {
  await says('Pause', 'Stand-up at ten')
  await expect(said()).toContainText('has sent you on a break: Stand-up at ten')
  await expect(row()).toContainText('On a break')
  await expect(row()).toContainText('a supervisor has said so')
  await said().getByRole('button', { name: /^Read/ }).press('Enter')
  await ada.getByRole('button', { name: /Back to ready/ }).click()
  await expect(row()).toContainText('Ready')
})

test('an agent who is signed out has no page any more', async () => {
  await says('Sign out', 'The day is over')
  await expect(ada.getByRole('button', { name: 'Continue as Ada' })).toBeVisible({ timeout: 15_000 })
  await expect(row()).toContainText('Offline')
})
