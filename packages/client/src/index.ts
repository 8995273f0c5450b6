/**
 * The client of Trunkline's API. Methods for what programs do most; `request` and `pages` for every other route, typed by its name
 * as the reference (`/docs`) shows it.
 */
import { EventConnection, type Subscribe } from './event-connection.ts'
import { type Asked, ask, type Options } from './http.ts'
import type { Answer, Body, Given, Item, JsonEndpoint, ListEndpoint, Query, Rest } from './types.ts'

export { TrunklineError } from './error.ts'
export type { ConnectionState, EventConnection, EventMessage, Subscribe } from './event-connection.ts'
export type { Options } from './http.ts'
export type { Rows } from './rows.ts'
export type { Answer, Body, Endpoint, Given, Query } from './types.ts'
export {
  type VerifyOptions,
  verifyWebhook,
  WebhookError,
  type WebhookEvent,
  type WebhookHeaders,
  type WebhookReason,
} from './webhook.ts'

/** Of a creating method. */
export interface Once {
  /** your own key, when a create shall be done once although your program starts again meanwhile */
  idempotencyKey?: string
}

type Calls = Body<'POST /v1.0/calls'>
type OneCall = Omit<Calls, 'destinations'> & { destinations: [Calls['destinations'][number]] }

export class Trunkline {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  /** Any route that answers with JSON: `request('GET /api/calls/:callId', { params: { callId } })`. */
  async request<E extends JsonEndpoint>(endpoint: E, ...[given]: Rest<Given<E>>): Promise<Answer<E>> {
    const answer = await ask(this.#options, endpoint, (given ?? {}) as Asked)
    return (await answer.json()) as Answer<E>
  }

  /** Everything in a list, page by page as it is read: `for await (const flow of trunkline.pages('GET /v1.0/flows'))`. */
  async *pages<E extends ListEndpoint>(
    endpoint: E,
    query: Omit<Query<E>, 'cursor'> = {} as Query<E>,
  ): AsyncGenerator<Item<E>> {
    let cursor: string | null = null
    do {
      const asked: Asked = { query: { ...query, ...(cursor === null ? {} : { cursor }) } }
      const answer = await ask(this.#options, endpoint, asked)
      const page = (await answer.json()) as { items: Item<E>[]; next: string | null }
      yield* page.items
      cursor = page.next
    } while (cursor !== null)
  }

  readonly calls = {
    /** One destination: the call. For several see `groupcalls.create`. */
    create: async (body: OneCall, once: Once = {}) =>
      (await this.request('POST /v1.0/calls', { body, ...once })) as Answer<'GET /v1.0/calls/:callId'>,
    list: () => this.pages('GET /v1.0/calls'),
    get: (callId: string) => this.request('GET /v1.0/calls/:callId', { params: { callId } }),
    hangup: (callId: string) => this.request('POST /v1.0/calls/:callId/hangup', { params: { callId } }),
  }

  readonly events = {
    list: () => this.request('GET /v1.0/events'),
    /**
     * Events while they happen: `onEvent` gets each of these topics in order, and after a break those that were missed. Node 22 or newer has the `WebSocket` that it
     * needs; elsewhere give one that takes headers.
     */
    connect: (wanted: Subscribe) => {
      const { baseUrl, key, fetch } = this.#options
      const headers = { Authorization: `Bearer ${key}` }
      return new EventConnection({ baseUrl, headers, ...(fetch ? { fetch } : {}) }, wanted)
    },
  }

  readonly groupcalls = {
    /** All destinations ring; the first who answers gets the flow, and the others are canceled. */
    create: async (body: Body<'POST /v1.0/calls'>, once: Once = {}) =>
      (await this.request('POST /v1.0/calls', { body, ...once })) as Extract<
        Answer<'POST /v1.0/calls'>,
        { groupcalls: unknown }
      >,
    get: (groupcallId: string) => this.request('GET /v1.0/groupcalls/:groupcallId', { params: { groupcallId } }),
    hangup: (groupcallId: string) =>
      this.request('POST /v1.0/groupcalls/:groupcallId/hangup', { params: { groupcallId } }),
  }

  readonly flows = {
    list: () => this.pages('GET /v1.0/flows'),
    create: (body: Body<'POST /v1.0/flows'>, once: Once = {}) => this.request('POST /v1.0/flows', { body, ...once }),
    get: (flowId: string) => this.request('GET /v1.0/flows/:flowId', { params: { flowId } }),
    update: (flowId: string, body: Body<'PUT /v1.0/flows/:flowId'>) =>
      this.request('PUT /v1.0/flows/:flowId', { params: { flowId }, body }),
    remove: (flowId: string) => this.request('DELETE /v1.0/flows/:flowId', { params: { flowId } }),
    /** Checks these steps and saves nothing: the answer has the errors, and the warnings. */
    check: (actions: unknown[]) => this.request('POST /v1.0/flows/checks', { body: { actions } }),
    publish: (flowId: string, percent?: number) =>
      this.request('POST /v1.0/flows/:flowId/publish', {
        params: { flowId },
        body: percent === undefined ? {} : { percent },
      }),
    rollback: (flowId: string, version: number) =>
      this.request('POST /v1.0/flows/:flowId/rollback', { params: { flowId }, body: { version } }),
    versions: (flowId: string) => this.request('GET /v1.0/flows/:flowId/versions', { params: { flowId } }),
  }

  /** Flows as they run on calls; the id is that of the call. */
  readonly activeflows = {
    list: () => this.pages('GET /v1.0/activeflows'),
    get: (activeflowId: string) => this.request('GET /v1.0/activeflows/:activeflowId', { params: { activeflowId } }),
    stop: (activeflowId: string) =>
      this.request('POST /v1.0/activeflows/:activeflowId/stop', { params: { activeflowId } }),
  }

  readonly agents = {
    list: () => this.pages('GET /v1.0/agents'),
    get: (userId: string) => this.request('GET /v1.0/agents/:userId', { params: { userId } }),
  }

  readonly numbers = {
    list: () => this.pages('GET /v1.0/numbers'),
    get: (number: string) => this.request('GET /v1.0/numbers/:number', { params: { number } }),
    /** This flow answers the number from now on, and nobody else does; null: no flow. */
    bind: (number: string, flowId: string | null) =>
      this.request('PUT /v1.0/numbers/:number', { params: { number }, body: { flow_id: flowId } }),
  }

  readonly queues = {
    list: () => this.pages('GET /v1.0/queues'),
    create: (body: Body<'POST /v1.0/queues'>, once: Once = {}) => this.request('POST /v1.0/queues', { body, ...once }),
    get: (queueId: string) => this.request('GET /v1.0/queues/:queueId', { params: { queueId } }),
    update: (queueId: string, body: Body<'PUT /v1.0/queues/:queueId'>) =>
      this.request('PUT /v1.0/queues/:queueId', { params: { queueId }, body }),
    remove: (queueId: string) => this.request('DELETE /v1.0/queues/:queueId', { params: { queueId } }),
  }

  readonly queuecalls = {
    list: (queueId: string) => this.request('GET /v1.0/queuecalls', { query: { queue_id: queueId } }),
    get: (queuecallId: string) => this.request('GET /v1.0/queuecalls/:queuecallId', { params: { queuecallId } }),
    kick: (queuecallId: string) => this.request('POST /v1.0/queuecalls/:queuecallId/kick', { params: { queuecallId } }),
  }

  readonly conferences = {
    list: () => this.pages('GET /v1.0/conferences'),
    create: (body: Body<'POST /v1.0/conferences'>, once: Once = {}) =>
      this.request('POST /v1.0/conferences', { body, ...once }),
    get: (conferenceId: string) => this.request('GET /v1.0/conferences/:conferenceId', { params: { conferenceId } }),
    update: (conferenceId: string, body: Body<'PUT /v1.0/conferences/:conferenceId'>) =>
      this.request('PUT /v1.0/conferences/:conferenceId', { params: { conferenceId }, body }),
    remove: (conferenceId: string) =>
      this.request('DELETE /v1.0/conferences/:conferenceId', { params: { conferenceId } }),
  }
}
