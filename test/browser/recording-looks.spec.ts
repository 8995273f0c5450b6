/// <reference types="node" />
/** The recordings of a call, in every state, light and dark, desktop and phone width. */
import { expect, type Page, test } from '@playwright/test'
import { wavOf } from '../../src/sound/wav.ts'
import { openPage, signIn } from './dialer-driver.ts'
import { look } from './look.ts'
import { looksWithServer, picture } from './looks.ts'

const looks = looksWithServer()

/** A minute of sound in parts, as our own route gives it: a player can jump only then. */
async function playable(page: Page): Promise<void> {
  const sound = Buffer.from(wavOf(new Int16Array(60 * 8_000), 8_000))
  await page.route('**/sounds/hold.wav?exp=1', route => {
    const from = Number(/^bytes=(\d+)-/.exec(route.request().headers().range ?? '')?.[1] ?? 0)
    const headers = {
      'Content-Type': 'audio/wav',
      'Accept-Ranges': 'bytes',
      'Content-Range': `bytes ${from}-${sound.length - 1}/${sound.length}`,
    }
    return route.fulfill({ status: 206, headers, body: sound.subarray(from) })
  })
}

async function lookAtRecordings(page: Page, name: string): Promise<void> {
  const { desk } = looks.server
  desk.set({ agent: { ...desk.view.agent, role: 'supervisor' } })
  await playable(page)
  await page.goto(`${looks.server.url}/app/calls/w.c.b1.0`)
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  const panel = page.getByRole('region', { name: 'Recordings' })
  const rows = panel.locator('li[data-status]')

  await expect(rows).toHaveCount(5)
  await expect(panel).toContainText('Under legal hold, set by Sam')
  await expect(panel).toContainText('The carrier is recording, or makes the file.')
  await expect(panel).toContainText('recordings are kept for so many days only')
  await expect(panel).toContainText('The carrier did not give the recording.')
  // What is gone has no buttons, what is held is not deleted, and a pause is marked.
  await expect(panel.getByRole('button', { name: 'Delete the recording' })).toHaveCount(3)
  await expect(panel.getByRole('button', { name: 'Lift the legal hold' })).toHaveCount(1)
  await expect(panel.getByTitle('Nothing was recorded here')).toHaveCount(2)
  const place = rows.last().getByRole('slider')
  await place.press('ArrowRight')
  await expect(place).toHaveAttribute('aria-valuetext', '0:05 of 1:00')
  await place.press('End')
  await expect(place).toHaveAttribute('aria-valuenow', '60')
  await place.press('Home')
  await place.click({ position: { x: ((await place.boundingBox())?.width ?? 0) / 2, y: 20 } })
  await expect.poll(async () => Number(await place.getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(28)
  const said = rows.last().getByRole('region', { name: 'What was said in the recording' })
  await expect(said.getByRole('listitem')).toHaveCount(4)
  await expect(rows.first().getByRole('button', { name: 'Write it down' })).toBeVisible()
  await expect(rows.first().getByRole('link')).toHaveText(['Download'])
  await expect(rows.last().getByRole('link')).toHaveText(['Download, two channels', 'Download, both sides mixed'])
  await expect(rows.last().getByRole('link').last()).toHaveAttribute('download', 'mixed-RE5.wav')
  // A line plays from there, and is the one that is said now.
  await said.getByRole('button', { name: 'Tomorrow at nine' }).click()
  const placed = rows.last().getByRole('slider')
  await expect.poll(async () => Number(await placed.getAttribute('aria-valuenow'))).toBeGreaterThanOrEqual(12)
  await expect(said.locator('[data-now]')).toContainText('Tomorrow at nine')
  await look(page, 'recordings of a call')
  await panel.getByRole('button', { name: 'Delete the recording' }).last().click()
  await expect(panel.getByRole('button', { name: 'Delete it for good?' })).toBeVisible()
  await panel.scrollIntoViewIfNeeded()
  await look(page, 'a question before a deletion')
  await picture(page, `recordings-${name}`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 900],
    [390, 844],
  ] as const) {
    test(`${colorScheme}, ${width} wide [S4-15]`, async () => {
      test.setTimeout(120_000)
      const options = { colorScheme, viewport: { width, height }, reducedMotion: 'reduce' } as const
      const { page, faults } = await openPage(looks.browser, options)
      await signIn(page, looks.server)
      await lookAtRecordings(page, `${colorScheme}-${width}`)
      expect(faults).toEqual([])
    })
  }
}
