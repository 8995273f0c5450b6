/** Queues, numbers and flows, edited in a real browser against the whole product. */
import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { OUR_NUMBERS } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { openBrowser } from './agent.ts'
import { staysWhenClosed } from './leaving.ts'

let stage: Stage
let browser: Browser
let page: Page
const faults: string[] = []

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 6650, networkPort: 6670 })
  browser = await openBrowser()
  page = await signedIn('Root')
})
test.afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

/** These pages need no phone. */
async function signedIn(name: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'America/New_York' })
  const fresh = await context.newPage()
  fresh.on('pageerror', error => faults.push(error.message))
  await fresh.goto(stage.url)
  await fresh.getByRole('button', { name: `Continue as ${name}` }).click()
  await fresh.getByRole('button', { name: 'Continue without the phone' }).click()
  return fresh
}

async function open(link: string): Promise<void> {
  await page.getByRole('link', { name: link, exact: true }).click()
  await expect(page.getByRole('heading', { name: link, exact: true, level: 1 })).toBeVisible()
}

async function noViolations(): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`)).toEqual([])
}

test('a queue is made with its agents, and a refusal of the API stands at its field', async () => {
  await open('Queues')
  await page.getByRole('link', { name: 'New queue' }).click()
  await page.getByRole('button', { name: 'Create the queue' }).click()
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription(/character|short|at least/i)
  await page.getByLabel('Name').fill('Billing')
  await page.getByLabel('Rings at an agent, seconds').fill('2')
  await page.getByRole('button', { name: 'Create the queue' }).click()
  await expect(page.getByLabel('Rings at an agent, seconds')).toHaveAccessibleDescription(/5000|small/)
  await page.getByLabel('Rings at an agent, seconds').fill('25')
  await page.getByLabel('Agent to add').selectOption({ label: 'Ada' })
  await page.getByRole('button', { name: 'Add the agent' }).click()
  await page.getByLabel('Skills of Ada').fill('English 1')
  await page.getByRole('button', { name: 'Create the queue' }).click()
  await expect(page.getByRole('heading', { name: 'Billing', level: 1 })).toBeVisible()
  await expect(page.getByText('Nobody is in this queue.')).toBeVisible()
  await expect(page.getByRole('row', { name: /Ada/ })).toContainText('phone is off')
  await noViolations()
  await open('Queues')
  await expect(page.getByRole('row', { name: /Billing/ })).toContainText('0 of 1')
})

test('a number leads to a desk, to an AI agent and to nobody, and it stays so', async () => {
  const number = OUR_NUMBERS[1] ?? ''
  await open('Numbers')
  const leads = page.getByLabel(`${number} leads to`)
  const choose = async (label: string) => {
    await leads.selectOption({ label })
    await expect(leads).toBeEnabled()
    await expect(leads.locator('option:checked')).toHaveText(label)
  }
  await expect(leads.locator('option:checked')).toHaveText('Desk of Ada')
  await choose('AI: Robin')
  await choose('Nobody: the voicemail of the team')
  await choose('Desk of Root')
  await page.reload()
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  await expect(leads.locator('option:checked')).toHaveText('Desk of Root')
  await noViolations()
  expect(faults).toEqual([])
})

test('a number of a desk says where callers go whom nobody takes: to the voicemail, or to a queue', async () => {
  const number = OUR_NUMBERS[1] ?? ''
  await open('Numbers')
  const behind = page.getByLabel(`${number}: when nobody answers`)
  await expect(behind.locator('option:checked')).toHaveText('When nobody answers: voicemail')
  await behind.selectOption({ label: 'When nobody answers: queue Billing' })
  await expect(behind).toBeEnabled()
  await page.reload()
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  await expect(behind.locator('option:checked')).toHaveText('When nobody answers: queue Billing')
  await expect(page.getByLabel(`${number} leads to`).locator('option:checked')).toHaveText('Desk of Root')
  await noViolations()
  await behind.selectOption({ label: 'When nobody answers: voicemail' })
  await expect(behind.locator('option:checked')).toHaveText('When nobody answers: voicemail')
  expect(faults).toEqual([])
})

test('a queue is deleted after it was asked', async () => {
  await open('Queues')
  // The page of bills has the same name.
  const billing = page.getByRole('table').getByRole('link', { name: 'Billing' })
  await billing.click()
  await page.getByRole('button', { name: 'Delete Billing' }).click()
  await page.getByRole('button', { name: 'Really delete? Delete Billing' }).click()
  await expect(page.getByText('Billing is closed.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Queues', level: 1 })).toBeVisible()
  await expect(billing).toHaveCount(0)
  expect(faults).toEqual([])
})

test('a flow is made, checked while it is edited, tried with the keypad, saved and published', async () => {
  test.setTimeout(60_000)
  await open('Flows')
  await page.getByRole('link', { name: 'New flow' }).click()
  await page.getByLabel('Name of the flow').fill('Sales line')
  await page.getByRole('group', { name: 'answer', exact: false }).first().waitFor()
  await expect(page.getByRole('heading', { name: 'Answer', level: 2 })).toBeVisible()
  await noViolations()

  await page.locator('label', { hasText: /^List$/ }).click()
  await page.getByRole('button', { name: /^2\. Say/ }).click()
  await page.getByRole('button', { name: 'Menu', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Menu', level: 2 })).toBeVisible()
  // The option of a menu has fields that must be there: the check says so at the field and in the list.
  await expect(page.getByLabel('Text', { exact: false }).first()).toHaveAccessibleDescription(/it is missing/)
  await expect(page.getByRole('list', { name: 'Steps' })).toContainText('target_ids: it is missing')
  await page.getByLabel(/^Text/).fill('Press 1 for sales.')
  await page.getByRole('button', { name: 'Add to Target' }).click()
  await page.getByText('Call', { exact: true }).click()
  await page.getByRole('button', { name: 'Hang up', exact: true }).click()
  await page.getByRole('button', { name: 'Say', exact: true }).click()
  await page.getByLabel(/^Text/).fill('Sales here.')
  await page.getByRole('button', { name: /^3\. Menu/ }).click()
  await page.getByLabel('Target, step of 1').selectOption('talk')
  await expect(page.getByRole('heading', { name: 'What the check says' })).toHaveCount(0)

  await page.getByRole('button', { name: 'Call the flow' }).click()
  const happens = page.getByRole('list', { name: 'What happens' })
  await expect(happens).toContainText('Press 1 for sales.')
  await expect(happens).not.toContainText('Sales here.')
  await page.getByRole('button', { name: 'Press 1', exact: true }).click()
  await expect(happens).toContainText('Sales here.')
  await expect(page.getByText('The call is over.')).toBeVisible()
  await noViolations()

  await page.getByRole('button', { name: 'Remove the step' }).click()
  await expect(page.getByRole('button', { name: /^3\. Menu/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: /^3\. Menu/ })).toBeVisible()

  await page.getByRole('button', { name: 'Save the draft' }).click()
  await expect(page.getByRole('heading', { name: 'Sales line', level: 1 })).toBeVisible()
  await expect(page.getByText('Calls do not get it yet.')).toBeVisible()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await expect(page.getByText('Calls get version 1.')).toBeVisible()
  expect(faults).toEqual([])
})

/** What this caller has heard so far, as the phone network has said it. */
function heard(callSid: string): string {
  const log = stage.network.control.log() as unknown as { kind: string; callSid?: string; text?: string }[]
  return log.flatMap(one => (one.kind === 'network-said' && one.callSid === callSid ? [one.text] : [])).join(' ')
}

async function leads(number: string, label: string): Promise<void> {
  await open('Numbers')
  const choice = page.getByLabel(`${number} leads to`)
  await choice.selectOption({ label })
  await expect(choice.locator('option:checked')).toHaveText(label)
}

test('whoever leaves a flow with changes is asked: by a link, by the browser’s back, by closing the tab', async () => {
  await open('Flows')
  await page.getByRole('link', { name: 'Sales line' }).click()
  await page.getByLabel('What it is for').fill('Calls to sales')
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await page.getByRole('link', { name: 'Numbers', exact: true }).click()
  await expect(question).toBeVisible()
  await expect(question.getByRole('button', { name: 'Stay' })).toBeFocused()
  await noViolations()
  await page.keyboard.press('Enter')
  await expect(question).toHaveCount(0)
  await expect(page.getByLabel('What it is for')).toHaveValue('Calls to sales')
  await page.goBack()
  await expect(question).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(question).toHaveCount(0)
  await expect(page.getByLabel('What it is for')).toHaveValue('Calls to sales')
  await staysWhenClosed(page)
  await page.goBack()
  await question.getByRole('button', { name: 'Leave without saving' }).click()
  await expect(page.getByRole('heading', { name: 'Flows', level: 1 })).toBeVisible()
  // Nothing was saved, and what is as it was saved is left without a question.
  await page.getByRole('link', { name: 'Sales line' }).click()
  await expect(page.getByLabel('What it is for')).toHaveValue('')
  await open('Numbers')
  expect(faults).toEqual([])
})

test('an admin says how long voicemail is kept; a refusal stands at the field, and a supervisor reads it', async () => {
  const label = 'Voicemail, missed calls and callbacks are kept, days'
  await open('Numbers')
  await expect(page.getByLabel(label)).toHaveValue('90')
  await page.getByLabel(label).fill('0')
  await page.getByRole('button', { name: 'Save how long voicemail is kept' }).click()
  await expect(page.getByLabel(label)).toHaveAccessibleDescription(/1/)
  await page.getByLabel(label).fill('30')
  await expect(page.getByText('What is older is deleted for good')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Voicemail is kept for 30 days from now on.')).toBeVisible()
  const sam = await signedIn('Sam')
  await sam.getByRole('link', { name: 'Numbers', exact: true }).click()
  await expect(sam.getByLabel(label)).toHaveValue('30')
  await expect(sam.getByLabel(label)).not.toBeEditable()
  await sam.context().close()
  expect(faults).toEqual([])
})

test('a flow that was never published cannot answer a number, and the row says so', async () => {
  await page.getByRole('link', { name: 'Flows', exact: true }).click()
  await page.getByRole('link', { name: 'New flow' }).click()
  await page.getByLabel('Name of the flow').fill('Only a draft')
  await page.getByRole('button', { name: 'Save the draft' }).click()
  await expect(page.getByRole('heading', { name: 'Only a draft', level: 1 })).toBeVisible()
  await open('Numbers')
  const choice = page.getByLabel(`${OUR_NUMBERS[2]} leads to`)
  await choice.selectOption({ label: 'Flow: Only a draft' })
  await expect(page.getByText('Not changed: it was never published.')).toBeVisible()
  await expect(choice.locator('option:checked')).toHaveText('Desk of Ada')
  await page.getByRole('link', { name: 'Flows', exact: true }).click()
  await page.getByRole('link', { name: 'Only a draft' }).click()
  await page.getByRole('button', { name: 'Delete Only a draft' }).click()
  await page.getByRole('button', { name: 'Really delete? Delete Only a draft' }).click()
  await expect(page.getByRole('heading', { name: 'Flows', level: 1 })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Only a draft' })).toHaveCount(0)
})

test('a number leads to the flow, and a caller hears it and chooses', async () => {
  test.setTimeout(60_000)
  await leads(OUR_NUMBERS[2] ?? '', 'Flow: Sales line')
  const acts = [{ listen: true }, { press: '1' }, { listen: true }]
  const callSid = stage.network.control.dial('+15002003201', OUR_NUMBERS[2] ?? '', { kind: 'human', acts })
  await expect.poll(() => heard(callSid), { timeout: 30_000 }).toContain('Press 1 for sales.')
  await expect.poll(() => heard(callSid), { timeout: 30_000 }).toContain('Sales here.')
})

test('a second version goes to a share of the calls, says what it changed, and is rolled back', async () => {
  test.setTimeout(60_000)
  await open('Flows')
  await page.getByRole('link', { name: 'Sales line' }).click()
  await page.locator('label', { hasText: /^List$/ }).click()
  await page.getByRole('button', { name: /^2\. Say/ }).click()
  await page.getByLabel(/^Text/).fill('Good day.')
  await page.getByRole('button', { name: 'Save the draft' }).click()
  await expect(page.getByText('The draft is saved. Calls get version 1.')).toBeVisible()
  await page.getByLabel('Share of the calls, %').fill('25')
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await expect(page.getByText('Calls get version 1, 25 % version 2.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Versions' })).toContainText('hello: text')
  await page.getByLabel('Share of the calls, %').fill('')
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await expect(page.getByText('Calls get version 3.')).toBeVisible()
  await page.getByRole('button', { name: 'Bring back version 1' }).click()
  await expect(page.getByText('Version 1 is back.')).toBeVisible()
  await expect(page.getByText('Calls get version 4.')).toBeVisible()
  await page.locator('label', { hasText: /^List$/ }).click()
  await expect(page.getByRole('list', { name: 'Steps' })).toContainText('Hello. Thank you for calling.')
  await noViolations()
})

test('the reception of the demo is open at noon and closed at night', async () => {
  await open('Flows')
  await page.getByRole('link', { name: 'Reception' }).click()
  await page.getByLabel('When it is').fill('2026-11-30T12:00')
  await page.getByRole('button', { name: 'Call the flow' }).click()
  const happens = page.getByRole('list', { name: 'What happens' })
  await expect(happens).toContainText('Welcome to Northwind Supplies.')
  await page.getByRole('button', { name: 'Press 1', exact: true }).click()
  await expect(happens).toContainText('You will talk with sales in a moment.')
  await page.getByLabel('When it is').fill('2026-11-30T22:00')
  await page.getByRole('button', { name: 'Begin again' }).click()
  await expect(happens).toContainText('Please leave a message after the tone.')
  await page.getByRole('button', { name: 'Speak for 5 s' }).click()
  await expect(happens).toContainText('Thank you. Goodbye.')
})

test('a caller of the demo’s queue is seen waiting there and is taken out', async () => {
  test.setTimeout(60_000)
  await leads(OUR_NUMBERS[2] ?? '', 'Flow: Sales queue with callback')
  const acts = [{ listen: true }, { listen: true }, { listen: true }, { listen: true }]
  const callSid = stage.network.control.dial('+15002003202', OUR_NUMBERS[2] ?? '', { kind: 'human', acts })
  await expect.poll(() => heard(callSid), { timeout: 30_000 }).toContain('we will call you back')
  await open('Queues')
  await expect(page.getByRole('row', { name: /^Sales/ })).toContainText('Sales1', { timeout: 20_000 })
  await page.getByRole('link', { name: 'Sales', exact: true }).click()
  await page.getByRole('button', { name: 'Take out caller 1' }).click()
  await page.getByRole('button', { name: 'Really take out? Take out caller 1' }).click()
  await expect(page.getByText('Nobody is in this queue.')).toBeVisible()
  expect(faults).toEqual([])
})
