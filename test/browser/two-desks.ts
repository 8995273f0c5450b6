/** A stage with Ada and Bo at their desks, each in a real browser, and Root by HTTP: what tests of two agents begin with. */
import { type Browser, type BrowserContext, type Locator, type Page, test } from '@playwright/test'
import { call, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { type Agent, openBrowser, sitDown } from './agent.ts'

/** Filled before the first test. */
export interface TwoDesks {
  stage: Stage
  browser: Browser
  ada: Agent
  bo: Agent
  /** As Root. */
  ask<T>(method: string, path: string, body?: object): Promise<T>
  /** The voice API, as Root. */
  api<T>(method: string, path: string, body?: object): Promise<T>
  /** A person of the demo, as calls and queues name people. */
  idOf(name: 'ada' | 'bo'): Promise<string>
  /** The number rings Bo, and whoever he does not take waits in a queue for Ada. */
  ringsBoThenAda(number: string): Promise<void>
}

/** Takes the ports from `port` on. `prepare`: before a page opens; `then`: when both sit. */
export function twoDesks(
  port: number,
  prepare?: (context: BrowserContext) => Promise<void>,
  then: () => Promise<void> = async () => undefined,
): TwoDesks {
  let root = ''
  const floor = {
    ask: (method, path, body) => call(floor.stage.url, root, method, path, body),
    api: (method, path, body) => floor.ask(method, `/v1.0${path}`, body),
    async idOf(name) {
      const { url } = floor.stage
      const { userId } = await call<{ userId: string }>(url, await signIn(url, name), 'GET', '/api/me')
      return userId.replaceAll('-', '_')
    },
    async ringsBoThenAda(number) {
      const members = [{ agent_id: await floor.idOf('ada') }]
      const queue = await floor.api<{ id: string }>('POST', '/queues', { name: 'Support', members })
      const { items } = await floor.api<{ items: { id: string; user_id: string }[] }>('GET', '/agents')
      const bo = await floor.idOf('bo')
      const user_id = items.find(({ id }) => id === bo)?.user_id
      await floor.api('PUT', `/numbers/${encodeURIComponent(number)}`, { user_id, unanswered_queue_id: queue.id })
    },
  } as TwoDesks
  test.beforeAll(async () => {
    test.setTimeout(120_000)
    floor.stage = await setStage({ state: null, port, networkPort: port + 20 })
    floor.browser = await openBrowser()
    floor.ada = await sitDown(floor.browser, floor.stage.url, 'Ada', prepare)
    floor.bo = await sitDown(floor.browser, floor.stage.url, 'Bo', prepare)
    root = await signIn(floor.stage.url, 'root')
    await then()
  })
  test.afterAll(async () => {
    await floor.ada?.close()
    await floor.bo?.close()
    await floor.browser?.close()
    await floor.stage?.close()
  })
  return floor
}

/** Sam, who leads the team, opens the form of a new campaign that may call at any hour. */
export async function newCampaign({ browser, stage }: TwoDesks, name: string): Promise<{ sam: Page; form: Locator }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const sam = await context.newPage()
  await sam.goto(stage.url)
  await sam.getByRole('button', { name: 'Continue as Sam' }).click()
  await sam.getByRole('button', { name: 'Continue without the phone' }).click()
  await sam.getByRole('link', { name: 'Campaigns', exact: true }).click()
  await sam.getByRole('button', { name: 'New campaign' }).click()
  const form = sam.getByRole('form', { name: 'A new campaign' })
  await form.getByLabel('Name of the campaign').fill(name)
  await form.getByLabel(/^From this hour/).fill('0')
  await form.getByLabel('Until this hour').fill('24')
  return { sam, form }
}
