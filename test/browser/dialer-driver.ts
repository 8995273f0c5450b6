/// <reference types="node" />
/** Steps that the dialer's browser tests share: open a browser, sign in, get ready, start, talk. */
import { type Browser, type BrowserContextOptions, chromium, expect, type Page } from '@playwright/test'
import { findChromium } from './chromium.ts'
import type { FakeServer } from './fake-server.ts'

export async function openBrowser(): Promise<Browser> {
  const { executablePath, args, env } = await findChromium()
  return chromium.launch({ executablePath, args, env: { ...process.env, ...env } as Record<string, string> })
}

/** Opens a fresh page. Errors that it prints or throws are collected in `faults`. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 720 },
    permissions: ['microphone'],
    ...options,
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    // the browser itself prints refused requests; everything else is ours (a broken policy, a React warning)
    if (message.type() === 'error' && !/status of 4\d\d|WebSocket connection/.test(message.text()))
      faults.push(message.text())
  })
  return { page, faults }
}

export async function signIn(page: Page, server: FakeServer): Promise<void> {
  await page.goto(server.url)
  await page.getByRole('button', { name: 'Continue as Ada' }).click()
  await expect(page.getByRole('heading', { name: 'Headset check' })).toBeVisible()
}

/** Passes the headset check and goes on to the start of a session. */
export async function getReady(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Check my headset' }).click()
  await expect(page.getByText('Phone ready, line open')).toBeVisible()
  await page.getByRole('button', { name: 'Continue', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Start dialing' })).toBeVisible()
}

/** Gives the focus back to the page, as a click on empty ground does. */
export async function blur(page: Page): Promise<void> {
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
}

/** Space starts a round of one line; the first lane answers and is a person. */
export async function talk(page: Page, server: FakeServer): Promise<void> {
  await blur(page)
  await page.keyboard.press('Space')
  await expect(page.getByRole('group', { name: 'Lane 1: Amara Diallo' })).toBeVisible()
  server.desk.answer()
  server.desk.win()
  await expect(page.getByText('Live: you')).toBeVisible()
}

export const loudness = (page: Page) =>
  page.evaluate(() => ({ in: window.trunklineAudio?.inRms() ?? 0, out: window.trunklineAudio?.outRms() ?? 0 }))
