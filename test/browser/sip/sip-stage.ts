/// <reference types="node" />
/** A page for each SIP library, served by the test stage and not by the product, and phones in it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Browser, expect, type Page } from '@playwright/test'
import { build } from 'esbuild'
import { call } from '../../../scripts/local/demo.ts'
import type { ShownExtension } from '../../../src/wire/extension.ts'

/** The fake microphone of Chromium is louder than this while it beeps, 0…1. */
export const SOUND = 0.02

export type Library = 'jssip' | 'sipjs'
declare global {
  interface Window {
    // biome-ignore lint/suspicious/noExplicitAny: the page's own untyped hands, see jssip-page.js
    sip: any
  }
}

async function bundled(library: Library): Promise<string> {
  const entryPoints = [fileURLToPath(new URL(`./${library}-page.js`, import.meta.url))]
  const { outputFiles } = await build({
    ...{ entryPoints, bundle: true, write: false, format: 'esm', platform: 'browser' },
    ...{ logLevel: 'silent', define: { global: 'globalThis' } },
  })
  return outputFiles[0]?.text ?? ''
}

/** Serves both pages on this port of loopback. */
export async function servePages(port: number): Promise<{ url: string; close(): Promise<void> }> {
  const scripts: Record<string, string> = { '/jssip.js': await bundled('jssip'), '/sipjs.js': await bundled('sipjs') }
  const server = createServer((request, response) => {
    const { url = '' } = request
    response.setHeader('content-type', url in scripts ? 'text/javascript' : 'text/html')
    response.end(scripts[url] ?? `<!doctype html><title>phone</title><script type="module" src="${url}.js"></script>`)
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

export type Made = ShownExtension & { password: string }
export const makeExtension = (base: string, root: string, extension: string) =>
  call<Made>(base, root, 'POST', '/v1.0/extensions', { extension, name: `Phone ${extension}` })

/** A phone in a browser page of its own. */
export class BrowserPhone {
  readonly page: Page
  private constructor(page: Page) {
    this.page = page
  }

  static async open(browser: Browser, pages: string, library: Library = 'jssip'): Promise<BrowserPhone> {
    const context = await browser.newContext({ permissions: ['microphone'] })
    const page = await context.newPage()
    await page.goto(`${pages}/${library}`)
    await page.waitForFunction(() => window.sip !== undefined)
    return new BrowserPhone(page)
  }

  start({ ws_url: url, domain_name: domain, username: user }: Made, password: string): Promise<void> {
    return this.page.evaluate(given => window.sip.start(given), { url, domain, user, password })
  }
  async register(made: Made): Promise<this> {
    await this.start(made, made.password)
    await this.hears('registered')
    return this
  }

  /** Calls one of the page's functions. */
  do(what: string, ...given: unknown[]): Promise<unknown> {
    return this.page.evaluate(([name, args]) => window.sip[name as string](...(args as unknown[])), [
      what,
      given,
    ] as const)
  }
  heard(): Promise<string[]> {
    return this.page.evaluate(() => window.sip.heard)
  }
  /** Waits until the page has noted this, and returns it whole. */
  async hears(start: string): Promise<string> {
    await expect
      .poll(async () => (await this.heard()).filter(one => one.startsWith(start)), { message: start, timeout: 15_000 })
      .not.toEqual([])
    return (await this.heard()).findLast(one => one.startsWith(start)) ?? ''
  }

  /** The fake microphone beeps once a second, so the loudest of this time says whether any sound comes through. */
  async loudest(name: string, ms = 2_500): Promise<number> {
    return this.page.evaluate(
      async ([session, time]) => {
        let level = 0
        const end = performance.now() + time
        while (performance.now() < end) {
          level = Math.max(level, window.sip.loudness(session))
          await new Promise(resolve => setTimeout(resolve, 30))
        }
        return level
      },
      [name, ms] as const,
    )
  }
  async hearsSound(name: string): Promise<void> {
    await expect
      .poll(() => this.loudest(name, 1_200), { message: `sound of ${name}`, timeout: 15_000 })
      .toBeGreaterThan(SOUND)
  }
  async hearsNothing(name: string): Promise<void> {
    await expect.poll(() => this.loudest(name), { message: `silence of ${name}`, timeout: 15_000 }).toBeLessThan(0.002)
  }
  close(): Promise<void> {
    return this.page.context().close()
  }
}
