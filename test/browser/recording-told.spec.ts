/// <reference types="node" />
/** The button that pauses a recording is told of changes: while nothing changes, nothing is asked. */
import { expect, test } from '@playwright/test'
import { openPage, signIn } from './dialer-driver.ts'
import { personAt, talkWith } from './fake-desk.ts'
import { looksWithServer } from './looks.ts'

const looks = looksWithServer()
const CALL = 'w_demo.call_1'

test('half a minute in which nothing changes costs no request, and a change costs one', async () => {
  const { page, faults } = await openPage(looks.browser)
  await page.clock.install()
  let asked = 0
  page.on('request', request => {
    if (request.url().endsWith('/recording_state')) asked += 1
  })
  await signIn(page, looks.server)
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  const line = { ...looks.server.desk.view.line, state: 'open' as const }
  looks.server.desk.set({ presence: 'on-call', conversation: talkWith(CALL, personAt(1), false), line })
  await expect(page.getByRole('button', { name: 'Pause recording' })).toBeVisible()
  // Read as the page opens, and once more when the desk has said that it tells.
  await page.clock.runFor(5_000)
  await expect.poll(() => asked).toBeGreaterThanOrEqual(1)
  const before = asked
  expect(before).toBeLessThanOrEqual(2)
  await page.clock.runFor(30_000)
  expect(asked).toBe(before)
  looks.server.tell({ type: 'live', at: Date.now(), of: 'w_demo.call_2' })
  looks.server.tell({ type: 'live', at: Date.now(), of: CALL })
  await expect
    .poll(async () => {
      await page.clock.runFor(100)
      return asked
    })
    .toBe(before + 1)
  expect(faults).toEqual([])
})
