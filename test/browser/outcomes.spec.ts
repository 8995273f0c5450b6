/**
 * Outcomes and scripts of a campaign, made on the page by Sam, and used by Ada during a call: a field that is missing is refused first, and the
 * consequence happens. Nothing inside the product is replaced; the people are the phone network's.
 */
import { expect, type Page, test } from '@playwright/test'
import { presence, press } from './agent.ts'
import { lookEverywhere } from './look.ts'
import { newCampaign, twoDesks } from './two-desks.ts'

/** They answer after 2 s, say something, and stay (packages/phone-network/docs/people.md). */
const people = [0, 1, 2].map(n => ({
  ...{ firstName: 'Person', lastName: `${n + 1}`, phone: `+1500220200${n}`, timeZone: 'America/New_York' },
}))
const floor = twoDesks(7640)
test.describe.configure({ mode: 'serial' })

let sam: Page
let campaignId = ''
test.afterAll(async () => {
  await sam?.context().close()
})

interface View {
  conversation: { callId: string; provisional: boolean; chosen?: { outcomeId: string } } | null
  pendingOutcomes: unknown[]
}
const view = (page: Page) => page.evaluate(async () => (await (await fetch('/api/desk/view')).json()) as View)
const row = (page: Page, name: string) => page.getByRole('group', { name, exact: true })
const outcome = (page: Page) => page.getByRole('region', { name: 'Outcome', exact: true })
const script = (page: Page) => page.getByRole('region', { name: 'Script', exact: true })

test('a supervisor writes the outcomes and the script; what is wrong stands at its field', async () => {
  test.setTimeout(120_000)
  const made = await newCampaign(floor, 'Told')
  sam = made.sam
  const { form } = made

  // The list: a removal is taken back, an outcome moves, a callback asks for its time, a new one lists the number.
  await form.getByRole('button', { name: 'Remove Wrong number' }).click()
  await expect(row(sam, 'Wrong number')).toHaveCount(0)
  await form.getByRole('button', { name: 'Undo' }).click()
  await expect(row(sam, 'Wrong number')).toBeVisible()
  await form.getByRole('button', { name: 'Move Wrong number up' }).click()
  await row(sam, 'Call back').getByLabel('a time').check()
  await row(sam, 'Interested').getByLabel('the company').check()
  await form.getByRole('button', { name: 'Add an outcome' }).click()
  await row(sam, 'outcome 6').getByLabel('Outcome', { exact: true }).fill('Stop calling')
  await row(sam, 'Stop calling').getByLabel('Key', { exact: true }).selectOption('z')
  await row(sam, 'Stop calling').getByLabel('Colour', { exact: true }).selectOption('bad')

  // The script: two blocks; the first leads to the second.
  await form.getByRole('button', { name: 'Add a block' }).click()
  await form.getByRole('button', { name: 'Add a block' }).click()
  const first = row(sam, 'Block block-1')
  await first
    .getByLabel('The agent says')
    .fill('Hi {{firstName|there}} of {{company|your company}}, {{agent.nam}} here.')
  await first.getByRole('button', { name: 'Add an answer' }).click()
  await first.getByLabel('Answer 1', { exact: true }).fill('Is interested')
  await first.getByLabel('Answer 1 leads to').selectOption('block-2')
  await row(sam, 'Block block-2').getByLabel('The agent says').fill('Great, {{firstName}}. From {{campaign.name}}.')
  const preview = form.getByRole('region', { name: 'Preview' })
  await expect(preview.getByText(/Hi Amara of your company/)).toBeVisible()
  await preview.getByRole('button', { name: 'Is interested' }).click()
  await expect(preview.getByText('Great, Amara. From Told.')).toBeVisible()

  await form.getByRole('button', { name: 'Create the campaign' }).click()
  await expect(first.getByText('nothing is called {{agent.nam}}')).toBeVisible()
  await expect(row(sam, 'Stop calling').getByText(/an outcome with this name is do-not-call/)).toBeVisible()
  await first
    .getByLabel('The agent says')
    .fill('Hi {{firstName|there}} of {{company|your company}}, {{agent.name}} here.')
  await row(sam, 'Stop calling').getByLabel('The person', { exact: true }).selectOption('do-not-call')
  await row(sam, 'Stop calling').scrollIntoViewIfNeeded()
  await lookEverywhere(sam, 'campaign-outcomes')
  await form.getByRole('button', { name: 'Create the campaign' }).click()
  await expect(sam.getByRole('heading', { name: 'Told' })).toBeVisible({ timeout: 20_000 })
  campaignId = new URL(sam.url()).pathname.split('/').at(-1) ?? ''
  await floor.ask('POST', `/api/campaigns/${campaignId}/contacts`, { contacts: people })
})

/** Ada is on the line with somebody who is certainly a person. */
async function onTheLine(page: Page): Promise<string> {
  await expect.poll(() => presence(page), { timeout: 30_000 }).toBe('on-call')
  await expect.poll(async () => (await view(page)).conversation?.provisional, { timeout: 15_000 }).toBe(false)
  return (await view(page)).conversation?.callId ?? ''
}

