/**
 * A supervisor imports a messy list of 1,000 rows from the page, mends three of them, undoes and imports again, and makes a campaign of it: the page in
 * a real browser, the Worker behind it, nothing in between replaced. The pages are looked at light, dark and at the width of a phone.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { openBrowser } from './agent.ts'
import { lookEverywhere } from './look.ts'

let stage: Stage
let browser: Browser
let page: Page
test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 7160, networkPort: 7280 })
  browser = await openBrowser()
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  page = await context.newPage()
  await page.goto(stage.url)
  await page.getByRole('button', { name: 'Continue as Sam' }).click()
  await page.getByRole('button', { name: 'Continue without the phone' }).click()
})
test.afterAll(async () => {
  await browser?.close()
  await stage?.close()
})

const ROWS = 1_000
const AREAS = ['415', '212', '312', '206', '303', '404', '512', '602', '617', '702']
const WAYS = [
  (area: string, n: string) => `(${area}) 555-${n}`,
  (area: string, n: string) => `+1 ${area} 555 ${n}`,
  (area: string, n: string) => `1${area}555${n}`,
  (area: string, n: string) => `${area}.555.${n}`,
  (area: string, n: string) => `1.${area}555${n}E+10`,
]
const NAMES = ['Zoë', 'Müller, Änne', 'O"Neil', 'Léa\nMarie', 'José']

/** As a spreadsheet in Germany would write it: Windows-1252, semicolons, quotes, and columns in no order. Ten rows are wrong. */
function messyList(): Buffer {
  const lines = ['Firma;Telefon;Name;Bemerkung']
  for (let row = 0; row < ROWS; row += 1) {
    const [area = '', n] = [AREAS[row % 10], String(100 + Math.floor(row / 10)).padStart(4, '0')]
    const number = WAYS[row % 5]?.(area, n) ?? ''
    const name = `"${(NAMES[row % 5] ?? '').replaceAll('"', '""')} ${row}"`
    const written = row < 3 ? `${area} 555 12` : row < 6 ? '05.03.2024' : row < 8 ? '1.41556E+10' : number
    lines.push(
      `${row === 9 ? '=1+1' : `Firma ${row}`};${row === 8 ? '+1 415 555 0101' : row === 9 ? 'anna@example.com' : written};${name};`,
    )
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1')
}

const looked = (name: string) => lookEverywhere(page, name)

test('a messy list of a thousand rows is read, and every row has its verdict', async () => {
  test.setTimeout(90_000)
  await page.getByRole('link', { name: 'Imports', exact: true }).click()
  await expect(page.getByText('No list has been imported yet.')).toBeVisible()
  await looked('imports-empty')
  const file = { name: 'kunden.csv', mimeType: 'text/csv', buffer: messyList() }
  await page.getByLabel('List of people').setInputFiles(file)
  await expect(page.getByRole('status').filter({ hasText: 'Checked: 1000 rows, nothing is saved yet' })).toBeVisible({
    timeout: 20_000,
  })
  await expect(page.getByLabel('What column Telefon is')).toHaveValue('phone')
  await expect(page.getByLabel('What column Name is')).toHaveValue('fullName')
  await expect(page.getByLabel('What column Bemerkung is')).toHaveValue('')
  await expect(page.getByRole('button', { name: 'Refused 9' })).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('button', { name: 'Twice in the list 1' })).toBeVisible()
  await expect(page.getByText('Phone number: a spreadsheet has made a date of it').first()).toBeVisible()
  await expect(page.getByRole('cell', { name: 'Zoë 0', exact: true })).toBeVisible()
  await looked('import-checked')
})

test('three rows are mended in place, and what is still wrong can be downloaded', async () => {
  const mend = (row: number) => page.getByRole('button', { name: `Mend row ${row}`, exact: true })
  const numberOf = (row: number) => page.getByLabel(`Phone number of row ${row}`, { exact: true })
  await mend(2).click()
  await numberOf(2).fill('12')
  await numberOf(2).press('Enter')
  await expect(page.getByText('Row 2: not a phone number that can be dialled.').first()).toBeVisible()
  await numberOf(2).fill('+1 808 555 0120')
  await page.getByRole('button', { name: 'Save row 2' }).click()
  for (const row of [3, 4]) {
    await mend(row).click()
    await numberOf(row).fill(`+1 808 555 01${row}0`)
    await numberOf(row).press('Enter')
  }
  for (const row of [2, 3, 4]) await expect(mend(row)).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Refused 6' })).toBeVisible()
  const link = page.getByRole('link', { name: 'Download 7 rows with what is wrong' })
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  const text = await (await import('node:fs/promises')).readFile((await download.path()) ?? '', 'utf8')
  expect(text.split('\r\n')[0]).toBe('\uFEFFrow,verdict,field,what is wrong,Firma,Telefon,Name,Bemerkung')
  expect(
    text
      .trim()
      .split('\r\n')
      .filter(line => /^\d+,(refused|duplicate),/.test(line)),
  ).toHaveLength(7)
  // What a spreadsheet would take for a formula is a text.
  expect(text).toContain("'=1+1")
})

test('the list is imported while nobody looks, taken back, and imported again', async () => {
  test.setTimeout(60_000)
  await page.getByRole('button', { name: 'Import 993 people' }).click()
  // Whoever leaves finds it done.
  await page.getByRole('link', { name: 'Calls', exact: true }).click()
  await page.getByRole('link', { name: 'Imports', exact: true }).click()
  await expect(page.getByText('Imported: 993 people')).toBeVisible({ timeout: 20_000 })
  await looked('imports')
  await page.getByRole('link', { name: 'kunden.csv' }).click()
  await page.getByRole('button', { name: 'Undo this import' }).click()
  await page.getByRole('button', { name: /^Really take them back.*Undo this import$/ }).click()
  await expect(page.getByRole('status').filter({ hasText: /^Undone$/ })).toBeVisible({ timeout: 20_000 })
  await page.getByRole('button', { name: 'Import 993 people' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Imported: 993 people' })).toBeVisible({ timeout: 20_000 })
  await looked('import-done')
})

test('a campaign is made of the list, changed, and found where an agent starts', async () => {
  test.setTimeout(60_000)
  await page.getByRole('button', { name: 'Make a campaign of them' }).click()
  const form = page.getByRole('form', { name: 'A new campaign' })
  await expect(form.getByLabel('People of this list')).toHaveValue(/\.im_/)
  await looked('campaigns')
  await form.getByLabel('Name of the campaign').fill('Kunden im Herbst')
  const never = form.getByRole('group', { name: 'Do not call', exact: true }).getByLabel('Outcome', { exact: true })
  await never.fill('Please never again')
  await form.getByRole('button', { name: 'Create the campaign' }).click()
  await expect(page.getByText('993 of 993 people are left to call')).toBeVisible({ timeout: 20_000 })
  const settings = page.getByRole('form', { name: 'Settings' })
  await expect(settings.getByRole('group', { name: 'Please never again', exact: true })).toBeVisible()
  await settings.getByLabel('Until this hour').fill('8')
  await settings.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('this window never opens').first()).toBeVisible()
  await settings.getByLabel('Until this hour').fill('20')
  await settings.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved. The next round is dialled by these settings.').first()).toBeVisible()
  await looked('campaign')
  await page.getByRole('link', { name: 'Dialer', exact: true }).click()
  await page.getByLabel('Campaign').selectOption({ label: 'Kunden im Herbst' })
  await expect(page.getByText(/993\s+of\s+993\s+people left/)).toBeVisible()
})
