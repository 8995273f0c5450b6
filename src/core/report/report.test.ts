import { expect, test } from 'vitest'
import { type CountedCall, cellsOf, NO_SUMS, NO_ZONE, SEVERAL_ZONES, SUMS, type Sums } from './cells.ts'
import { dateIn, dayAfter, daysOf, hourIn, startOf } from './days.ts'
import { FIGURES, REPORT_NAMES, REPORTS, valuesOf } from './reports.ts'

const AT = Date.parse('2026-12-01T15:30:00Z')
const call = (more: Partial<CountedCall> = {}): CountedCall => ({
  ...{ direction: 'outbound', kind: 'campaign', campaign_id: 'w_a.c_1', agent_id: 'ada', agent_name: 'Ada' },
  ...{ number: '+14155550101', dial_from: '+14155550100', answered_by: null, result: 'no-answer', outcome: null },
  ...{ created_ms: AT, answered_ms: null, talked_ms: 0 },
  ...more,
})
const cut = (calls: CountedCall[], name: string) => cellsOf(calls, 'America/New_York').filter(cell => cell.cut === name)
const row = (sums: Partial<Sums>, more = {}) => ({
  sums: { ...NO_SUMS, ...sums },
  ...{ signedInMs: 0, wrapUpMs: 0, wrapUps: 0, answerRate: null },
  ...more,
})

test('a person who answers is not a machine, and a conversation is one with somebody of ours', () => {
  const [day] = cut(
    [
      call(),
      call({ result: 'machine', answered_ms: AT, talked_ms: 4_000 }),
      call({ result: 'connected', answered_ms: AT, talked_ms: 60_000 }),
      call({ result: 'no-seat', answered_ms: AT, talked_ms: 3_000, abandoned: 1 }),
      call({ result: 'not-cleared' }),
      call({ result: 'number-refused' }),
    ],
    'day',
  )
  expect(day).toMatchObject({ calls: 6, dialed: 5, answered: 2, conversations: 1, abandoned: 1, refused: 1 })
  expect(day).toMatchObject({ talkedMs: 60_000, agent: 'ada', label: 'Ada', campaign: 'w_a.c_1' })
})

test('people with whom an AI agent speaks cannot be abandoned, and a call between extensions is none', () => {
  const ai = call({ result: 'connected', talked_ms: 9_000, agent_id: null, ai_agent: 'ai_7', handed_over: 1 })
  const cells = cellsOf([ai, call({ kind: 'sip' })], 'UTC')
  expect(cells.find(one => one.cut === 'ai')).toMatchObject({ key: 'ai_7', conversations: 1, handedOver: 1 })
  expect(cells.find(one => one.cut === 'day')).toMatchObject({ calls: 1, answered: 1, answeredForAgents: 0 })
})

test('a phone of ours that reaches an extension through the carrier has dialed no number, and its extension is none of ours', () => {
  const phone = { kind: 'browser', campaign_id: null, result: null, answered_ms: AT, talked_ms: 9_000 }
  const address = { number: 'sip:103@example.test' }
  const calls = [
    call({ ...phone, ...address, dial_from: '101' }),
    call({ ...phone, ...address }),
    call({ ...phone, dial_from: '101' }),
    call({ ...phone }),
    // A program calls somebody's SIP phone.
    call({ ...phone, ...address, kind: 'app' }),
  ]
  expect(cut(calls, 'day')).toMatchObject([{ calls: 3, dialed: 2, answered: 2, conversations: 3 }])
  expect(cut(calls, 'hour')).toMatchObject([{ dialed: 2 }])
  expect(cut(calls, 'zone').reduce((sum, one) => sum + one.dialed, 0)).toBe(2)
  expect(cut(calls, 'number')).toMatchObject([{ key: '+14155550100', dialed: 1 }])
})

test('an inbound call is a conversation when somebody spoke, and voicemail is none', () => {
  const inbound = { direction: 'inbound', kind: 'inbound', campaign_id: null, answered_ms: AT, talked_ms: 5_000 }
  const [day] = cut(
    [
      call({ ...inbound, result: null }),
      call({ ...inbound, result: 'voicemail' }),
      call({ ...inbound, result: null, talked_ms: 0 }),
    ],
    'day',
  )
  expect(day).toMatchObject({ calls: 3, dialed: 0, answered: 0, conversations: 1 })
})

test('hours are those of the workspace, zones those of the called number', () => {
  const calls = [call(), call({ number: '+442079460000' }), call({ number: '+8835100000000' }), call({ number: '+7' })]
  expect(cut(calls, 'hour')).toMatchObject([{ key: '10', dialed: 4 }])
  expect(
    cut(calls, 'zone')
      .map(one => one.key)
      .sort(),
  ).toEqual(['America/Los_Angeles', 'Europe/London', SEVERAL_ZONES, NO_ZONE].sort())
})

