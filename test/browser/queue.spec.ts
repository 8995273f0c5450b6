/**
 * A caller presses a key in a flow, waits in a queue, and Ada takes them: programs by HTTP alone, Ada in a real browser, everybody
 * else in the phone network. Nothing in between is replaced.
 */
import { expect, test } from '@playwright/test'
import { OUR_NUMBERS } from '../../scripts/local/demo.ts'
import { hears, presence, press } from './agent.ts'
import { twoDesks } from './two-desks.ts'

const [, NUMBER = ''] = OUR_NUMBERS

let queueId = ''
test.describe.configure({ mode: 'serial' })
const floor = twoDesks(6450, undefined, async () => {
  const members = [{ agent_id: await floor.idOf('ada') }]
  queueId = (await floor.api<{ id: string }>('POST', '/queues', { name: 'Support', members, wrap_up: 60_000 })).id
  const flow = await floor.api<{ id: string }>('POST', '/flows', {
    name: 'Reception',
    actions: [
      { id: 'in', type: 'answer' },
      { id: 'ask', type: 'menu', option: { text: 'For support, press one.', target_ids: { 1: 'wait' } } },
      { id: 'wait', type: 'queue_join', option: { queue_id: queueId } },
      { id: 'bye', type: 'talk', option: { text: 'Thank you for calling.' } },
    ],
  })
  await floor.api('PUT', `/numbers/${encodeURIComponent(NUMBER)}`, { flow_id: flow.id })
})

const waiting = async () =>
  (await floor.api<{ items: { status: string }[] }>('GET', `/queuecalls?queue_id=${encodeURIComponent(queueId)}`)).items
/** A person who presses 1 and then speaks now and then until they are let go. */
const caller = (from: string) =>
  floor.stage.network.control.dial(from, NUMBER, {
    kind: 'human',
    acts: [
      { listen: true },
      { press: '1' },
      ...Array(30)
        .fill([{ pauseMs: 1_000 }, { say: 'Hello there.' }])
        .flat(),
    ],
  })

test('a caller presses a key, is queued, and Ada takes the call and hears them [S1-13]', async () => {
  test.setTimeout(90_000)
  caller('+14155559101')
  const dialog = floor.ada.page.getByRole('dialog', { name: 'Queue call' })
  await expect(dialog).toBeVisible({ timeout: 20_000 })
  await expect(dialog.getByTestId('queue')).toContainText('Support, waited')
  await press(floor.ada.page, 'a')
  await expect(dialog).toBeHidden({ timeout: 10_000 })
  await expect.poll(() => presence(floor.ada.page), { timeout: 10_000 }).toBe('on-call')
  await hears(floor.ada.page)
  expect(await waiting()).toMatchObject([{ status: 'service' }])
})

test('when Ada hangs up the flow goes on, and her time after the call ends when she says so', async () => {
  test.setTimeout(60_000)
  await press(floor.ada.page, 'x')
  const after = floor.ada.page.getByRole('region', { name: 'After the call' })
  await expect(after).toBeVisible({ timeout: 10_000 })
  const goodbye = () => JSON.stringify(floor.stage.network.control.log().filter(entry => entry.kind === 'network-said'))
  await expect.poll(goodbye, { timeout: 15_000 }).toContain('Thank you for calling.')
  expect(await waiting()).toEqual([])
  await after.getByRole('button', { name: 'Ready now' }).click()
  await expect(after).toBeHidden()
  await expect.poll(() => presence(floor.ada.page)).toBe('ready')
})

test('a caller who gives up while it rings at Ada leaves nothing behind', async () => {
  test.setTimeout(60_000)
  const sid = caller('+14155559102')
  const dialog = floor.ada.page.getByRole('dialog', { name: 'Queue call' })
  await expect(dialog).toBeVisible({ timeout: 20_000 })
  floor.stage.network.control.hangUpCall(sid)
  await expect(dialog).toBeHidden({ timeout: 5_000 })
  await expect.poll(() => presence(floor.ada.page)).toBe('ready')
  await expect.poll(waiting).toEqual([])
})

