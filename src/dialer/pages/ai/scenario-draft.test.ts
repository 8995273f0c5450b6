import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { rehearsalBody } from '../../../wire/scenario.ts'
import { bodyOf, bodyOfJson, draftOf, draftOfJson, jsonOf, NEW_SCENARIO } from './scenario-draft.ts'

const FOLDER = path.resolve(import.meta.dirname, '../../../../scenarios')
const shipped = readdirSync(FOLDER)
  .filter(file => file.endsWith('.json'))
  .map(file => ({
    name: file,
    parsed: rehearsalBody.safeParse(JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'))),
  }))
  .flatMap(({ name, parsed }) => (parsed.success ? [{ name, body: parsed.data }] : []))

describe('the form and the data', () => {
  test('many of the shipped scenarios can be rehearsed', () => {
    expect(shipped.length).toBeGreaterThan(8)
  })

  test.each(shipped)('$name comes back from the form as it was', scenario => {
    const { body, errors } = bodyOf(draftOf(scenario))
    expect(errors).toEqual([])
    expect(body).toEqual(scenario.body)
  })

  test.each(shipped)('$name comes back from its JSON as it was', ({ name, body }) => {
    const draft = draftOf({ name, body })
    expect(draftOfJson(name, jsonOf(draft))).toEqual(draft)
  })

  test('a new one with its words filled in is one that the server takes', () => {
    const acts = NEW_SCENARIO.acts.map(act => ({ ...act, text: 'hello' }))
    const filled = {
      ...NEW_SCENARIO,
      about: 'x',
      acts,
      expect: NEW_SCENARIO.expect.map(one => ({ ...one, text: 'hi' })),
    }
    expect(rehearsalBody.safeParse(bodyOf(filled).body).success).toBe(true)
  })

  test('what is no number and no JSON is named with its place', () => {
    const draft = {
      ...NEW_SCENARIO,
      acts: [{ kind: 'pause' as const, text: 'long' }],
      expect: [
        { ...NEW_SCENARIO.expect[0], kind: 'tool' as const, text: 'x', data: '[1]' } as (typeof NEW_SCENARIO.expect)[0],
      ],
      atMostSeconds: '',
      answers: '{',
    }
    expect(bodyOf(draft).errors.map(one => one.field)).toEqual([
      'caller.acts.0',
      'expect.0',
      'atMostSeconds',
      'answers',
    ])
  })

  test('JSON of another shape stays JSON', () => {
    expect(draftOfJson('x', '{')).toBeNull()
    expect(draftOfJson('x', '{"expect": 3}')).toBeNull()
    expect(bodyOfJson('[]')).toBeNull()
    expect(bodyOfJson('{"about": "x"}')).toEqual({ about: 'x' })
  })
})
