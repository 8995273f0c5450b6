import type { TwimlNode } from '../../twiml/document.ts'
import { targetOf } from '../attributes.ts'
import { proceed } from '../proceed.ts'
import { openRelay } from '../relay.ts'
import { openCall } from '../ringing.ts'
import { leaveAll } from '../runs.ts'
import { streamOfNoun } from '../streams.ts'
import type { Turn } from '../turn.ts'
import type { Call } from '../world.ts'
import type { Verb } from './verb.ts'

/** `<Connect>`: a program speaks with the far end over a stream or a relay, until one of them ends it. */

function open(turn: Turn, call: Call, node: TwimlNode): void {
  openCall(turn, call)
  const action = targetOf(call, node.attributes.action, node.attributes.method)
  const noun = node.children[0]
  if (noun?.name === 'Stream') {
    const stream = streamOfNoun(turn, call, noun, true)
    if (stream === null) return proceed(turn, call, action)
    call.doing = { what: 'connected', sid: stream.sid, action }
    return
  }
  if (noun?.name === 'ConversationRelay') {
    const relay = openRelay(turn, call, noun, action)
    if (relay === null) return proceed(turn, call, action, { SessionStatus: 'failed' })
    call.doing = { what: 'connected', sid: relay.sid, action }
    return
  }
  // The alert about a noun that is not performed was written when the document came.
  proceed(turn, call)
}

export const connect: Verb = {
  start: open,
  input(turn, call, doing, told) {
    if (told.kind !== 'connection.over' || doing.what !== 'connected' || doing.sid !== told.sid) return false
    leaveAll(call)
    proceed(turn, call, doing.action, told.fields)
    return true
  },
}
