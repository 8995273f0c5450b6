/// <reference types="node" />
/**
 * A newcomer makes two extensions on the page, gives what it shows to two phones, and finds out on the call's page why a call has failed. The
 * phones are unmodified JsSIP. Light, dark and at the width of a phone.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { openBrowser } from './agent.ts'
import { lookEverywhere } from './look.ts'
import { BrowserPhone, servePages } from './sip/sip-stage.ts'

let stage: Stage
let browser: Browser
let page: Page
let pages: Awaited<ReturnType<typeof servePages>>
const phones: BrowserPhone[] = []
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7122, networkPort: 7132 })
  pages = await servePages(7127)
  browser = await openBrowser()
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  await page.goto(stage.url)
  await page.getByRole('button', { name: 'Continue as Root' }).click()
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
})
test.afterAll(async () => {
  for (const phone of phones) await phone.close()
  await browser?.close()
  await pages?.close()
  await stage?.close()
})

const looked = (name: string) => lookEverywhere(page, name)

const row = (extension: string) => page.getByRole('row', { name: extension })

/** Makes an extension on the page, and a phone that is told what the page shows. */
async function make(extension: string, name: string): Promise<BrowserPhone> {
  const form = page.getByRole('form', { name: 'A new extension' })
  await form.getByLabel('Extension').fill(extension)
  await form.getByLabel('Name').fill(name)
  await form.getByRole('button', { name: 'Make an extension' }).click()
  const password = await page.getByLabel(`The password of ${extension}`).inputValue()
  const told = await page.getByLabel(`What a phone of ${extension} is told`).locator('dd').allInnerTexts()
  const [user = '', domain = '', url = ''] = told
  const phone = await BrowserPhone.open(browser, pages.url)
  phones.push(phone)
  await phone.do('start', { url, domain, user, password })
  await phone.hears('registered')
  return phone
}

test('an extension is made on the page, its password stands there once, and a phone connects with what the page shows', async () => {
  test.setTimeout(90_000)
  await page.getByRole('link', { name: 'Extensions', exact: true }).click()
  await expect(page.getByText('There are no extensions yet.')).toBeVisible()
  await looked('extensions-empty')
  await make('101', 'Reception')
  await looked('extension-made')
  await page.getByRole('button', { name: 'I have it' }).click()
  await expect(page.getByLabel('The password of 101')).toHaveCount(0)
  await expect(row('101')).toContainText('connected')
  await expect(row('101')).not.toContainText('never')
  const form = page.getByRole('form', { name: 'A new extension' })
  await form.getByLabel('Extension').fill('Front Desk')
  await form.getByLabel('Name').fill('Front')
  await form.getByRole('button', { name: 'Make an extension' }).click()
  await expect(page.getByText('extension: small letters, digits').first()).toBeVisible()
  await expect(form.getByLabel('Extension')).toHaveValue('Front Desk')
})

test('the page of a call shows its messages as a ladder, and the cause of its end in words', async () => {
  test.setTimeout(90_000)
  const b = await make('102', 'Workshop')
  await page.getByRole('button', { name: 'I have it' }).click()
  const [a] = phones as [BrowserPhone]
  await a.do('call', '102')
  await b.hears('incoming 101')
  await b.do('busy')
  await a.hears('outgoing failed')
  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  await page.getByRole('link', { name: '102' }).first().click()
  await expect(page.getByText('Extension 102 is busy (486).')).toBeVisible()
  const rungs = page.getByRole('list', { name: 'Messages of this call' }).getByRole('listitem')
  await expect(rungs.filter({ hasText: '101 to Trunkline: INVITE' })).toHaveCount(1)
  await expect(rungs.filter({ hasText: 'Trunkline to 101: 486 Busy Here' })).toHaveCount(1)
  await expect(page.getByRole('link', { name: 'Call again' })).toHaveCount(0)
  await page.getByRole('heading', { name: 'Between the phones' }).scrollIntoViewIfNeeded()
  await looked('sip-ladder')
})

test('a new password cuts off the phone, and a deleted extension is gone', async () => {
  await page.getByRole('link', { name: 'Extensions', exact: true }).click()
  await page.getByRole('button', { name: 'Make a new password for 102' }).click()
  await page.getByRole('button', { name: 'Cut off its phones? Make a new password for 102' }).click()
  await expect(page.getByLabel('The password of 102')).toBeVisible()
  await phones[1]?.hears('disconnected')
  await expect(row('102')).toContainText('not connected')
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.getByRole('button', { name: 'Delete extension 102' }).click()
  await page.getByRole('button', { name: 'Really delete? Delete extension 102' }).click()
  await expect(row('102')).toHaveCount(0)
})
