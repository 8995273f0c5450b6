/** The API's answers about webhooks, for tests that only look at screens. */
import type { Delivery, Webhook } from '../../src/wire/webhook.ts'
import { answerOf } from './fake-ai.ts'

const CRM: Webhook = {
  ...{ id: 'w_demo.wh_1', url: 'https://crm.example.com/hooks/trunkline/with-a-long-path-that-does-not-end-soon' },
  ...{ name: 'CRM', types: ['*'], vocabulary: 'seed', retries: 'long', status: 'enabled', disabled_because: null },
  ...{ failing_since: null, waiting: 2, old_secret_until: '2026-11-03T09:00:00.000Z' },
  tm_create: '2026-11-02T09:00:00.000Z',
}
const GONE: Webhook = {
  ...CRM,
  ...{ id: 'w_demo.wh_2', name: 'Billing with a long name that does not end soon', url: 'https://old.example.com' },
  ...{ status: 'disabled', disabled_because: 'gone', waiting: 0, old_secret_until: null },
}

function attempt(id: string, more: Partial<Delivery>): Delivery {
  return {
    ...{ id, event_id: `w_demo.call_1:${id}`, type: 'call_ringing', call_id: 'w_demo.call_1', attempt: 1 },
    ...{ tm: '2026-11-02T09:00:00.000Z', status: 204, ms: 31, answer: '', state: 'delivered' },
    request: '{"id":"w_demo.call_1:7","type":"call_ringing","data":{"id":"w_demo.call_1","status":"ringing"}}',
    ...more,
  }
}
const ATTEMPTS: Delivery[] = [
  attempt('4', { type: 'call_hungup', attempt: 4, status: 500, answer: '<h1>Internal error</h1>', state: 'dead' }),
  attempt('3', { status: null, answer: 'not-answered', state: 'retrying', ms: 10_000 }),
  attempt('2', {}),
]
const TEST = attempt('9', { type: 'webhook_test', call_id: null, event_id: 'w_demo.wh_1:test_1' })
const SECRET = `whsec_${'A'.repeat(43)}=`

/** Null: not an address of webhooks. */
export function webhookAnswer(pathname: string, method: string): [number, unknown] | null {
  const one = pathname === `/v1.0/webhooks/${GONE.id}` ? GONE : CRM
  switch (`${method} ${pathname.replace(/w_demo\.wh_\d/, ':webhookId')}`) {
    case 'GET /v1.0/webhooks':
      return [200, answerOf('GET /v1.0/webhooks', { items: [CRM, GONE], next: null })]
    case 'POST /v1.0/webhooks':
      return [201, answerOf('POST /v1.0/webhooks', { ...CRM, secret: SECRET })]
    case 'GET /v1.0/webhooks/:webhookId':
      return [200, answerOf('GET /v1.0/webhooks/:webhookId', one)]
    case 'POST /v1.0/webhooks/:webhookId/rotate':
      return [200, answerOf('POST /v1.0/webhooks/:webhookId/rotate', { ...CRM, secret: SECRET })]
    case 'POST /v1.0/webhooks/:webhookId/test':
      return [200, answerOf('POST /v1.0/webhooks/:webhookId/test', TEST)]
    case 'POST /v1.0/webhooks/:webhookId/replay':
      return [202, answerOf('POST /v1.0/webhooks/:webhookId/replay', { messages: 1 })]
    case 'GET /v1.0/webhooks/:webhookId/deliveries':
      return [200, answerOf('GET /v1.0/webhooks/:webhookId/deliveries', { items: ATTEMPTS, next: null })]
    default:
      return null
  }
}
