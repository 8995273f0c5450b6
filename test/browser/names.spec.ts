/// <reference types="node" />
/** Names as people and carriers write them: one that turns text round, and one that is too long for its box. */
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test'
import { getReady, openBrowser, openPage, signIn } from './dialer-driver.ts'
import { FakeServer } from './fake-server.ts'

/** A right-to-left override that nothing ends. */
const TURNED = '\u202Eagrama'
const LONG = 'W'.repeat(80)

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

/** A round of four, whose first two people have these names. */
async function round(page: Page): Promise<void> {
  await signIn(page, server)
  await getReady(page)
  await page.locator('label', { hasText: /^4$/ }).click()
  await page.getByLabel('I have read this').check()
  await page.getByRole('button', { name: 'Start dialing' }).click()
  await expect(page.getByRole('group', { name: 'Lane 4: Dev Patel' })).toBeVisible()
  const named = (index: number, name: string) => {
    const lane = server.desk.view.lanes[index]
    if (lane === undefined) throw new Error(`no lane ${index}`)
    server.desk.lane(index, { contact: { ...lane.contact, name, company: name } })
  }
  named(0, TURNED)
  named(1, LONG)
  await expect(page.getByRole('group', { name: `Lane 2: ${LONG}` })).toBeVisible()
}

/** Where the words stand on the screen, from left to right: the x of each word's first letter, in the order of the text. */
function placesOf(line: Locator, words: string[]): Promise<number[]> {
  return line.evaluate((element, wanted) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    const texts: Text[] = []
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) texts.push(node as Text)
    return wanted.map(word => {
      const text = texts.find(one => one.data.includes(word))
      if (text === undefined) throw new Error(`no ${word}`)
      const range = document.createRange()
      const at = text.data.indexOf(word)
      range.setStart(text, at)
      range.setEnd(text, at + 1)
      return range.getBoundingClientRect().left
    })
  }, words)
}

test('a right-to-left override in a name turns nothing but the name round [C13]', async () => {
  const { page, faults } = await openPage(browser)
  await round(page)
  const lane1 = server.desk.view.lanes[0]
  server.desk.answer()
  server.desk.win()
  const { conversation } = server.desk.view
  server.desk.set({ conversation: conversation && { ...conversation, held: true } })
  // "is on hold" stands after the name, in the same line.
  const held = page.locator('strong', { hasText: 'agrama is on hold' })
  await expect(held).toBeVisible()
  await expectUnturned(held, ['is on', 'on hold', 'hold'])
  // A lane that was let go says who was first.
  server.desk.lane(2, { state: 'released', reason: 'answered-first-elsewhere', firstName: lane1?.contact.name ?? '' })
  const released = page.getByRole('group', { name: 'Lane 3' }).getByText('answered first')
  await expect(released).toBeVisible()
  await expectUnturned(released, ['released', 'answered', 'first'])
  expect(faults).toEqual([])
})

/** The words stand in their order from left to right, and the name is turned within itself. */
async function expectUnturned(line: Locator, words: string[]): Promise<void> {
  const places = await placesOf(line, words)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  const [first = 0, second = 0] = await placesOf(line, ['agrama', 'rama'])
  expect(second).toBeLessThan(first)
}

for (const width of [1280, 400]) {
  test(`80 letters without a space stay in their lane, ${width} px wide [C13]`, async () => {
    const { page } = await openPage(browser, { viewport: { width, height: 800 } })
    await round(page)
    const lane = await page.getByRole('group', { name: `Lane 2: ${LONG}` }).boundingBox()
    const right = (lane?.x ?? 0) + (lane?.width ?? 0)
    server.desk.lane(1, { state: 'released', reason: 'answered-first-elsewhere', firstName: LONG })
    await expect(page.getByText(`released: ${LONG}`)).toBeVisible()
    const names = page.getByRole('group', { name: `Lane 2: ${LONG}` }).getByText(LONG)
    expect(await names.count()).toBeGreaterThanOrEqual(3)
    for (const name of await names.all()) {
      const box = await name.boundingBox()
      expect(box?.x ?? -1).toBeGreaterThanOrEqual(lane?.x ?? 0)
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(right)
    }
    expect(lane?.width ?? 0).toBeLessThanOrEqual(width)
    // Won by this person, the name stands in the bar and on the panel as well.
    const lane1 = server.desk.view.lanes[0]
    if (lane1 === undefined) throw new Error('no lane')
    server.desk.lane(0, { contact: { ...lane1.contact, name: LONG } })
    server.desk.answer()
    server.desk.win()
    await expect(page.getByText('Live: you')).toBeVisible()
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(sideways).toBeLessThanOrEqual(0)
  })
}

test('a name in the label of a button stands apart from the words beside it', async () => {
  const { page } = await openPage(browser)
  await page.goto(server.url)
  const button = page.getByRole('button', { name: 'Continue as Ada' })
  await expect(button).toBeVisible()
  const gap = await button.evaluate(element => {
    const words = document.createRange()
    const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode() as Text
    words.setStart(text, 0)
    words.setEnd(text, 'Continue as'.length)
    const name = [...element.querySelectorAll('bdi')].find(one => one.textContent === 'Ada')
    return (name?.getBoundingClientRect().left ?? 0) - words.getBoundingClientRect().right
  })
  expect(gap).toBeGreaterThan(2)
})

test('a long answer of a script is read whole on a narrow screen', async () => {
  const { page } = await openPage(browser, { viewport: { width: 400, height: 800 } })
  await round(page)
  const label = 'They have a contract with somebody else until the spring and would rather not speak before that'
  server.desk.set({ scriptBlocks: [{ blockId: 'b1', text: 'Hello.', answers: [{ label, to: 'b1' }] }] })
  server.desk.answer()
  server.desk.win()
  const answer = page.getByRole('button', { name: label })
  await expect(answer).toBeVisible()
  const panel = await page.getByRole('region', { name: 'Script' }).boundingBox()
  const box = await answer.boundingBox()
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual((panel?.x ?? 0) + (panel?.width ?? 0))
  // nothing of the text is cut off inside the button
  const cut = await answer.evaluate(element =>
    [element, ...element.querySelectorAll('*')].some(one => one.scrollWidth > one.clientWidth + 1),
  )
  expect(cut).toBe(false)
})
