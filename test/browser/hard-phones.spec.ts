/// <reference types="node" />
/**
 * An administrator switches phones at the carrier on, gives what the page shows to a desk phone, and lets a number and the pad ring it. The desk phone is
 * the phone network's own over UDP, the desk a real browser; nothing in between is replaced. Light, dark and at the width of a phone.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { SipPhone } from '../../packages/phone-network/src/testing/sip-phone.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { type Agent, hears, openBrowser, press, pressButton, sitDown } from './agent.ts'
import { lookEverywhere } from './look.ts'

/** Louder than the noise of µ-law, 0…1. */
const SPEECH = 0.01

let stage: Stage
let browser: Browser
let page: Page
let ada: Agent
let phone: SipPhone
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7360, networkPort: 7365 })
  browser = await openBrowser()
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  await page.goto(stage.url)
  await page.getByRole('button', { name: 'Continue as Root' }).click()
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
})
test.afterAll(async () => {
  phone?.close()
  await browser?.close()
  await stage?.close()
})

test('phones at the carrier are switched on, and a desk phone registers with what the page shows', async () => {
  test.setTimeout(90_000)
  await page.getByRole('link', { name: 'Extensions', exact: true }).click()
  await page.getByRole('button', { name: 'Switch on phones at the carrier' }).click()
  await expect(page.getByText('On: the carrier has it.')).toBeVisible({ timeout: 20_000 })
  const form = page.getByRole('form', { name: 'A new extension' })
  await form.getByLabel('Extension').fill('101')
  await form.getByLabel('Name').fill('Reception')
  await form.getByLabel('Its phones register at the carrier').check()
  await form.getByRole('button', { name: 'Make an extension' }).click()
  const password = await page.getByLabel('The password of 101').inputValue()
  const told = await page.getByLabel('What a phone of 101 is told').locator('dd').allInnerTexts()
  const [user = '', domain = '', transport = ''] = told
  expect(transport).toContain('UDP')
  await expect(page.getByText('On: the carrier has it.')).toBeVisible({ timeout: 20_000 })
  await lookEverywhere(page, 'hard-phone-made')
  await page.getByRole('button', { name: 'I have it' }).click()
  await expect(page.getByRole('row', { name: '101' })).toContainText('at the carrier')
  phone = await SipPhone.open(stage.network.sipPort ?? 0, { user, domain, password })
  await expect.poll(async () => (await phone.register()).status, { timeout: 20_000 }).toBe(200)
})

test('an agent dials the extension on the pad, and both hear each other', async () => {
  test.setTimeout(90_000)
  ada = await sitDown(browser, stage.url)
  const since = phone.got.length
  await ada.page.getByRole('link', { name: 'Dial pad', exact: true }).first().click()
  await ada.page.getByLabel('Phone number').fill('101')
  await pressButton(ada.page, 'Call')
  const invite = await phone.next('INVITE', since)
  phone.reply(invite, 180)
  phone.reply(invite, 200)
  const quiet = phone.talk(440)
  await hears(ada.page)
  // The microphone of the browser beeps, and is silent in between.
  await expect.poll(() => phone.loudness, { timeout: 20_000, intervals: [20] }).toBeGreaterThan(SPEECH)
  await expect(ada.page.getByText('Reception').first()).toBeVisible()
  quiet()
  await press(ada.page, 'x')
  await phone.next('BYE', since)
})

test('the directory of the dial pad says who has a phone, and calls it', async () => {
  test.setTimeout(90_000)
  const row = ada.page.getByRole('list', { name: 'Extensions' }).getByRole('listitem').filter({ hasText: 'Reception' })
  await expect(row).toContainText('101')
  await expect(row).toContainText('a phone at the carrier')
  await lookEverywhere(ada.page, 'directory')
  const since = phone.got.length
  await pressButton(ada.page, 'Call extension 101')
  const invite = await phone.next('INVITE', since)
  phone.reply(invite, 180)
  phone.reply(invite, 200)
  await expect(ada.page.getByText('Reception').first()).toBeVisible()
  await press(ada.page, 'x')
  await phone.next('BYE', since)
})

test('a code leads to a queue, another exchange gets a trunk, and a number leads to the extension', async () => {
  test.setTimeout(90_000)
  const form = page.getByRole('form', { name: 'A new extension' })
  await form.getByLabel('Extension').fill('200')
  await form.getByLabel('Name').fill('Sales')
  await form.getByLabel('Its phones register at the carrier').uncheck()
  await form.getByRole('button', { name: 'Make an extension' }).click()
  await page.getByRole('button', { name: 'I have it' }).click()
  const rings = page.getByLabel('Extension 200 rings')
  const queue = (await rings.locator('option').allInnerTexts()).find(one => one.startsWith('Queue:')) ?? 'no queue'
  await rings.selectOption({ label: queue })
  await expect(page.getByText('200 rings that from the next call on.').first()).toBeVisible()
  await expect(rings.locator('option:checked')).toHaveText(queue)
  const trunk = page.getByRole('form', { name: 'A new trunk' })
  await trunk.getByLabel('Name of the exchange').fill('Old exchange')
  await trunk.getByLabel('Its addresses').fill('203.0.113.0/24')
  await trunk.getByRole('button', { name: 'Make a trunk' }).click()
  await expect(page.getByLabel('The password of Old exchange')).toBeVisible()
  await expect(page.getByRole('row', { name: 'Old exchange' })).toContainText('.sip.twilio.com', { timeout: 20_000 })
  await lookEverywhere(page, 'trunk-made')
  await page.getByRole('link', { name: 'Numbers', exact: true }).click()
  const leads = page.getByLabel(/leads to$/).first()
  await leads.selectOption({ label: 'Extension 101: Reception' })
  await expect(leads.locator('option:checked')).toHaveText('Extension 101: Reception')
})
