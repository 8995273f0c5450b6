/// <reference types="node" />
/**
 * Two workspaces of one installation: an admin makes the second and asks a colleague, who has an account, over. The colleague's
 * phone works in both, and a second tab does not stay behind. The Worker is the real one.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { type Agent, openBrowser, sitDown } from './agent.ts'
import { look, lookEverywhere } from './look.ts'
import { picture } from './looks.ts'

let stage: Stage
let browser: Browser
let root: Page
let ada: Agent
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7690, networkPort: 7710 })
  browser = await openBrowser()
  ada = await sitDown(browser, stage.url, 'Ada')
  root = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  await root.goto(stage.url)
  await root.getByRole('button', { name: 'Continue as Root' }).click()
  await root.getByRole('button', { name: 'Continue without the phone' }).click()
})
test.afterAll(async () => {
  await ada?.close()
  await browser?.close()
  await stage?.close()
})

const workspaceOf = (page: Page) => page.getByRole('button', { name: /^Workspace / })
/** After the page was loaded anew. */
async function withoutPhone(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
}

test('an admin makes a workspace and goes there', async () => {
  await workspaceOf(root).click()
  for (const colorScheme of ['dark', 'light'] as const) {
    await root.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await look(root, `the workspaces in the top bar, ${colorScheme}`)
    await picture(root, `workspaces-${colorScheme}-1280`)
  }
  await root.getByRole('textbox', { name: 'A new workspace' }).fill('North')
  await root.getByRole('button', { name: 'Make it and go there' }).click()
  await withoutPhone(root)
  await expect(workspaceOf(root)).toHaveText('North')
  await root.getByRole('link', { name: 'Team', exact: true }).click()
  await expect(root.getByRole('row', { name: /^Root/ })).toBeVisible()
  await expect(root.getByRole('row', { name: /^Ada/ })).toHaveCount(0)
  // A narrow screen has no room for it in the bar.
  await root.setViewportSize({ width: 390, height: 800 })
  await expect(workspaceOf(root)).toBeHidden()
  await root.getByRole('button', { name: 'Settings' }).click()
  await expect(root.getByRole('button', { name: 'Go to Demo workspace' })).toBeVisible()
  await look(root, 'the workspaces in the settings, 390')
  await picture(root, 'workspaces-light-390')
  await root.keyboard.press('Escape')
  await root.setViewportSize({ width: 1280, height: 800 })
})

test('a colleague with an account accepts, has a desk and a phone there, and goes back by Ctrl K', async () => {
  test.setTimeout(90_000)
  const panel = root.getByRole('region', { name: 'Invitations' })
  const form = panel.getByRole('form', { name: 'Invite somebody' })
  await form.getByLabel('E-mail').fill('ada@demo.invalid')
  await form.getByRole('button', { name: 'Make a link' }).click()
  const link = await panel.getByLabel('The link').inputValue()
  const { page } = ada
  const second = await page.context().newPage()
  await second.goto(link)
  await expect(second.getByRole('heading', { name: 'Join North?' })).toBeVisible()
  await lookEverywhere(second, 'invitation-known')
  await second.getByRole('button', { name: 'Accept', exact: true }).click()
  // The first tab does not stay with the desk of the workspace that was left.
  await expect(workspaceOf(page)).toHaveText('North', { timeout: 15_000 })
  await second.close()
  await page.reload()
  await expect(page.getByText('Phone ready · Line open')).toBeVisible({ timeout: 20_000 })
  const me = async () => (await (await page.request.get(`${stage.url}/api/me`)).json()) as Record<string, string>
  const { workspaceId, role } = await me()
  expect([workspaceId?.startsWith('w_ws'), role]).toEqual([true, 'agent'])

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find a page or an action' }).fill('workspace demo')
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await me()).workspaceName, { timeout: 15_000 }).toBe('Demo workspace')
  // A tab that cannot show in time that it is the one of before checks its headset again.
  const again = page.getByRole('heading', { name: 'Headset check' })
  await expect(page.getByRole('button', { name: 'Workspace Demo workspace' }).or(again)).toBeVisible({
    timeout: 15_000,
  })
})
