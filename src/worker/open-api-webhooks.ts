/** The part `webhooks` of the OpenAPI document: what endpoints get, one entry for each public event. */
import { z } from 'zod'
import { EVENTS } from '../core/events/names.ts'
import { DESCRIBED, type Described } from '../wire/events.ts'

export function openApiWebhooks(): Record<string, unknown> {
  return Object.fromEntries(DESCRIBED.map(one => [one.event, { post: operation(one) }]))
}

function operation({ event, schema, example }: Described): Record<string, unknown> {
  const { $schema: _, ...data } = z.toJSONSchema(schema, { io: 'input' })
  return {
    operationId: `on_${event}`,
    summary: EVENTS[event].says,
    parameters: ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(name => ({
      name,
      in: 'header',
      required: true,
      schema: { type: 'string' },
    })),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['id', 'type', 'timestamp', 'data'],
            properties: {
              id: { type: 'string' },
              type: { type: 'string' },
              timestamp: { type: 'string', format: 'date-time' },
              data,
            },
          },
          example: exampleOf(event, example),
        },
      },
    },
    responses: {
      '2XX': { description: 'taken' },
      410: { description: 'the endpoint is disabled' },
      default: { description: 'not taken: it is sent again' },
    },
  }
}

/** One whole message. */
export function exampleOf(event: string, data: Record<string, unknown>): Record<string, unknown> {
  return { id: `${String(data.id)}:7`, type: event, timestamp: '2026-11-30T09:00:08.000Z', data }
}
