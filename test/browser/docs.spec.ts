/// <reference types="node" />
/** The reference of the API at `/docs`: it works under our policy, without another host, and can be read on a phone and in the dark. */
import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, test } from '@playwright/test'
import { openBrowser, openPage } from './dialer-driver.ts'
import { FakeServer } from './fake-server.ts'

let browser: Browser
let server: FakeServer

test.beforeAll(async () => {
  browser = await openBrowser()
  server = new FakeServer()
  await server.start()
})
test.afterAll(async () => {
  await browser.close()
  await server.close()
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1280, 390])
    test(`every route can be found and opened, ${colorScheme}, ${width} wide`, async () => {
      const { page, faults } = await openPage(browser, { colorScheme, viewport: { width, height: 844 } })
      const asked: string[] = []
      page.on('request', request => asked.push(request.url()))
      await page.goto(`${server.url}/docs`)
      await expect(page.getByRole('heading', { name: /^Trunkline/ })).toBeVisible()
      await page.getByRole('button', { name: 'Expand operation' }).first().click()
      const create = page.getByRole('button', { name: /^POST .*A new flow/ })
      await create.click()
      await expect(page.getByText('Request body', { exact: true }).first()).toBeVisible()
      await expect(page.getByText('Idempotency-Key').first()).toBeVisible()
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(sideways).toBeLessThanOrEqual(0)
      const { violations } = await new AxeBuilder({ page }).withRules(['color-contrast']).analyze()
      expect(violations.flatMap(one => one.nodes.map(node => node.target.join(' ')))).toEqual([])
      expect(asked.filter(url => !url.startsWith(server.url) && !url.startsWith('data:'))).toEqual([])
      expect(faults).toEqual([])
    })