test('Ada hands a caller over to Bo: Bo hears them, Ada is free, and the call’s row is Bo’s [S1-44]', async () => {
  test.setTimeout(90_000)
  const sid = caller('+14155559103')
  await expect(floor.ada.page.getByRole('dialog', { name: 'Queue call' })).toBeVisible({ timeout: 20_000 })
  await press(floor.ada.page, 'a')
  await hears(floor.ada.page)
  await press(floor.ada.page, 't')
  await floor.ada.page.getByRole('button', { name: 'Hand over to Bo' }).click()
  await expect(floor.ada.page.getByText(/Handing over to/)).toBeVisible({ timeout: 10_000 })
  const dialog = floor.bo.page.getByRole('dialog', { name: 'Handed over' })
  await expect(dialog).toBeVisible({ timeout: 10_000 })
  await expect(dialog.getByTestId('by')).toContainText('Ada hands this person over.')
  await press(floor.bo.page, 'a')
  await expect.poll(() => presence(floor.bo.page), { timeout: 10_000 }).toBe('on-call')
  await hears(floor.bo.page)
  await floor.ada.page
    .getByRole('region', { name: 'After the call' })
    .getByRole('button', { name: 'Ready now' })
    .click()
  await expect.poll(() => presence(floor.ada.page), { timeout: 10_000 }).toBe('ready')
  await press(floor.bo.page, 'x')
  await expect.poll(() => presence(floor.bo.page), { timeout: 10_000 }).toBe('ready')
  const over = () => floor.stage.network.control.world().calls.find(call => call.sid === sid)?.status
  await expect.poll(over, { timeout: 10_000 }).toBe('completed')
  type Row = { number: string; agentName: string | null }
  const row = async () =>
    (await floor.ask<{ items: Row[] }>('GET', '/api/calls?direction=inbound')).items.find(
      one => one.number === '+14155559103',
    )
  await expect.poll(async () => (await row())?.agentName, { timeout: 10_000 }).toBe('Bo')
})

test('Ada hands over somebody whom she has called: her round is over, and Bo talks on with them', async () => {
  test.setTimeout(90_000)
  const { page } = floor.ada
  await page.getByRole('link', { name: 'Dial pad' }).click()
  await page.getByRole('textbox').first().fill('+1 500 220 0707')
  await page.getByRole('button', { name: 'Call', exact: true }).click()
  await expect.poll(() => presence(page), { timeout: 20_000 }).toBe('on-call')
  await hears(page)
  await page
    .getByRole('button', { name: /^Hand over/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'Hand over to Bo' }).click()
  const dialog = floor.bo.page.getByRole('dialog', { name: 'Handed over' })
  await expect(dialog).toBeVisible({ timeout: 10_000 })
  await press(floor.bo.page, 'a')
  await expect.poll(() => presence(floor.bo.page), { timeout: 10_000 }).toBe('on-call')
  await hears(floor.bo.page)
  await expect.poll(() => presence(page), { timeout: 10_000 }).toBe('ready')
  await press(floor.bo.page, 'x')
  await expect.poll(() => presence(floor.bo.page), { timeout: 10_000 }).toBe('ready')
})

test('Ada hands over a caller who rang through to her browser', async () => {
  test.setTimeout(90_000)
  const [own = ''] = OUR_NUMBERS
  floor.stage.network.control.dial('+14155559104', own, {
    kind: 'human',
    acts: Array(30)
      .fill([{ pauseMs: 1_000 }, { say: 'Hello there.' }])
      .flat(),
  })
  await expect(floor.ada.page.getByRole('dialog', { name: 'Inbound call' })).toBeVisible({ timeout: 20_000 })
  await press(floor.ada.page, 'a')
  await expect.poll(() => presence(floor.ada.page), { timeout: 10_000 }).toBe('on-call')
  await press(floor.ada.page, 't')
  await floor.ada.page.getByRole('button', { name: 'Hand over to Bo' }).click()
  await expect(floor.bo.page.getByRole('dialog', { name: 'Handed over' })).toBeVisible({ timeout: 10_000 })
  await press(floor.bo.page, 'a')
  await expect.poll(() => presence(floor.bo.page), { timeout: 10_000 }).toBe('on-call')
  await hears(floor.bo.page)
  await expect.poll(() => presence(floor.ada.page), { timeout: 10_000 }).toBe('ready')
})
