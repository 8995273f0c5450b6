import type { QueueResult } from './input.ts'
import { fetchInstructions, proceed } from './proceed.ts'
import { waitedSeconds } from './queue-fields.ts'
import { openCall } from './ringing.ts'
import { dialOf, enter, leaveAll } from './runs.ts'
import { fact, intend, soon, type Turn } from './turn.ts'
import { stopWaiting } from './waiting.ts'
import { voiceFields } from './webhook-fields.ts'
import { type Call, isLive, newSid, QUEUES_MAX, type Queue, type Target } from './world.ts'

/** Queues: `<Enqueue>` puts a call in; `<Dial><Queue>`, REST or `<Leave>` take it out. */

export const SIZE_MAX = 100
export const QUEUE_SIZE_LIMIT = 5_000
const NAME_MAX = 64
const WAITS_KEPT_MAX = 100

export function queueNamed(turn: Turn, nameOrSid: string): Queue | undefined {
  const { queues } = turn.world
  return queues.get(nameOrSid) ?? [...queues.values()].find(queue => queue.friendlyName === nameOrSid)
}

/** Null when there are too many queues. */
export function makeQueue(turn: Turn, friendlyName: string, sizeMax = SIZE_MAX): Queue | null {
  const { world, at } = turn
  if (world.queues.size >= QUEUES_MAX) return null
  const queue: Queue = {
    sid: newSid(world, 'QU'),
    friendlyName: friendlyName.slice(0, NAME_MAX),
    sizeMax: Math.min(Math.max(1, sizeMax), QUEUE_SIZE_LIMIT),
    createdAt: at,
    updatedAt: at,
    members: [],
    waits: [],
    askers: [],
  }
  world.queues.set(queue.sid, queue)
  fact(turn, { kind: 'queue-created', queueSid: queue.sid, friendlyName: queue.friendlyName })
  return queue
}

type Queued = Extract<Call['doing'], { what: 'queued' }>

function queuedOf(call: Call): Queued | null {
  for (const run of [call, ...call.outer]) if (run.doing.what === 'queued') return run.doing
  return null
}

/** Remove a call from the list of waiting members. The caller decides how the call continues. */
function takeOut(turn: Turn, call: Call, result: QueueResult): { queue: Queue | null; queued: Queued | null } {
  const queued = queuedOf(call)
  const queue = call.queueSid === null ? null : (turn.world.queues.get(call.queueSid) ?? null)
  call.queueSid = null
  if (queue === null) return { queue, queued }
  const index = queue.members.findIndex(member => member.callSid === call.sid)
  const member = queue.members[index]
  if (!member) return { queue, queued }
  queue.members.splice(index, 1)
  queue.updatedAt = turn.at
  const seconds = waitedSeconds(turn, member.enqueuedAt)
  if (result === 'bridged') queue.waits = [...queue.waits, seconds].slice(-WAITS_KEPT_MAX)
  fact(turn, { kind: 'dequeued', callSid: call.sid, queueSid: queue.sid, result, seconds })
  return { queue, queued }
}

/** Pair calls in `<Dial><Queue>` with waiting members, oldest first. */
export function matchQueue(turn: Turn, queue: Queue): void {
  while (queue.members.length > 0 && queue.askers.length > 0) {
    const asker = turn.world.calls.get(queue.askers.shift() ?? '')
    const member = turn.world.calls.get(queue.members[0]?.callSid ?? '')
    if (!asker || !isLive(asker) || dialOf(asker)?.queueSid !== queue.sid) continue
    if (!member) {
      queue.members.shift()
      continue
    }
    pair(turn, asker, member, queue)
  }
}

