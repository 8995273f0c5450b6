/** The form of an AI agent with changes is not left without a question, as a flow is not (`switchboard.spec.ts`). */
import { expect, test } from '@playwright/test'
import { openPage, signIn } from './dialer-driver.ts'
import { staysWhenClosed } from './leaving.ts'
import { look } from './look.ts'
import { looksWithServer } from './looks.ts'

const looks = looksWithServer()

test('whoever leaves an AI agent with changes is asked: by a link, by the browser’s back, by closing the tab', async () => {
  const { page } = await openPage(looks.browser, { viewport: { width: 1280, height: 720 } })
  await signIn(page, looks.server)
  looks.server.desk.set({ agent: { ...looks.server.desk.view.agent, role: 'admin' } })
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  const robin = async () => {
    await page.getByRole('link', { name: 'AI', exact: true }).click()
    await page.getByRole('link', { name: 'Robin' }).click()
  }
  await robin()
  const words = page.getByRole('textbox', { name: 'First words' })
  const before = await words.inputValue()
  // What is as it was saved is left without a question.
  await page.getByRole('link', { name: 'All AI agents' }).click()
  await expect(page.getByRole('heading', { name: 'AI agents' })).toBeVisible()
  await robin()
  await words.fill('Good day.')
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await page.getByRole('link', { name: 'All AI agents' }).click()
  await expect(question).toContainText('What you changed in this agent is lost then.')
  await look(page, 'an AI agent with changes that is left')
  await page.keyboard.press('Enter')
  await expect(question).toHaveCount(0)
  await page.goBack()
  await expect(question).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(words).toHaveValue('Good day.')
  await staysWhenClosed(page)
  await page.goBack()
  await question.getByRole('button', { name: 'Leave without saving' }).click()
  await expect(page.getByRole('heading', { name: 'AI agents' })).toBeVisible()
  await page.getByRole('link', { name: 'Robin' }).click()
  await expect(words).toHaveValue(before)
})