async function hangUp(page: Page, callId: string): Promise<void> {
  await press(page, 'x')
  await expect.poll(async () => (await view(page)).conversation?.callId ?? '', { timeout: 10_000 }).not.toBe(callId)
}

async function personOf(callId: string) {
  const { call } = await floor.ask<{ call: { contactId: string; outcome: string | null } }>(
    'GET',
    `/api/calls/${callId}`,
  )
  const people = await floor.ask<{ status: string; company: string }[]>('POST', '/api/contacts/batch', {
    ids: [call.contactId],
  })
  return { call, person: people[0] }
}

test('during the call a key chooses the outcome, what is missing is asked for, and the end of the call saves it', async () => {
  test.setTimeout(120_000)
  const { page } = floor.ada
  await page.reload()
  await expect(page.getByText('Phone ready · Line open')).toBeVisible({ timeout: 20_000 })
  await page.getByLabel('Campaign', { exact: true }).selectOption({ label: 'Told' })
  await expect(page.getByRole('button', { name: /^Start dialing/ })).toBeEnabled({ timeout: 20_000 })
  await press(page, 'Space')
  const callId = await onTheLine(page)
  await expect(script(page).getByText('Hi Person of your company, Ada here.')).toBeVisible()
  await press(page, 'Alt+1')
  await expect(script(page).getByText('Great, Person. From Told.')).toBeVisible()
  await lookEverywhere(page, 'session-outcomes')

  await press(page, '1')
  const asked = outcome(page).getByRole('form', { name: 'Interested' })
  await asked.getByRole('button', { name: 'Interested' }).click()
  await expect(page.getByText('This outcome needs the company of the person').first()).toBeVisible()
  expect((await view(page)).conversation?.chosen).toBeUndefined()
  await lookEverywhere(page, 'session-outcome-asks')
  await asked.getByLabel('Company').fill('Acme')
  await asked.getByLabel('Company').press('Enter')
  await expect(outcome(page).getByText('It is saved when the call ends.', { exact: false })).toBeVisible()
  expect((await view(page)).conversation?.chosen?.outcomeId).toBe('interested')
  await hangUp(page, callId)
  expect((await view(page)).pendingOutcomes).toEqual([])
  await expect
    .poll(
      async () => {
        const { call, person } = await personOf(callId)
        return [call.outcome, person?.company, person?.status]
      },
      { timeout: 20_000 },
    )
    .toEqual(['interested', 'Acme', 'done'])
})

test('a letter chooses do-not-call under a name of our own, and a callback has the time that was typed', async () => {
  test.setTimeout(120_000)
  const { page } = floor.ada
  await press(page, 'Space')
  const first = await onTheLine(page)
  await press(page, 'z')
  await expect
    .poll(async () => (await view(page)).conversation?.chosen?.outcomeId, { timeout: 10_000 })
    .toBe('stop-calling')
  await hangUp(page, first)
  await expect.poll(async () => (await personOf(first)).person?.status, { timeout: 20_000 }).toBe('dnc')

  await press(page, 'Space')
  const second = await onTheLine(page)
  await press(page, '2')
  const asked = outcome(page).getByRole('form', { name: 'Call back' })
  await expect(asked.getByLabel('Call again at, by the clock of America/New_York')).toBeVisible()
  const day = new Date(Date.now() + 5 * 24 * 3_600_000).toISOString().slice(0, 10)
  await asked.getByLabel(/^Call again at/).fill(`${day}T09:30`)
  await asked.getByRole('button', { name: 'Call back' }).click()
  await expect
    .poll(async () => (await view(page)).conversation?.chosen?.outcomeId, { timeout: 10_000 })
    .toBe('callback')
  await hangUp(page, second)
  await expect.poll(async () => (await personOf(second)).person?.status, { timeout: 20_000 }).toBe('active')
  // One person is left, who waits for that time, so the session is not finished.
  const campaign = await floor.ask<{ contactsLeft: number }>('GET', `/api/campaigns/${campaignId}`)
  expect(campaign.contactsLeft).toBe(1)
})

test('the label stands in the report of outcomes, and the list becomes that of the workspace', async () => {
  test.setTimeout(60_000)
  await expect
    .poll(
      async () => {
        const { rows } = await floor.ask<{ rows: { key: string; label: string }[] }>(
          'GET',
          '/v1.0/reports/outcomes?range=today',
        )
        return rows.map(one => one.label)
      },
      { timeout: 30_000 },
    )
    .toContain('Outcome: Stop calling')
  await sam.getByRole('button', { name: "Make this the workspace's list" }).click()
  await expect(sam.getByText('New campaigns begin with this list.')).toBeVisible()
  const { outcomes } = await floor.ask<{ outcomes: { label: string }[] }>('GET', '/api/outcomes')
  expect(outcomes.map(one => one.label)).toContain('Stop calling')
})
