import { expect, test } from 'vitest'
import { z } from 'zod'
import { checked, DEPTH_MAX, jsonOf } from './json-body.ts'
import { Refusal } from './problem.ts'

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

function refusalOf(act: () => unknown): Refusal | null {
  try {
    act()
    return null
  } catch (error) {
    return error as Refusal
  }
}

test('JSON is taken down to the deepest level that is allowed, and refused with its field below it', () => {
  expect(JSON.stringify(jsonOf(nested(DEPTH_MAX)))).toBe(nested(DEPTH_MAX))
  for (const text of [nested(DEPTH_MAX + 1), nested(500_000), `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`]) {
    const refusal = refusalOf(() => jsonOf(text))
    expect(refusal).toBeInstanceOf(Refusal)
    expect(refusal).toMatchObject({ status: 400, fields: [{ field: 'body', message: 'deeper than 64 levels' }] })
  }
})

test('text that is no JSON is refused with its field', () => {
  for (const text of ['', '{"a":1,}', '{"a":1}{"a":1}', '\u0000', 'undefined'])
    expect(
      refusalOf(() => jsonOf(text)),
      text,
    ).toMatchObject({ status: 400, fields: [{ field: 'body' }] })
})

test('what a schema refuses is named by its path, an unknown key by itself, and the whole by where it stood', () => {
  const schema = z.strictObject({ a: z.object({ b: z.number() }) })
  const field = (value: unknown) => refusalOf(() => checked(schema, value, 'query'))?.fields[0]?.field
  expect(field({ a: { b: 'x' } })).toBe('a.b')
  expect(field({ a: { b: 1 }, c: 2 })).toBe('c')
  expect(field(null)).toBe('query')
  expect(checked(schema, { a: { b: 1 } }, 'query')).toEqual({ a: { b: 1 } })
})
