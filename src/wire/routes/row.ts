/**
 * What a route of the API is, as data: who may call it, what it takes, what it gives. The rows of this folder make the handlers'
 * types (`src/worker/route-table.ts`), the page's client (`src/dialer/api.ts`), `/api/openapi.json` and the authorisation matrix of the tests.
 */
import type { z } from 'zod'
import type { Role } from '../api.ts'
import type { Scope } from '../scope.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** The key of a row, `GET /api/calls/:callId`: it is what one searches for, and a doubled one does not compile. */
export type Endpoint = `${Method} /${string}`

/**
 * `anyone`: no session is needed. A role means a person of that role or a higher one, and with a scope a key that has it as well.
 * `key`: programs only; a session is not enough.
 */
export type Who = 'anyone' | { readonly role: Role; readonly scope?: Scope } | { readonly key: Scope }

interface Common {
  readonly who: Who
  readonly summary: string
  /** also for a person whose workspace wants a second factor, and who has none yet */
  readonly beforeSecondFactor?: true
  /** parts of the path that have a form of their own; the others are any text */
  readonly params?: z.ZodObject
  /** a parameter that it does not name, or that is given twice, is refused; absent: the row takes none */
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** the media type of a body that is no JSON; its handler reads it as a stream */
  readonly upload?: string
}
export interface JsonRow extends Common {
  readonly gives: 'json'
  readonly answer: z.ZodType
  /** absent: 200 */
  readonly status?: 201 | 202
  /** a creating POST honours `Idempotency-Key` for 24 h */
  readonly creates?: true
}
export interface TextRow extends Common {
  readonly gives: 'text'
  readonly mediaType: string
}
/** The handler makes the whole response, because length and range of its bytes are its own matter. */
export interface BytesRow extends Common {
  readonly gives: 'bytes'
  readonly mediaType: string
}
export interface SocketMessages {
  readonly client: z.ZodType
  readonly server: z.ZodType
  readonly closes: { readonly [code: number]: string }
}
/** A WebSocket; its messages are a contract of their own (`src/wire/desk.ts`, `src/wire/conversation.ts`). */
export interface SocketRow extends Common {
  readonly gives: 'socket'
  /** what each side may say, and with which codes the server closes, for the reference; absent: the contract is for our own page alone */
  readonly messages?: SocketMessages
}
export type Row = JsonRow | TextRow | BytesRow | SocketRow
export type Rows = { readonly [endpoint: Endpoint]: Row }

/** `/api/calls/:callId/live` → `'callId'` */
export type ParamName<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamName<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never
export type Params<E extends string> = { [Name in ParamName<E>]: string }

/** What a caller writes: fields with a default may be left out. */
export type Sent<R, Part extends 'query' | 'body'> = R extends { readonly [P in Part]: infer S extends z.ZodType }
  ? z.input<S>
  : never
/** What a handler reads: checked, and with the defaults. */
export type Taken<R, Part extends 'query' | 'body'> = R extends { readonly [P in Part]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined
/** What a JSON row answers with. */
export type Answer<R> = R extends { readonly answer: infer S extends z.ZodType } ? z.output<S> : never

export function methodOf(endpoint: string): Method {
  return endpoint.slice(0, endpoint.indexOf(' ')) as Method
}
export function pathOf(endpoint: string): string {
  return endpoint.slice(endpoint.indexOf(' ') + 1)
}
