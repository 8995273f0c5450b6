/// <reference types="node" />
/** The call log with saved views and its table, and why a call is in its state: light and dark, desktop and phone width. */
import { expect, type Page, test } from '@playwright/test'
import { openPage, signIn } from './dialer-driver.ts'
import { look } from './look.ts'
import { looksWithServer, picture } from './looks.ts'

const looks = looksWithServer()

async function lookAtViews(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  const keep = page.getByRole('button', { name: 'Keep these filters' })
  await expect(keep).toHaveCount(0)
  await page.getByLabel('Direction').selectOption('inbound')
  await expect(keep).toBeDisabled()
  await page.getByLabel('Name of this view').fill('Callers')
  await keep.click()
  const view = page.getByRole('button', { name: 'Callers', exact: true })
  await expect(view).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('link', { name: 'As a table (CSV)' })).toHaveAttribute(
    'href',
    '/api/calls.csv?direction=inbound',
  )
  await look(page, 'Calls with a saved view')
  await picture(page, `call-views-${name}`)
  await view.click()
  await expect(page).not.toHaveURL(/direction=/)
  // It is still there after the page was loaded again.
  await page.reload()
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  await view.click()
  await expect(page.getByLabel('Direction')).toHaveValue('inbound')
  await page.getByRole('button', { name: 'Forget “Callers”' }).click()
  await expect(view).toHaveCount(0)
}

async function lookAtReasons(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  await page.getByRole('row').nth(1).getByRole('link').click()
  await page.getByText('Why is it in this state?').click()
  const actors = page.getByRole('list', { name: 'Actors of this call' }).getByRole('listitem')
  await expect(actors).toHaveCount(2)
  await expect(actors.first()).toContainText('Owes cancel-call, tried 2 times, again in 1:3')
  await expect(actors.nth(1)).toContainText('It waits for others.')
  await look(page, 'why a call is in its state')
  await picture(page, `call-inside-${name}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 720],
    [390, 844],
  ] as const) {
    test(`call log: ${colorScheme}, ${width} wide`, async () => {
      const viewport = { width, height }
      const { page, faults } = await openPage(looks.browser, { colorScheme, viewport, reducedMotion: 'reduce' })
      await signIn(page, looks.server)
      looks.server.desk.set({ agent: { ...looks.server.desk.view.agent, role: 'supervisor' } })
      await page.getByRole('button', { name: 'Continue without the phone' }).click()
      await lookAtViews(page, `${colorScheme}-${width}`)
      await lookAtReasons(page, `${colorScheme}-${width}`)
      expect(faults).toEqual([])
    })
  }
}
