import type { TwimlNode } from '../../twiml/document.ts'
import { targetOf } from '../attributes.ts'
import { bridgeQueued, endQueueing, leaveQueue, makeQueue, matchQueue, queueNamed, SIZE_MAX } from '../queue.ts'
import { openCall } from '../ringing.ts'
import { alert, fact, type Turn } from '../turn.ts'
import { startWaiting, waitTarget } from '../waiting.ts'
import type { Call } from '../world.ts'
import type { Verb } from './verb.ts'

/** `<Enqueue>`: https://www.twilio.com/docs/voice/twiml/enqueue */

function start(turn: Turn, call: Call, { attributes, text }: TwimlNode): void {
  const action = targetOf(call, attributes.action, attributes.method)
  if (attributes.workflowSid !== undefined) {
    alert(turn, call, 14220, 'TaskRouter workflows are not part of the phone network')
    return endQueueing(turn, call, action, null, 'system-error', 0)
  }
  const name = text === '' ? 'default' : text
  const queue = queueNamed(turn, name) ?? makeQueue(turn, name, Number(attributes.maxQueueSize ?? SIZE_MAX) || SIZE_MAX)
  openCall(turn, call)
  if (queue === null) return endQueueing(turn, call, action, null, 'system-error', 0)
  if (queue.members.length >= queue.sizeMax) return endQueueing(turn, call, action, queue, 'queue-full', 0)
  queue.members.push({ callSid: call.sid, enqueuedAt: turn.at })
  queue.updatedAt = turn.at
  call.queueSid = queue.sid
  call.doing = { what: 'queued', queueSid: queue.sid, action, since: turn.at, bridgedTo: null }
  fact(turn, { kind: 'enqueued', callSid: call.sid, queueSid: queue.sid, position: queue.members.length })
  const wait = targetOf(call, attributes.waitUrl, attributes.waitUrlMethod)
  startWaiting(
    turn,
    call,
    attributes.waitUrl === '' ? 'silence' : waitTarget(wait?.url ?? null, wait?.method ?? 'POST'),
  )
  matchQueue(turn, queue)
}

export const enqueue: Verb = {
  start,
  input(turn, call, _doing, told) {
    if (told.kind === 'queue.left') leaveQueue(turn, call, told.result)
    else if (told.kind === 'whisper.over') bridgeQueued(turn, call)
    else return false
    return true
  },
}
