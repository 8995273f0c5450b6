/** Turns the events of a conversation into inputs of a call (a rehearsal stores the same): words that were said, or a note. */
import type { TalkInput } from '../../../core/call/talk/talk.ts'
import type { ConversationEvent } from '../../../media/conversation/conversation-events.ts'

/** Longest entry of a tool in the timeline. */
const TOOL_CHARS_MAX = 4_000

export type Told = Extract<TalkInput, { type: 'talk.said' | 'talk.noted' }>

export function toldOf(event: Exclude<ConversationEvent, { type: 'interim' }>, at: number): Told {
  switch (event.type) {
    case 'caller-said': {
      const { type: _type, text, ...data } = event
      return { type: 'talk.said', at, who: 'caller', text, data }
    }
    case 'agent-said': {
      const { type: _type, text, ...data } = event
      return { type: 'talk.said', at, who: 'agent', text, data }
    }
    case 'tool-used': {
      const { name, input, result, tookMs, turnId } = event
      const text = `${name}(${JSON.stringify(input)}) → ${JSON.stringify(result)}`.slice(0, TOOL_CHARS_MAX)
      return { type: 'talk.said', at, who: 'tool', text, data: { name, tookMs, turnId } }
    }
    case 'keys-pressed':
      return { type: 'talk.noted', at, word: event.type, data: { count: event.digits.length } }
    default: {
      const { type: word, ...data } = event
      return { type: 'talk.noted', at, word, data }
    }
  }
}
