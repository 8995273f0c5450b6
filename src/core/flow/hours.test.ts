import { expect, test } from 'vitest'
import { isBusinessTime, wrongInterval } from './hours.ts'

const WEEK = [{ days: [1, 2, 3, 4, 5], from: '08:30', to: '17:00' }]
const berlin = (at: string, holidays: string[] = []) => isBusinessTime('Europe/Berlin', WEEK, holidays, Date.parse(at))

test('open from the first minute to the last one before the end, in local time', () => {
  // Monday, winter time: UTC+1
  expect(
    ['2026-01-05T07:29:59Z', '2026-01-05T07:30:00Z', '2026-01-05T15:59:59Z', '2026-01-05T16:00:00Z'].map(at =>
      berlin(at),
    ),
  ).toEqual([...[false, true, true, false]])
})

test('the same local hour on both sides of a change of the clock', () => {
  // The clock goes forward on Sunday 29 March 2026 and back on Sunday 25 October 2026.
  expect([berlin('2026-03-27T07:30:00Z'), berlin('2026-03-27T06:30:00Z')]).toEqual([true, false])
  expect([berlin('2026-03-30T06:30:00Z'), berlin('2026-03-30T06:29:00Z')]).toEqual([true, false])
  expect([berlin('2026-10-23T06:30:00Z'), berlin('2026-10-26T06:30:00Z'), berlin('2026-10-26T07:30:00Z')]).toEqual([
    true,
    false,
    true,
  ])
})

test('the hour that a change leaves out, and the one that it repeats', () => {
  const night = [{ days: [0], from: '02:00', to: '03:00' }]
  const openAt = (at: string) => isBusinessTime('Europe/Berlin', night, [], Date.parse(at))
  // 02:00 to 03:00 does not exist on 29 March; on 25 October it comes twice.
  expect(['2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z'].map(openAt)).toEqual([false, false])
  expect(['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:00:00Z'].map(openAt)).toEqual([
    true,
    true,
    false,
  ])
})

test('a holiday closes the local day, of one year or of every year', () => {
  expect([berlin('2026-12-25T10:00:00Z'), berlin('2026-12-25T10:00:00Z', ['2026-12-25'])]).toEqual([true, false])
  expect(berlin('2026-12-25T10:00:00Z', ['12-25'])).toBe(false)
  expect(berlin('2026-12-25T10:00:00Z', ['2027-12-25'])).toBe(true)
  // It is the 25th in Auckland already.
  const nz = isBusinessTime(
    'Pacific/Auckland',
    [{ days: [5], from: '00:00', to: '24:00' }],
    ['12-25'],
    Date.parse('2026-12-24T20:00:00Z'),
  )
  expect(nz).toBe(false)
})

test('past midnight, a whole day, and a zone that does not exist', () => {
  const late = [{ days: [6], from: '22:00', to: '02:00' }]
  expect(isBusinessTime('UTC', late, [], Date.parse('2026-01-11T01:00:00Z'))).toBe(true)
  expect(
    isBusinessTime('UTC', [{ days: [1], from: '00:00', to: '24:00' }], [], Date.parse('2026-01-05T23:59:00Z')),
  ).toBe(true)
  expect(isBusinessTime('Mars/Base', WEEK, [], 0)).toBe(false)
})

test('an interval is checked field by field', () => {
  expect(wrongInterval({ days: [1], from: '08:30', to: '24:00' })).toBeNull()
  expect(wrongInterval({ days: [], from: '08:30', to: '17:00' })).toContain('days')
  expect(wrongInterval({ days: [7], from: '08:30', to: '17:00' })).toContain('days')
  expect(wrongInterval({ days: [1], from: '8:30', to: '17:00' })).toContain('from')
  expect(wrongInterval({ days: [1], from: '08:30', to: '25:00' })).toContain('to')
  expect(wrongInterval(null)).toContain('days')
})
