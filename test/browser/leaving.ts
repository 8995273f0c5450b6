/** Leaving a page with changes, as the browser itself asks about it. */
import { expect, type Page } from '@playwright/test'

/** The tab is closed: the browser asks, and the person stays. */
export async function staysWhenClosed(page: Page): Promise<void> {
  const asked = page.waitForEvent('dialog')
  const closed = page.reload({ timeout: 1_000 }).catch(() => null)
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await closed
}
