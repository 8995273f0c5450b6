/**
 * A campaign whose agents share the lines that ring: Sam makes it on the page, Ada and Bo work in it, each in a real browser with a phone of their
 * own. Nothing inside the product is replaced; the people are the phone network's.
 */
import { expect, type Page, test } from '@playwright/test'
import { hears, presence, press } from './agent.ts'
import { lookEverywhere } from './look.ts'
import { newCampaign, twoDesks } from './two-desks.ts'

/** They answer after 2 s, say something, and stay (packages/phone-network/docs/people.md). */
const people = Array.from({ length: 12 }, (_, n) => ({
  firstName: 'Person',
  lastName: `${n + 1}`,
  company: 'Acme',
  phone: `+150022020${String(n).padStart(2, '0')}`,
  timeZone: 'America/New_York',
}))

const floor = twoDesks(7560)
test.describe.configure({ mode: 'serial' })

let sam: Page
test.afterAll(async () => {
  await sam?.context().close()
})

const starting = (page: Page) => page.getByRole('button', { name: /^Start dialing/ })
const now = (page: Page) => page.getByRole('region', { name: 'Now', exact: true })

async function start(page: Page): Promise<void> {
  await page.getByLabel('Campaign', { exact: true }).selectOption({ label: 'Together' })
  await expect(page.getByText('All agents share the lines that ring.')).toBeVisible()
  await expect(starting(page)).toBeEnabled({ timeout: 20_000 })
  await press(page, 'Space')
}

/** Who is on this agent's screen. */
function personOn(page: Page): Promise<string | null> {
  return page.evaluate(async () => {
    const view = (await (await fetch('/api/desk/view')).json()) as { conversation: { callId: string } | null }
    return view.conversation?.callId ?? null
  })
}

/** It is decided that this is a person: whoever hangs up before owes no outcome. */
function isDecided(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    const view = (await (await fetch('/api/desk/view')).json()) as { conversation: { provisional: boolean } | null }
    return view.conversation?.provisional === false
  })
}

function owed(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const view = (await (await fetch('/api/desk/view')).json()) as { pendingOutcomes: unknown[] }
    return view.pendingOutcomes.length
  })
}

test('a supervisor makes a campaign of shared lines on the page', async () => {
  test.setTimeout(90_000)
  const made = await newCampaign(floor, 'Together')
  sam = made.sam
  const { form } = made
  await form.getByLabel('An agent dials').selectOption({ label: 'as many as the team needs, together' })
  await expect(form.getByText('Whoever is free longest gets the next person who answers')).toBeVisible()
  await lookEverywhere(sam, 'campaign-shared')
  await form.getByRole('button', { name: 'Create the campaign' }).click()
  await expect(sam.getByRole('heading', { name: 'Together' })).toBeVisible({ timeout: 20_000 })
  const campaignId = new URL(sam.url()).pathname.split('/').at(-1)
  await floor.ask('POST', `/api/campaigns/${campaignId}/contacts`, { contacts: people })
})

test('whoever answers is heard by the agent who is free longest, and each agent has a person of their own', async () => {
  test.setTimeout(120_000)
  const { ada, bo } = floor
  await ada.page.reload()
  await bo.page.reload()
  for (const { page } of [ada, bo])
    await expect(page.getByText('Phone ready · Line open')).toBeVisible({ timeout: 20_000 })
  await start(ada.page)
  await expect.poll(() => presence(ada.page), { timeout: 20_000 }).toBe('on-call')
  await hears(ada.page)
  const first = await personOn(ada.page)
  await expect(ada.page.getByText('Person', { exact: false }).first()).toBeVisible()
  await start(bo.page)
  await expect.poll(() => presence(bo.page), { timeout: 20_000 }).toBe('on-call')
  await hears(bo.page)
  const second = await personOn(bo.page)
  expect(first).not.toBe(second)
  // Ada has kept hers all the while.
  expect(await personOn(ada.page)).toBe(first)
  await expect(sam.getByText(/^2 agents, 0 of them free/)).toBeVisible({ timeout: 15_000 })
  await lookEverywhere(ada.page, 'session-shared')
})

test('after the outcome Ada is free again, and gets the next one', async () => {
  test.setTimeout(120_000)
  const { ada } = floor
  const { page } = ada
  const before = await personOn(page)
  await expect.poll(() => isDecided(page), { timeout: 15_000 }).toBe(true)
  await page
    .getByRole('button', { name: /^Hang up/ })
    .first()
    .click()
  await expect.poll(() => owed(page), { timeout: 10_000 }).toBe(1)
  await press(page, '1')
  await expect(now(page).getByText('You are free. The next person who answers is yours.')).toBeVisible({
    timeout: 20_000,
  })
  await expect.poll(() => personOn(page), { timeout: 30_000 }).not.toBeNull()
  expect(await personOn(page)).not.toBe(before)
  await hears(page)
})

test('who stops is let go after the conversation, and nobody is left in the pool', async () => {
  test.setTimeout(120_000)
  for (const { page } of [floor.ada, floor.bo]) {
    const session = page.getByRole('region', { name: 'Session', exact: true })
    await session.getByRole('button', { name: /^Stop/ }).click()
    await expect.poll(() => isDecided(page), { timeout: 15_000 }).toBe(true)
    await page
      .getByRole('button', { name: /^Hang up/ })
      .first()
      .click()
    await expect.poll(() => owed(page), { timeout: 10_000 }).toBe(1)
    await press(page, '1')
    await expect(page.getByRole('region', { name: 'Session summary' })).toBeVisible({ timeout: 20_000 })
  }
  await expect(sam.getByText(/of them free/)).toHaveCount(0, { timeout: 20_000 })
})
