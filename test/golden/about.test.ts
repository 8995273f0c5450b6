/** Every fact says whom it is about and has a reader in the log: facts of today by their vocabulary, facts of every release by their logs. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { KEPT_SHORT, NOT_IN_TIMELINE } from '../../src/actors/log/events.ts'
import { WORDS } from '../../src/actors/log/words.ts'
import { type About, type AboutTable, aboutOf } from '../../src/core/about.ts'
import { batch } from '../../src/core/batch/batch.ts'
import { call } from '../../src/core/call/call.ts'
import { campaign } from '../../src/core/campaign/campaign.ts'
import { desk } from '../../src/core/desk/desk.ts'
import type { OldFact } from '../../src/core/machine.ts'
import { queue } from '../../src/core/queue/queue.ts'
import { room } from '../../src/core/room/room.ts'
import { factsOf, MACHINES } from '../tidy/vocabulary.ts'

type Recorded = Parameters<typeof aboutOf>[0] & { upcast?(fact: OldFact): OldFact }
const RECORDED = { batch, call, campaign, desk, queue, room } as unknown as Record<string, Recorded>
const RELEASES = readdirSync(import.meta.dirname).filter(name => /^\d+\.\d+\.\d+$/.test(name))

/** Types of the vocabulary that have no subject, and subjects of types that are gone. */
function astray(types: string[], about: object): string[] {
  return [...types.filter(type => !(type in about)), ...Object.keys(about).filter(type => !types.includes(type))].sort()
}

/** Types about a call that its timeline neither shows in words nor leaves out by name. */
function unread(types: string[], about: AboutTable<never>, own: string): string[] {
  const rows = about as Record<string, unknown>
  return types.filter(type => {
    const ofCall = own === 'call' || (typeof rows[type] === 'function' && subjectsOf(rows[type]).includes('call'))
    return ofCall && !(type in WORDS) && !(type in NOT_IN_TIMELINE)
  })
}

/** The kinds of subject that a row names, from a fact whose every field has a value. */
function subjectsOf(row: unknown): string[] {
  const anything: unknown = new Proxy(
    {},
    { get: (_, key) => (key === Symbol.toPrimitive ? () => 'anything' : anything) },
  )
  return Object.keys((row as (fact: unknown) => object)(anything))
}

describe.each(MACHINES)('%s', machine => {
  const types = factsOf(machine)
  const { about } = RECORDED[machine] as Recorded

  test('every fact has a subject, and no subject is of a fact that is gone', () => {
    expect(astray(types, about)).toEqual([])
    expect(astray([...types, 'planted'], about)).toEqual(['planted'])
  })

  test('every fact about a call is told in words, or left out of the timeline by name', () => {
    expect(unread(types, about as AboutTable<never>, machine)).toEqual([])
    const planted = { ...about, planted: () => ({ call: 'w_a.call_1' }) } as unknown as AboutTable<never>
    expect(unread([...types, 'planted'], planted, machine)).toEqual(['planted'])
  })
})

test('what is kept short or left out is a fact that exists', () => {
  const all = MACHINES.flatMap(factsOf)
  for (const type of [...Object.keys(KEPT_SHORT), ...Object.keys(NOT_IN_TIMELINE)]) expect(all).toContain(type)
})

describe.each(RELEASES)('facts of %s', release => {
  const file = path.join(import.meta.dirname, release, 'facts.json.gz')
  const logs = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Record<string, OldFact[][]>

  test.each(Object.keys(logs))('each fact of a %s is about somebody', name => {
    const machine = RECORDED[name] as Recorded
    const all = (logs[name] ?? []).flat().map(fact => machine.upcast?.(fact) ?? fact)
    const subjects: About[] = all.map(fact => aboutOf(machine, fact as never, 'w_demo.own'))
    for (const about of subjects) {
      expect(about[machine.name]).toBe('w_demo.own')
      for (const id of Object.values(about)) expect(id).toMatch(/\S/)
    }
    // A table that named nobody else would pass all of the above.
    expect(subjects.some(about => Object.keys(about).length > 1)).toBe(true)
  })
})
