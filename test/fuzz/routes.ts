/** Inputs of the rows of `src/wire/routes`: a good request of each, made from its schema and from the authorisation matrix, with mistakes. */
import { z } from 'zod'
import { methodOf, pathOf, type Row, type Rows } from '../../src/wire/routes/row.ts'
import { routes } from '../../src/wire/routes/table.ts'
import { ROUTES } from '../actors/security/meanings.ts'
import type { Random } from '../simulation/random.ts'
import { HASHED_SHARE, LAWFUL_SHARE } from './limits.ts'
import { mutatedJson, oddPart, oddQuery } from './mutations.ts'
import type { Input, Sender, Target } from './target.ts'

const CONTENT_TYPES = ['text/plain', '', 'application/x-www-form-urlencoded', 'application/xml', 'APPLICATION/JSON']
const KEYS = ['', ' ', 'k', 'a'.repeat(129), '__proto__', '"', 'é', '%00', '|', "' OR 1=1"]
const DEPTH_MAX = 6
const HASHES = /password|sign-in|POST \/api\/members$/

/** Rows that are no rows of the table, because better-auth answers them. */
const SIGN_IN: Rows = {
  'POST /api/auth/sign-in/email': {
    who: 'anyone',
    summary: '',
    gives: 'text',
    mediaType: 'application/json',
    body: z.object({ email: z.string().min(1).max(254), password: z.string().min(1).max(1_000) }),
  },
}

export function routeTargets(ids: Record<string, string>): Target[] {
  return Object.entries({ ...(routes as Rows), ...SIGN_IN }).map(([name, row]) => {
    const sample = row.body ? named(sampleOf(name, row), ids) : null
    return {
      name,
      namesFields: row.body !== undefined,
      lawfulShare: HASHES.test(name) ? HASHED_SHARE : LAWFUL_SHARE,
      make: random => inputOf(name, row, sample, ids, random),
    }
  })
}

function inputOf(name: string, row: Row, sample: unknown, ids: Record<string, string>, random: Random): Input {
  const params = /:[A-Za-z]+/.test(name)
  // Where there is no body, the path, the query and the headers have all the mistakes.
  const [oddBody, pathOdds, queryOdds] = row.body ? [random.chance(0.9), 0.06, 0.05] : [false, params ? 0.6 : 0, 0.5]
  const oddPath = random.chance(pathOdds)
  const path = pathOf(name).replaceAll(/:([A-Za-z]+)/g, (_, param: string) =>
    oddPath && random.chance(0.7) ? oddPart(random) : encodeURIComponent(ids[param] ?? param),
  )
  const query = queryOf(name, row, random.chance(queryOdds) ? random : null)
  const body = row.body ? (oddBody ? mutatedJson(sample, random) : JSON.stringify(sample)) : null
  const as = random.pick(sendersOf(row))
  const headers: Record<string, string> = {}
  const oddType = row.body !== undefined && random.chance(0.03)
  if (row.body) headers['Content-Type'] = oddType ? random.pick(CONTENT_TYPES) : 'application/json'
  if (random.chance(0.03)) headers['Idempotency-Key'] = encodeURI(random.pick(KEYS))
  if (row.gives === 'socket' && random.chance(0.7))
    Object.assign(headers, { Upgrade: 'websocket', Connection: 'Upgrade', ...HANDSHAKE })
  const lawful = methodOf(name) !== 'GET' && !oddPath && !oddType && takes(row, body)
  return { method: methodOf(name), path: query === '' ? path : `${path}?${query}`, headers, body, as, lawful }
}

/** Mostly those who may, so that the input is what is refused. */
function sendersOf({ who }: Row): Sender[] {
  const mostly = (may: Sender) => Array.from({ length: 8 }, () => may)
  // A session at a row for programs is 401 whatever it asks, and a 401 has every session signed in again.
  if (who !== 'anyone' && 'key' in who) return [...mostly('program'), 'nobody']
  const scoped: Sender[] = who !== 'anyone' && who.scope !== undefined ? ['program'] : []
  return [...mostly('admin'), ...scoped, 'agent', 'nobody']
}

const HANDSHAKE = { 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' }

function takes(row: Row, body: string | null): boolean {
  if (!row.body || body === null) return true
  try {
    return row.body.safeParse(JSON.parse(body)).success
  } catch {
    // It is no JSON, or too deep for a check; the Worker has to say which.
    return false
  }
}

/** `random` null: the query as it should be. */
function queryOf(name: string, row: Row, random: Random | null): string {
  const given = Object.fromEntries(new URLSearchParams(ROUTES[name]?.query?.replace(/^\?/, '') ?? ''))
  if (random === null) return new URLSearchParams(given).toString()
  const known = row.query ? Object.keys(row.query.shape) : []
  return oddQuery({ ...Object.fromEntries(known.map(key => [key, key === 'limit' ? '5' : 'a'])), ...given }, random)
}

/** Every field of the schema, with the values of the matrix where it has some. */
function sampleOf(name: string, row: Row): unknown {
  const known = ROUTES[name]?.body
  const made = row.body ? exampleOf(z.toJSONSchema(row.body, { io: 'input', unrepresentable: 'any' }) as Schema) : null
  const whole = { ...(made as object), ...known }
  // Fields that exclude one another, or that hold for one profile only, are left to the mutations.
  return row.body?.safeParse(whole).success ? whole : (known ?? made)
}

/** `:campaignId` in a body is the campaign that exists. */
function named(sample: unknown, ids: Record<string, string>): unknown {
  const text = JSON.stringify(sample)
  const filled = text.replaceAll(/":([A-Za-z]+)"/g, (whole, param: string) => JSON.stringify(ids[param] ?? whole))
  return JSON.parse(filled.replaceAll('"ai_matrix"', JSON.stringify(ids.agentId)).replaceAll('"p_matrix"', '"p_fuzz"'))
}

interface Schema {
  type?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  items?: Schema
  minimum?: number
  format?: string
}

function exampleOf(schema: Schema, depth = 0): unknown {
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const one = schema.anyOf?.[0] ?? schema.oneOf?.[0]
  if (one) return exampleOf(one, depth)
  if (depth > DEPTH_MAX) return null
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, of]) => [key, exampleOf(of, depth + 1)]),
      )
    case 'array':
      return schema.items ? [exampleOf(schema.items, depth + 1)] : []
    case 'number':
    case 'integer':
      return Math.max(schema.minimum ?? 1, 1)
    case 'boolean':
      return false
    case 'null':
      return null
    default:
      return schema.format === 'email' ? 'pat@example.com' : 'sample'
  }
}
