/** The page Live with the whole product: it is told of changes, asks nothing while hidden, and says how old it is when nobody tells it. */
import { type Browser, expect, type Page, test, type WebSocketRoute } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { openBrowser, pressButton } from './agent.ts'

let stage: Stage
let browser: Browser
let sam: Page
let ada: Page
/** Sam's connection to his desk: with `cut` it is lost, and no new one opens. */
let cut = false
let desk: WebSocketRoute | null = null
let reads = 0
let told = 0

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7850, networkPort: 7870 })
  browser = await openBrowser()
  sam = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage()
  await sam.routeWebSocket(/\/api\/desk$/, socket => {
    desk = socket
    if (cut) return void socket.close()
    const server = socket.connectToServer()
    server.onMessage(message => {
      if (String(message).startsWith('{"type":"live"')) told += 1
      socket.send(message)
    })
  })
  sam.on('request', request => {
    if (new URL(request.url()).pathname === '/api/live') reads += 1
  })
  await enters(sam, 'Sam')
  ada = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage()
  await enters(ada, 'Ada')
  await sam.getByRole('link', { name: 'Live', exact: true }).click()
  await expect(row()).toBeVisible()
})
test.afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

async function enters(page: Page, name: string): Promise<void> {
  await page.goto(stage.url)
  await pressButton(page, `Continue as ${name}`)
  await pressButton(page, 'Continue without the phone')
}
const row = () => sam.getByRole('listitem', { name: 'Ada' })
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** Ada goes on a break or comes back; how long it takes until Sam's page says so. */
async function adaChanges(to: 'break' | 'ready'): Promise<number> {
  const words = to === 'break' ? 'On a break' : 'Ready'
  await ada
    .getByRole('button', { name: to === 'break' ? 'Take a break' : 'Back to ready' })
    .first()
    .click()
  const began = Date.now()
  await row().getByText(words).waitFor()
  return Date.now() - began
}

test('a change of an agent is on the supervisor’s page within 500 ms, and a quiet team is hardly asked about', async () => {
  const took: number[] = []
  for (const to of ['break', 'ready', 'break', 'ready'] as const) {
    await pause(700)
    took.push(await adaChanges(to))
  }
  console.log(JSON.stringify({ liveToldMs: took }))
  expect(Math.max(...took)).toBeLessThan(500)
  reads = 0
  await pause(6000)
  expect(reads).toBeLessThanOrEqual(1)
})

test('a hidden tab reads nothing and is told nothing; in front again it is up to date', async () => {
  const shows = (state: string) =>
    sam.evaluate(value => {
      Object.defineProperty(document, 'visibilityState', { value, configurable: true })
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    }, state)
  await shows('hidden')
  await pause(500)
  reads = 0
  told = 0
  await ada.getByRole('button', { name: 'Take a break' }).first().click()
  await pause(5000)
  expect({ reads, told }).toEqual({ reads: 0, told: 0 })
  await shows('visible')
  await expect(row()).toContainText('On a break')
  await adaChanges('ready')
})

test('a lost connection leaves the page asking, with the age of what stands there; afterwards it is told again', async () => {
  cut = true
  await desk?.close()
  await expect(
    sam.getByText('The connection is lost, so this page asks every 2 seconds.', { exact: false }),
  ).toBeVisible()
  await adaChanges('break')
  cut = false
  await expect(sam.getByText('The connection is lost', { exact: false })).toBeHidden({ timeout: 15_000 })
  await pause(700)
  expect(await adaChanges('ready')).toBeLessThan(500)
})
