import { expect, test } from 'vitest'
import { zoneNamed, zonesOf, zonesOfNumber, zonesOfZip } from './zones.ts'

const AT = Date.UTC(2026, 5, 1, 12)

test.each([
  ['+14155550142', ['America/Los_Angeles']],
  ['+442079460018', ['Europe/London']],
  ['+33600000001', ['Europe/Paris']],
  ['+81312345678', ['Asia/Tokyo']],
])('the area of a number gives its zone: %s [C3]', (number, zones) => {
  expect(zonesOfNumber(number)).toEqual(zones)
})

test('a number without an area has all zones of its plan, and one of no country has none', () => {
  expect(zonesOfNumber('+15005550001').length).toBeGreaterThan(20)
  expect(zonesOfNumber('+881612345678')).toEqual([])
})

test.each([
  ['94103', ['America/Los_Angeles']],
  ['10001-1234', ['America/New_York']],
  ['83501', ['America/Denver', 'America/Los_Angeles']],
  ['EC1A 1BB', []],
  ['', []],
])('a ZIP code gives its zones: %s', (zip, zones) => {
  expect(zonesOfZip(zip)).toEqual(zones)
})

test.each([
  ['Pacific Time (US & Canada)', 'America/Los_Angeles'],
  ['America/Los_Angeles', 'America/Los_Angeles'],
  ['W. Europe Standard Time', 'Europe/Berlin'],
  [' Berlin ', 'Europe/Berlin'],
  ['utc', 'Etc/UTC'],
  ['Mars/Olympus', null],
  ['CST', null],
  ['', null],
])('a zone is known by the names that programs write: %s [C3]', (written, zone) => {
  expect(zoneNamed(written)).toBe(zone)
})

test('what the sources agree on narrows; what they contradict counts in full [C3]', () => {
  const of = (number: string, timeZone: string | null, postcode: string | null = null) =>
    zonesOf({ number, timeZone, postcode }, AT)
  expect(of('+15005550001', 'America/Los_Angeles')).toEqual(['America/Los_Angeles'])
  expect(of('+15005550001', null, '10001')).toEqual(['America/New_York'])
  expect(of('+14155550142', 'America/New_York')).toEqual(['America/New_York', 'America/Los_Angeles'])
  expect(of('+14155550142', '')).toEqual(['America/Los_Angeles'])
  expect(of('+881612345678', null)).toEqual([])
})
