/**
 * Binds handlers to the rows of `src/wire/routes` and serves them: session, role, form of the request, form of the answer. A row
 * without a handler, and a handler without a row, do not compile.
 */
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import type { Env } from '../actors/env.ts'
import { unreachable } from '../core/machine.ts'
import { type Answer, type Endpoint, methodOf, pathOf, type Row, type Rows, type Taken } from '../wire/routes/row.ts'
import type { Scope } from '../wire/scope.ts'
import { textOf } from './body.ts'
import { onlyOnce } from './idempotency.ts'
import { checked, jsonOf } from './json-body.ts'
import { type PathIds, requireIds } from './path-ids.ts'
import type { Caller, Member } from './people.ts'
import { principalOf, refusalFor } from './principal.ts'
import { Refusal } from './problem.ts'

export const BODY_BYTES_MAX = 1024 * 1024
/** Nobody has signed in yet: the largest such body is a name, an e-mail and a password. */
const ANONYMOUS_BYTES_MAX = 8 * 1024
const NO_QUERY = z.object({})

type Ctx = Context<{ Bindings: Env }>

/** Who a handler acts for: a row that a key may call knows no more of a person than of a program. */
type For<W> = W extends 'anyone'
  ? null
  : W extends { readonly scope: Scope } | { readonly key: Scope }
    ? Caller
    : Member

/** What a handler gets. Only a row that anyone may call has no member. */
export interface Call<E extends string, R extends Row> {
  c: Ctx
  env: Env
  member: For<R['who']>
  params: PathIds<E>
  query: Taken<R, 'query'>
  body: Taken<R, 'body'>
}
/** JSON and text are values; bytes and sockets are a whole response. */
export type Given<R extends Row> = R['gives'] extends 'json' ? Answer<R> : R['gives'] extends 'text' ? string : Response
export type Handlers<Table extends Rows> = {
  [E in keyof Table & Endpoint]: (call: Call<E, Table[E]>) => Promise<Given<Table[E]>>
}

/** One handler of many shapes; `bind` has checked it against its row. */
type AnyHandler = (call: {
  c: Ctx
  env: Env
  member: Caller | null
  params: Record<string, string>
  query: unknown
  body: unknown
}) => Promise<unknown>
export interface Bound {
  endpoint: Endpoint
  row: Row
  handle: AnyHandler
}

export function bind<const Table extends Rows>(table: Table, handlers: Handlers<Table>): Bound[] {
  const handlerOf = handlers as unknown as Record<string, AnyHandler>
  return Object.entries(table as Rows).map(([name, row]) => {
    const endpoint = name as Endpoint
    const handle = handlerOf[endpoint]
    if (handle === undefined) throw new Error(`${endpoint} has no handler`)
    return { endpoint, row, handle }
  })
}

/** The version in the path of VoIPBIN's rows. The seed names the same rows without it (S1-4 … S1-14). */
const VERSION = '/v1.0'

export function register(app: Hono<{ Bindings: Env }>, bound: readonly Bound[]): void {
  for (const one of bound) {
    const path = pathOf(one.endpoint)
    const paths = path.startsWith(`${VERSION}/`) ? [path, path.slice(VERSION.length)] : [path]
    for (const each of paths) app.on(methodOf(one.endpoint), each, c => answer(c, one))
  }
}

async function answer(c: Ctx, { row, handle }: Bound): Promise<Response> {
  const member = await admit(c, row)
  if (row.gives === 'socket' && c.req.header('Upgrade') !== 'websocket') throw new Refusal(400, 'This is a WebSocket.')
  const path = c.req.param() as Record<string, string>
  requireIds(path, member?.workspaceId ?? null)
  const params = row.params ? { ...path, ...(checked(row.params, path, 'path') as Record<string, string>) } : path
  const text = row.body && !(mayBeAbsent(row) && isEmpty(c)) ? await readText(c, row) : ''
  const sent = text === '' && mayBeAbsent(row) ? undefined : text
  const body = row.body ? checked(row.body, sent === undefined ? undefined : jsonOf(sent), 'body') : undefined
  const query = readQuery(c, row)
  const run = () => handle({ c, env: c.env, member, params, query, body })
  if (row.gives === 'bytes' || row.gives === 'socket') return (await run()) as Response
  if (row.gives === 'text')
    return c.body((await run()) as string, 200, { 'Content-Type': `${row.mediaType}; charset=UTF-8` })
  const finish = async () => ({ status: row.status ?? 200, body: JSON.stringify(await run()) })
  // Release 0.1.0 stored its keys under the method in small letters.
  const name = `${c.req.method.toLowerCase()} ${c.req.path}`
  const done = row.creates && member !== null ? await onlyOnce(c, member, name, text, finish) : await finish()
  return c.body(done.body, done.status as 200, { 'Content-Type': 'application/json' })
}

/** A row without a query takes none: a parameter that is dropped in silence finds, or does, something else than was asked. */
function readQuery(c: Ctx, row: Row): unknown {
  const given = Object.entries(c.req.queries())
  const twice = given
    .filter(([, values]) => values.length > 1)
    .map(([field]) => ({ field, message: 'given more than once' }))
  if (twice.length > 0) throw new Refusal(400, 'The query is not as expected.', twice)
  const query = checked((row.query ?? NO_QUERY).strict(), c.req.query(), 'query')
  return row.query ? query : undefined
}

async function admit(c: Ctx, { who, beforeSecondFactor }: Row): Promise<Caller | null> {
  if (who === 'anyone') return null
  const principal = await principalOf(c.env, c.req.raw.headers)
  const refusal = refusalFor(principal, who)
  if (refusal) throw refusal
  switch (principal.kind) {
    case 'nobody':
      return null
    case 'person':
      if (principal.member.owesSecondFactor && beforeSecondFactor !== true)
        throw new Refusal(403, 'This workspace wants a second factor. Set yours up first.')
      return principal.member
    case 'key':
      return principal.caller
    default:
      return unreachable(principal)
  }
}

/** The row has a default for the whole body: it took none once, or needs none in most cases. */
function mayBeAbsent({ body }: Row): boolean {
  return body?.safeParse(undefined).success === true
}

function isEmpty(c: Context): boolean {
  return c.req.raw.body === null || c.req.header('Content-Length') === '0'
}

async function readText(c: Context, { who }: Row): Promise<string> {
  const type = c.req.header('Content-Type') ?? ''
  if (!type.startsWith('application/json')) throw new Refusal(415, 'Send application/json.')
  return textOf(c.req.raw, who === 'anyone' ? ANONYMOUS_BYTES_MAX : BODY_BYTES_MAX)
}
