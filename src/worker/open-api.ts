/** The rows as OpenAPI 3.1, whose schemas are JSON Schema, which zod writes itself. */
import { z } from 'zod'
import { problem } from '../wire/api.ts'
import { methodOf, pathOf, type Row, type Rows, type SocketMessages, type Who } from '../wire/routes/row.ts'
import { openApiWebhooks } from './open-api-webhooks.ts'

export function openApi(rows: Rows, version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [endpoint, row] of Object.entries(rows)) {
    const path = pathOf(endpoint).replaceAll(/:([A-Za-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [methodOf(endpoint).toLowerCase()]: operation(endpoint, row, path) }
  }
  // The voice API first: it is what programs come for.
  const [voice, rest] = [true, false].map(is =>
    Object.keys(rows).filter(one => pathOf(one).startsWith('/v1.0/') === is),
  )
  const tags = [...new Set([...(voice ?? []), ...(rest ?? [])].map(tagOf))]
  return {
    openapi: '3.1.0',
    info: {
      title: 'Trunkline',
      version,
      description: ABOUT,
    },
    servers: [{ url: '/' }],
    tags: tags.map(name => ({ name })),
    paths,
    webhooks: openApiWebhooks(),
    components: {
      schemas: { Problem: written(z.toJSONSchema(problem)) },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'better-auth.session_token' },
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of the workspace, tk_…, with the scope that is named.',
        },
      },
    },
  }
}

const ABOUT = [
  'Lists are `{items, next}` by cursor; errors are problem+json with the offending `fields`; a creating POST takes an `Idempotency-Key`.',
  'Programs send `Authorization: Bearer tk_…`; an admin makes the key. Every row under `/v1.0` is at the root as well (`/calls`, `/flows`, …).',
].join('\n\n')

/** The resource that a row is about; the voice API's stand under their own names, so that `calls` and the log are two. */
function tagOf(endpoint: string): string {
  const [, first = '', second = '', third = ''] = pathOf(endpoint).split('/')
  if (first === 'v1.0') return second
  return second === 'ai' || second === 'cidr' ? `${second} ${third}`.trim() : `${first} ${second}`
}

/** `GET /v1.0/calls/:callId` → `getV10CallsCallId`: stable, and a name in every language. */
function operationIdOf(endpoint: string): string {
  const words = endpoint.split(/[^A-Za-z0-9]+/).filter(word => word !== '')
  const [method = '', ...rest] = words
  return method.toLowerCase() + rest.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function operation(endpoint: string, row: Row, path: string): Record<string, unknown> {
  return {
    operationId: operationIdOf(endpoint),
    tags: [tagOf(endpoint)],
    summary: row.summary,
    'x-who': whoIn(row.who),
    security: securityOf(row.who),
    parameters: [...inPath(row, path), ...inQuery(row), ...inHeader(row)],
    ...(row.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: sent(row.body) } } } }
      : row.upload
        ? { requestBody: { required: true, content: { [row.upload]: {} } } }
        : {}),
    responses: {
      ...success(row),
      default: {
        description: 'refused, or a fault of ours',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function whoIn(who: Who): string {
  return who === 'anyone' ? who : 'key' in who ? 'key' : who.role
}

/** Any one of them is enough; OpenAPI 3.1 names the roles of a bearer beside it. */
function securityOf(who: Who): Record<string, string[]>[] {
  if (who === 'anyone') return []
  if ('key' in who) return [{ key: [who.key] }]
  return who.scope === undefined ? [{ session: [] }] : [{ session: [] }, { key: [who.scope] }]
}

function success(row: Row): Record<string, unknown> {
  switch (row.gives) {
    case 'json':
      return {
        [String(row.status ?? 200)]: {
          description: 'done',
          content: { 'application/json': { schema: written(z.toJSONSchema(row.answer)) } },
        },
      }
    case 'text':
    case 'bytes':
      return { 200: { description: 'the document', content: { [row.mediaType]: {} } } }
    case 'socket':
      return {
        101: { description: 'a WebSocket', ...(row.messages ? { 'x-messages': messagesOf(row.messages) } : {}) },
      }
  }
}

/** OpenAPI has no words for a socket; its messages stand in an extension. */
function messagesOf({ client, server, closes }: SocketMessages): Record<string, unknown> {
  return { client: sent(client), server: written(z.toJSONSchema(server)), closes }
}

function sent(schema: z.ZodType): Record<string, unknown> {
  return written(z.toJSONSchema(schema, { io: 'input' }))
}

/** OpenAPI 3.1 says once for all which dialect its schemas are in. */
function written({ $schema: _, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return schema
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
