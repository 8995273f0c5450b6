/**
 * A person tries the demo's AI agent from the browser: the whole product, with nothing replaced inside. Outside stand the phone
 * network and its speech services, and a microphone that this test speaks into.
 */
import { type Browser, expect, type Page, test } from '@playwright/test'
import { AI_NUMBER } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { type Agent, hears, openBrowser, press, pressButton, sitDown } from './agent.ts'
import { SpokenMicrophone } from './spoken-microphone.ts'

let stage: Stage
let browser: Browser
let agent: Agent
const microphone = new SpokenMicrophone()

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stage = await setStage({ state: null, port: 6350, networkPort: 6370 })
  browser = await openBrowser()
  agent = await sitDown(browser, stage.url, 'Ada', context => microphone.plugInto(context))
})
test.afterAll(async () => {
  await agent?.close()
  await browser?.close()
  await stage?.close()
  microphone.close()
})

/** Sound of the phone network towards the call that tries the AI. */
function aiSpeaks(page: Page): Promise<boolean> {
  return page.evaluate(() => (window.trunklineAiAudio?.inRms() ?? 0) > 0.01)
}

/** The sentences that the phone network has said with its own voice, as JSON of its log. */
function whispered(): string {
  return JSON.stringify(stage.network.control.log().filter(entry => entry.kind === 'network-said'))
}

const said = (page: Page, who: 'caller' | 'agent') => page.locator(`li[data-kind="${who}"]`)

test('a person talks to the AI, is understood, and reads and hears the answer', async () => {
  test.setTimeout(90_000)
  const { page } = agent
  await page.getByRole('link', { name: 'AI', exact: true }).click()
  await page.getByRole('link', { name: 'Robin' }).click()
  await pressButton(page, 'Talk to the AI')
  await expect(page.getByText('You are talking to the AI')).toBeVisible({ timeout: 15_000 })
  await expect(said(page, 'agent').first()).toContainText('How can I help you?', { timeout: 15_000 })
  await microphone.say(page, 'what are your opening hours')
  await expect(said(page, 'caller').first()).toContainText('What are your opening hours?', { timeout: 10_000 })
  await expect(said(page, 'agent').nth(1)).toContainText('We are open Monday to Friday', { timeout: 15_000 })
})

test('it is interrupted in mid-sentence, and what was not heard is not in the words [S2-17]', async () => {
  test.setTimeout(60_000)
  const { page } = agent
  await microphone.say(page, 'what can you do')
  await expect(said(page, 'caller').nth(1)).toContainText('What can you do?', { timeout: 10_000 })
  // the agent begins to speak, and its sound is on the AI call
  await expect.poll(() => aiSpeaks(page), { timeout: 10_000, intervals: [50] }).toBe(true)
  await microphone.say(page, 'how much does it cost')
  await expect(page.getByText('— interrupted')).toBeVisible({ timeout: 10_000 })
  await expect(said(page, 'agent').last()).toContainText('It costs twenty dollars', { timeout: 15_000 })
  await expect(said(page, 'agent').filter({ hasText: 'interrupted' })).not.toContainText('connect you with a person')
})

test('it hands over to the open line: summary shown and whispered, accepted by a key [S1-41 S1-44]', async () => {
  test.setTimeout(60_000)
  const { page } = agent
  await microphone.say(page, 'talk to a person')
  const card = page.getByRole('dialog', { name: 'The AI hands over' })
  await expect(card).toBeVisible({ timeout: 15_000 })
  await expect(card).toContainText('Ada')
  await expect(card.getByTestId('summary')).toContainText('Before that they said: How much does it cost?')
  await press(page, 'a')
  // nobody speaks: what is heard on the line is the whispered summary
  await expect.poll(whispered, { timeout: 10_000 }).toContain('Before that they said: How much does it cost?')
  await hears(page)
  await expect(page.getByRole('region', { name: 'Call', exact: true })).toContainText('Ada', { timeout: 15_000 })
  await expect(page.getByText('A colleague has the call')).toBeVisible()
  await microphone.say(page, 'hello')
  await press(page, 'x')
  await expect(page.getByText('Over', { exact: true })).toBeVisible({ timeout: 15_000 })
})

