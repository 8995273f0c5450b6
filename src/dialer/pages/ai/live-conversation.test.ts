import { expect, test } from 'vitest'
import type { Conversation, ConversationEntry, LiveWords } from '../../../wire/conversation.ts'
import { LiveConversation, type LiveSocket } from './live-conversation.ts'

class FakeSocket implements LiveSocket {
  onmessage: LiveSocket['onmessage'] = null
  onclose: LiveSocket['onclose'] = null
  readonly sent: string[] = []
  closed = false
  send(text: string): void {
    this.sent.push(text)
  }
  close(): void {
    this.closed = true
  }
  tell(words: LiveWords): void {
    this.onmessage?.({ data: JSON.stringify(words) })
  }
}

const NO_USAGE = {
  heardMs: 0,
  spokenCharacters: 0,
  tokensIn: 0,
  tokensOut: 0,
  soundTokensIn: 0,
  soundTokensOut: 0,
}

function entry(seq: number, who: ConversationEntry['who'] = 'caller'): ConversationEntry {
  const none = {
    sessionId: null,
    startMs: null,
    endMs: null,
    confidence: null,
    interrupted: false,
    latency: null,
    data: {},
  }
  return { seq, at: seq, who, text: `words ${seq}`, ...none }
}
const withEntries = (...entries: ConversationEntry[]): Conversation => ({
  callId: 'w.i_1',
  callSid: null,
  live: true,
  agentId: null,
  version: null,
  entries,
})

function follow() {
  const sockets: FakeSocket[] = []
  const timers: { run(): void; ms: number }[] = []
  const live = new LiveConversation({
    open: () => {
      const socket = new FakeSocket()
      sockets.push(socket)
      return socket
    },
    setTimer: (run, ms) => timers.push({ run, ms }),
    clearTimer: timer => void timers.splice(timer - 1, 1),
  })
  live.start()
  return { live, sockets, timers, seqs: () => live.get().conversation?.entries.map(({ seq }) => seq) }
}

test('what it costs is kept beside what is said', () => {
  const { live, sockets } = follow()
  sockets[0]?.tell({ type: 'usage', usage: { ...NO_USAGE, costMicros: 7_700 } })
  sockets[0]?.tell({ type: 'conversation', conversation: withEntries(entry(1)) })
  expect(live.get().usage?.costMicros).toBe(7_700)
})

test('each message is answered with a sign of life; interim words give way to what was said', () => {
  const { live, sockets, seqs } = follow()
  sockets[0]?.tell({ type: 'conversation', conversation: withEntries(entry(1)) })
  sockets[0]?.tell({ type: 'interim', who: 'caller', text: 'what are' })
  sockets[0]?.tell({ type: 'entry', entry: entry(2, 'tool') })
  expect(live.get().interim).toBe('what are')
  sockets[0]?.tell({ type: 'entry', entry: entry(3) })
  sockets[0]?.tell({ type: 'entry', entry: entry(3) })
  expect([live.get().interim, seqs(), sockets[0]?.sent.length]).toEqual(['', [1, 2, 3], 5])
})

test('a lost socket is opened again, later each time, and its first message replaces what was known', () => {
  const { live, sockets, timers, seqs } = follow()
  sockets[0]?.tell({ type: 'conversation', conversation: withEntries(entry(1)) })
  sockets[0]?.onclose?.({ code: 1006 })
  expect(live.get().link).toBe('lost')
  timers.shift()?.run()
  sockets[1]?.onclose?.({ code: 1013 })
  expect(timers[0]?.ms).toBe(1_000)
  timers.shift()?.run()
  sockets[2]?.tell({ type: 'conversation', conversation: withEntries(entry(1), entry(2)) })
  expect([live.get().link, seqs()]).toEqual(['open', [1, 2]])
})

test('after the end nothing is opened again; a screen that is left lets its socket go', () => {
  const { live, sockets, timers } = follow()
  sockets[0]?.tell({ type: 'ended' })
  sockets[0]?.onclose?.({ code: 1006 })
  expect([live.get().link, timers]).toEqual(['ended', []])
  const other = follow()
  other.live.stop()
  other.sockets[0]?.onclose?.({ code: 1006 })
  expect([other.sockets[0]?.closed, other.timers]).toEqual([true, []])
})

test('a message that is no JSON changes nothing', () => {
  const { live, sockets } = follow()
  const before = live.get()
  sockets[0]?.onmessage?.({ data: '{' })
  expect(live.get()).toBe(before)
})
