/** The row of the socket of events; its messages are those of `src/wire/stream.ts`. */
import { STREAM_CLOSES, streamMessage, streamRequest } from '../stream.ts'
import type { Rows } from './row.ts'

export const streamRoutes = {
  'GET /v1.0/ws': {
    who: { role: 'agent', scope: 'events:read' },
    summary:
      'Events while they happen (WebSocket): subscribe by topic, acknowledge, and go on behind a cursor after a break. A key needs `events:read`; ' +
      'a supervisor may have every topic, an agent their own `call-status-user-{userId}` and `inbound-call`.',
    gives: 'socket',
    messages: { client: streamRequest, server: streamMessage, closes: STREAM_CLOSES },
  },
} as const satisfies Rows
