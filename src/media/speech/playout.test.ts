import fc from 'fast-check'
import { expect, test } from 'vitest'
import { heardPart } from './heard.ts'
import {
  createPlayout,
  type Outgoing,
  type Playout,
  PlayoutFullError,
  QUEUE_MS_MAX,
  QUEUE_SENTENCES_MAX,
} from './playout.ts'

const sound = (ms: number, value = 1) => new Uint8Array(ms * 8).fill(value)
function say(playout: Playout, text: string, ms: number, value = 1): void {
  playout.begin(text)
  playout.audio(sound(ms, value))
  playout.end()
}
const short = (messages: Outgoing[]) =>
  messages.map(one => (one.type === 'audio' ? one.mulaw.length / 8 : one.type === 'mark' ? one.name : one.type))

test('goes out a little ahead of real time: one frame first, then 100 ms, a mark after each sentence', () => {
  const playout = createPlayout()
  say(playout, 'Hello there.', 300)
  say(playout, 'How are you?', 140)
  expect(short(playout.due(1_000))).toEqual([20, 100, 100, 80, '1.0'])
  expect(playout.nextMs()).toBe(1_061)
  expect(short(playout.due(1_060))).toEqual([])
  expect(short(playout.due(1_061))).toEqual([100])
  expect(short(playout.due(1_200))).toEqual([40, '1.1'])
  expect(playout.nextMs()).toBeNull()
  playout.marked('1.0', 1_310)
  expect(playout.heard(1_310)).toBe('Hello there.')
  playout.marked('1.1', 1_450)
  expect(playout.idle).toBe(true)
  expect(playout.heard(1_450)).toBe('Hello there. How are you?')
  playout.reset()
  expect(playout.heard(1_450)).toBe('')
})

test('sound that comes in pieces goes in whole frames, the last one filled with silence', () => {
  const playout = createPlayout()
  playout.begin('Yes.')
  playout.audio(new Uint8Array(100).fill(1))
  expect(playout.due(0)).toEqual([])
  playout.audio(new Uint8Array(100).fill(2))
  expect(short(playout.due(0))).toEqual([20])
  playout.end()
  const [last, mark] = playout.due(1)
  expect(last).toEqual({
    type: 'audio',
    mulaw: Uint8Array.from([...new Uint8Array(40).fill(2), ...new Uint8Array(120).fill(0xff)]),
  })
  expect(mark).toEqual({ type: 'mark', name: '1.0', text: 'Yes.' })
})

test('after a clear, what was heard is known to the word, and marks that the clear brings back say nothing', () => {
  const playout = createPlayout()
  say(playout, 'Good morning.', 200)
  say(playout, 'one two three four five six seven eight nine ten', 4_800)
  say(playout, 'Never said.', 400)
  let atMs = 0
  for (; atMs <= 2_600; atMs += 20) {
    playout.due(atMs)
    if (atMs === 200) playout.marked('1.0', atMs)
  }
  const cleared = playout.clear(2_600)
  expect(cleared.messages).toEqual([{ type: 'clear' }])
  // 2,400 of 4,800 ms: half of 48 letters, and "five" ends at 23.
  expect(cleared.heard).toBe('Good morning. one two three four five')
  expect(cleared.unheard.map(one => [one.text, one.mulaw.length / 8, one.ended])).toEqual([
    ['one two three four five six seven eight nine ten', 4_800, true],
    ['Never said.', 400, true],
  ])
  expect(playout.idle).toBe(true)
  say(playout, 'Sorry?', 100)
  expect(short(playout.due(2_700))).toEqual([20, 80, '2.0'])
  for (const late of ['1.1', '1.0', '1.2', '2.7', '', 'x.y', '2', 'NaN.0']) playout.marked(late, 2_701)
  expect(playout.idle).toBe(false)
  expect(playout.heard(2_700)).toBe('')
  playout.marked('2.0', 2_800)
  expect(playout.heard(2_800)).toBe('Sorry?')
})

test('marks teach how late the carrier plays', () => {
  const playout = createPlayout({ leadMs: 10_000, messageMs: 100 })
  say(playout, 'First one.', 1_000)
  say(playout, 'aaaa bbbb cccc dddd', 1_900)
  playout.due(0)
  expect(playout.heard(2_000)).toBe('First one. aaaa bbbb')
  playout.marked('1.0', 1_600)
  expect(playout.heard(1_990)).toBe('First one.')
  expect(playout.heard(2_100)).toBe('First one. aaaa')
})

test('a gap in the sound is a gap in what was heard', () => {
  const playout = createPlayout()
  playout.begin('aaaa bbbb cccc dddd')
  playout.audio(sound(500))
  for (let atMs = 0; atMs <= 500; atMs += 20) playout.due(atMs)
  playout.audio(sound(1_400))
  playout.end()
  playout.due(3_000)
  expect(playout.heard(3_000)).toBe('aaaa')
  for (let atMs = 3_000; atMs <= 3_500; atMs += 20) playout.due(atMs)
  expect(playout.heard(3_500)).toBe('aaaa bbbb')
})

