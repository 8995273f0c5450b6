/** Flows and a queue of the demo workspace: a reception with hours and a menu, a queue with callback, a voicemail after hours. */
import { deskName } from '../../src/core/ids.ts'

/** The reception answers this one. */
export const SWITCHBOARD_NUMBER = '+14155550020'
const RECEPTION = 'Reception'

/** A request to the product by an administrator of the demo. */
export type Ask = <T>(method: string, route: string, body?: unknown) => Promise<T>

interface Made {
  id: string
}

/** Idempotent: a workspace that has the reception keeps what people have made of it. */
export async function fillSwitchboard(ask: Ask, adaId: string): Promise<void> {
  const known = await ask<{ items: { name: string }[] }>('GET', '/v1.0/flows?limit=200')
  if (known.items.some(one => one.name === RECEPTION)) return
  const make = (route: string, body: object) => ask<Made>('POST', route, body)
  const agents = await ask<{ items: { agentId: string }[] }>('GET', '/api/ai/agents')
  const queue = await make('/v1.0/queues', {
    name: 'Sales',
    detail: 'Callers who want to buy something',
    members: [{ agent_id: deskName(adaId) }],
  })
  const closed = await make('/v1.0/flows', {
    name: 'After-hours voicemail',
    detail: 'Says when we are there, and takes a message.',
    actions: voicemailSteps(queue.id),
  })
  const sales = await make('/v1.0/flows', {
    name: 'Sales queue with callback',
    detail: 'Offers a callback, then waits for an agent; a message when nobody takes the call.',
    actions: queueSteps(queue.id),
  })
  const reception = await make('/v1.0/flows', {
    name: RECEPTION,
    detail: 'Business hours and a menu.',
    actions: receptionSteps({ sales: sales.id, closed: closed.id, agentId: agents.items[0]?.agentId ?? '' }),
  })
  const number = { number: SWITCHBOARD_NUMBER, name: 'Switchboard', inFlightCap: 20, cooldownSeconds: 0 }
  await ask('POST', '/api/numbers', number)
  await ask('PUT', `/v1.0/numbers/${encodeURIComponent(SWITCHBOARD_NUMBER)}`, { flow_id: reception.id })
}

function receptionSteps({ sales, closed, agentId }: { sales: string; closed: string; agentId: string }): object[] {
  return [
    { id: 'answer', type: 'answer' },
    {
      id: 'hours',
      type: 'business_hours',
      option: {
        zone: 'America/New_York',
        intervals: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
        holidays: ['01-01', '07-04', '12-25'],
        closed_target_id: 'closed',
      },
    },
    {
      id: 'menu',
      type: 'menu',
      option: {
        text: 'Welcome to Northwind Supplies. For sales, press 1. To talk with our assistant, press 2.',
        target_ids: { 1: 'sales', 2: 'assistant' },
        // A caller who presses nothing may have a phone without keys, so the assistant, who listens, takes them.
        default_target_id: 'assistant',
      },
    },
    { id: 'sales', type: 'fetch_flow', option: { flow_id: sales } },
    { id: 'end', type: 'hangup' },
    { id: 'assistant', type: 'ai_agent', option: { agent_id: agentId, error_target_id: 'closed' } },
    { id: 'end-of-talk', type: 'hangup' },
    { id: 'closed', type: 'fetch_flow', option: { flow_id: closed } },
  ]
}

function queueSteps(queueId: string): object[] {
  return [
    { id: 'answer', type: 'answer' },
    { id: 'hello', type: 'talk', option: { text: 'You will talk with sales in a moment.' } },
    { id: 'offer', type: 'callback_offer', option: { queue_id: queueId, taken_target_id: 'taken' } },
    { id: 'wait', type: 'queue_join', option: { queue_id: queueId, no_answer_target_id: 'message' } },
    { id: 'end', type: 'hangup' },
    { id: 'taken', type: 'talk', option: { text: 'We will call you back. Goodbye.' } },
    { id: 'end-of-offer', type: 'hangup' },
    {
      id: 'message',
      type: 'voicemail',
      option: { box: queueId, text: 'Nobody is free. Please leave a message after the tone.' },
    },
    { id: 'thanks', type: 'talk', option: { text: 'Thank you. Goodbye.' } },
  ]
}

function voicemailSteps(queueId: string): object[] {
  return [
    { id: 'answer', type: 'answer' },
    {
      id: 'message',
      type: 'voicemail',
      option: {
        box: queueId,
        text: 'Northwind Supplies is open Monday to Friday, nine to five. Please leave a message after the tone.',
      },
    },
    { id: 'thanks', type: 'talk', option: { text: 'Thank you. Goodbye.' } },
  ]
}
