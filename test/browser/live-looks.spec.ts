/// <reference types="node" />
/** The Live page, the supervisor's bar, and what the agent is told, light and dark, desktop and phone width. */
import { expect, type Page, test } from '@playwright/test'
import { openPage, signIn } from './dialer-driver.ts'
import { personAt, talkWith } from './fake-desk.ts'
import { look } from './look.ts'
import { looksWithServer, picture } from './looks.ts'

const looks = looksWithServer()

async function lookAtLive(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Live', exact: true }).click()
  const bo = page.getByRole('listitem', { name: 'Bo' })
  await expect(bo).toContainText('Amara Diallo')
  await expect(bo).toContainText('Olga listens')
  await expect(bo).toContainText('Q4 renewals')
  const cy = page.getByRole('listitem', { name: /^Cy/ })
  await expect(cy.getByRole('button', { name: /^Listen/ })).toHaveAttribute('aria-disabled', 'true')
  await expect(page.getByRole('row', { name: /Support/ })).toContainText('86 %')
  const talk = page.getByRole('listitem', { name: 'AI call with Ben Ortiz' })
  await expect(talk.getByRole('button', { name: 'Listen to Ben Ortiz' })).toBeEnabled()
  await expect(talk.getByRole('button', { name: /^Take over/ })).toHaveAttribute('aria-disabled', 'true')
  await expect(page.getByRole('row', { name: /Q4 renewals/ })).toContainText('limit 3 %')
  await expect(page.getByText('Cannot be read now, and is tried again: Hal')).toBeVisible()
  await expect(bo).toContainText(/read 0:\d\d ago/)
  await look(page, 'Live')
  await page.getByRole('button', { name: 'Pause: Di' }).focus()
  await page.keyboard.press('Enter')
  const form = page.getByRole('form', { name: 'Pause: Di' })
  await expect(form.getByRole('button', { name: 'Send' })).toBeDisabled()
  await look(page, 'Live, and an agent is to be paused')
  await page.getByRole('button', { name: 'Pause: Di' }).press('Enter')
  await expect(form).toHaveCount(0)
  // By keyboard alone.
  await bo.getByRole('button', { name: 'Whisper: Bo' }).focus()
  await page.keyboard.press('Enter')
  const bar = page.getByRole('region', { name: 'Listening' })
  await expect(bar).toContainText('hears you', { timeout: 15_000 })
  await expect(bar.getByRole('button', { name: 'Whisper' })).toHaveAttribute('aria-pressed', 'true')
  await look(page, 'Live, and a supervisor on a call')
  await picture(page, `live-${name}`)
  await page.getByRole('link', { name: 'Queues', exact: true }).click()
  await expect(bar).toContainText('hears you')
  await bar.getByRole('button', { name: 'Stop' }).click()
  await expect(bar).toHaveCount(0)
}

async function lookAtAgent(page: Page): Promise<void> {
  const talk = talkWith('w_demo.call_1', personAt(1), false)
  const supervisors = [{ supervisionId: 'v1', name: 'Sam', mode: 'whisper' as const }]
  looks.server.desk.set({ presence: 'on-call', conversation: { ...talk, supervisors } })
  await expect(page.getByRole('status').filter({ hasText: 'Sam speaks to you alone' })).toBeVisible()
  await look(page, 'the agent is told')
  const said = { noticeId: 'n1', kind: 'message' as const, text: 'Well done.', by: 'Sam', at: Date.now() }
  const paused = { ...said, noticeId: 'n2', kind: 'paused' as const, text: 'Stand-up at ten' }
  looks.server.desk.set({ notices: [said, paused] })
  const notices = page.getByRole('region', { name: 'From your supervisor' })
  await expect(notices).toContainText('Sam writes: Well done.')
  await expect(notices).toContainText('Sam has sent you on a break: Stand-up at ten')
  await look(page, 'the agent reads what a supervisor has said')
  await notices.getByRole('button', { name: 'Read: Well done.' }).press('Enter')
  looks.server.desk.set({ presence: 'ready', conversation: null, notices: [] })
  await page.getByRole('link', { name: 'Team', exact: true }).click()
  await expect(page.getByLabel('When a supervisor is on an agent’s call')).toHaveValue('announced')
  await look(page, 'Team, with the rule')
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 720],
    [390, 844],
  ] as const) {
    test(`live: ${colorScheme}, ${width} wide`, async () => {
      const { page, faults } = await openPage(looks.browser, {
        colorScheme,
        viewport: { width, height },
        reducedMotion: 'reduce',
      })
      await signIn(page, looks.server)
      looks.server.desk.set({ agent: { ...looks.server.desk.view.agent, role: 'admin' } })
      await page.getByRole('button', { name: 'Continue without the phone' }).click()
      await lookAtLive(page, `${colorScheme}-${width}`)
      await lookAtAgent(page)
      expect(faults).toEqual([])
    })
  }
}

test('an agent has no Live page', async () => {
  const { page } = await openPage(looks.browser)
  await signIn(page, looks.server)
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  await expect(page.getByRole('link', { name: 'Queues', exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Live', exact: true })).toHaveCount(0)
})
