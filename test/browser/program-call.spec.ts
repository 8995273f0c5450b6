/// <reference types="node" />
/** A program calls Ada in a real browser: her desk rings, then her phone, the flow speaks to her, and her open line stays as it is. */
import { type Browser, expect, test } from '@playwright/test'
import { call, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { type Agent, hears, openBrowser, presence, press, pressButton, sitDown } from './agent.ts'

let stage: Stage
let browser: Browser
let ada: Agent
let root = ''
let userId = ''

test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7650, networkPort: 7670 })
  browser = await openBrowser()
  ada = await sitDown(browser, stage.url, 'Ada')
  root = await signIn(stage.url, 'root')
  const me = await call<{ userId: string }>(stage.url, await signIn(stage.url, 'ada'), 'GET', '/api/me')
  userId = me.userId.replaceAll('-', '_')
})
test.afterAll(async () => {
  await ada?.close()
  await browser?.close()
  await stage?.close()
})

const api = <T>(method: string, path: string, body?: object): Promise<T> =>
  call<T>(stage.url, root, method, `/v1.0${path}`, body)
interface Placed {
  id: string
  status: string
  hangup_reason: string | null
}
const SAID = 'The warehouse asks for you. The lorry with the machines has arrived, and nobody knows where they belong. '
const callAda = () =>
  api<Placed>('POST', '/calls', {
    destinations: [{ type: 'agent', target: userId }],
    actions: [
      { type: 'talk', option: { text: SAID.repeat(6) } },
      { type: 'digits_receive', option: { duration: 60_000, length: 1 } },
    ],
  })

test('a program calls an agent: the desk rings, the agent hears the flow, and hangs up', async () => {
  test.setTimeout(90_000)
  const { page } = ada
  const placed = await callAda()
  const dialog = page.getByRole('dialog', { name: 'A program calls' })
  await expect(dialog).toContainText('calls you with a program', { timeout: 15_000 })
  await press(page, 'a')
  await expect.poll(() => presence(page), { timeout: 15_000 }).toBe('on-call')
  await hears(page)
  expect(await api<Placed>('GET', `/calls/${placed.id}`)).toMatchObject({ status: 'progressing' })
  await pressButton(page, 'Hang up')
  await expect.poll(() => presence(page), { timeout: 15_000 }).toBe('ready')
  await expect(page.getByText('Phone ready · Line open')).toBeVisible()
  expect(await api<Placed>('GET', `/calls/${placed.id}`)).toMatchObject({ status: 'hangup', hangup_reason: 'normal' })
})

test('an agent who declines is not called at their phone any more, and the call was not answered', async () => {
  test.setTimeout(90_000)
  const { page } = ada
  const placed = await callAda()
  await expect(page.getByRole('dialog', { name: 'A program calls' })).toBeVisible({ timeout: 15_000 })
  await page.getByRole('button', { name: /^Decline/ }).click()
  await expect
    .poll(async () => (await api<Placed>('GET', `/calls/${placed.id}`)).hangup_reason, { timeout: 15_000 })
    .toBe('noanswer')
  await expect.poll(() => presence(page), { timeout: 15_000 }).toBe('ready')
})
