/// <reference types="node" />
/**
 * Ada asks Bo first: two agents in real browsers, a caller of the phone network, and nothing replaced in between. In each phase everybody
 * speaks once, and the sound that reaches every other is measured.
 */
import { expect, type Page, test } from '@playwright/test'
import { OUR_NUMBERS } from '../../scripts/local/demo.ts'
import { type Agent, press } from './agent.ts'
import { SpokenMicrophone } from './spoken-microphone.ts'
import { twoDesks } from './two-desks.ts'

const [, NUMBER = ''] = OUR_NUMBERS
/** Loudness of somebody who speaks, and of nobody, 0…1. */
const SPEECH = 0.02
const SILENCE = 0.004
/** So long a word is still in somebody's ear after it was said. */
const DECAY_MS = 600

const microphone = new SpokenMicrophone()
test.describe.configure({ mode: 'serial' })
const floor = twoDesks(7250, microphone.plugInto.bind(microphone), async () => {
  const members = [{ agent_id: await floor.idOf('ada') }]
  const queue = await floor.api<{ id: string }>('POST', '/queues', { name: 'Support', members, wrap_up: 0 })
  const actions = [
    { id: 'in', type: 'answer' },
    { id: 'wait', type: 'queue_join', option: { queue_id: queue.id } },
  ]
  const flow = await floor.api<{ id: string }>('POST', '/flows', { name: 'Reception', actions })
  await floor.api('PUT', `/numbers/${encodeURIComponent(NUMBER)}`, { flow_id: flow.id })
})
test.afterAll(() => microphone.close())

interface Seen {
  presence: string
  conversation: { callId: string; transfer?: { phase?: string }; stayed?: string } | null
  visit?: { phase: string }
}
const seen = (page: Page): Promise<Seen> => page.evaluate(async () => (await fetch('/api/desk/view')).json())
const phaseIs = (wanted: string) =>
  expect
    .poll(async () => (await seen(floor.ada.page)).conversation?.transfer?.phase, { timeout: 15_000, intervals: [50] })
    .toBe(wanted)
const move = (name: string) =>
  floor.ada.page.getByRole('region', { name: 'Ask first' }).getByRole('button', { name }).click()

/** The agents' lines as the carrier has them: they keep their ids wherever they are. */
const lines = { ada: '', bo: '' }
function lineSids(): void {
  const all = floor.stage.network.control.world().conferences.filter(one => one.status !== 'completed')
  const sids = all.flatMap(one => one.participants.filter(({ label }) => label?.startsWith('agent:')))
  // Ada sat down first.
  ;[lines.ada, lines.bo] = sids.map(one => one.callSid) as [string, string]
}
const levels = (sid: string) =>
  floor.stage.network.control.world().calls.find(one => one.sid === sid)?.levels ?? { says: 0, hears: 0 }

