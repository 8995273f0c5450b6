/// <reference types="node" />
/** `Ctrl K` and the keys of the page Live, by keyboard alone: what is offered, what is refused and why, and what is then asked for. */
import { expect, type Page, test } from '@playwright/test'
import { blur, openPage, signIn } from './dialer-driver.ts'
import { personAt, talkWith } from './fake-desk.ts'
import { look } from './look.ts'
import { looksWithServer, picture } from './looks.ts'

const looks = looksWithServer()
const optionOf = (page: Page, name: string | RegExp) => page.getByRole('option', { name })
const field = (page: Page) => page.getByRole('combobox', { name: 'Find a page or an action' })

async function sit(page: Page, role: 'agent' | 'supervisor'): Promise<void> {
  await signIn(page, looks.server)
  looks.server.desk.set({ agent: { ...looks.server.desk.view.agent, role } })
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 720],
    [390, 844],
  ] as const) {
    test(`the palette: ${colorScheme}, ${width} wide [S4-15]`, async () => {
      const { page, faults } = await openPage(looks.browser, {
        colorScheme,
        viewport: { width, height },
        reducedMotion: 'reduce',
      })
      await sit(page, 'supervisor')
      const talk = talkWith('w_demo.call_1', personAt(1), false)
      looks.server.desk.set({ presence: 'on-call', conversation: talk })
      await page.keyboard.press('Control+k')
      await expect(field(page)).toBeFocused()
      await expect(optionOf(page, /^Whisper to/)).toHaveCount(2)
      await look(page, 'the palette')
      await picture(page, `palette-${colorScheme}-${width}`)
      await field(page).fill('session')
      await expect(optionOf(page, 'Stop the session')).toHaveAttribute('aria-disabled', 'true')
      await expect(optionOf(page, 'Stop the session')).toContainText('No session is running')
      await look(page, 'the palette, with what is refused')
      await picture(page, `palette-refused-${colorScheme}-${width}`)
      await field(page).fill('no such thing')
      await expect(page.getByText('Nothing has these words.')).toBeVisible()
      await look(page, 'the palette, empty')
      expect(faults).toEqual([])
    })
  }
}

test('a page and an action are found by their words, and what is refused does nothing', async () => {
  const { page, faults } = await openPage(looks.browser)
  await sit(page, 'agent')
  await page.keyboard.press('Control+k')
  await expect(optionOf(page, 'Go to Live')).toHaveCount(0)
  await field(page).fill('go call')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Calls', level: 1 })).toBeVisible()
  await expect(field(page)).toHaveCount(0)

  const talk = talkWith('w_demo.call_1', personAt(1), false)
  looks.server.desk.set({ presence: 'on-call', conversation: talk })
  // From a field of the page, and with single letters switched off.
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('switch', { name: 'Keyboard shortcuts' }).click()
  await page.keyboard.press('Escape')
  await blur(page)
  await page.keyboard.press('Control+k')
  await field(page).fill('hold')
  await expect(optionOf(page, /Take the person off hold/)).toContainText('Not on hold')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(field(page)).toBeVisible()
  expect(looks.server.desk.commands.filter(one => one.type.startsWith('call.'))).toEqual([])
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await expect(field(page)).toHaveCount(0)
  await expect
    .poll(() => looks.server.desk.commands.filter(one => one.type.startsWith('call.')))
    .toMatchObject([{ type: 'call.hold', callId: 'w_demo.call_1' }])
  await page.keyboard.press('Control+k')
  await expect(field(page)).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(field(page)).toHaveCount(0)
  expect(faults).toEqual([])
})

test('the hand-over is opened from any page', async () => {
  const { page } = await openPage(looks.browser)
  await sit(page, 'agent')
  looks.server.desk.set({ presence: 'on-call', conversation: talkWith('w_demo.call_1', personAt(1), false) })
  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  await page.keyboard.press('Control+k')
  await field(page).fill('hand over')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('list', { name: 'Colleagues' })).toContainText('Bo')
})

test('on the page Live a call is chosen and whispered to by keys; what cannot be done says why', async () => {
  const { page, faults } = await openPage(looks.browser)
  await sit(page, 'supervisor')
  await page.keyboard.press('Shift+?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Whisper to its agent')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Live', exact: true }).click()
  await expect(page.getByRole('listitem', { name: 'Bo' })).toBeVisible()
  await blur(page)
  await page.keyboard.press('w')
  await expect(page.getByRole('log')).toContainText('Choose a call first, with J or Tab.')
  await page.keyboard.press('j')
  await expect(page.getByRole('button', { name: 'Listen: Bo' })).toBeFocused()
  await page.keyboard.press('Shift+T')
  await expect(page.getByRole('log')).toContainText('The phone is not ready yet')
  await page.keyboard.press('w')
  const bar = page.getByRole('region', { name: 'Listening' })
  await expect(bar.getByRole('button', { name: 'Whisper' })).toHaveAttribute('aria-pressed', 'true', {
    timeout: 15_000,
  })
  await look(page, 'Live by keys')
  // The bar has the same keys on every page.
  await page.getByRole('link', { name: 'Queues', exact: true }).click()
  await page.keyboard.press('q')
  await expect(bar).toHaveCount(0)
  await page.getByRole('link', { name: 'Live', exact: true }).click()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('l')
  await expect(page.getByRole('log')).toContainText('is in no room yet')
  await expect(bar).toHaveCount(0)
  expect(faults).toEqual([])
})

test('an agent’s sheet has no keys of the page Live', async () => {
  const { page } = await openPage(looks.browser)
  await sit(page, 'agent')
  await page.keyboard.press('Shift+?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet).toContainText('Find a page or an action')
  await expect(sheet).not.toContainText('Whisper')
})
