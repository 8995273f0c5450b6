/** What an endpoint of webhooks offers. The object that is named by the workspace alone has the list of them. */
import type { Delivery, ReplayBody, Webhook, WebhookChange } from '../../wire/webhook.ts'

type Actor = Rpc.DurableObjectBranded

export interface EndpointSettings {
  url: string
  name: string
  types: string[]
  vocabulary: Webhook['vocabulary']
  retries: Webhook['retries']
}
export interface DeliveryQuery {
  /** the number before which the page begins; null: the newest */
  before: number | null
  limit: number
  /** deliveries about this call only; null: all */
  callId: string | null
}

/** All public events between two places of the log, in the seed's words. */
export interface News {
  /** whoever has read as far as this has missed nothing that it wants before these events */
  from: string
  to: string
  /** `PublicEvent[]` */
  itemsJson: string
}

export interface SubscriberContract extends Actor {
  /** The list: an endpoint joins it. False: there are too many. */
  enlist(webhookId: string): Promise<boolean>
  strike(webhookId: string): Promise<void>
  /** Ids of the endpoints, the oldest first. */
  listed(after: string | null, limit: number): Promise<string[]>

  /** Gets what happens from now on. */
  create(settings: EndpointSettings, secret: string): Promise<Webhook>
  /** Null: there is no such endpoint. */
  read(): Promise<Webhook | null>
  change(change: WebhookChange): Promise<Webhook | null>
  /** Signs with this secret from now on, and with the one before it for a while. */
  rotate(secret: string): Promise<Webhook | null>
  /** False: there is no such endpoint. */
  remove(): Promise<boolean>
  /**
   * There are new events, and these are they; without `news` it asks the log for them. False: nobody wants them here. `reads`: they do not follow
   * what was read here, so it asks the log.
   */
  poke(news?: News): Promise<boolean | 'reads'>
  /** Sends one message that says nothing, at once and once. */
  sendTest(): Promise<Delivery | null>
  /** The newest first; `next` null: this is the end. */
  deliveries(query: DeliveryQuery): Promise<{ items: Delivery[]; next: number | null } | null>
  /** How many messages are sent again. */
  replay(which: ReplayBody): Promise<number | null>
}
