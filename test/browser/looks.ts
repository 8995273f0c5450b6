/// <reference types="node" />
/** What every file of looks begins with: one browser, and for each test a pretend server of its own, which the dialer talks to. */
import { type Browser, type Page, test } from '@playwright/test'
import { openBrowser } from './dialer-driver.ts'
import { FakeServer } from './fake-server.ts'

export interface Looks {
  readonly browser: Browser
  readonly server: FakeServer
}

/** Registers the hooks of the file that calls it. Its fields have values while a test runs. */
export function looksWithServer(): Looks {
  let browser: Browser | undefined
  let server: FakeServer | undefined
  const there = <T>(one: T | undefined): T => {
    if (one === undefined) throw new Error('no test runs')
    return one
  }
  test.beforeAll(async () => {
    browser = await openBrowser()
  })
  test.afterAll(() => browser?.close())
  test.beforeEach(async () => {
    // The first one builds the dialer.
    test.setTimeout(120_000)
    server = new FakeServer()
    await server.start()
  })
  test.afterEach(async () => {
    await Promise.all(
      there(browser)
        .contexts()
        .map(context => context.close()),
    )
    await server?.close()
  })
  return {
    get browser() {
      return there(browser)
    },
    get server() {
      return there(server)
    },
  }
}

/** With `SCREENSHOTS` set to a folder, a picture for people. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png` })
}
