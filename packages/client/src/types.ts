/** The types of the request and the answer of each route, by its name. */
import type { Rows } from './rows.ts'

export type Endpoint = keyof Rows
type Has<Part extends string, E extends Endpoint> = Rows[E] extends { [P in Part]: infer Value } ? Value : never
/** The routes that answer with JSON; the others give a document, bytes or a WebSocket. */
export type JsonEndpoint = { [E in Endpoint]: Rows[E] extends { answer: unknown } ? E : never }[Endpoint]
export type Body<E extends Endpoint> = Has<'body', E>
export type Query<E extends Endpoint> = Has<'query', E>
export type Answer<E extends Endpoint> = Has<'answer', E>

type Named<Name extends string, Value> = [Value] extends [never]
  ? { [N in Name]?: undefined }
  : // biome-ignore lint/complexity/noBannedTypes: asks whether every field may be left out
    {} extends Value
    ? { [N in Name]?: Value }
    : { [N in Name]: Value }
/** Parts of the path, query and body, as the route wants them. */
export type Given<E extends Endpoint> = Named<'params', Has<'params', E>> &
  Named<'query', Query<E>> &
  Named<'body', Body<E>> & {
    /** absent: where the route creates something the client makes one; the same key does the same thing once in 24 h */
    idempotencyKey?: string
    signal?: AbortSignal
  }
// biome-ignore lint/complexity/noBannedTypes: asks whether the route wants anything at all
export type Rest<Wanted> = {} extends Wanted ? [given?: Wanted] : [given: Wanted]

/** The routes of lists that come page by page. */
export type ListEndpoint = {
  [E in JsonEndpoint]: Rows[E] extends { query: { cursor?: string }; answer: { items: unknown[]; next: string | null } }
    ? E
    : never
}[JsonEndpoint]
export type Item<E extends ListEndpoint> = Answer<E> extends { items: (infer One)[] } ? One : never
