import type { Turn } from './turn.ts'
import type { Call, Queue } from './world.ts'

/** Webhook fields about a call's place in its queue. */

export function averageWaitSeconds(queue: Queue): number {
  if (queue.waits.length === 0) return 0
  return Math.round(queue.waits.reduce((sum, seconds) => sum + seconds, 0) / queue.waits.length)
}

/** Whole seconds that the call has waited. */
export function waitedSecondsAt(at: number, since: number): number {
  return Math.max(0, Math.floor((at - since) / 1_000))
}

export function waitedSeconds(turn: Turn, since: number): number {
  return waitedSecondsAt(turn.at, since)
}

/** For `waitUrl`: https://www.twilio.com/docs/voice/twiml/enqueue#attributes-waitUrl-parameters */
export function queueFields(turn: Turn, call: Call): Record<string, string> {
  const queue = call.queueSid === null ? undefined : turn.world.queues.get(call.queueSid)
  if (!queue) return {}
  const position = queue.members.findIndex(member => member.callSid === call.sid)
  const member = queue.members[position]
  return {
    QueueSid: queue.sid,
    QueuePosition: String(position + 1),
    QueueTime: String(member ? waitedSeconds(turn, member.enqueuedAt) : 0),
    AvgQueueTime: String(averageWaitSeconds(queue)),
    CurrentQueueSize: String(queue.members.length),
    MaxQueueSize: String(queue.sizeMax),
  }
}
