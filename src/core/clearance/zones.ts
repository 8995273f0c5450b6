/** The time zones that a person can be in, from their number, their postcode and what is said of them. */
import { isZone, offsetMinutes } from './local-time.ts'
import { ZONE_NAMES } from './zone-names.ts'
import { ZONES_BY_AREA } from './zones-by-area.ts'
import { ZONES_BY_ZIP } from './zones-by-zip.ts'

let areas: ReadonlyMap<string, readonly string[]> | null = null
let zips: ReadonlyMap<string, readonly string[]> | null = null
let names: ReadonlyMap<string, string> | null = null

/** The zones of a number's area, by the longest prefix that is known; empty: none is (satellite, toll-free of no country). */
export function zonesOfNumber(e164: string): readonly string[] {
  areas ??= read(ZONES_BY_AREA)
  const digits = e164.replace(/\D/g, '')
  for (let length = Math.min(digits.length, 9); length > 0; length -= 1) {
    const found = areas.get(digits.slice(0, length))
    if (found !== undefined) return found
  }
  return []
}

/** The zones of a ZIP code; empty: it is none. Postcodes of other countries say nothing that the number does not. */
export function zonesOfZip(postcode: string): readonly string[] {
  zips ??= read(ZONES_BY_ZIP)
  const [, first] = /^(\d{3})\d{2}(?:-?\d{4})?$/.exec(postcode.trim()) ?? []
  return (first === undefined ? undefined : zips.get(first)) ?? []
}

/**
 * The IANA zone that is meant by a name as people and other programs write it (`America/Los_Angeles`, Windows' `Pacific Standard
 * Time`, Rails' `Pacific Time (US & Canada)`); null: no zone has this name.
 */
export function zoneNamed(written: string): string | null {
  const name = written.trim()
  names ??= readNames()
  const known = names.get(name.toLowerCase())
  if (known !== undefined) return known
  // Two or three letters are abbreviations, which are used for several zones (IST, CST).
  return /^[A-Za-z_+-]+(\/[A-Za-z0-9_+-]+)+$/.test(name) && isZone(name)
    ? name
    : name.toUpperCase() === 'UTC'
      ? 'UTC'
      : null
}

export interface Whereabouts {
  number: string
  /** the zone that the person's record states; null or unreadable: none is */
  timeZone: string | null
  postcode: string | null
}

/**
 * The zones of which the strictest counts. What is known narrows: zones that keep the same time under all sources are taken.
 * Where the sources contradict each other (a San Francisco number of somebody in New York), all of their zones count.
 */
export function zonesOf({ number, timeZone, postcode }: Whereabouts, at: number): readonly string[] {
  const stated = timeZone === null ? null : zoneNamed(timeZone)
  const sources = [
    stated === null ? [] : [stated],
    postcode === null ? [] : zonesOfZip(postcode),
    zonesOfNumber(number),
  ].filter(zones => zones.length > 0)
  const [first = [], ...others] = sources
  const agreed = others.reduce((left, zones) => {
    const kept = new Set(zones.map(zone => offsetMinutes(zone, at)))
    return left.filter(zone => kept.has(offsetMinutes(zone, at)))
  }, first)
  return agreed.length > 0 ? agreed : [...new Set(sources.flat())]
}

function read(table: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const line of table.trim().split('\n')) {
    const [zones = '', keys = ''] = line.split(' ')
    const list = zones.split('|')
    for (const key of keys.split(',')) for (const one of runOf(key)) found.set(one, list)
  }
  return found
}

/** `100-149` is a run of codes of the same length. */
function runOf(key: string): string[] {
  const [from = '', to] = key.split('-')
  if (to === undefined) return [from]
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) =>
    String(Number(from) + index).padStart(from.length, '0'),
  )
}

function readNames(): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const line of ZONE_NAMES.trim().split('\n')) {
    const cut = line.indexOf(' ')
    for (const name of line.slice(cut + 1).split(';')) found.set(name.toLowerCase(), line.slice(0, cut))
  }
  return found
}
