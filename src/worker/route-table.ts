/**
 * Every route of the JSON API as a row: who may call it, what it takes, what it gives. The same rows register the
 * handlers, make `/api/openapi.json` and the authorisation matrix of the tests.
 */
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import { type Member, memberOf, type Role } from './principal.ts'
import { Refusal } from './problem.ts'

export const BODY_BYTES_MAX = 1024 * 1024

/** `anyone`: no session needed. A role means that role or a higher one. */
export type Who = 'anyone' | Role
type App = Hono<{ Bindings: Env }>

export interface Call<Body, Query> {
  c: Context<{ Bindings: Env }>
  env: Env
  member: Member
  body: Body
  query: Query
  params: Record<string, string>
}

export interface RouteSpec<Body extends z.ZodType, Query extends z.ZodType, Answer extends z.ZodType> {
  method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  path: string
  who: Who
  summary: string
  body?: Body
  query?: Query
  answer: Answer
  /** a creating POST honours `Idempotency-Key` for 24 h */
  creates?: boolean
  status?: 200 | 201 | 202
  handle: (call: Call<z.infer<Body>, z.infer<Query>>) => Promise<z.infer<Answer>>
}

// biome-ignore lint/suspicious/noExplicitAny: rows of many shapes in one list; each was checked where it was defined
export type AnyRoute = RouteSpec<any, any, any>

export function route<
  Body extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodType,
>(spec: RouteSpec<Body, Query, Answer>): AnyRoute {
  return spec
}

const RANK: Record<Role, number> = { agent: 1, supervisor: 2, admin: 3 }
const NOBODY: Member = { userId: '', name: '', email: '', role: 'agent', workspaceId: '', workspaceName: '' }

export function register(app: App, routes: AnyRoute[]): void {
  for (const spec of routes) app.on(spec.method.toUpperCase(), spec.path, c => answer(c, spec))
}

async function answer(c: Context<{ Bindings: Env }>, spec: AnyRoute): Promise<Response> {
  const member = spec.who === 'anyone' ? NOBODY : await requireMember(c, spec.who)
  const text = spec.body ? await readText(c) : ''
  const body = spec.body ? parse(spec.body, json(text), 'body') : undefined
  const query = spec.query ? parse(strictly(spec.query), c.req.query(), 'query') : undefined
  const run = async () => {
    const result = await spec.handle({
      c,
      env: c.env,
      member,
      body,
      query,
      params: c.req.param() as Record<string, string>,
    })
    return { status: spec.status ?? 200, body: JSON.stringify(result) }
  }
  const done = spec.creates ? await onlyOnce(c, member, `${spec.method} ${c.req.path}`, text, run) : await run()
  return c.body(done.body, done.status as 200, { 'Content-Type': 'application/json' })
}

async function requireMember(c: Context<{ Bindings: Env }>, who: Role): Promise<Member> {
  const member = await memberOf(c.env, c.req.raw.headers)
  if (!member) throw new Refusal(401, 'Sign in first.')
  if (RANK[member.role] < RANK[who]) throw new Refusal(403, `This needs the role ${who}.`)
  return member
}

async function readText(c: Context): Promise<string> {
  const type = c.req.header('Content-Type') ?? ''
  if (!type.startsWith('application/json')) throw new Refusal(415, 'Send application/json.')
  if (Number(c.req.header('Content-Length') ?? 0) > BODY_BYTES_MAX) throw new Refusal(413, 'The body is too large.')
  const text = await c.req.text()
  if (text.length > BODY_BYTES_MAX) throw new Refusal(413, 'The body is too large.')
  return text
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(400, 'The body is not JSON.')
  }
}

/** A parameter that the route does not know is refused with its name: a filter that is dropped in silence finds too much. */
function strictly(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject ? schema.strict() : schema
}

function parse<T extends z.ZodType>(schema: T, value: unknown, where: string): z.infer<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.slice(0, 20).map(issue => ({
    field: issue.path.join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : where),
    message: issue.message,
  }))
  throw new Refusal(400, `The ${where} is not as expected.`, fields)
}

type Done = { status: number; body: string }

async function onlyOnce(
  c: Context<{ Bindings: Env }>,
  member: Member,
  name: string,
  text: string,
  run: () => Promise<Done>,
): Promise<Done> {
  const given = c.req.header('Idempotency-Key')
  if (given === undefined) return run()
  if (given.length < 1 || given.length > 128) throw new Refusal(400, 'Idempotency-Key has 1 to 128 characters.')
  const book = stubFor(c.env, 'workspace', member.workspaceId)
  const key = `${member.userId}|${name}|${given}`
  const digest = await sha256(text)
  const known = await book.recall(key, digest)
  if (known === 'conflict') throw new Refusal(422, 'This Idempotency-Key was used with another body.')
  if (known) return known
  const done = await run()
  await book.remember(key, digest, done.status, done.body)
  return done
}

async function sha256(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return [...hash].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

/** OpenAPI 3.1 of the table; 3.1's schemas are JSON Schema, which zod writes itself. */
export function openApi(routes: AnyRoute[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const spec of routes) {
    const path = spec.path.replaceAll(/:([A-Za-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [spec.method]: operation(spec, path) }
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

function operation(spec: AnyRoute, path: string): Record<string, unknown> {
  const inPath = [...path.matchAll(/\{([A-Za-z]+)\}/g)].map(match => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const query = spec.query
    ? (z.toJSONSchema(spec.query, { io: 'input' }) as { properties?: Record<string, unknown> })
    : {}
  const inQuery = Object.entries(query.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema,
  }))
  const problems = {
    description: 'problem+json',
    content: { 'application/problem+json': { schema: { type: 'object' } } },
  }
  return {
    summary: spec.summary,
    'x-who': spec.who,
    security: spec.who === 'anyone' ? [] : [{ session: [] }],
    parameters: [...inPath, ...inQuery],
    ...(spec.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: z.toJSONSchema(spec.body, { io: 'input' }) } },
          },
        }
      : {}),
    responses: {
      [String(spec.status ?? 200)]: {
        description: 'done',
        content: { 'application/json': { schema: z.toJSONSchema(spec.answer) } },
      },
      default: problems,
    },
  }
}
