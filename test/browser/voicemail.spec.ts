/**
 * Somebody calls Bo, who declines: they leave a message, and Bo has it in a real browser, hears it and calls back. The carrier is the phone
 * network; nothing in between is replaced.
 */
import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { call, OUR_NUMBERS, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { type Agent, openBrowser, press, sitDown } from './agent.ts'

const [, NUMBER = ''] = OUR_NUMBERS
const CALLER = '+14155559211'

let stage: Stage
let browser: Browser
let bo: Agent
let boKey = ''

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 6850, networkPort: 6870 })
  browser = await openBrowser()
  bo = await sitDown(browser, stage.url, 'Bo')
  boKey = await signIn(stage.url, 'bo')
  const { userId } = await call<{ userId: string }>(stage.url, boKey, 'GET', '/api/me')
  const root = await signIn(stage.url, 'root')
  await call(stage.url, root, 'PUT', `/v1.0/numbers/${encodeURIComponent(NUMBER)}`, { user_id: userId })
})
test.afterAll(async () => {
  await bo?.close()
  await browser?.close()
  await stage?.close()
})

interface Listed {
  id: string
  kind: string
  sound: string
  seconds: number
}
const listed = async () => (await call<{ items: Listed[] }>(stage.url, boKey, 'GET', '/v1.0/inbox')).items
const inboxLink = (page: Page) => page.getByRole('link', { name: /^Inbox/ })

async function noViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`)).toEqual([])
}

test('Bo declines, the caller leaves a message, and the count beside Inbox says one [S4-4]', async () => {
  test.setTimeout(90_000)
  const speaks = Array(4)
    .fill([{ pauseMs: 700 }, { say: 'Hello Bo, please call me back about the invoice.' }])
    .flat()
  const { page } = bo
  stage.network.control.dial(CALLER, NUMBER, { kind: 'human', acts: [{ listen: true }, ...speaks, { hangUp: true }] })
  await expect(page.getByRole('dialog')).toBeVisible({ timeout: 20_000 })
  await press(page, 'd')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect
    .poll(async () => (await listed()).map(one => [one.kind, one.sound]), { timeout: 60_000 })
    .toEqual([['voicemail', 'kept']])
  await expect(inboxLink(page)).toContainText('1 waiting', { timeout: 10_000 })
})

test('what is stored has the caller’s voice, and the player of the page plays it', async () => {
  const { page } = bo
  await inboxLink(page).click()
  const entry = page.getByRole('list', { name: 'Entries' }).getByRole('listitem')
  await expect(entry).toContainText('for you')
  await expect(entry).toContainText('Voicemail')
  await noViolations(page)
  const player = entry.locator('audio')
  const sound = await player.evaluate(async (audio: HTMLAudioElement) => {
    const bytes = await (await fetch(audio.src)).arrayBuffer()
    const { sampleRate, ...decoded } = await new OfflineAudioContext(1, 8_000, 8_000)
      .decodeAudioData(bytes)
      .then(buffer => ({ sampleRate: buffer.sampleRate, samples: buffer.getChannelData(0), seconds: buffer.duration }))
    const loud = decoded.samples.filter(sample => Math.abs(sample) > 0.02).length
    return { seconds: decoded.seconds, loudSeconds: loud / sampleRate }
  })
  expect(sound.seconds).toBeGreaterThan(3)
  expect(sound.loudSeconds).toBeGreaterThan(0.5)
  await player.evaluate((audio: HTMLAudioElement) => audio.play())
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(0.5)
  // Jumping needs a part of the sound, which the server gives.
  await player.evaluate((audio: HTMLAudioElement) => {
    audio.currentTime = 2
  })
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(2.1)
  await player.evaluate((audio: HTMLAudioElement) => audio.pause())
})

test('handled and opened again, deleted and brought back', async () => {
  const { page } = bo
  await page.getByRole('button', { name: `Handled: ${CALLER}` }).click()
  await expect(page.getByText('Nobody waits for you.')).toBeVisible()
  await expect(inboxLink(page)).not.toContainText('waiting')
  await page.getByLabel('Show').selectOption({ label: 'What was handled as well' })
  await page.getByRole('button', { name: `Open again: ${CALLER}` }).click()
  await expect(inboxLink(page)).toContainText('1 waiting')
  await page.getByRole('button', { name: `Delete ${CALLER}` }).click()
  await expect(page.getByText(`${CALLER} was deleted.`)).toBeVisible()
  await expect(inboxLink(page)).not.toContainText('waiting')
  await noViolations(page)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(inboxLink(page)).toContainText('1 waiting')
})

test('one key calls the person back', async () => {
  test.setTimeout(60_000)
  const { page } = bo
  await expect(page.getByRole('button', { name: `Call back ${CALLER}` })).not.toHaveAttribute('aria-disabled', 'true')
  await press(page, 'c')
  const calls = () => stage.network.control.world().calls.filter(one => one.to === CALLER)
  await expect.poll(() => calls().length, { timeout: 15_000 }).toBe(1)
})
