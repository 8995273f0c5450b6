/** Browser to browser: Ada calls Bo from the dial pad, and both hear each other while their open lines stay as they are. */
import { expect, test } from '@playwright/test'
import { hears, presence, press, pressButton } from './agent.ts'
import { twoDesks } from './two-desks.ts'

declare global {
  interface Window {
    trunklineColleagueAudio?: { inRms(): number; outRms(): number }
  }
}

const floor = twoDesks(7450)

test('Ada calls Bo from the dial pad: both hear each other, and the lines of both stay open [S1-12] [S1-20]', async () => {
  test.setTimeout(90_000)
  const { ada, bo } = floor
  const { page } = ada
  await page.getByRole('link', { name: 'Dial pad' }).click()
  await pressButton(page, 'Call Bo')
  const dialog = bo.page.getByRole('dialog', { name: 'Inbound call' })
  await expect(dialog).toContainText('Ada', { timeout: 15_000 })
  await press(bo.page, 'a')
  await expect.poll(() => presence(bo.page), { timeout: 10_000 }).toBe('on-call')
  await hears(bo.page)
  await expect
    .poll(() => page.evaluate(() => window.trunklineColleagueAudio?.inRms() ?? 0), { timeout: 10_000, intervals: [50] })
    .toBeGreaterThan(0.01)
  const bar = page.getByRole('region', { name: 'Colleague', exact: true })
  await expect(bar).toContainText('Call with Bo')
  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  await expect(bar).toBeVisible()
  await expect(page.getByText('Phone ready · Line open')).toBeVisible()
  await bar.getByRole('button', { name: 'Hang up' }).click()
  await expect(bar).toHaveCount(0)
  await expect.poll(() => presence(bo.page), { timeout: 10_000 }).toBe('ready')
  await expect(bo.page.getByText('Phone ready · Line open')).toBeVisible()
})

test('Bo declines: Ada may leave a message, which is in his inbox under her name', async () => {
  test.setTimeout(90_000)
  const { ada, bo } = floor
  const { page } = ada
  await page.getByRole('link', { name: 'Dial pad' }).click()
  // Bo has talked a moment ago.
  await expect(page.getByRole('listitem').filter({ hasText: 'Bo' })).toContainText('free', { timeout: 10_000 })
  await pressButton(page, 'Call Bo')
  await expect(bo.page.getByRole('dialog', { name: 'Inbound call' })).toBeVisible({ timeout: 15_000 })
  await bo.page.getByRole('button', { name: /^Decline/ }).click()
  await expect
    .poll(() => page.evaluate(() => window.trunklineColleagueAudio?.inRms() ?? 0), { timeout: 15_000, intervals: [50] })
    .toBeGreaterThan(0.01)
  await page.getByRole('region', { name: 'Colleague', exact: true }).getByRole('button', { name: 'Hang up' }).click()
  await bo.page.getByRole('link', { name: /^Inbox/ }).click()
  await expect(bo.page.getByRole('main').getByText('Ada').first()).toBeVisible({ timeout: 15_000 })
})
