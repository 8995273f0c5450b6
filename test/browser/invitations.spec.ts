/// <reference types="node" />
/**
 * An admin and whoever they invite, each in their own browser: the link, the account, the first desk; and somebody who has an
 * account already says yes or no. The Worker is the real one.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { openBrowser, pressButton } from './agent.ts'
import { lookEverywhere } from './look.ts'

const EMAIL = 'nia@example.com'
/** Made up for this test. */
const PASSWORD = 'a summer night in riga'

let stage: Stage
let browser: Browser
let root: Page
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7680, networkPort: 7700 })
  browser = await openBrowser()
  root = await opened()
  await root.goto(stage.url)
  await root.getByRole('button', { name: 'Continue as Root' }).click()
  await root.getByRole('button', { name: 'Continue without the phone' }).click()
  await root.getByRole('link', { name: 'Team', exact: true }).click()
})
test.afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

async function opened(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ['microphone'] })
  return context.newPage()
}

const panel = () => root.getByRole('region', { name: 'Invitations' })

/** The link, as the admin's page shows it once. */
async function invited(email: string, role = 'agent'): Promise<string> {
  const form = panel().getByRole('form', { name: 'Invite somebody' })
  await form.getByLabel('E-mail').fill(email)
  await form.getByLabel('As').selectOption(role)
  await form.getByRole('button', { name: 'Make a link' }).click()
  const link = await panel().getByLabel('The link').inputValue()
  await expect(panel().getByRole('row', { name: email })).toContainText(`${role}Root`)
  return link
}

test('somebody new opens the link, chooses a name and a password, and sits at their desk', async () => {
  test.setTimeout(90_000)
  await expect(panel().getByText('No invitation waits for an answer.')).toBeVisible()
  const link = await invited(EMAIL)
  await expect(panel().getByText('Trunkline sends no mail')).toBeVisible()
  await lookEverywhere(root, 'invitations-of-the-team')
  await panel().getByRole('button', { name: 'I have it' }).click()
  await expect(panel().getByLabel('The link')).toHaveCount(0)

  const page = await opened()
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'Join Demo workspace?' })).toBeVisible()
  await expect(page.getByText(`Root invites ${EMAIL} as an agent.`)).toBeVisible()
  await lookEverywhere(page, 'invitation-new')
  await page.getByLabel('Your name').fill('Nia')
  await page.getByLabel('A password, 12 characters or more').fill('password1234')
  await page.getByRole('button', { name: 'Join' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByLabel('A password, 12 characters or more').fill(PASSWORD)
  await page.getByRole('button', { name: 'Join' }).click()
  await pressButton(page, 'Check my headset')
  await expect(page.getByRole('button', { name: 'Continue', exact: true })).toBeEnabled({ timeout: 15_000 })
  await pressButton(page, 'Continue')
  await expect(page.getByText('Phone ready · Line open')).toBeVisible({ timeout: 15_000 })
  await page.context().close()

  await root.reload()
  await root
    .getByRole('button', { name: 'Continue without the phone' })
    .or(root.getByRole('heading', { name: 'Team' }))
    .first()
    .click()
  await expect(root.getByRole('row', { name: /^Nia/ })).toBeVisible()
  await expect(panel().getByText('No invitation waits for an answer.')).toBeVisible()
  const late = await opened()
  await late.goto(link)
  await expect(late.getByText('This invitation is not valid, or not any more.')).toBeVisible()
  await lookEverywhere(late, 'invitation-over')
  await late.context().close()
})

test('a revoked link and a declined one open nothing any more', async () => {
  const revoked = await invited('revoked@example.com', 'supervisor')
  await panel().getByRole('button', { name: 'I have it' }).click()
  await panel().getByRole('button', { name: 'Revoke the invitation of revoked@example.com', exact: true }).click()
  await panel()
    .getByRole('button', { name: /^Really revoke\?/ })
    .click()
  await expect(panel().getByRole('row', { name: 'revoked@example.com' })).toHaveCount(0)
  const page = await opened()
  await page.goto(revoked)
  await expect(page.getByText('This invitation is not valid, or not any more.')).toBeVisible()
  const declined = await invited('declined@example.com')
  await panel().getByRole('button', { name: 'I have it' }).click()
  await page.goto('about:blank')
  await page.goto(declined)
  await page.getByRole('button', { name: 'Decline' }).click()
  await expect(page.getByText('You have declined.')).toBeVisible()
  await page.reload()
  await expect(page.getByText('This invitation is not valid, or not any more.')).toBeVisible()
  await page.context().close()
})

test('an account whose password an admin has typed gets one of its own before it joins another team', async () => {
  test.setTimeout(90_000)
  const [email, typed] = ['bea@example.com', 'typed by somebody else']
  const asRoot = async (method: 'post' | 'put', path: string, data: object) => {
    const answer = await root.request[method](`${stage.url}${path}`, { data })
    expect(answer.ok(), await answer.text()).toBe(true)
    return answer.json()
  }
  await asRoot('post', '/api/members', { email, name: 'Bea', password: typed, role: 'agent' })
  const { workspaceId } = await asRoot('post', '/api/workspaces', { name: 'North' })
  await asRoot('put', '/api/me/workspace', { workspaceId })
  const { link } = await asRoot('post', '/api/invitations', { email, role: 'agent' })
  const page = await opened()
  await page.goto(link)
  await page.getByLabel('Your password', { exact: true }).fill(typed)
  await page.getByRole('button', { name: 'Sign in and accept' }).click()
  await expect(page.getByRole('alert')).toContainText('An admin has chosen the password of this account.')
  await lookEverywhere(page, 'invitation-given')
  await page.getByLabel('The password that you have now').fill(typed)
  await page.getByLabel('A new password, 12 characters or more').fill(PASSWORD)
  await page.getByRole('button', { name: 'Change it and accept' }).click()
  await expect(page.getByRole('button', { name: 'Check my headset' })).toBeVisible({ timeout: 15_000 })
  const where = await page.request.get(`${stage.url}/api/me`)
  expect(await where.text()).toContain('North')
  await page.context().close()
})
