/// <reference types="node" />
/** The pages of the switchboard, light and dark, desktop and phone width, as `dialer-looks.spec.ts` looks at the others. */
import { expect, type Page, test } from '@playwright/test'
import { openPage, signIn } from './dialer-driver.ts'
import { personAt, talkWith } from './fake-desk.ts'
import { look } from './look.ts'
import { looksWithServer, picture } from './looks.ts'

const looks = looksWithServer()

async function lookAtSwitchboard(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Queues', exact: true }).click()
  await expect(page.getByRole('row', { name: /Support/ })).toContainText('86 %')
  await look(page, 'Queues')
  await page.getByRole('link', { name: 'Support' }).click()
  await page.getByRole('button', { name: 'Take out caller 2' }).click()
  await look(page, 'a queue, and a question')
  await page.getByRole('link', { name: 'Numbers', exact: true }).click()
  await expect(page.getByLabel('+14155550010 leads to')).toBeVisible()
  await expect(page.getByLabel('Voicemail, missed calls and callbacks are kept, days')).toHaveValue('90')
  await expect(page.getByLabel('Recordings are stored as')).toHaveValue('wav 2')
  await expect(page.getByRole('button', { name: 'Save how recordings are stored' })).toBeDisabled()
  await look(page, 'Numbers')
  await picture(page, `numbers-${name}`)
  await page.getByRole('link', { name: 'Flows', exact: true }).click()
  await page.getByRole('link', { name: 'Reception' }).click()
  await expect(page.getByText('Odd: a branch takes the name')).toBeVisible()
  await page.getByRole('button', { name: 'Call the flow' }).click()
  await expect(page.getByRole('list', { name: 'What happens' })).toBeVisible()
  await expect(page.getByText('menu: text')).toBeVisible()
  await look(page, 'a flow')
  await page.getByLabel('What it is for').fill('Something else')
  await page.getByRole('link', { name: 'All flows' }).click()
  await expect(page.getByRole('dialog', { name: 'Leave without saving?' })).toBeVisible()
  await look(page, 'a flow with changes that is left')
  await picture(page, `leave-${name}`)
  await page.getByRole('button', { name: 'Leave without saving' }).click()
  await expect(page.getByRole('heading', { name: 'Flows', level: 1 })).toBeVisible()
}

/** Every kind of entry, a greeting, and what was deleted a moment ago. */
async function lookAtInbox(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: /^Inbox/ }).click()
  const entries = page.getByRole('list', { name: 'Entries' }).getByRole('listitem')
  await expect(entries).toHaveCount(4)
  await expect(entries.first()).toContainText('The invoice of last month')
  await page.getByText('Greeting', { exact: true }).click()
  await expect(page.getByLabel('Words before the tone')).toHaveValue('Ada here.')
  await page.getByRole('button', { name: 'Delete Pat Doe' }).click()
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
  await look(page, 'the inbox')
  await picture(page, `inbox-${name}`)
}

/** A caller of a queue rings, is handed over, and is gone. */
async function lookAtCallers(page: Page): Promise<void> {
  const transfer = { transferId: 'o1', summary: '', of: { kind: 'queue' as const, id: 'w_demo.q_1', offerId: 'o1' } }
  const queue = { name: 'Support', waitedMs: 83_000, wrapUpMs: 15_000, callback: false }
  const ring = { callId: 'w_demo.call_1', from: '+14155550101', fromShown: '(415) 555-0101', to: '+14155550100' }
  const inbound = { ...ring, contact: personAt(1), sinceMs: Date.now(), accepted: false }
  await page.getByRole('link', { name: 'Dialer', exact: true }).click()
  looks.server.desk.set({ inbound: { ...inbound, transfer: { ...transfer, queue } } })
  await expect(page.getByTestId('queue')).toHaveText('Support, waited 1:23.')
  await look(page, 'a caller of a queue')
  const by = { agentName: 'Bo' }
  looks.server.desk.set({ inbound: { ...inbound, transfer: { ...transfer, by } } })
  await expect(page.getByTestId('by')).toHaveText('Bo hands this person over.')
  await look(page, 'a person who is handed over')
  const talk = talkWith('w_demo.call_1', personAt(1), false)
  looks.server.desk.set({ inbound: null, presence: 'on-call', conversation: talk })
  await page.getByRole('button', { name: 'Hand over', exact: true }).click()
  await expect(page.getByRole('list', { name: 'Colleagues' })).toContainText('Bo')
  await look(page, 'to whom a person is handed over')
  const target = { to: 'desk' as const, deskId: 'w_demo.d_u2' }
  looks.server.desk.set({ conversation: { ...talk, transfer: { transferId: 'x1', target, sinceMs: Date.now() } } })
  await expect(page.getByText(/Handing over to/)).toBeVisible()
  await look(page, 'while it rings at the colleague')
  looks.server.desk.set({ conversation: { ...talk, stayed: 'declined' } })
  await expect(page.getByText('Your colleague declined. The person is still with you.')).toBeVisible()
  const wrapUp = { untilMs: Date.now() + 12_000, totalMs: 15_000 }
  looks.server.desk.set({ conversation: null, presence: 'wrap-up', wrapUp })
  await expect(page.getByRole('region', { name: 'After the call' })).toBeVisible()
  await look(page, 'the time after a call')
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 720],
    [390, 844],
  ] as const) {
    test(`queues, numbers and flows: ${colorScheme}, ${width} wide [S4-15]`, async () => {
      const { page, faults } = await openPage(looks.browser, {
        colorScheme,
        viewport: { width, height },
        reducedMotion: 'reduce',
      })
      await signIn(page, looks.server)
      looks.server.desk.set({ agent: { ...looks.server.desk.view.agent, role: 'admin' } })
      await page.getByRole('button', { name: 'Continue without the phone' }).click()
      await lookAtSwitchboard(page, `${colorScheme}-${width}`)
      await lookAtInbox(page, `${colorScheme}-${width}`)
      await lookAtCallers(page)
      expect(faults).toEqual([])
    })
  }
}
