/// <reference types="node" />
/** Every screen, light and dark, desktop and phone width: no axe violation, no sideways scroll, no broken policy. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { ROOT } from '../../scripts/local/build.ts'
import { getReady, openBrowser, openPage, signIn } from './dialer-driver.ts'
import { FakeServer } from './fake-server.ts'
import { look } from './look.ts'

const JS_KIB_MAX = 215
const CSS_KIB_MAX = 22

let browser: Browser
let server: FakeServer

test.beforeAll(async () => {
  browser = await openBrowser()
})
test.afterAll(() => browser.close())
test.beforeEach(async () => {
  server = new FakeServer()
  await server.start()
})
test.afterEach(async () => {
  await Promise.all(browser.contexts().map(context => context.close()))
  await server.close()
})

async function lookAtCalls(page: Page): Promise<void> {
  const { desk } = server
  await page.getByRole('button', { name: 'Start dialing' }).click()
  await expect(page.getByRole('group', { name: 'Lane 4: Dev Patel' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Take a break' })).toHaveAccessibleDescription(
    'Pause the session instead',
  )
  desk.lane(0, { state: 'ringing' })
  desk.lane(1, { state: 'machine', verdict: 'machine', reason: 'machine' })
  desk.lane(2, { state: 'ended', reason: 'refused' })
  await look(page, 'dialing')
  desk.answer()
  await expect(page.getByRole('button', { name: 'Yes, a person' })).toBeVisible()
  await look(page, 'holding')
  desk.win()
  await expect(page.getByText('Live: you')).toBeVisible()
  await page.keyboard.press('k')
  await page.keyboard.press('m')
  await expect(page.getByText('You are muted.')).toBeVisible()
  await page.getByRole('button', { name: 'Interested', exact: true }).hover()
  await expect(page.getByRole('tooltip')).toHaveText('Hang up first, then choose the outcome')
  await look(page, 'live, muted, keypad, a reason why not')
  desk.ring('in1')
  await expect(page.getByRole('dialog', { name: 'Inbound call' })).toBeVisible()
  await look(page, 'inbound')
  const { inbound } = desk.view
  desk.set({
    inbound: inbound && { ...inbound, transfer: { transferId: 't_1', summary: 'Wants to talk to a person.' } },
  })
  await expect(page.getByRole('dialog', { name: 'The AI hands over' })).toContainText('Wants to talk to a person.')
  await look(page, 'handed over')
  desk.set({ inbound: null })
  await page.keyboard.press('Shift+?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await look(page, 'shortcuts')
  await page.keyboard.press('Escape')
  desk.refuseNext = 'seat-taken'
  await page.keyboard.press('x')
  await expect(page.getByText('The last call is still being ended')).toBeVisible()
  await look(page, 'refused')
  desk.take({ id: 'x', type: 'call.hang-up', callId: 'leg0_1' })
  await expect(page.getByText('Choose an outcome for')).toBeVisible()
  await look(page, 'wrap-up')
  await page.keyboard.press('2')
  await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible()
  await look(page, 'waiting')
  desk.set({ wrapUp: null, lanes: [] })
  desk.session({ state: 'finished' })
  await expect(page.getByText('The list is finished')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Last call' })).toBeVisible()
  await look(page, 'summary')
}

async function lookAtAi(page: Page): Promise<void> {
  const { desk } = server
  await page.getByRole('link', { name: 'AI', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'AI agents' })).toBeVisible()
  await look(page, 'AI agents')
  await page.getByRole('link', { name: 'Robin' }).click()
  await expect(page.getByText('Only an admin may edit: you are signed in as agent.')).toBeVisible()
  await look(page, 'AI agent, to be read')
  desk.set({ agent: { ...desk.view.agent, role: 'admin' } })
  await page.getByRole('textbox', { name: 'Longest call, minutes' }).fill('ten')
  await page.getByRole('button', { name: 'Save as a new version' }).click()
  await expect(page.getByText('a number is needed').first()).toBeVisible()
  await look(page, 'AI agent, with an error')
  await page.getByRole('button', { name: 'Show the last run of opt-out' }).click()
  await expect(page.getByText('it did not call opt_out')).toBeVisible()
  await page.getByRole('button', { name: 'Edit hours' }).click()
  await expect(page.getByRole('heading', { name: 'Edit hours' })).toBeFocused()
  await page.getByText('Who calls, and what tools answer').click()
  await page.getByRole('textbox', { name: 'Over after, seconds' }).fill('long')
  await page.getByRole('button', { name: 'Save the scenario' }).click()
  await expect(page.getByText('atMostSeconds')).toBeVisible()
  await look(page, 'AI agent, a scenario that ran and one that is edited')
  await page.getByRole('button', { name: 'Edit as JSON' }).click()
  await look(page, 'AI agent, a scenario as JSON')
  await page.getByRole('button', { name: 'Cancel' }).click()
  // the call itself is in ai.spec.ts: here somebody answers and nobody speaks
  await page.getByRole('button', { name: 'Talk to the AI' }).click()
  await expect(page.getByText('You are talking to the AI')).toBeVisible()
  await page.getByText('Keypad', { exact: true }).click()
  await look(page, 'AI agent, in a call')
  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  await page.getByRole('button', { name: 'Leave without saving' }).click()
  await expect(page.getByRole('region', { name: 'AI call' })).toBeVisible()
  await look(page, 'AI call on another page')
  await page.getByRole('button', { name: 'End the AI call' }).click()
  await expect(page.getByRole('region', { name: 'AI call' })).toBeHidden()
}

async function lookAtPages(page: Page): Promise<void> {
  for (const [link, heading] of [
    ['Dial pad', 'Dial a number'],
    ['Calls', 'Calls'],
    ['Do not call', 'Do not call'],
    ['Team', 'Team'],
    ['Events', 'Events'],
    ['Voice', 'Voice'],
  ] as const) {
    await page.getByRole('link', { name: link, exact: true }).first().click()
    await expect(page.getByRole('heading', { name: heading, exact: true })).toBeVisible()
    await look(page, link)
  }
  await lookAtAi(page)
  await page.goto(`${server.url}/calls`)
  await page.getByRole('link', { name: 'Amara Diallo' }).click()
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Conversation' })).toBeVisible()
  await look(page, 'call')
  await page.getByTestId('phone-pill').click()
  await expect(page.getByRole('dialog', { name: 'Phone' })).toBeVisible()
  await look(page, 'phone menu')
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [width, height] of [
    [1280, 720],
    [390, 844],
  ] as const) {
    test(`${colorScheme}, ${width} wide [S4-15]`, async () => {
      test.setTimeout(120_000)
      const { page, faults } = await openPage(browser, {
        colorScheme,
        viewport: { width, height },
        reducedMotion: 'reduce',
      })
      await page.goto(server.url)
      await expect(page.getByRole('button', { name: 'Continue as Ada' })).toBeVisible()
      await look(page, 'sign-in')
      await signIn(page, server)
      await look(page, 'headset check')
      await getReady(page)
      await page.locator('label', { hasText: /^4$/ }).click()
      await look(page, 'before')
      await page.getByLabel('I have read this').check()
      await lookAtCalls(page)
      await lookAtPages(page)
      server.up = false
      server.dropDesk()
      await expect(page.getByText('No connection to the server. Your call')).toBeVisible()
      await look(page, 'server gone')
      expect(faults).toEqual([])
    })
  }
}

test('without the phone, 390 wide: the strip is whole, and an empty list says why it cannot be saved', async () => {
  const { page, faults } = await openPage(browser, { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' })
  await signIn(page, server)
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  await expect(page.getByText('The phone is off: you can talk to the AI, but not call people.')).toBeVisible()
  const start = page.getByRole('button', { name: 'Start the phone' })
  expect(await start.evaluate(cutOff), 'the words of the button are cut').toBeLessThanOrEqual(0)
  await look(page, 'phone off')
  await page.getByRole('link', { name: 'Events', exact: true }).click()
  const save = page.getByRole('button', { name: 'Save as JSON' })
  await expect(save).toHaveAccessibleDescription('Nothing has happened yet that could be saved')
  await save.hover()
  await expect(page.getByRole('tooltip')).toHaveText('Nothing has happened yet that could be saved')
  await look(page, 'empty events')
  expect(faults).toEqual([])
})

/** Pixels by which the widest part of an element is cut by its own box. */
function cutOff(element: Element): number {
  return Math.max(...[element, ...element.querySelectorAll('*')].map(part => part.scrollWidth - part.clientWidth))
}

test('the first download keeps its size', () => {
  const dist = join(ROOT, 'dist/dialer')
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const kib = (ending: string) =>
    [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)]
      .map(([, file]) => join(dist, file ?? ''))
      .filter(file => file.endsWith(ending) && existsSync(file))
      .reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length / 1024, 0)
  const [js, css] = [kib('.js'), kib('.css')]
  console.log(`first download: ${js.toFixed(1)} KiB of JS, ${css.toFixed(1)} KiB of CSS (gzip -9)`)
  expect(js).toBeGreaterThan(50)
  expect(js).toBeLessThanOrEqual(JS_KIB_MAX)
  expect(css).toBeGreaterThan(1)
  expect(css).toBeLessThanOrEqual(CSS_KIB_MAX)
})
