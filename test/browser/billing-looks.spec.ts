/// <reference types="node" />
/** Billing, light and dark, desktop and phone width: the account, the chart, the entries, and a rate card with what is wrong at its row. */
import { expect, type Page, test } from '@playwright/test'
import { openPage, signIn } from './dialer-driver.ts'
import { look } from './look.ts'
import { looksWithServer, picture } from './looks.ts'

const looks = looksWithServer()

async function lookAtBilling(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Billing', exact: true }).click()
  const account = page.getByRole('region', { name: 'Billing' })
  await expect(account).toContainText('9.9796 USD')
  await expect(page.getByRole('img', { name: /^Spent by day: 0\.90 USD/ })).toBeVisible()
  const entries = page.getByRole('region', { name: 'Entries' })
  await expect(entries.getByRole('row', { name: /Call to a number/ })).toContainText('−0.02')
  await expect(entries.getByRole('row', { name: /Spoken characters/ })).toContainText('−0.0004')
  await expect(entries.getByRole('row', { name: /Invoice 7, paid by card/ })).toContainText('10.00')
  await look(page, 'Billing')
  await picture(page, `billing-${name}`)
  await page.getByLabel('Amount, USD').fill('-1')
  await expect(page.getByRole('button', { name: 'Book' })).toBeDisabled()
  await page.getByLabel('Price per increment, row 2').fill('free')
  await page.getByRole('button', { name: 'Save the rate card' }).click()
  const card = page.getByRole('region', { name: 'Rate card' })
  await expect(card.getByText('an amount, as 0.01')).toBeVisible()
  await page.getByLabel('Price per increment, row 2').fill('0.0042')
  await page.getByRole('button', { name: 'Save the rate card' }).click()
  await expect(card.getByText('overlaps with row 1')).toBeVisible()
  await expect(page.getByLabel('From, row 2')).toHaveAttribute('aria-invalid', 'true')
  await look(page, 'a rate card that is refused')
  await card.scrollIntoViewIfNeeded()
  await picture(page, `rate-card-${name}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 720],
    [390, 844],
  ] as const) {
    test(`billing: ${colorScheme}, ${width} wide [S4-15]`, async () => {
      const { page, faults } = await openPage(looks.browser, {
        colorScheme,
        viewport: { width, height },
        reducedMotion: 'reduce',
      })
      await signIn(page, looks.server)
      await page.getByRole('button', { name: 'Continue without the phone' }).click()
      await expect(page.getByRole('link', { name: 'Billing', exact: true })).toHaveCount(0)
      looks.server.desk.set({ agent: { ...looks.server.desk.view.agent, role: 'admin' } })
      await lookAtBilling(page, `${colorScheme}-${width}`)
      expect(faults).toEqual([])
    })
  }
}
