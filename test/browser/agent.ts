/** The acts of a person at the desk, by keyboard, and the sound that they hear. All waits are for conditions on the page. */
import { type Browser, type BrowserContext, chromium, expect, type Page } from '@playwright/test'
import { findChromium } from './chromium.ts'

declare global {
  interface Window {
    trunklineAudio?: { inRms(): number; outRms(): number }
    trunklineAiAudio?: { inRms(): number; outRms(): number }
  }
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch(await findChromium())
}

export interface Agent {
  page: Page
  close(): Promise<void>
}

/** Signs in as a demo user and passes the headset check: phone registered, line open. `prepare`: before the page opens. */
export async function sitDown(
  browser: Browser,
  url: string,
  name = 'Ada',
  prepare: (context: BrowserContext) => Promise<void> = async () => undefined,
): Promise<Agent> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, permissions: ['microphone'] })
  await prepare(context)
  const page = await context.newPage()
  await page.goto(url)
  await pressButton(page, `Continue as ${name}`)
  await pressButton(page, 'Check my headset')
  await expect(page.getByRole('button', { name: 'Continue', exact: true })).toBeEnabled({ timeout: 15_000 })
  await pressButton(page, 'Continue')
  await expect(page.getByText('Phone ready · Line open')).toBeVisible({ timeout: 15_000 })
  return { page, close: () => context.close() }
}

/** Tabs to the element and presses Enter, without a mouse. */
export async function pressButton(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name, exact: ['Continue', 'Call'].includes(name) }).first()
  await button.focus()
  await page.keyboard.press('Enter')
}

export function lanes(page: Page) {
  return page.locator('fieldset[data-call-id]')
}

export async function laneStates(page: Page): Promise<string[]> {
  return lanes(page).evaluateAll(boxes => boxes.map(box => box.getAttribute('data-state') ?? ''))
}

/** The lane that belongs to the person of this name. */
export function laneOf(page: Page, name: string) {
  return page.getByRole('group', { name: new RegExp(`: ${name}$`) })
}

/** What the agent is doing, as the desk says. */
export function presence(page: Page): Promise<string> {
  return page.evaluate(async () => ((await (await fetch('/api/desk/view')).json()) as { presence: string }).presence)
}

/** Waits until somebody is heard: energy in the remote stream, measured in the page. */
export async function hears(page: Page, level = 0.01, timeout = 10_000): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => window.trunklineAudio?.inRms() ?? 0), { timeout, intervals: [20] })
    .toBeGreaterThan(level)
}

export async function press(page: Page, key: string): Promise<void> {
  await page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined))
  await page.keyboard.press(key)
}
