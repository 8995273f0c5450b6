/// <reference types="node" />
/** Reports, light and dark, desktop and phone width: pictures, tables, definitions and an empty one, and all of it by keyboard. */
import { expect, type Page, test } from '@playwright/test'
import { openPage, signIn } from './dialer-driver.ts'
import { look } from './look.ts'
import { looksWithServer, picture } from './looks.ts'

const looks = looksWithServer()

async function opened(page: Page): Promise<void> {
  await signIn(page, looks.server)
  looks.server.desk.set({ agent: { ...looks.server.desk.view.agent, role: 'supervisor' } })
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  await page.getByRole('link', { name: 'Reports', exact: true }).click()
}

async function lookAtReports(page: Page, name: string): Promise<void> {
  const kinds = page.getByRole('navigation', { name: 'Reports' })
  await expect(page.getByRole('img', { name: /^Calls and Conversations, 7 values, most on / })).toBeVisible()
  await expect(page.locator('canvas')).toBeVisible()
  await expect(page.getByRole('row', { name: /Wed,? 25 Nov/ })).toContainText('440')
  await expect(page.getByText('Calls on which a person spoke with an agent')).toBeVisible()
  await page.getByRole('button', { name: 'Send this report by itself' }).click()
  await expect(page.getByRole('row', { name: /Monday figures/ })).toContainText('each Monday at 08:00')
  await look(page, 'Reports')
  await page.getByRole('form', { name: 'Send this report by itself' }).scrollIntoViewIfNeeded()
  await picture(page, `report-schedules-${name}`)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('heading', { name: 'Reports' }).scrollIntoViewIfNeeded()
  await picture(page, `reports-calls-${name}`)
  await kinds.getByRole('link', { name: 'Abandonment' }).click()
  await expect(page.getByText('Limit 3 %')).toBeVisible()
  await expect(page.getByRole('img', { name: /^Abandonment, 7 values/ })).toBeVisible()
  await look(page, 'abandonment against the limit')
  await picture(page, `reports-abandonment-${name}`)
  await kinds.getByRole('link', { name: 'Agents', exact: true }).click()
  await expect(page.getByRole('row', { name: /Cy with a long name/ })).toContainText('7 h')
  await look(page, 'agents')
  await picture(page, `reports-agents-${name}`)
  await kinds.getByRole('link', { name: 'Queues' }).click()
  await expect(page.getByRole('link', { name: /make one and lead a number to it/ })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Download as CSV' })).toHaveCount(0)
  await look(page, 'a report without calls')
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 720],
    [390, 844],
  ] as const) {
    test(`reports: ${colorScheme}, ${width} wide`, async () => {
      const viewport = { width, height }
      const { page, faults } = await openPage(looks.browser, { colorScheme, viewport, reducedMotion: 'reduce' })
      await opened(page)
      await lookAtReports(page, `${colorScheme}-${width}`)
      expect(faults).toEqual([])
    })
  }
}

test('a report is chosen and its days are set by keyboard, and both stand in the address', async () => {
  const { page } = await openPage(looks.browser)
  await opened(page)
  await page.getByRole('navigation', { name: 'Reports' }).getByRole('link', { name: 'By hour' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'By hour' })).toBeVisible()
  await page.getByLabel('Days').focus()
  await page.keyboard.type('From')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('From', { exact: true })).toBeVisible()
  await page.getByLabel('From', { exact: true }).fill('2026-11-01')
  await expect(page).toHaveURL(/report=hours.*from=2026-11-01|from=2026-11-01.*report=hours/)
  await expect(page.getByRole('link', { name: 'Download as CSV' })).toHaveAttribute(
    'href',
    /\/v1\.0\/reports\/hours\/table\.csv\?from=2026-11-01/,
  )
  // The table is wide, so whoever has no mouse scrolls it.
  await page.getByRole('region', { name: 'By hour: the numbers' }).focus()
  await expect(page.getByRole('region', { name: 'By hour: the numbers' })).toBeFocused()
})

test('an agent has no reports', async () => {
  const { page } = await openPage(looks.browser)
  await signIn(page, looks.server)
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  await expect(page.getByRole('link', { name: 'Queues', exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Reports', exact: true })).toHaveCount(0)
})
