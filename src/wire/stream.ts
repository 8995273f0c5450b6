/**
 * The messages of `GET /v1.0/ws`, on which programs and pages get events while they happen. A socket subscribes to topics, gets every event of them in the order
 * of the log, at least once, and acknowledges; whoever connects again goes on behind a cursor. Each message is one JSON text.
 */
import { z } from 'zod'
import { VOCABULARIES } from '../core/events/names.ts'

/** Sockets of one workspace, and of one person in it. */
export const STREAM_SOCKETS_MAX = 1_000
export const STREAM_SOCKETS_OF_ONE_MAX = 20
/** Topics of one socket. */
export const TOPICS_MAX = 100
const TOPIC_CHARS_MAX = 200
/** A longer message closes the socket with 1009. */
export const STREAM_MESSAGE_CHARS_MAX = 32 * 1024

const topics = z.array(z.string().min(1).max(TOPIC_CHARS_MAX)).min(1).max(TOPICS_MAX)
const cursor = z.string().min(1).max(60)

export const streamRequest = z.discriminatedUnion('type', [
  z
    .object({
      type: z.literal('subscribe'),
      topics,
      /** events behind it; null or absent: events from now on. Only the first `subscribe` of a socket may have one */
      cursor: cursor.nullable().optional(),
      /** the names that events have on this socket; absent: as before, and `seed` at first */
      vocabulary: z.enum(VOCABULARIES).optional(),
    })
    .strict(),
  z.object({ type: z.literal('unsubscribe'), topics }).strict(),
  /** everything up to this cursor has been received */
  z.object({ type: z.literal('ack'), cursor }).strict(),
  z.object({ type: z.literal('ping') }).strict(),
])
export type StreamRequest = z.infer<typeof streamRequest>

export const STREAM_ERRORS = {
  'bad-message': 'it is no message of this socket, or a field is not as it must be',
  'unknown-topic': 'there is no such topic',
  'not-allowed': 'whoever opened the socket may not have this topic',
  'too-many-topics': `a socket has at most ${TOPICS_MAX} topics`,
  'bad-cursor': 'this workspace has given no such cursor, or its events are not kept any more',
  'not-sent': 'what is acknowledged was never sent on this socket',
  'has-a-place': 'the socket has its place in the log already, so it takes no other cursor',
} as const
export type StreamErrorCode = keyof typeof STREAM_ERRORS

export const streamMessage = z.discriminatedUnion('type', [
  /** after `subscribe` and `unsubscribe`: all topics of the socket now; what happens behind the cursor comes next */
  z.object({ type: z.literal('subscribed'), topics: z.array(z.string()), cursor: z.string().nullable() }),
  z.object({
    type: z.literal('event'),
    /** the first of the socket's topics that has it */
    topic: z.string(),
    /** the same for ever: whoever gets an event twice knows it by this */
    id: z.string(),
    cursor: z.string(),
    /** another message of this event follows: whoever keeps the cursor now would miss that one after a break */
    more: z.literal(true).optional(),
    /** a public event, or the payload of a topic of the seed */
    event: z.record(z.string(), z.unknown()),
  }),
  /** once, when everything that had happened before `subscribe` was sent: what comes now is new */
  z.object({ type: z.literal('caught_up'), cursor: z.string() }),
  /** everything up to this cursor was sent; null: the socket has subscribed to nothing yet */
  z.object({ type: z.literal('pong'), cursor: z.string().nullable() }),
  z.object({
    type: z.literal('error'),
    code: z.enum(Object.keys(STREAM_ERRORS) as [StreamErrorCode, ...StreamErrorCode[]]),
    field: z.string(),
    message: z.string(),
  }),
])
export type StreamMessage = z.infer<typeof streamMessage>

/** Codes with which the server closes a socket. After those that are not for ever a program connects again with its cursor. */
export const STREAM_CLOSES = {
  1003: 'messages are texts',
  1009: 'the message was too long',
  4401: 'the sign-in is over, or the key was revoked',
  4408: 'nothing was acknowledged for five minutes while the window was full',
  4410: 'events behind this cursor are not kept any more',
  4429: 'too many messages',
} as const
