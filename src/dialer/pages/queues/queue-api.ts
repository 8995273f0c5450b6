/** Queues, as their pages use them. */
import type { Sent } from '../../../wire/routes/row.ts'
import type { Routes } from '../../../wire/routes/table.ts'
import { ask } from '../../api.ts'

export type QueueBody = Sent<Routes['POST /v1.0/queues'], 'body'>

export const getQueues = () => ask('GET /v1.0/queues', { query: { limit: 200 } })
export const getQueue = (queueId: string) => ask('GET /v1.0/queues/:queueId', { params: { queueId } })
export const createQueue = (body: QueueBody) => ask('POST /v1.0/queues', { body })
export const saveQueue = (queueId: string, body: QueueBody) =>
  ask('PUT /v1.0/queues/:queueId', { params: { queueId }, body })
export const deleteQueue = (queueId: string) => ask('DELETE /v1.0/queues/:queueId', { params: { queueId } })
export const getCallers = (queueId: string) => ask('GET /v1.0/queuecalls', { query: { queue_id: queueId } })
export const takeOut = (queuecallId: string) =>
  ask('POST /v1.0/queuecalls/:queuecallId/kick', { params: { queuecallId } })

/** What a change of a queue concerns; null: anything may have changed. */
export const keysOf = (of: string | null) =>
  of === null
    ? [['queue-callers'], ['queue']]
    : [
        ['queue-callers', of],
        ['queue', of],
      ]
