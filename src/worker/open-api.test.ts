import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { methodOf, pathOf, type Row } from '../wire/routes/row.ts'
import { routes } from '../wire/routes/table.ts'
import { openApi } from './open-api.ts'

type Operation = {
  operationId: string
  tags: string[]
  security: Record<string, string[]>[]
  parameters: { name: string; in: string; required: boolean; schema: object }[]
  requestBody?: { content: object }
  responses: Record<string, { content?: Record<string, object> }>
}
// As it is read: what is undefined here is not there.
const document: {
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: object }
} = JSON.parse(JSON.stringify(openApi(routes, '0.0.0')))
const OPERATIONS = Object.values(document.paths).flatMap(path => Object.values(path))

test('the document is OpenAPI 3.1 in the eyes of a validator that is not ours, and a broken one is not', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  const broken = structuredClone(document) as unknown as Record<string, unknown>
  broken.paths = { '/x': { get: { responses: 'none' } } }
  expect((await new Validator().validate(broken)).valid).toBe(false)
})

test('every row is complete: its path, who may call it, what it takes, what it gives, and how it refuses', () => {
  for (const [endpoint, row] of Object.entries(routes) as [string, Row][]) {
    const path = pathOf(endpoint).replaceAll(/:([A-Za-z]+)/g, '{$1}')
    const operation = document.paths[path]?.[methodOf(endpoint).toLowerCase()]
    if (operation === undefined) throw new Error(`${endpoint} is not in the document`)
    const inPath = [...path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, name]) => name)
    expect(operation.parameters.filter(one => one.in === 'path').map(one => one.name)).toEqual(inPath)
    expect(operation.requestBody !== undefined, endpoint).toBe((row.body ?? row.upload) !== undefined)
    const query = operation.parameters.filter(one => one.in === 'query').map(one => one.name)
    expect(query, endpoint).toEqual(Object.keys(row.query?.shape ?? {}))
    expect(operation.security.length > 0, endpoint).toBe(row.who !== 'anyone')
    const names = operation.security.flatMap(one => Object.keys(one))
    expect(Object.keys(document.components.securitySchemes)).toEqual(expect.arrayContaining(names))
    expect(operation.responses.default?.content).toHaveProperty(['application/problem+json'])
    const [status = ''] = Object.keys(operation.responses)
    expect(status, endpoint).toBe(row.gives === 'socket' ? '101' : String((row.gives === 'json' && row.status) || 200))
  }
})

test('a socket that programs may open has its messages and the codes with which it is closed', () => {
  const answer = document.paths['/v1.0/ws']?.get?.responses[101] as Record<string, unknown> | undefined
  expect(answer?.['x-messages']).toMatchObject({
    client: { oneOf: expect.arrayContaining([expect.objectContaining({ required: ['type', 'cursor'] })]) },
    server: { oneOf: expect.arrayContaining([expect.objectContaining({ additionalProperties: false })]) },
    closes: { 4401: expect.any(String) },
  })
})

test('each operation has a name of its own and a heading that is declared', () => {
  expect(OPERATIONS.length).toBe(Object.keys(routes).length)
  expect(new Set(OPERATIONS.map(one => one.operationId)).size).toBe(OPERATIONS.length)
  const declared = document.tags.map(tag => tag.name)
  expect(declared).toEqual(expect.arrayContaining(OPERATIONS.flatMap(one => one.tags)))
  expect(declared).toEqual(expect.arrayContaining(['calls', 'flows', 'numbers', 'queues', 'queuecalls']))
})
