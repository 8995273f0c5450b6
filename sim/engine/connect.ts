import type { TwimlNode } from '../twiml/document.ts'
import { targetOf } from './attributes.ts'
import { fetchInstructions } from './instructions.ts'
import type { MediaInput } from './media-input.ts'
import { leaveAll } from './runs.ts'
import { findStream, openStream, stopStream, stopStreams, streamOfNoun, takeStreamInput } from './streams.ts'
import { alert, soon, type Turn } from './turn.ts'
import { type Call, isLive, type Target } from './world.ts'

/** `<Connect>`, which a program speaks through until it is over; `<Start>` and `<Stop>`, which go on at once. */

export function startConnect(turn: Turn, call: Call, verb: TwimlNode): void {
  const action = targetOf(call, verb.attributes.action, verb.attributes.method)
  const noun = verb.children[0]
  if (noun?.name === 'Stream') {
    const stream = streamOfNoun(turn, call, noun, true)
    if (stream === null) return connectOver(turn, call, action)
    call.doing = { what: 'connected', sid: stream.sid, action }
    return
  }
  // What it cannot perform has been said when the document came.
  soon(turn, { kind: 'verb.due', callSid: call.sid })
}

/** The program has left: on with the `action`, or the next verb. */
export function connectOver(turn: Turn, call: Call, action: Target | null, fields: Record<string, string> = {}): void {
  leaveAll(call)
  call.doing = { what: 'nothing' }
  if (action === null) soon(turn, { kind: 'verb.due', callSid: call.sid })
  else fetchInstructions(turn, call, action, null, fields)
}

export function startForks(turn: Turn, call: Call, verb: TwimlNode): void {
  for (const noun of verb.children) {
    if (noun.name === 'Stream') streamOfNoun(turn, call, noun, false)
  }
  soon(turn, { kind: 'verb.due', callSid: call.sid })
}

export function stopForks(turn: Turn, call: Call, verb: TwimlNode): void {
  for (const noun of verb.children) {
    const name = noun.attributes.name ?? ''
    if (noun.name === 'Stream') {
      const stream = findStream(turn, call, name)
      if (stream) stopStream(turn, stream)
      else alert(turn, call, 0, `<Stop><Stream>: no stream is called "${name}"`)
    }
  }
  soon(turn, { kind: 'verb.due', callSid: call.sid })
}

/** The call ends: so does everything that hears it. */
export function stopMedia(turn: Turn, call: Call): void {
  stopStreams(turn, call)
}

/** Other TwiML comes: what was connected is over, what was only started goes on. */
export function disconnect(turn: Turn, call: Call): void {
  const connected = connectedOf(call)
  const stream = connected === null ? undefined : turn.world.media.streams.get(connected.sid)
  if (stream) stopStream(turn, stream)
}

export function connectedOf(call: Call): { sid: string; action: Target | null } | null {
  for (const run of [call, ...call.outer]) if (run.doing.what === 'connected') return run.doing
  return null
}

export function takeMediaInput(turn: Turn, input: MediaInput): void {
  switch (input.kind) {
    case 'media.alerted':
      return alert(turn, turn.world.calls.get(input.ownerSid) ?? null, input.code, input.message)
    case 'stream.requested': {
      const call = turn.world.calls.get(input.ownerSid)
      if (call && isLive(call)) openStream(turn, call, input.stream, false)
      return
    }
    default: {
      const stream = takeStreamInput(turn, input)
      const call = stream && turn.world.calls.get(stream.callSid)
      const connected = call ? connectedOf(call) : null
      if (call && connected?.sid === stream.sid) {
        connectOver(turn, call, connected.action, { StreamSid: stream.sid, StreamName: stream.name })
      }
    }
  }
}
