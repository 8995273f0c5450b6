import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { clientEvents, clientRows } from '../../../scripts/client-rows.ts'
import type { Sent, Answer as ServerAnswer } from '../../../src/wire/routes/row.ts'
import { type Routes, routes } from '../../../src/wire/routes/table.ts'
import type { Answer, Body } from './index.ts'
import type { JsonEndpoint } from './types.ts'

test('the client has every route of the server as it is now; `node scripts/run.mjs scripts/client-rows.ts` writes them', () => {
  const written = readFileSync(path.join(import.meta.dirname, 'rows.ts'), 'utf8')
  expect(written).toBe(clientRows())
  const named = [...written.matchAll(/^ {2}'([A-Z]+ \/[^']+)': /gm)].map(([, endpoint]) => endpoint)
  expect(named).toEqual(Object.keys(routes))
})

test('the client has every event of the server as it is now', () => {
  expect(readFileSync(path.join(import.meta.dirname, 'events.ts'), 'utf8')).toBe(clientEvents())
})

/** The routes whose answer, or whose body, is not what the server means by it. */
type AnswersDrifted = { [E in JsonEndpoint]: ServerAnswer<Routes[E]> extends Answer<E> ? never : E }[JsonEndpoint]
type BodiesDrifted = { [E in JsonEndpoint]: Body<E> extends Sent<Routes[E], 'body'> ? never : E }[JsonEndpoint]

test('its types are those of the server’s schemas: a list of routes that differ does not compile', () => {
  const drifted: never[] = [] as (AnswersDrifted | BodiesDrifted)[]
  expect(drifted).toEqual([])
})
