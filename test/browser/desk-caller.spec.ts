/**
 * A caller rings the phone of Bo, who has an open line: they come to that line, where a page that is loaded again loses nobody. A second
 * caller does not wait for a busy agent. Two real browsers; the carrier is the phone network, and nothing in between is replaced.
 */
import { expect, test } from '@playwright/test'
import { OUR_NUMBERS } from '../../scripts/local/demo.ts'
import { hears, press } from './agent.ts'
import { twoDesks } from './two-desks.ts'

const [, NUMBER = ''] = OUR_NUMBERS
const FIRST = '+14155559711'
const SECOND = '+14155559712'

test.describe.configure({ mode: 'serial' })
const floor = twoDesks(8050, undefined, () => floor.ringsBoThenAda(NUMBER))

const talks = (from: string) =>
  floor.stage.network.control.dial(from, NUMBER, {
    kind: 'human',
    acts: Array(80)
      .fill([{ pauseMs: 800 }, { say: 'Hello there, are you still with me?' }])
      .flat(),
  })
const statusOf = (from: string) =>
  floor.stage.network.control
    .world()
    .calls.filter(one => one.from === from && one.to === NUMBER)
    .map(one => one.status)
const inRooms = () => floor.stage.network.control.world().conferences.flatMap(one => one.participants.length)
const view = () =>
  floor.bo.page.evaluate(async () => (await fetch('/api/desk/view')).json()) as Promise<{
    conversation: { answerToRoomMs: number | null } | null
    whyNot: Record<string, string>
  }>

test('who is accepted comes to the open line: heard, recorded once, and a colleague may be asked first [S4-2]', async () => {
  test.setTimeout(60_000)
  talks(FIRST)
  await expect(floor.bo.page.getByRole('dialog', { name: 'Inbound call' })).toBeVisible({ timeout: 20_000 })
  expect(statusOf(FIRST)).toEqual(['ringing'])
  await press(floor.bo.page, 'a')
  await expect(floor.bo.page.getByRole('dialog')).toBeHidden({ timeout: 10_000 })
  await hears(floor.bo.page)
  expect(statusOf(FIRST)).toEqual(['in-progress'])
  expect(Math.max(...inRooms())).toBe(2)
  await expect.poll(async () => (await view()).conversation?.answerToRoomMs ?? null).not.toBeNull()
  expect((await view()).whyNot['call.ask-first']).toBeUndefined()
  const recordings = () => floor.stage.network.control.world().recordings
  await expect.poll(() => recordings().length).toBe(1)
})

test('a second caller is not left ringing: they wait in the queue of the number, and Ada takes them [S4-4]', async () => {
  test.setTimeout(60_000)
  talks(SECOND)
  const dialog = floor.ada.page.getByRole('dialog', { name: 'Queue call' })
  await expect(dialog).toBeVisible({ timeout: 10_000 })
  await press(floor.ada.page, 'a')
  await hears(floor.ada.page)
  await press(floor.ada.page, 'x')
  await expect.poll(() => statusOf(SECOND)).toEqual(['completed'])
  expect(statusOf(FIRST)).toEqual(['in-progress'])
})

test('a page that is loaded again has the caller again within seconds', async () => {
  test.setTimeout(60_000)
  await floor.bo.page.reload()
  await expect(floor.bo.page.getByText('Phone ready · Line open')).toBeVisible({ timeout: 20_000 })
  await hears(floor.bo.page)
  expect(statusOf(FIRST)).toEqual(['in-progress'])
  await press(floor.bo.page, 'x')
  await expect.poll(() => statusOf(FIRST)).toEqual(['completed'])
  await expect.poll(async () => (await view()).conversation).toBeNull()
})
