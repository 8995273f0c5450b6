/** A real agent in a real browser, for the figures that need one: signs in, starts a session, runs rounds. */
import type { Browser, Page } from '@playwright/test'
import type { DemoOptions } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { openBrowser, press, sitDown } from '../../test/browser/agent.ts'

export interface Bench {
  stage: Stage
  page: Page
  close(): Promise<void>
}

export async function openBench(people: NonNullable<DemoOptions['people']>, cps: number): Promise<Bench> {
  const stage = await setStage({ state: null, port: 6050, networkPort: 6070, cps, demo: { people } })
  const browser: Browser = await openBrowser()
  const { page } = await sitDown(browser, stage.url)
  await page.getByRole('checkbox').check()
  return {
    stage,
    page,
    async close() {
      await browser.close()
      await stage.close()
    },
  }
}

/** Presses `Space` and waits for the lanes of a new round. */
export async function startRound(page: Page): Promise<void> {
  const before = await firstCall(page)
  await page
    .getByRole('button', { name: /^(Continue|Start dialing)/ })
    .and(page.locator(':enabled'))
    .waitFor({ timeout: 30_000 })
  await press(page, 'Space')
  await page.waitForFunction(
    old => (document.querySelector('fieldset[data-call-id]')?.getAttribute('data-call-id') ?? null) !== old,
    before,
    { timeout: 20_000, polling: 20 },
  )
}

function firstCall(page: Page): Promise<string | null> {
  return page.evaluate(() => document.querySelector('fieldset[data-call-id]')?.getAttribute('data-call-id') ?? null)
}

export function people(count: number, kindOf: (index: number) => string): NonNullable<DemoOptions['people']> {
  return Array.from({ length: count }, (_, index) => ({
    name: `Person ${index + 1}`,
    company: 'Test & Sons',
    // Magic numbers of the phone network: a hundred phones of each kind.
    number: `+1500${kindOf(index)}${String(Math.floor(index / 4) % 100).padStart(2, '0')}`,
    timeZone: 'America/New_York',
  }))
}

export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
}