test('callers of a queue are in time within 20 seconds, and whoever leaves at once has not waited', () => {
  const waited = (ms: number, taken: number | null) =>
    call({ direction: 'inbound', queue_id: 'w_a.q_1', queue_waited_ms: ms, queue_taken: taken })
  const [queue] = cut([waited(20_000, 1), waited(20_001, 1), waited(30_000, 0), waited(4_000, 0)], 'queue')
  expect(queue).toMatchObject({ queued: 4, queueTaken: 2, queueInTime: 1, queueLeft: 1, queueWaitedMs: 40_001 })
  const values = valuesOf('queues', row(queue ?? {}))
  expect(values).toEqual([4, 2, 1, 33.3, 20])
})

test('a day is as long as the clock says', () => {
  const hours = (zone: string, date: string) =>
    daysOf(date, date, zone).map(day => (day.toMs - day.fromMs) / 3_600_000)[0]
  expect(hours('Europe/Berlin', '2026-03-29')).toBe(23)
  expect(hours('Europe/Berlin', '2026-10-25')).toBe(25)
  expect(hours('Asia/Kathmandu', '2026-10-25')).toBe(24)
  const days = daysOf('2026-02-27', '2026-03-02', 'America/New_York')
  expect(days.map(day => day.date)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'])
  expect(days.slice(1).map(day => day.fromMs)).toEqual(days.slice(0, -1).map(day => day.toMs))
  expect(dateIn('Asia/Tokyo', AT)).toBe('2026-12-02')
  expect(hourIn('Asia/Kathmandu', AT)).toBe(21)
  expect(new Date(startOf('2026-12-01', 'America/New_York', 8)).toISOString()).toBe('2026-12-01T13:00:00.000Z')
})

test('a day begins with its date also where midnight is left out or comes twice', () => {
  const begin = (date: string, zone: string, hour = 0) => new Date(startOf(date, zone, hour)).toISOString().slice(0, 16)
  expect(begin('2026-09-06', 'America/Santiago')).toBe('2026-09-06T04:00')
  expect(begin('2026-03-08', 'America/Havana')).toBe('2026-03-08T05:00')
  expect(begin('2026-03-29', 'Atlantic/Azores')).toBe('2026-03-29T01:00')
  expect(begin('2026-03-29', 'Asia/Beirut')).toBe('2026-03-28T22:00')
  // 02:00 is not on the clock.
  expect(begin('2026-03-08', 'America/New_York', 2)).toBe('2026-03-08T07:00')
  const zones = [
    'America/Santiago',
    'America/Havana',
    'Atlantic/Azores',
    'Asia/Beirut',
    'Pacific/Auckland',
    'Africa/Cairo',
  ]
  for (const zone of zones)
    for (const { date, fromMs } of daysOf('2026-01-01', '2026-12-31', zone))
      expect([dateIn(zone, fromMs - 1), dateIn(zone, fromMs)], `${zone} ${date}`).toEqual([dayAfter(date, -1), date])
})

test('every figure of every report has a definition, and nothing to count is null and never a division by zero', () => {
  for (const name of REPORT_NAMES) {
    for (const figure of REPORTS[name].figures) expect(FIGURES[figure].means).toMatch(/\.$/)
    for (const value of valuesOf(name, row({}))) expect([0, null]).toContain(value)
  }
  expect(SUMS.length).toBe(new Set(SUMS).size)
})

test('rates are in percent, and a number is judged only by enough calls', () => {
  expect(valuesOf('abandonment', row({ answeredForAgents: 200, abandoned: 7 }))).toEqual([200, 7, 3.5])
  expect(valuesOf('agents', row({ conversations: 30 }, { signedInMs: 7_200_000 }))[4]).toBe(15)
  const ofOne = row({ conversations: 30 }, { signedInMs: 7_200_000, ofOneCampaign: true })
  expect(valuesOf('agents', ofOne)[4]).toBeNull()
  const health = (sums: Partial<Sums>) => valuesOf('numbers', row(sums, { answerRate: 0.2 })).at(-1)
  expect(health({ dialed: 49, answered: 0 })).toBeNull()
  expect(health({ dialed: 100, answered: 20 })).toBe('Good')
  expect(health({ dialed: 100, answered: 9 })).toBe('Seldom answered')
  expect(health({ dialed: 100, answered: 20, refused: 6 })).toBe('Often refused')
})