/** The loudest that each of these hears until the words are said; not while this person speaks as well, or has just spoken. */
async function heardBy(sids: string[], speaks: Promise<unknown>, besides = ''): Promise<number[]> {
  const loudest = sids.map(() => 0)
  let over = false
  let [disturbedMs, samples] = [0, 0]
  void speaks.finally(() => {
    over = true
  })
  while (!over) {
    if (besides !== '' && levels(besides).says > SILENCE) disturbedMs = Date.now()
    if (Date.now() - disturbedMs > DECAY_MS) {
      samples += 1
      sids.forEach((sid, index) => {
        loudest[index] = Math.max(loudest[index] ?? 0, levels(sid).hears)
      })
    }
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  expect(samples).toBeGreaterThan(20)
  return loudest
}
/** Until the words have gone through, nobody else begins. */
async function quiet(...sids: string[]): Promise<void> {
  for (const sid of sids) await expect.poll(() => levels(sid).hears, { intervals: [20] }).toBeLessThan(SILENCE)
}
/** How long, at the longest, this person was in a room with nobody and heard nothing. */
function longestAlone(sid: string): { stop(): number } {
  let [longest, aloneSince] = [0, Date.now()]
  const timer = setInterval(() => {
    const rooms = floor.stage.network.control.world().conferences.filter(one => one.status !== 'completed')
    const others = rooms.find(one => one.participants.some(({ callSid }) => callSid === sid))?.participants ?? []
    const accompanied = others.some(({ callSid, held }) => callSid !== sid && !held) || levels(sid).hears > SILENCE
    if (accompanied) aloneSince = Date.now()
    longest = Math.max(longest, Date.now() - aloneSince)
  }, 20)
  return {
    stop() {
      clearInterval(timer)
      return longest
    },
  }
}
const says = (agent: Agent) => microphone.say(agent.page, 'One two three four five six seven.')

const person = (from: string) =>
  floor.stage.network.control.dial(from, NUMBER, {
    kind: 'human',
    acts: Array(60)
      .fill([{ pauseMs: 2_500 }, { say: 'One two three four.' }])
      .flat(),
  })
/** One turn of the person, from its first sound to its last. */
async function personSpeaks(sid: string): Promise<void> {
  await expect.poll(() => levels(sid).says, { timeout: 15_000, intervals: [10] }).toBeGreaterThan(SPEECH)
  await expect.poll(() => levels(sid).says, { timeout: 15_000, intervals: [10] }).toBeLessThan(SPEECH / 4)
}

async function adaTakes(from: string): Promise<string> {
  const sid = person(from)
  await expect(floor.ada.page.getByRole('dialog', { name: 'Queue call' })).toBeVisible({ timeout: 20_000 })
  await press(floor.ada.page, 'a')
  await expect.poll(async () => (await seen(floor.ada.page)).conversation?.callId, { timeout: 10_000 }).toBeTruthy()
  lineSids()
  return sid
}

async function adaAsksBo(): Promise<void> {
  await press(floor.ada.page, 't')
  await floor.ada.page.getByRole('button', { name: 'Ask first: Bo' }).click()
  const dialog = floor.bo.page.getByRole('dialog', { name: 'A colleague asks' })
  await expect(dialog.getByTestId('by')).toContainText('Ada asks you about this person', { timeout: 10_000 })
  await press(floor.bo.page, 'a')
  await phaseIs('asking')
}

let caller = ''

test('asked: Ada and Bo hear each other, and the person hears music and neither of them [S1-44]', async () => {
  test.setTimeout(90_000)
  caller = await adaTakes('+14155559301')
  await adaAsksBo()
  await expect(floor.ada.page.getByRole('region', { name: 'Ask first' })).toContainText('You speak with Bo.')
  await expect(floor.bo.page.getByRole('dialog', { name: 'A colleague asks' })).toContainText('You speak with Ada.')
  await quiet(lines.ada, lines.bo)
  const [boHears = 0] = await heardBy([lines.bo], says(floor.ada))
  expect(boHears).toBeGreaterThan(SPEECH)
  await quiet(lines.ada, lines.bo)
  const [adaHears = 0] = await heardBy([lines.ada], says(floor.bo))
  expect(adaHears).toBeGreaterThan(SPEECH)
  // The person speaks into their music: neither agent hears them, and the music goes on.
  await quiet(lines.ada, lines.bo)
  const [toAda = 1, toBo = 1, music = 0] = await heardBy([lines.ada, lines.bo, caller], personSpeaks(caller))
  expect(toAda).toBeLessThan(SILENCE)
  expect(toBo).toBeLessThan(SILENCE)
  expect(music).toBeGreaterThan(SILENCE)
})

test('swapped: Ada and the person hear each other, and Bo hears music', async () => {
  test.setTimeout(60_000)
  await move('Swap')
  await phaseIs('swapped')
  await expect(floor.bo.page.getByRole('dialog', { name: 'A colleague asks' })).toContainText('You hear music.')
  await expect.poll(() => levels(lines.bo).hears, { intervals: [20] }).toBeGreaterThan(SILENCE)
  const [toAda = 0] = await heardBy([lines.ada], personSpeaks(caller))
  expect(toAda).toBeGreaterThan(SPEECH)
  const [toPerson = 0] = await heardBy([caller], says(floor.ada))
  expect(toPerson).toBeGreaterThan(SPEECH)
  const [fromBo = 1] = await heardBy([lines.ada], says(floor.bo), caller)
  expect(fromBo).toBeLessThan(SILENCE)
})

test('merged: each hears both others', async () => {
  test.setTimeout(60_000)
  await move('Merge')
  await phaseIs('merged')
  const [toAda = 0, toBo = 0] = await heardBy([lines.ada, lines.bo], personSpeaks(caller))
  expect(Math.min(toAda, toBo)).toBeGreaterThan(SPEECH)
  const [boHears = 0, personHears = 0] = await heardBy([lines.bo, caller], says(floor.ada), caller)
  expect(Math.min(boHears, personHears)).toBeGreaterThan(SPEECH)
  const [adaHears = 0, themHears = 0] = await heardBy([lines.ada, caller], says(floor.bo), caller)
  expect(Math.min(adaHears, themHears)).toBeGreaterThan(SPEECH)
})

test('completed: Bo and the person hear each other, Ada is free, and nobody waited two seconds in silence', async () => {
  test.setTimeout(60_000)
  const gap = longestAlone(caller)
  await move('Complete')
  await expect.poll(async () => (await seen(floor.ada.page)).conversation, { timeout: 10_000 }).toBeNull()
  await expect.poll(async () => (await seen(floor.bo.page)).conversation?.callId, { timeout: 10_000 }).toBeTruthy()
  await expect.poll(async () => (await seen(floor.ada.page)).presence, { timeout: 10_000 }).toBe('ready')
  expect(gap.stop()).toBeLessThan(2_000)
  const [toBo = 0, toAda = 1] = await heardBy([lines.bo, lines.ada], personSpeaks(caller))
  expect(toBo).toBeGreaterThan(SPEECH)
  expect(toAda).toBeLessThan(SILENCE)
  const [toPerson = 0] = await heardBy([caller], says(floor.bo))
  expect(toPerson).toBeGreaterThan(SPEECH)
  await press(floor.bo.page, 'x')
  await expect.poll(async () => (await seen(floor.bo.page)).presence, { timeout: 10_000 }).toBe('ready')
})

test('canceled, the person is back with Ada; the person hangs up, and Bo’s line is at home', async () => {
  test.setTimeout(90_000)
  const sid = await adaTakes('+14155559302')
  await adaAsksBo()
  await move('Cancel')
  await expect(floor.ada.page.getByText('You have taken the person back.')).toBeVisible({ timeout: 10_000 })
  const [toAda = 0] = await heardBy([lines.ada], personSpeaks(sid))
  expect(toAda).toBeGreaterThan(SPEECH)
  await expect.poll(async () => (await seen(floor.bo.page)).presence, { timeout: 10_000 }).toBe('ready')
  await adaAsksBo()
  floor.stage.network.control.hangUpCall(sid)
  await expect.poll(async () => (await seen(floor.ada.page)).conversation, { timeout: 5_000 }).toBeNull()
  await expect.poll(async () => (await seen(floor.bo.page)).presence, { timeout: 10_000 }).toBe('ready')
  const rooms = floor.stage.network.control.world().conferences.filter(one => one.status !== 'completed')
  expect(rooms.map(one => one.participants.length).sort()).toEqual([1, 1])
})

test('Ada closes her browser while Bo is with her: the person goes on with Bo', async () => {
  test.setTimeout(120_000)
  const sid = await adaTakes('+14155559303')
  await adaAsksBo()
  await floor.ada.close()
  // The carrier waits for her browser to come back, as for one that has lost its network.
  await expect.poll(async () => (await seen(floor.bo.page)).conversation?.callId, { timeout: 60_000 }).toBeTruthy()
  const [toBo = 0] = await heardBy([lines.bo], personSpeaks(sid))
  expect(toBo).toBeGreaterThan(SPEECH)
  floor.stage.network.control.hangUpCall(sid)
  await expect.poll(async () => (await seen(floor.bo.page)).presence, { timeout: 10_000 }).toBe('ready')
})
