/// <reference types="node" />
/** The dialer's phone in a real browser: open line, inbound beside a call, reload, tabs, faults; and a session by keys. */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { blur, getReady, loudness, openBrowser, openPage, signIn, talk } from './dialer-driver.ts'
import { FakeServer, IDENTITY } from './fake-server.ts'

let browser: Browser
let server: FakeServer
let page: Page
let faults: string[]

test.beforeAll(async () => {
  browser = await openBrowser()
})
test.afterAll(() => browser.close())
test.beforeEach(async () => {
  server = new FakeServer()
  await server.start()
  ;({ page, faults } = await openPage(browser))
  await signIn(page, server)
})
test.afterEach(async () => {
  await Promise.all(browser.contexts().map(context => context.close()))
  await server.close()
})

const loud = (direction: 'in' | 'out', level: number) =>
  expect.poll(async () => (await loudness(page))[direction], { intervals: [50] }).toBeGreaterThan(level)
const sent = (type: string) => server.desk.commands.filter(command => command.type === type)

test('hold and answer: the line stays open and muted, and comes back [S4-1 S4-11]', async () => {
  await getReady(page)
  await talk(page, server)
  await loud('in', 0.05)
  const [line = ''] = server.lines
  server.desk.ring('in1')
  server.offer('in1')
  await expect(page.getByRole('button', { name: 'Hold and answer' })).toBeVisible()
  await page.keyboard.press('a')
  await expect(page.getByText('Live with Femi Ade')).toBeVisible()
  await loud('in', 0.05)
  await loud('out', 0.005)
  expect([...server.lines]).toEqual([line])
  await expect.poll(() => server.sound.plane.levels(line).says).toBeLessThan(0.001)
  await page.keyboard.press('k')
  await page.keyboard.press('5')
  await expect.poll(() => server.digits.join('')).toBe('5')
  expect(faults).toEqual([])
})

test('declined calls are rejected, calls that are not this desk’s are left alone [S3-37]', async () => {
  await getReady(page)
  server.desk.ring('in1')
  const mine = server.offer('in1')
  server.offer('stranger')
  await expect(page.getByRole('dialog', { name: 'Inbound call' })).toBeVisible()
  await page.keyboard.press('d')
  await expect.poll(() => server.rejected).toEqual([mine])
  await expect(page.getByRole('dialog', { name: 'Inbound call' })).toBeHidden()
  expect(server.rejected).toEqual([mine])
})

test('a reload in mid-call: the same screen, note and sound within three seconds', async () => {
  await getReady(page)
  await talk(page, server)
  await page.keyboard.press('n')
  await page.keyboard.type('half a th')
  const startedMs = Date.now()
  await page.reload()
  await expect(page.getByText('Live: you')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Notes' })).toHaveValue('half a th')
  await loud('in', 0.05)
  expect(Date.now() - startedMs).toBeLessThan(3000)
  expect(new Set(sent('phone.claim').map(command => 'tabId' in command && command.tabId)).size).toBe(1)
  server.dropLine()
  await expect.poll(() => server.desk.view.line.state).toBe('open')
  await loud('in', 0.05)
})

test('other pages in mid-call and back: the same line, the same sound, nothing is rung or dropped [S3-43]', async () => {
  await getReady(page)
  await talk(page, server)
  await loud('in', 0.05)
  const lines = [...server.lines]
  for (const [link, heading] of [
    ['Calls', 'Calls'],
    ['Events', 'Events'],
    ['Voice', 'Voice'],
  ] as const) {
    await page.getByRole('link', { name: link, exact: true }).click()
    await expect(page.getByRole('heading', { name: heading, exact: true })).toBeVisible()
    await loud('in', 0.05)
  }
  await page.goBack()
  await page.goBack()
  await page.goBack()
  await expect(page.getByText('Live: you')).toBeVisible()
  await loud('in', 0.05)
  expect([...server.lines]).toEqual(lines)
  expect(server.rejected).toEqual([])
  // An inbound call still finds its one dispatcher.
  server.desk.ring('in1')
  const mine = server.offer('in1')
  await expect(page.getByRole('dialog', { name: 'Inbound call' })).toBeVisible()
  await page.keyboard.press('d')
  await expect.poll(() => server.rejected).toEqual([mine])
})

test('a start that is refused, or reaches nobody, is said in words, and the next one works [S3-56]', async () => {
  await getReady(page)
  const start = page.getByRole('button', { name: 'Start dialing' })
  server.desk.refuseNext = 'seat-taken'
  await start.click()
  await expect.poll(() => sent('session.start').length).toBe(1)
  await expect(page.getByText('The last call is still being ended').first()).toBeVisible()
  await expect(start).toBeEnabled()
  server.up = false
  server.dropDesk()
  await expect(page.getByText('No connection to the server.').first()).toBeVisible()
  await expect(start).toBeDisabled()
  server.up = true
  await expect(start).toBeEnabled({ timeout: 15_000 })
  await start.click()
  await expect.poll(() => sent('session.start').length).toBe(2)
})

test('no page opens without a sign-in [S4-15]', async () => {
  server.signedIn = false
  const { page: stranger } = await openPage(browser)
  for (const path of ['/', '/calls', '/events', '/dial', '/voice-workspace', '/team']) {
    await stranger.goto(`${server.url}${path}`)
    await expect(stranger.getByRole('button', { name: 'Continue as Ada' })).toBeVisible()
    await expect(stranger.getByRole('link', { name: 'Calls', exact: true })).toBeHidden()
  }
})

test('sound that the browser keeps off asks for one click', async () => {
  await getReady(page)
  await talk(page, server)
  await page.addInitScript(() => {
    let clicked = false
    addEventListener(
      'click',
      () => {
        clicked = true
      },
      true,
    )
    const { resume } = AudioContext.prototype
    AudioContext.prototype.resume = function () {
      return clicked ? resume.call(this) : new Promise(() => undefined)
    }
    const state = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, 'state')
    Object.defineProperty(AudioContext.prototype, 'state', {
      get() {
        return clicked ? state?.get?.call(this) : 'suspended'
      },
    })
  })
  await page.reload()
  await page.getByRole('button', { name: 'Rejoin the call' }).click()
  await expect(page.getByRole('button', { name: 'Rejoin the call' })).toBeHidden()
  await loud('in', 0.05)
})

