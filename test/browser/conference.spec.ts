/**
 * A conference by name on a supervisor's page, with the whole product and the phone network: it is made, people call its number, and they
 * are muted, held, recorded, taken out and let go. Then an agent calls it from the desk, and sees who is in. Who hears whom is asked of
 * the phone network.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { call, OUR_NUMBERS, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { type Agent, openBrowser, pressButton, sitDown } from './agent.ts'
import { look } from './look.ts'

const [, NUMBER = ''] = OUR_NUMBERS
const PAT = '+14155559301'
const KIM = '+14155559302'
const LEE = '+14155559303'

let stage: Stage
let browser: Browser
let page: Page
let conferenceId = ''

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7750, networkPort: 7770 })
  browser = await openBrowser()
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  page = await context.newPage()
  await page.goto(stage.url)
  await pressButton(page, 'Continue as Sam')
  await pressButton(page, 'Continue without the phone')
})
test.afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

const inside = () =>
  stage.network.control
    .world()
    // The line of an agent is in a room of their desk.
    .conferences.flatMap(one => (one.friendlyName === conferenceId ? one.participants : []))
    .filter(one => one.status === 'connected')
const legOf = (number: string) =>
  stage.network.control.world().calls.find(one => one.from === number && one.endedAt === null)
const partOf = (number: string) => inside().find(one => one.callSid === legOf(number)?.sid)
const rowOf = (number: string) => page.getByRole('listitem', { name: shown(number) })
const shown = (number: string) => `+1 ${number.slice(2, 5)} ${number.slice(5, 8)} ${number.slice(8)}`
const calls = (number: string) =>
  stage.network.control.dial(number, NUMBER, { kind: 'human', acts: [{ listen: true }] })

test('a supervisor makes a conference: a refusal stands at its field, and the empty page says how it begins', async () => {
  await page.getByRole('link', { name: 'Conferences', exact: true }).click()
  await expect(page.getByText('There is no conference yet.')).toBeVisible()
  await page.getByLabel('Name').fill('Daily')
  await page.getByLabel('PIN (empty: none)').fill('12')
  await pressButton(page, 'Make the conference')
  await expect(page.getByLabel('PIN (empty: none)')).toHaveAccessibleDescription(/4 to 12 digits/)
  await page.getByLabel('PIN (empty: none)').fill('')
  await pressButton(page, 'Make the conference')
  await expect(page.getByRole('heading', { name: 'Daily', level: 1 })).toBeVisible()
  await expect(page.getByText('No number leads here yet.')).toBeVisible()
  conferenceId = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '')
  const root = await signIn(stage.url, 'root')
  await call(stage.url, root, 'PUT', `/v1.0/numbers/${encodeURIComponent(NUMBER)}`, { conference_id: conferenceId })
  await expect(page.getByText(`It begins when somebody calls ${NUMBER}.`)).toBeVisible()
  await look(page, 'a conference in which nobody is')
})

test('who calls its number stands there; mute, hold and record do what they say, by keyboard', async () => {
  test.setTimeout(90_000)
  calls(PAT)
  calls(KIM)
  await expect(page.getByText('2 in', { exact: false })).toBeVisible({ timeout: 20_000 })
  await expect(rowOf(PAT)).toBeVisible()
  await expect(rowOf(KIM)).toBeVisible()
  await pressButton(page, `Mute ${shown(PAT)}`)
  await expect.poll(() => partOf(PAT)?.muted).toBe(true)
  await expect(rowOf(PAT)).toContainText('muted')
  expect(partOf(KIM)?.muted).toBe(false)
  await pressButton(page, `Unmute ${shown(PAT)}`)
  await expect.poll(() => partOf(PAT)?.muted).toBe(false)
  await pressButton(page, `Hold: ${shown(KIM)}`)
  await expect.poll(() => partOf(KIM)?.held).toBe(true)
  await expect(rowOf(KIM)).toContainText('on hold')
  await look(page, 'a conference with somebody on hold')
  await pressButton(page, `Take off hold: ${shown(KIM)}`)
  await expect.poll(() => partOf(KIM)?.held).toBe(false)
  await pressButton(page, `Record what ${shown(PAT)} says and hears`)
  await expect(rowOf(PAT)).toContainText('recorded')
  await pressButton(page, `Stop recording what ${shown(PAT)} says and hears`)
  await expect(rowOf(PAT)).not.toContainText('recorded')
})

test('a locked conference lets nobody in, and who is taken out goes after a question', async () => {
  test.setTimeout(60_000)
  await pressButton(page, 'Lock')
  await expect(page.getByText('Locked', { exact: true })).toBeVisible()
  calls(LEE)
  await expect.poll(() => stage.network.control.world().calls.some(one => one.from === LEE)).toBe(true)
  await expect.poll(() => legOf(LEE) ?? null, { timeout: 20_000 }).toBeNull()
  expect(inside()).toHaveLength(2)
  await pressButton(page, 'Unlock')
  await expect(page.getByText('Locked', { exact: true })).toHaveCount(0)
  await pressButton(page, `Take out ${shown(KIM)}`)
  await pressButton(page, `Really take out? Take out ${shown(KIM)}`)
  await expect.poll(() => inside().map(one => one.callSid)).toEqual([legOf(PAT)?.sid])
  await expect(rowOf(KIM)).toHaveCount(0)
})

test('an agent who has called it sees on the desk who is in, and may change nothing', async () => {
  test.setTimeout(90_000)
  const ada: Agent = await sitDown(browser, stage.url, 'Ada')
  await ada.page.getByRole('link', { name: 'Dial pad' }).click()
  await ada.page.getByLabel('Phone number').fill(NUMBER)
  await pressButton(ada.page, 'Call')
  const panel = ada.page.getByRole('region', { name: /^Conference/ })
  await expect(panel).toContainText('Daily', { timeout: 20_000 })
  await expect(panel).toContainText('2 in', { timeout: 20_000 })
  await expect(panel.getByRole('listitem', { name: shown(PAT) })).toBeVisible()
  await expect(panel.getByRole('button')).toHaveCount(0)
  await look(ada.page, 'the desk in a conference')
  await pressButton(ada.page, 'Hang up')
  await expect(panel).toHaveCount(0)
  await expect(page.getByText('1 in', { exact: false })).toBeVisible()
  await ada.close()
})

test('the end lets everybody go after a question; the page is reached by its address, and the list says that nobody is in', async () => {
  test.setTimeout(60_000)
  await page.goto(`${stage.url}/app/conferences/${encodeURIComponent(conferenceId)}`)
  await pressButton(page, 'Continue without the phone')
  await expect(rowOf(PAT)).toBeVisible()
  await pressButton(page, 'End for everybody: Daily')
  await pressButton(page, 'No, do not: End for everybody: Daily')
  await expect(rowOf(PAT)).toBeVisible()
  await pressButton(page, 'End for everybody: Daily')
  await pressButton(page, 'Really end for everybody? End for everybody: Daily')
  await expect.poll(() => inside().length).toBe(0)
  await expect(page.getByText(`It begins when somebody calls ${NUMBER}.`)).toBeVisible()
  await page.getByRole('link', { name: 'All conferences' }).click()
  await expect(page.getByRole('row', { name: /Daily/ })).toContainText('nobody is in')
  await page.getByRole('link', { name: 'Daily' }).click()
  await pressButton(page, 'Delete Daily')
  await pressButton(page, 'Really delete? Delete Daily')
  await expect(page.getByText('There is no conference yet.')).toBeVisible()
})