test('the call page has the words, the recording, the times of each stage, and the cost [S1-40]', async () => {
  test.setTimeout(60_000)
  const { page } = agent
  await page.getByRole('link', { name: 'This call in the call log' }).click()
  await expect(page.getByRole('heading', { name: 'Conversation' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible({ timeout: 10_000 })
  await expect(said(page, 'agent').first()).toContainText('How can I help you?')
  await expect(page.locator('li[data-kind="tool"]')).toContainText('transfer_call')
  for (const stage of ['Transcription', 'Model', 'Speech', 'Voice to voice'])
    await expect(page.getByRole('row', { name: new RegExp(`^${stage} \\d+ ms`) })).toBeVisible()
  await expect(page.getByText(/^\$0\.\d{4}$/)).toBeVisible()
  const crm = page.getByRole('region', { name: 'CRM' })
  await expect(crm.getByRole('status')).toHaveText(/^Filed in the CRM Task 00T/, { timeout: 15_000 })
  const [task] = stage.network.crm?.knobs.org.tasks() ?? []
  expect(task).toMatchObject({ WhoId: '003000000000001AAA', CallType: 'Inbound', CallDisposition: 'completed' })
  expect(task?.Description).toContain('USER: What are your opening hours?')
  // It is our copy, by its signed address; the carrier has it no more.
  const player = page.getByLabel('Recording', { exact: true })
  await expect(player).toHaveAttribute('src', /^\/v1\.0\/recording-files\/.*exp=\d+&sig=/, { timeout: 30_000 })
  await expect.poll(() => stage.network.control.world().recordings.length).toBe(0)
  const place = page.getByRole('slider', { name: 'Place in the sound' })
  await expect(place).toBeVisible()
  await expect(place.locator('path')).toHaveCount(2)
  await said(page, 'agent').nth(1).getByRole('button').click()
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(3)
  await expect(page.locator('li[data-now]')).toContainText('We are open Monday to Friday')
})

test('a supervisor whispers to the AI, takes a live call over and gives it back', async () => {
  test.setTimeout(90_000)
  const sam = await sitDown(browser, stage.url, 'Sam')
  const { page } = sam
  const callSid = stage.network.control.dial('+14155557001', AI_NUMBER, {
    kind: 'human',
    acts: [{ say: 'what are your opening hours' }, { pauseMs: 6_000 }],
    repeat: true,
  })
  let callId = ''
  await expect
    .poll(async () => {
      const answer = await page.request.get(`${stage.url}/twilio/call/${callSid}/status`)
      if (answer.ok()) callId = ((await answer.json()) as { callId: string }).callId
      return callId
    })
    .not.toBe('')
  await page.goto(`${stage.url}/app/calls/${callId}`)
  const hours = said(page, 'agent').filter({ hasText: 'We are open Monday to Friday' })
  await expect(hours.first()).toBeVisible({ timeout: 20_000 })
  await page.getByRole('textbox', { name: 'Whisper to the AI' }).fill('They are an old customer.')
  await page.getByRole('button', { name: 'Whisper', exact: true }).click()
  await expect(page.getByText('Sam whispers: They are an old customer.').first()).toBeVisible()
  await page.getByRole('button', { name: 'Take over' }).click()
  await expect(page.getByRole('dialog', { name: 'The AI hands over' })).toBeVisible({ timeout: 10_000 })
  await press(page, 'a')
  await expect(page.getByText('A colleague has the call')).toBeVisible({ timeout: 10_000 })
  await expect(page.getByRole('region', { name: 'Call', exact: true })).toBeVisible({ timeout: 10_000 })
  // the caller speaks on, into the supervisor's open line now
  await hears(page, 0.01, 15_000)
  await page.getByRole('button', { name: 'Hand back to the AI' }).click()
  // The call's timeline below says the same in its own list.
  const conversation = page.getByRole('region', { name: 'What was said' })
  await expect(conversation.getByText('Handed back to the agent')).toBeVisible({ timeout: 10_000 })
  await expect(conversation.getByText('The line to the agent is open')).toHaveCount(2, { timeout: 15_000 })
  await expect(page.getByText('The AI talks')).toBeVisible()
  await sam.close()
})

test('a scenario is run from the page, and passes; one that wants something else says what differed', async () => {
  test.setTimeout(120_000)
  const root = await sitDown(browser, stage.url, 'Root')
  const { page } = root
  await page.getByRole('link', { name: 'AI', exact: true }).click()
  await page.getByRole('link', { name: 'Robin' }).click()
  await pressButton(page, 'Run hours')
  const run = page.getByRole('region', { name: 'Run of hours' })
  await expect(run.locator('li[data-kind="agent"]').first()).toContainText('How can I help you?', { timeout: 20_000 })
  await expect(run.getByText('Everything came as the scenario wants it.')).toBeVisible({ timeout: 40_000 })
  await expect(run.getByText(/^\$0\.\d{4}$/)).toBeVisible()
  const row = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: 'Run hours' }) })
  await expect(row).toContainText('Passed')
  await pressButton(page, 'New scenario')
  await page.getByRole('textbox', { name: 'Name of the scenario' }).fill('never closed')
  await page.getByRole('textbox', { name: 'What it shows, in a sentence' }).fill('Hours that we do not have.')
  await page.getByRole('textbox', { name: 'Words of line 2' }).fill('what are your opening hours')
  await pressButton(page, 'Save the scenario')
  // the words of the expectation are still missing, and the form says so
  await expect(page.getByRole('textbox', { name: 'Words of expectation 1' })).toHaveAccessibleDescription(
    /words are needed/,
  )
  await page.getByRole('textbox', { name: 'Words of expectation 1' }).fill('We never close')
  await pressButton(page, 'Save the scenario')
  await pressButton(page, 'Run never closed')
  const other = page.getByRole('region', { name: 'Run of never closed' })
  await expect(other.getByText('the agent did not say "We never close"')).toBeVisible({ timeout: 60_000 })
  await pressButton(page, 'Edit never closed')
  await pressButton(page, 'Delete')
  await expect(page.getByRole('button', { name: 'Run never closed' })).toBeHidden()
  await root.close()
})