test('two tabs: one phone, handed over on request [S3-39]', async () => {
  await getReady(page)
  const second = await page.context().newPage()
  await second.goto(server.url)
  await second.getByRole('button', { name: 'Check my headset' }).click()
  await expect(second.getByText('The phone is in another tab.')).toBeVisible()
  expect(server.gateway.devices(IDENTITY)).toHaveLength(1)
  await second.getByRole('button', { name: 'Use it here' }).click()
  await expect(second.getByText('Phone ready, line open')).toBeVisible()
  await expect(page.getByText(/The phone is in another (tab|browser)\./)).toBeVisible()
  await expect.poll(() => server.gateway.devices(IDENTITY).length).toBe(1)
  expect(server.lines.size).toBe(1)
})

test('carrier away: one state in words, and back by itself [S4-16 S4-33]', async () => {
  test.setTimeout(60_000)
  await getReady(page)
  server.tokenGood = false
  server.gateway.dropSockets(IDENTITY)
  await expect(page.getByRole('alert')).toContainText(/not let in|Phone offline/)
  await expect.poll(() => sent('phone.lost').length, { timeout: 15_000 }).toBe(1)
  server.tokenGood = true
  await expect(page.getByText('Line open. Press')).toBeVisible({ timeout: 30_000 })
})

test('a page that is opened while the server is away opens by itself when it is back', async () => {
  test.setTimeout(45_000)
  await page.route('**/api/me', route => route.abort())
  await page.reload()
  await expect(page.getByRole('alert')).toContainText('The server cannot be reached')
  await page.unroute('**/api/me')
  await expect(page.getByRole('button', { name: 'Check my headset' })).toBeVisible({ timeout: 10_000 })
})

test('the first token refused: said in words, one entry in the event list, and tried again with a new one [S4-20 S1-21]', async () => {
  test.setTimeout(45_000)
  server.tokenGood = false
  await page.getByRole('button', { name: 'Check my headset' }).click()
  await expect(page.getByText('The phone was not let in')).toBeVisible()
  // It is tried again by itself; the event list says so once.
  await expect.poll(() => sent('phone.claim').length, { timeout: 15_000 }).toBeGreaterThan(1)
  expect(sent('phone.refused')).toMatchObject([{ reason: 'token-refused' }])
  server.tokenGood = true
  await expect(page.getByText('Phone ready, line open')).toBeVisible({ timeout: 15_000 })
})

test('microphone refused: what to do, and the rest still works [S3-44 S4-16]', async () => {
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  })
  await page.reload()
  await page.getByRole('button', { name: 'Check my headset' }).click()
  await expect(page.getByText('The microphone is blocked')).toBeVisible()
  await expect(page.getByRole('alert')).toContainText('Allow')
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
  const start = page.getByRole('button', { name: 'Start dialing' })
  await expect(start).toBeDisabled()
  await expect(start).toHaveAccessibleDescription('The phone is not ready yet')
  expect(sent('phone.claim')).toEqual([])
})

test('three rounds without the mouse; a note typed a moment ago is saved before its outcome [S4-30] [S3-54]', async () => {
  await getReady(page)
  for (const round of [1, 2, 3]) {
    await talk(page, server)
    await page.keyboard.press('n')
    await page.keyboard.type(`m h x ${round}`)
    await page.keyboard.press('Escape')
    // a press within 600 ms of the last hang-up is ignored on purpose
    await expect(async () => {
      await page.keyboard.press('x')
      await expect(page.getByText('Choose an outcome for')).toBeVisible({ timeout: 200 })
    }).toPass()
    await page.keyboard.press(String(round))
    await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible()
  }
  const order = server.desk.commands.filter(({ type }) => type === 'note.saved' || type === 'outcome.saved')
  const last = order.map(command =>
    'text' in command ? command.text : 'outcomeId' in command ? command.outcomeId : '',
  )
  for (const round of [1, 2, 3]) expect(last.indexOf(`m h x ${round}`)).toBe(last.indexOf(`o${round}`) - 1)
  expect(sent('mute.changed')).toEqual([])
  expect(sent('call.hold')).toEqual([])
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(page.getByText('The session is over')).toBeVisible()
})

test('shortcuts can be switched off, and the server can end the session [S4-9]', async () => {
  await getReady(page)
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('switch', { name: 'Keyboard shortcuts' }).click()
  await page.keyboard.press('Escape')
  await blur(page)
  await page.keyboard.press('Space')
  await page.keyboard.press('Shift+?')
  await expect(page.getByText('Shortcuts are switched off')).toBeVisible()
  expect(sent('session.start')).toEqual([])
  server.signedIn = false
  server.dropDesk()
  await expect(page.getByRole('button', { name: 'Continue as Ada' })).toBeVisible()
  await expect.poll(() => server.gateway.devices(IDENTITY).length).toBe(0)
})
