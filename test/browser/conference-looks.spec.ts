/// <reference types="node" />
/** Conferences, light and dark, desktop and phone width: their list, one with people in it, an empty one, and the desk in one. */
import { expect, type Page, test } from '@playwright/test'
import { openPage, signIn } from './dialer-driver.ts'
import { personAt, talkWith } from './fake-desk.ts'
import { look } from './look.ts'
import { looksWithServer, picture } from './looks.ts'

const looks = looksWithServer()

async function lookAtConferences(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Conferences', exact: true }).click()
  await expect(page.getByRole('row', { name: /Daily/ })).toContainText('3 in, 1 coming, 1 muted, 1 on hold, 1 recorded')
  await look(page, 'Conferences')
  await picture(page, `conferences-${name}`)
  await page.getByRole('link', { name: 'Daily' }).click()
  await expect(page.getByRole('listitem', { name: 'Amara Diallo' })).toContainText('moderator, recorded')
  const coming = page.getByRole('button', { name: 'Mute (415) 555-0104' })
  await expect(coming).toHaveAccessibleDescription('They are not in the conference yet')
  await expect(page.getByRole('switch', { name: 'Record everybody in one file' })).toBeChecked()
  await expect(page.getByRole('button', { name: 'End the recording' })).toBeVisible()
  await page.getByText('Its flow has run.').click()
  await expect(page.getByText('tell · webhook_send · 200')).toBeVisible()
  await page.getByRole('button', { name: 'Save', exact: true }).scrollIntoViewIfNeeded()
  await picture(page, `conference-recording-${name}`)
  await page.getByRole('button', { name: 'End for everybody: Daily' }).click()
  await look(page, 'a conference, and a question')
  await picture(page, `conference-${name}`)
  await page.getByRole('link', { name: 'All conferences' }).click()
  await page.getByRole('link', { name: /A conference with a long name/ }).click()
  await expect(page.getByText('It begins when somebody calls +14155550002.')).toBeVisible()
  await look(page, 'a conference in which nobody is')
  await picture(page, `conference-empty-${name}`)
}

async function lookAtDesk(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Dialer', exact: true }).click()
  const talk = talkWith('w_demo.call_1', personAt(1), false)
  looks.server.desk.set({
    agent: { ...looks.server.desk.view.agent, role: 'agent' },
    presence: 'on-call',
    conversation: { ...talk, kind: 'single' },
  })
  const panel = page.getByRole('region', { name: /^Conference Daily/ })
  await expect(panel.getByRole('listitem', { name: 'Amara Diallo' })).toBeVisible()
  await expect(panel.getByRole('button')).toHaveCount(0)
  await look(page, 'the desk in a conference')
  await panel.scrollIntoViewIfNeeded()
  await picture(page, `conference-desk-${name}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 720],
    [390, 844],
  ] as const) {
    test(`conferences: ${colorScheme}, ${width} wide [S4-15]`, async () => {
      const { page, faults } = await openPage(looks.browser, {
        colorScheme,
        viewport: { width, height },
        reducedMotion: 'reduce',
      })
      await signIn(page, looks.server)
      looks.server.desk.set({ agent: { ...looks.server.desk.view.agent, role: 'supervisor' } })
      await page.getByRole('button', { name: 'Continue without the phone' }).click()
      await lookAtConferences(page, `${colorScheme}-${width}`)
      await lookAtDesk(page, `${colorScheme}-${width}`)
      expect(faults).toEqual([])
    })
  }
}
