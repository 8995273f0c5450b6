import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Rows } from '../wire/routes/row.ts'
import { openApi } from './open-api.ts'
import { bind } from './route-table.ts'

const rows = {
  'GET /things/:thingId': {
    who: { role: 'agent', scope: 'calls:read' },
    summary: 'One thing.',
    query: z.object({ version: z.coerce.number<number>().default(1), at: z.string() }),
    gives: 'json',
    answer: z.object({ name: z.string() }),
  },
  'GET /sound.wav': { who: 'anyone', summary: 'A sound.', gives: 'bytes', mediaType: 'audio/wav' },
} as const satisfies Rows

test('a handler is bound to its row', () => {
  const bound = bind(rows, {
    'GET /things/:thingId': async ({ params, query, member }) => ({
      name: `${member.name} ${params.thingId} ${query.version}`,
    }),
    'GET /sound.wav': async () => new Response('RIFF'),
  })
  expect(bound.map(one => one.endpoint)).toEqual(['GET /things/:thingId', 'GET /sound.wav'])
})

test('the document says what a row takes, and what it gives', () => {
  const { paths } = openApi(rows, '1') as { paths: Record<string, Record<string, Record<string, unknown>>> }
  expect(paths['/things/{thingId}']?.get).toMatchObject({
    'x-who': 'agent',
    security: [{ session: [] }, { key: ['calls:read'] }],
    parameters: [
      { name: 'thingId', in: 'path', required: true },
      { name: 'version', in: 'query', required: false, schema: { default: 1 } },
      { name: 'at', in: 'query', required: true },
    ],
    responses: { 200: { content: { 'application/json': { schema: { type: 'object' } } } } },
  })
  expect(paths['/sound.wav']?.get).toMatchObject({ security: [], responses: { 200: { content: { 'audio/wav': {} } } } })
})

/** Each of these must not compile; `tsc` reports an expected error that does not happen. Nothing of it is run. */
export function wrongBindings() {
  const sound = async () => new Response('RIFF')
  const thing = async () => ({ name: 'one' })
  // @ts-expect-error: a row without a handler
  bind(rows, { 'GET /sound.wav': sound })
  // @ts-expect-error: a handler without a row
  bind(rows, { 'GET /sound.wav': sound, 'GET /things/:thingId': thing, 'GET /more': thing })
  // @ts-expect-error: an answer of another form
  bind(rows, { 'GET /sound.wav': sound, 'GET /things/:thingId': async () => ({ title: 'one' }) })
  // @ts-expect-error: nobody is signed in on a row for anyone
  bind(rows, { 'GET /sound.wav': async ({ member }) => new Response(member.name), 'GET /things/:thingId': thing })
}
