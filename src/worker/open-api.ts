/** The rows as OpenAPI 3.1, whose schemas are JSON Schema, which zod writes itself. */
import { z } from 'zod'
import { methodOf, pathOf, type Row, type Rows } from '../wire/routes/row.ts'

export function openApi(rows: Rows, version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [endpoint, row] of Object.entries(rows)) {
    const path = pathOf(endpoint).replaceAll(/:([A-Za-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [methodOf(endpoint).toLowerCase()]: operation(row, path) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Trunkline',
      version,
      description: 'Lists are {items, next}; errors are problem+json; creating POSTs take an Idempotency-Key.',
    },
    paths,
    components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'better-auth.session_token' } } },
  }
}

function operation(row: Row, path: string): Record<string, unknown> {
  return {
    summary: row.summary,
    'x-who': row.who === 'anyone' ? 'anyone' : row.who.role,
    security: row.who === 'anyone' ? [] : [{ session: [] }],
    parameters: [...inPath(row, path), ...inQuery(row), ...inHeader(row)],
    ...(row.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: sent(row.body) } } } }
      : {}),
    responses: {
      ...success(row),
      default: { description: 'problem+json', content: { 'application/problem+json': { schema: { type: 'object' } } } },
    },
  }
}

function success(row: Row): Record<string, unknown> {
  switch (row.gives) {
    case 'json':
      return {
        [String(row.status ?? 200)]: {
          description: 'done',
          content: { 'application/json': { schema: z.toJSONSchema(row.answer) } },
        },
      }
    case 'text':
    case 'bytes':
      return { 200: { description: 'the document', content: { [row.mediaType]: {} } } }
    case 'socket':
      return { 101: { description: 'a WebSocket' } }
  }
}

function sent(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>
}

function propertiesOf(schema: z.ZodType): Record<string, unknown> {
  return (sent(schema).properties ?? {}) as Record<string, unknown>
}

function inPath(row: Row, path: string) {
  const forms = row.params ? propertiesOf(row.params) : {}
  return [...path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: forms[name] ?? { type: 'string' },
  }))
}

function inQuery(row: Row) {
  if (!row.query) return []
  const required = (sent(row.query).required ?? []) as string[]
  return Object.entries(propertiesOf(row.query)).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function inHeader(row: Row) {
  if (row.gives !== 'json' || row.creates !== true) return []
  return [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 128 } }]
}