test('while a sentence still comes, its length is guessed by its letters', () => {
  expect(heardPart('aaaa bbbb', 300, 300, null)).toBe('aaaa')
  expect(heardPart('aaaa bbbb', 300, 300, 300)).toBe('aaaa bbbb')
  expect(heardPart('aaaa bbbb', 0, 300, 300)).toBe('')
  expect(heardPart('', 20, 20, 20)).toBe('')
})

test('a false alarm can go on: the unheard can be said again', () => {
  const playout = createPlayout()
  say(playout, 'Let me check that.', 1_000, 7)
  playout.due(0)
  const [again] = playout.clear(100).unheard
  playout.begin(again?.text ?? '')
  playout.audio(again?.mulaw ?? new Uint8Array())
  playout.end()
  const first = playout.due(2_000)[0]
  expect(first).toEqual({ type: 'audio', mulaw: sound(20, 7) })
})

test('limits and wrong order are clear errors', () => {
  const playout = createPlayout()
  expect(() => playout.audio(sound(20))).toThrow('no sentence is open')
  expect(() => playout.end()).toThrow('no sentence is open')
  playout.begin('a')
  expect(() => playout.begin('b')).toThrow('still open')
  expect(() => playout.reset()).toThrow('still something')
  playout.audio(sound(QUEUE_MS_MAX))
  expect(() => playout.audio(sound(1))).toThrow(PlayoutFullError)
  playout.end()
  for (let count = 1; count < QUEUE_SENTENCES_MAX; count += 1) say(playout, 'a', 0)
  expect(() => playout.begin('one more')).toThrow(PlayoutFullError)
  expect(() => createPlayout({ leadMs: 0, messageMs: 100 })).toThrow(RangeError)
})

/** A carrier that plays in real time and returns each mark when it is reached, all of them after a clear. */
class Carrier {
  queue: ({ ms: number } | { mark: string })[] = []
  playedMs = 0
  take(messages: Outgoing[]): string[] {
    const back: string[] = []
    for (const one of messages) {
      if (one.type === 'audio') this.queue.push({ ms: one.mulaw.length / 8 })
      else if (one.type === 'mark') this.queue.push({ mark: one.name })
      else back.push(...this.queue.flatMap(item => ('mark' in item ? [item.mark] : [])))
      if (one.type === 'clear') this.queue = []
    }
    return back
  }
  play(ms: number): string[] {
    const back: string[] = []
    let left = ms
    for (let head = this.queue[0]; head; head = this.queue[0]) {
      if ('mark' in head) back.push(head.mark)
      else if (left === 0) break
      else {
        const step = Math.min(left, head.ms)
        head.ms -= step
        left -= step
        this.playedMs += step
        if (head.ms > 0) break
      }
      this.queue.shift()
    }
    return back
  }
  get waitingMs(): number {
    return this.queue.reduce((sum, one) => sum + ('ms' in one ? one.ms : 0), 0)
  }
}

const action = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      words: fc.integer({ min: 1, max: 12 }),
      ms: fc.integer({ min: 0, max: 100 }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('wait' as const), steps: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
)

test('fuzz: with a carrier, the lead is kept, nothing is heard that was not played, and all is heard in the end', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), actions => {
      const playout = createPlayout()
      const carrier = new Carrier()
      let [atMs, said, spokenMs] = [0, '', 0]
      const step = () => {
        for (const mark of carrier.take(playout.due(atMs))) playout.marked(mark, atMs)
        expect(carrier.waitingMs).toBeLessThan(240 + 100)
        atMs += 20
        for (const mark of carrier.play(20)) playout.marked(mark, atMs)
      }
      const clear = () => {
        const { messages, heard } = playout.clear(atMs)
        expect(said.startsWith(heard)).toBe(true)
        for (const mark of carrier.take(messages)) playout.marked(mark, atMs)
        expect(carrier.waitingMs).toBe(0)
        ;[said, spokenMs, carrier.playedMs] = ['', 0, 0]
        expect(playout.heard(atMs)).toBe('')
      }
      for (const one of actions) {
        if (one.do === 'say') {
          const text = Array.from({ length: one.words }, (_, at) => `w${at}x`).join(' ')
          say(playout, text, one.ms * 20)
          said = said === '' ? text : `${said} ${text}`
          spokenMs += one.ms * 20
        } else if (one.do === 'wait') for (let count = 0; count < one.steps; count += 1) step()
        else clear()
        expect(said.startsWith(playout.heard(atMs))).toBe(true)
      }
      for (let count = 0; !playout.idle && count < 100_000; count += 1) step()
      expect(playout.heard(atMs)).toBe(said)
      expect(carrier.playedMs).toBe(spokenMs)
      expect(playout.nextMs()).toBeNull()
    }),
    { seed: 160, numRuns: 200 },
  )
})
