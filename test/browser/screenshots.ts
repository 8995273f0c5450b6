/** Makes the pictures of the README: the dialer in a live race, and the phone network's page beside it. */
import path from 'node:path'
import { ROOT } from '../../scripts/local/build.ts'
import { setStage } from '../../scripts/local/stage.ts'
import { openBrowser, press, sitDown } from './agent.ts'

const folder = path.join(ROOT, 'docs/images')
const stage = await setStage({ state: null, port: 5650, networkPort: 5670 })
const browser = await openBrowser()
const { page, close } = await sitDown(browser, stage.url)
const network = await browser.newPage({ viewport: { width: 1280, height: 720 } })
await network.goto(stage.network.url)
await page.getByRole('checkbox').check()
await press(page, 'Space')
await page.locator('fieldset[data-state="live"]').waitFor({ timeout: 30_000 })
await page.getByRole('textbox').first().fill('Wants the quote by Friday.')
await page.screenshot({ path: path.join(folder, 'dialer.png') })
await network.screenshot({ path: path.join(folder, 'phone-network.png') })
await page.emulateMedia({ colorScheme: 'dark' })
await page.screenshot({ path: path.join(folder, 'dialer-dark.png') })
await close()
await browser.close()
await stage.close()
process.exit(0)
