/// <reference types="node" />
/** A consultation on both screens, light and dark, desktop and phone width, as `dialer-looks.spec.ts` looks at the others. */
import { expect, type Page, test } from '@playwright/test'
import { openPage, signIn } from './dialer-driver.ts'
import { personAt, talkWith } from './fake-desk.ts'
import { look } from './look.ts'
import { looksWithServer } from './looks.ts'

const looks = looksWithServer()

const CALL = 'w_demo.call_1'
/** Pictures to look at, when a folder is given. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` })
}

async function lookAtAsking(page: Page, name: string): Promise<void> {
  const talk = talkWith(CALL, personAt(1), false)
  const line = { ...looks.server.desk.view.line, state: 'open' as const }
  looks.server.desk.set({ presence: 'on-call', conversation: talk, line })
  await page.getByRole('button', { name: 'Hand over', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Ask first: Bo' })).toBeVisible()
  // A queue has no such button, and the dialog says why.
  await expect(page.getByRole('button', { name: 'Hand over to the queue Support' })).toBeVisible()
  await expect(page.getByText('A queue has no “Ask first”: who takes the person there is not known')).toBeVisible()
  await look(page, 'whom one may ask first')
  await page.getByRole('button', { name: 'Ask first: Bo' }).scrollIntoViewIfNeeded()
  await picture(page, `${name}-panel`)
  const target = { to: 'desk' as const, deskId: 'w_demo.d_u2' }
  const sinceMs = Date.now()
  looks.server.desk.set({
    conversation: { ...talk, held: true, transfer: { transferId: 'x1', target, sinceMs, phase: 'ringing' } },
  })
  const bar = page.getByRole('region', { name: 'Ask first' })
  await expect(bar).toContainText('Bo is being rung.')
  // Every move is there in every phase, and says why it does not go now.
  await expect(bar.getByRole('button', { name: 'Swap' })).toHaveAccessibleDescription(
    'Not at this moment of the consultation',
  )
  await look(page, 'while it rings at whoever is asked')
  for (const [phase, words] of [
    ['asking', 'You speak with Bo.'],
    ['swapped', 'Bo hears music.'],
    ['merged', 'speak together.'],
    ['parting', 'goes to Bo.'],
  ] as const) {
    looks.server.desk.set({ conversation: { ...talk, transfer: { transferId: 'x1', target, sinceMs, phase } } })
    await expect(bar).toContainText(words)
    await look(page, phase)
  }
  looks.server.desk.set({ conversation: { ...talk, transfer: { transferId: 'x1', target, sinceMs, phase: 'asking' } } })
  await expect(bar).toContainText('You speak with Bo.')
  await bar.scrollIntoViewIfNeeded()
  await picture(page, `${name}-asking`)
  // By keyboard alone.
  await bar.getByRole('button', { name: 'Swap' }).focus()
  await page.keyboard.press('Tab')
  await expect(bar.getByRole('button', { name: 'Merge' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect.poll(() => looks.server.desk.commands.map(one => one.type)).toContain('transfer.merge')
  looks.server.desk.set({ conversation: { ...talk, stayed: 'left' } })
  await expect(page.getByText('Whoever you asked has left. The person is back with you.')).toBeVisible()
}

async function lookAtAsked(page: Page, name: string): Promise<void> {
  const of = { kind: 'transfer' as const, id: CALL, offerId: 'x1-1' }
  const by = { agentName: 'Ada', asks: true as const }
  const ring = {
    callId: CALL,
    from: '+14155550101',
    fromShown: '(415) 555-0101',
    to: '+14155550100',
    sinceMs: Date.now(),
  }
  const inbound = {
    ...ring,
    contact: personAt(1),
    accepted: false,
    transfer: { transferId: 'x1-1', summary: '', of, by },
  }
  looks.server.desk.set({ conversation: null, presence: 'ready', inbound })
  const dialog = page.getByRole('dialog', { name: 'A colleague asks' })
  await expect(dialog).toContainText('Ada asks you about this person')
  await look(page, 'a colleague asks')
  await picture(page, `${name}-asked`)
  looks.server.desk.set({
    inbound: { ...inbound, accepted: true },
    presence: 'on-call',
    visit: { callId: CALL, agentName: 'Ada', phase: 'swapped' },
  })
  await expect(dialog).toContainText('You hear music.')
  await look(page, 'the visit')
  await picture(page, `${name}-visit`)
  await dialog.getByRole('button', { name: 'Leave' }).click()
  await expect.poll(() => looks.server.desk.commands.map(one => one.type)).toContain('visit.leave')
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 720],
    [390, 844],
  ] as const) {
    test(`asking first, and being asked: ${colorScheme}, ${width} wide [S4-15]`, async () => {
      const viewport = { width, height }
      const { page, faults } = await openPage(looks.browser, { colorScheme, viewport, reducedMotion: 'reduce' })
      await signIn(page, looks.server)
      await page.getByRole('button', { name: 'Continue without the phone' }).click()
      await page.getByRole('link', { name: 'Dialer', exact: true }).click()
      await lookAtAsking(page, `${colorScheme}-${width}`)
      await lookAtAsked(page, `${colorScheme}-${width}`)
      expect(faults).toEqual([])
    })
  }
}
