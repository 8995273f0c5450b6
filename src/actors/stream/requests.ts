/** What a socket asks for: topics, its place in the log, and room for more. A wrong message is answered with an error that names the field, and the socket stays. */
import { comesBefore, monthOfCursor, sealed, unsealed } from '../../core/events/stream/cursor.ts'
import { acknowledged } from '../../core/events/stream/window.ts'
import {
  STREAM_ERRORS,
  STREAM_MESSAGE_CHARS_MAX,
  type StreamErrorCode,
  type StreamMessage,
  type StreamRequest,
  streamRequest,
  TOPICS_MAX,
} from '../../wire/stream.ts'
import { admit } from '../../wire/stream-topics.ts'
import { SIGNED_OUT, TOO_FAST } from '../shell/sockets.ts'
import type { Subscription } from './subscriptions.ts'

/** The log, as far as a place in it is chosen. */
export interface Places {
  /** Puts the sockets on the list of those who are told, and returns the cursor behind the newest event. */
  join(): Promise<string>
  /** Are events behind this cursor kept? */
  has(cursor: string): Promise<boolean>
}
class Wrong extends Error {
  readonly code: StreamErrorCode
  readonly field: string

  constructor(code: StreamErrorCode, field: string) {
    super(code)
    this.code = code
    this.field = field
  }
}

/** A message costs this much of a socket's time (`Subscription.spend`), by its length: an acknowledgement 8 ms, so 125 of them may come a second. */
function costOf(text: string): number {
  return 5 + text.length / 20
}

/** Null: this message may be taken. Otherwise the code and the words with which the socket is closed. */
export function refusalOf(
  one: Subscription,
  data: string | ArrayBuffer,
  now: number,
): [code: number, reason: string] | null {
  if (typeof data !== 'string') return [1003, 'text only']
  if (data.length > STREAM_MESSAGE_CHARS_MAX) return [1009, 'the message is too long']
  if (one.isOver(now)) return [SIGNED_OUT, 'the sign-in is over']
  return one.spend(costOf(data), now) ? null : [TOO_FAST, 'too many messages']
}

/** Takes one message. True: more may be sent to this socket than before. Throws when the log does not answer. */
export async function takeRequest(
  one: Subscription,
  text: string,
  workspaceId: string,
  places: Places,
): Promise<boolean> {
  try {
    return await take(one, read(text), workspaceId, places)
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    say(one, { type: 'error', code: error.code, field: error.field, message: STREAM_ERRORS[error.code] })
    return false
  }
}

function read(text: string): StreamRequest {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new Wrong('bad-message', '')
  }
  const parsed = streamRequest.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : (issue?.path ?? [])
  throw new Wrong('bad-message', path.join('.'))
}

async function take(one: Subscription, request: StreamRequest, workspaceId: string, places: Places): Promise<boolean> {
  switch (request.type) {
    case 'subscribe':
      await subscribe(one, request, workspaceId, places)
      return true
    case 'unsubscribe':
      one.choose(one.topics.filter(topic => !request.topics.includes(topic)))
      subscribed(one, workspaceId)
      return false
    case 'ack': {
      const cursor = cursorIn(workspaceId, request.cursor)
      const window = one.window === null ? null : acknowledged(one.window, cursor)
      if (window === null) throw new Wrong('not-sent', 'cursor')
      const waited = !one.isReady
      one.move(window)
      return waited
    }
    case 'ping':
      say(one, { type: 'pong', cursor: one.window === null ? null : sealed(workspaceId, one.at) })
      return false
  }
}

type Subscribe = Extract<StreamRequest, { type: 'subscribe' }>

async function subscribe(one: Subscription, request: Subscribe, workspaceId: string, places: Places): Promise<void> {
  const owner = one.owner(workspaceId)
  for (const [index, topic] of request.topics.entries()) {
    const verdict = admit(topic, owner)
    if (verdict !== 'yes') throw new Wrong(verdict, `topics.${index}`)
  }
  const topics = [...new Set([...one.topics, ...request.topics])]
  if (topics.length > TOPICS_MAX) throw new Wrong('too-many-topics', 'topics')
  const cursor = request.cursor ?? null
  if (one.window !== null && cursor !== null) throw new Wrong('has-a-place', 'cursor')
  const begins = one.window === null ? await placeOf(cursor, workspaceId, places) : null
  if (request.vocabulary !== undefined) one.speak(request.vocabulary)
  one.choose(topics)
  if (begins !== null) one.begin(begins.at, begins.head)
  subscribed(one, workspaceId)
  sayCaughtUp(one, workspaceId)
}

async function placeOf(
  cursor: string | null,
  workspaceId: string,
  places: Places,
): Promise<{ at: string; head: string }> {
  const at = cursor === null ? null : cursorIn(workspaceId, cursor)
  const head = await places.join()
  if (at !== null && !isRecent(at, head) && !(await places.has(at))) throw new Wrong('bad-cursor', 'cursor')
  return { at: at ?? head, head }
}

/** A cursor of the running month that is not of the future: its events are kept, and the log need not be asked. */
function isRecent(at: string, head: string): boolean {
  return monthOfCursor(at) === monthOfCursor(head) && !comesBefore(head, at)
}

/** Says it once, when it is so. */
export function sayCaughtUp(one: Subscription, workspaceId: string): void {
  if (one.catchesUp()) say(one, { type: 'caught_up', cursor: sealed(workspaceId, one.at) })
}

function cursorIn(workspaceId: string, text: string): string {
  const cursor = unsealed(workspaceId, text)
  if (cursor === null) throw new Wrong('bad-cursor', 'cursor')
  return cursor
}

function subscribed(one: Subscription, workspaceId: string): void {
  const cursor = one.window === null ? null : sealed(workspaceId, one.at)
  say(one, { type: 'subscribed', topics: [...one.topics], cursor })
}

function say(one: Subscription, message: StreamMessage): void {
  one.send(JSON.stringify(message))
}