test('an admin edits: a wrong field says so, a version is saved, and an older one comes back', async () => {
  test.setTimeout(60_000)
  const root = await sitDown(browser, stage.url, 'Root')
  const { page } = root
  await page.getByRole('link', { name: 'AI', exact: true }).click()
  await page.getByRole('link', { name: 'Robin' }).click()
  const language = page.getByRole('textbox', { name: 'Language' })
  await language.fill('English')
  await page.getByRole('button', { name: 'Save as a new version' }).click()
  await expect(language).toHaveAccessibleDescription(/a language as en or en-US/)
  await language.fill('en-GB')
  await page.getByRole('textbox', { name: 'First words' }).fill('Good day, this is Robin.')
  const sales = page.getByRole('group', { name: 'Directory entry 2' }).getByRole('combobox', { name: 'Colleague' })
  await expect(sales.getByRole('option', { selected: true })).toHaveText('Ada (agent)')
  await sales.selectOption('Root (admin)')
  await page.getByRole('button', { name: 'Save as a new version' }).click()
  await expect(page.getByText('directory, language, opening', { exact: false })).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'First words' })).toHaveValue('Good day, this is Robin.')
  await expect(sales.getByRole('option', { selected: true })).toHaveText('Root (admin)')
  await page.getByRole('button', { name: 'Bring back version 1' }).click()
  await expect(page.getByRole('button', { name: 'Bring back version 3' })).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'First words' })).toHaveValue(/^Hello, this is Robin/)
  await root.close()
})
