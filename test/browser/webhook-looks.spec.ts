/// <reference types="node" />
/** The pages of webhooks, light and dark, desktop and phone width, by mouse, by keyboard and from the palette. */
import { expect, type Page, test } from '@playwright/test'
import { openPage, signIn } from './dialer-driver.ts'
import { look } from './look.ts'
import { looksWithServer, picture } from './looks.ts'

const looks = looksWithServer()

async function lookAtList(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Webhooks', exact: true }).click()
  await expect(page.getByRole('row', { name: /CRM/ })).toContainText('On. 2 messages wait.')
  await expect(page.getByRole('row', { name: /Billing/ })).toContainText('nothing is wanted at this address any more')
  await look(page, 'Webhooks')
  await picture(page, `webhooks-${name}`)
  const form = page.getByRole('form', { name: 'A new webhook' })
  await expect(form.getByRole('button', { name: 'Make a webhook' })).toBeDisabled()
  await form.getByLabel('Name', { exact: true }).fill('CRM')
  await form.getByLabel('Address').fill('https://crm.example.com/hooks')
  await form.getByRole('button', { name: 'Make a webhook' }).click()
  // The secret is shown once, and gone when somebody says that they have it.
  await expect(page.getByLabel('The secret')).toHaveValue(/^whsec_/)
  await look(page, 'the secret of a new webhook')
  await page.getByRole('button', { name: 'I have it' }).click()
  await expect(page.getByLabel('The secret')).toHaveCount(0)
}

async function lookAtOne(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'CRM', exact: true }).click()
  const attempts = page.getByRole('list', { name: 'Attempts' }).getByRole('listitem')
  await expect(attempts).toHaveCount(3)
  await expect(attempts.first()).toContainText('500 after 31 ms: <h1>Internal error</h1>')
  await expect(attempts.nth(1)).toContainText('The server did not answer.')
  await page.getByRole('button', { name: 'Send a test' }).click()
  await expect(page.getByText('The test was taken. 204 after 31 ms')).toBeVisible()
  await attempts.first().getByText('What was sent').click()
  await page.getByRole('button', { name: 'Send again: call_hungup' }).click()
  await expect(page.getByText('The message is sent again.').first()).toBeVisible()
  await page.getByLabel('What happened since').fill('2026-11-02T08:00')
  await page.getByLabel('and until').fill('2026-11-02T10:00')
  await page.getByRole('form', { name: 'Send again' }).getByRole('button').click()
  await expect(page.getByText('1 message of this time.')).toBeVisible()
  await look(page, 'a webhook')
  await picture(page, `webhook-${name}`)
  await page.getByRole('button', { name: 'New secret', exact: true }).click()
  await page.getByRole('button', { name: 'Really make a new one? New secret' }).click()
  await expect(page.getByLabel('The secret')).toHaveValue(/^whsec_/)
  await page.getByRole('link', { name: '← All webhooks' }).click()
  await page.getByRole('link', { name: /^Billing with/ }).click()
  await expect(page.getByRole('button', { name: 'Turn on' })).toBeVisible()
  await look(page, 'a webhook that is off')
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 720],
    [390, 844],
  ] as const) {
    test(`webhooks: ${colorScheme}, ${width} wide`, async () => {
      const viewport = { width, height }
      const { page, faults } = await openPage(looks.browser, { colorScheme, viewport, reducedMotion: 'reduce' })
      await signIn(page, looks.server)
      await expect(page.getByRole('link', { name: 'Webhooks', exact: true })).toHaveCount(0)
      looks.server.desk.set({ agent: { ...looks.server.desk.view.agent, role: 'admin' } })
      await page.getByRole('button', { name: 'Continue without the phone' }).click()
      await lookAtList(page, `${colorScheme}-${width}`)
      await lookAtOne(page, `${colorScheme}-${width}`)
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Find a page or an action' }).fill('webh')
      await expect(page.getByRole('option', { name: /Webhooks/ })).toBeVisible()
      expect(faults).toEqual([])
    })
  }
}
