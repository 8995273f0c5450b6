import { describe, expect, test } from 'vitest'
import {
  ALL_BYTES_MAX,
  checkVariables,
  namesIn,
  PUT_CHARS_MAX,
  SYSTEM_BYTES_MAX,
  SYSTEM_VARIABLES,
  startingVariables,
  substituted,
  VALUE_BYTES_MAX,
  withSystemVariable,
  withVariable,
} from './variables.ts'

const put = (name: string) => `\${${name}}`

describe('substitution', () => {
  test('names are replaced in texts at any depth of maps and lists, and nothing else changes', () => {
    const option = { text: `Hi ${put('name')}`, deep: { list: [put('name'), 3, true, null] }, plain: '$name {name}' }
    expect(substituted(option, () => ({ name: 'Ann' }))).toEqual({
      text: 'Hi Ann',
      deep: { list: ['Ann', 3, true, null] },
      plain: '$name {name}',
    })
  })

  test('an unknown name becomes empty, and so does one of every object', () => {
    expect(substituted({ text: `a${put('none')}b${put('constructor')}` }, () => ({}))).toEqual({ text: 'ab' })
  })

  test('what was put in is not looked at again: no value makes another one grow', () => {
    const bomb = { a: `${put('a')}${put('a')}`, b: `${put('a')}${put('b')}` }
    expect(substituted({ text: put('b') }, () => bomb)).toEqual({ text: bomb.b })
  })

  test('one option takes 32 KiB of values and no more', () => {
    const long = 'x'.repeat(30_000)
    const { list } = substituted({ list: Array.from({ length: 50 }, () => put('long')) }, () => ({ long })) as {
      list: string[]
    }
    expect(list.join('').length).toBe(PUT_CHARS_MAX)
  })

  test('the names in an option are found', () => {
    expect(namesIn({ a: [put('x'), { b: put('y.z') }], c: 3 })).toEqual(['x', 'y.z'])
  })
})

describe('limits, with the name of the key', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v']))

  test('100 keys, and not one more', () => {
    expect(checkVariables(many(100))).toEqual([])
    expect(checkVariables(many(101))).toEqual([{ key: 'k100', message: expect.stringContaining('100 variables') }])
  })

  test('32 KiB of a value and 64 KiB in all', () => {
    expect(checkVariables({ fits: 'x'.repeat(VALUE_BYTES_MAX - 2) })).toEqual([])
    expect(checkVariables({ big: 'x'.repeat(VALUE_BYTES_MAX) })).toEqual([
      { key: 'big', message: expect.stringContaining('32768') },
    ])
    const three = { a: 'x'.repeat(20_000), b: 'x'.repeat(30_000), c: 'x'.repeat(20_000) }
    expect(checkVariables(three)).toEqual([{ key: 'b', message: expect.stringContaining('65536') }])
  })

  test('bytes are counted, not characters', () => {
    expect(checkVariables({ fits: 'ü'.repeat(VALUE_BYTES_MAX / 2 - 1) })).toEqual([])
    expect(checkVariables({ big: 'ü'.repeat(VALUE_BYTES_MAX / 2) })).toHaveLength(1)
  })

  test('texts only, names that can be written in a text, and none of the system’s', () => {
    const keys = (given: Record<string, unknown>) => checkVariables(given).map(({ key }) => key)
    expect(keys({ n: 3, o: {}, ok: 'x' })).toEqual(['n', 'o'])
    expect(keys({ 'a b': 'x', '': 'x', '1st': 'x', __proto__x: 'x' })).toEqual(['a b', '', '1st'])
    expect(keys({ 'voipbin.call.id': 'x', 'trunkline.consent': 'x', voipbin: 'x' })).toEqual([
      'voipbin.call.id',
      'trunkline.consent',
    ])
  })

  test('a step that would pass a limit is told why, and what there was stays', () => {
    expect(withVariable(many(100), 'k101', 'v')).toContain('100 variables')
    expect(withVariable(many(100), 'k1', 'w')).toMatchObject({ k1: 'w', k2: 'v' })
    const half = { a: 'x'.repeat(30_000), b: 'x'.repeat(30_000) }
    expect(withVariable(half, 'c', 'x'.repeat(10_000))).toContain(String(ALL_BYTES_MAX))
    expect(withSystemVariable({}, 'trunkline.webhook.body', 'x'.repeat(SYSTEM_BYTES_MAX))).toContain('full')
  })
})

test('what a flow begins with are variables of the list', () => {
  const started = startingVariables({
    ...{ activeflowId: 'a', flowId: null, callId: 'c', direction: 'incoming' },
    ...{ from: '+1', fromName: 'Ann', to: '+2', toName: '' },
  })
  const names = SYSTEM_VARIABLES.map(({ name }) => name)
  expect(Object.keys(started).filter(name => !names.includes(name))).toEqual([])
  expect(started['voipbin.call.source.target']).toBe('+1')
})
