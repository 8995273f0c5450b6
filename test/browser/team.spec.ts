/// <reference types="node" />
/** The team page: own sign-ins, people and numbers, each for those who may. */
import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, test } from '@playwright/test'
import { getReady, openBrowser, openPage, signIn } from './dialer-driver.ts'
import { FakeServer } from './fake-server.ts'

let browser: Browser
let server: FakeServer
test.beforeAll(async () => {
  browser = await openBrowser()
})
test.afterAll(() => browser.close())
test.beforeEach(async () => {
  server = new FakeServer()
  await server.start()
})
test.afterEach(async () => {
  await Promise.all(browser.contexts().map(context => context.close()))
  await server.close()
})

test('an admin removes a person and a number, and is asked before [D8] [D13]', async () => {
  const { page, faults } = await openPage(browser, { reducedMotion: 'reduce' })
  await signIn(page, server)
  await getReady(page)
  server.desk.set({ agent: { ...server.desk.view.agent, role: 'admin' } })
  await page.getByRole('link', { name: 'Team', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])

  await page.getByRole('button', { name: 'Remove Ada', exact: true }).click()
  await page.getByRole('button', { name: 'No, do not: Remove Ada' }).click()
  expect(server.asked).toEqual([])
  await page.getByRole('button', { name: 'Remove Ada', exact: true }).click()
  await page.getByRole('button', { name: 'Really remove? Remove Ada' }).click()
  await expect(page.getByText('Ada is removed and signed out.')).toBeVisible()
  await page.getByRole('button', { name: /^Remove \+1415/ }).click()
  await page.getByRole('button', { name: /^Really remove\? Remove \+1415/ }).click()
  await expect(page.getByText('+14155550010 is removed.')).toBeVisible()
  expect(server.asked).toEqual(['/api/members/u1', '/api/numbers/+14155550010'])
  expect(faults).toEqual([])
})

test('an agent sees their own sign-ins, and neither people nor numbers [D8]', async () => {
  const { page, faults } = await openPage(browser, { reducedMotion: 'reduce' })
  await signIn(page, server)
  await getReady(page)
  await page.getByRole('link', { name: 'Team', exact: true }).click()
  await expect(page.getByText('(this one)')).toBeVisible()
  await expect(page.getByRole('button', { name: /^End the sign-in/ })).toHaveCount(1)
  await expect(page.getByRole('heading', { name: 'People' })).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Numbers' })).toHaveCount(0)
  expect(faults).toEqual([])
})

test('an admin makes a key, sees it once, and revokes it [S3-58]', async () => {
  const { page, faults } = await openPage(browser, { reducedMotion: 'reduce' })
  await signIn(page, server)
  await getReady(page)
  server.desk.set({ agent: { ...server.desk.view.agent, role: 'admin' } })
  await page.getByRole('link', { name: 'Team', exact: true }).click()
  await expect(page.getByText('No program has a key yet.')).toBeVisible()
  const form = page.getByRole('form', { name: 'A new key' })
  await expect(form.getByRole('button', { name: 'Make a key' })).toBeDisabled()
  await form.getByLabel('Name').fill('CRM')
  await form.getByLabel('start calls').check()
  await form.getByRole('button', { name: 'Make a key' }).click()
  await expect(page.getByLabel('The key')).toHaveValue(`tk_${'k'.repeat(42)}`)
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await page.getByRole('button', { name: 'I have it' }).click()
  await expect(page.getByLabel('The key')).toHaveCount(0)
  await expect(page.getByRole('cell', { name: 'tk_kkkkkkkkkk…' })).toBeVisible()
  expect(server.asked).toEqual([])
  await page.getByRole('button', { name: 'Revoke CRM' }).click()
  await page.getByRole('button', { name: 'Really revoke? Revoke CRM' }).click()
  await expect(page.getByText('No program has a key yet.')).toBeVisible()
  expect(server.asked).toEqual(['/api/keys/k1'])
  expect(faults).toEqual([])
})