function pair(turn: Turn, asker: Call, member: Call, queue: Queue): void {
  const dial = dialOf(asker)
  if (dial === null) return
  const { queued } = takeOut(turn, member, 'bridged')
  stopWaiting(turn, member)
  if (queued) queued.bridgedTo = asker.sid
  dial.winner = member.sid
  const whisper = dial.whisper
  if (whisper !== null && enter(member, 'whisper')) {
    const since = queued?.since ?? turn.at
    fetchInstructions(turn, member, whisper, null, {
      QueueSid: queue.sid,
      QueueTime: String(waitedSeconds(turn, since)),
      DequeingCallSid: asker.sid,
    })
    return
  }
  bridgeQueued(turn, member)
}

/** Bridge the member, once it has heard the announcement if there is one. */
export function bridgeQueued(turn: Turn, member: Call): void {
  const asker = turn.world.calls.get(queuedOf(member)?.bridgedTo ?? '')
  if (!asker || !isLive(asker)) return leaveQueue(turn, member, 'bridged')
  const dial = dialOf(asker)
  if (dial) dial.winnerAt = turn.at
  openCall(turn, asker)
  intend(
    turn,
    { do: 'stop-playing', callSid: asker.sid },
    { do: 'stop-playing', callSid: member.sid },
    { do: 'bridge', callSid: asker.sid, other: member.sid },
  )
  fact(turn, { kind: 'bridged', callSid: asker.sid, with: member.sid })
}

/**
 * The call leaves its queue by `<Leave>`, REST or the end of the conversation, and continues with its `action` or the
 * next verb.
 */
export function leaveQueue(turn: Turn, call: Call, result: QueueResult): void {
  const queued = queuedOf(call)
  if (queued === null) return soon(turn, { kind: 'verb.due', callSid: call.sid })
  stopWaiting(turn, call)
  const { queue } = takeOut(turn, call, result)
  leaveAll(call)
  intend(turn, { do: 'unbridge', callSid: call.sid })
  endQueueing(turn, call, queued.action, queue, result, waitedSeconds(turn, queued.since))
}

export function endQueueing(
  turn: Turn,
  call: Call,
  action: Target | null,
  queue: Queue | null,
  result: QueueResult,
  seconds: number,
): void {
  proceed(turn, call, action, resultFields(queue, result, seconds))
}

function resultFields(queue: Queue | null, result: QueueResult, seconds: number): Record<string, string> {
  return { QueueResult: result, QueueTime: String(seconds), ...(queue === null ? {} : { QueueSid: queue.sid }) }
}

/** The call ends or gets other TwiML by REST. Its action is called, and the answer is ignored. */
function dropFromQueue(turn: Turn, call: Call, result: 'hangup' | 'redirected'): void {
  const queued = queuedOf(call)
  if (queued === null) return
  const bridged = queued.bridgedTo
  const { queue } = takeOut(turn, call, result)
  if (bridged !== null) soon(turn, { kind: 'child.ended', callSid: bridged, child: call.sid })
  if (queued.action === null) return
  const word = result === 'redirected' && bridged !== null ? 'redirected-from-bridged' : result
  const fields = { ...voiceFields(turn.world, call), ...resultFields(queue, word, waitedSeconds(turn, queued.since)) }
  intend(turn, {
    do: 'notify',
    webhook: 'voice',
    lane: `queue ${call.sid}`,
    callSid: call.sid,
    target: queued.action,
    fields,
  })
}

/** A call that ends or gets other TwiML leaves its queue, and lets go of the member that it has dequeued. */
export function leaveQueues(turn: Turn, call: Call, result: 'hangup' | 'redirected'): void {
  const dial = dialOf(call)
  if (dial?.queueSid && dial.winner !== null)
    soon(turn, { kind: 'queue.left', callSid: dial.winner, result: 'bridged' })
  stopAsking(turn, call)
  dropFromQueue(turn, call, result)
}

/** The call no longer waits for a member, because its `<Dial>` is over. */
export function stopAsking(turn: Turn, asker: Call): void {
  for (const queue of turn.world.queues.values()) queue.askers = queue.askers.filter(sid => sid !== asker.sid)
}
