import { describe, expect, test } from 'vitest'
import { step } from '../machine.ts'
import { TURN_RULES, type TurnInput, type TurnRules, type TurnState } from './state.ts'
import { turn } from './turn.ts'

/** Plays inputs and writes down what became of each: `input → fact, fact / effect, effect`. */
function play(
  inputs: TurnInput[],
  rules: Partial<TurnRules> = {},
  opening = false,
): { lines: string[]; state: TurnState } {
  const lines: string[] = []
  let state = turn.initial
  const all: TurnInput[] = [{ type: 'call.began', at: 0, rules: { ...TURN_RULES, ...rules }, opening }, ...inputs]
  for (const input of all) {
    const made = step(turn, state, input)
    state = made.state
    const names = (list: { type: string }[]) => list.map(({ type }) => type).join(', ')
    lines.push(`${input.type} → ${names(made.facts)} / ${names(made.effects)}`)
  }
  return { lines: lines.slice(1), state }
}

const finished = (at: number, text: string): TurnInput => ({
  type: 'caller.finished',
  at,
  text,
  backchannel: false,
  heard: '',
})

describe('a conversation', () => {
  test('question, answer, heard', () => {
    const { lines, state } = play([
      finished(1_000, 'What does it cost?'),
      { type: 'reply.began', at: 1_600, turnId: 1 },
      { type: 'reply.completed', at: 1_900, turnId: 1 },
      { type: 'playout.ended', at: 4_000, turnId: 1, heard: 'Nine euros.' },
    ])
    expect(lines).toEqual([
      'caller.finished → caller-turned / ask-model',
      'reply.began → reply-began / ',
      'reply.completed → reply-completed / ',
      'playout.ended → reply-heard / ',
    ])
    expect(state.now).toEqual({ phase: 'listening', quietSince: 4_000 })
  })

  test('the caller goes on while the model thinks: it is asked again, the old answer is dropped', () => {
    const { lines } = play([
      finished(1_000, 'I want'),
      finished(1_800, 'two chairs'),
      { type: 'reply.began', at: 2_000, turnId: 1 },
      { type: 'reply.began', at: 2_300, turnId: 2 },
    ])
    expect(lines).toEqual([
      'caller.finished → caller-turned / ask-model',
      'caller.finished → reply-withdrawn, caller-turned / abort, clear, ask-model',
      'reply.began →  / ',
      'reply.began → reply-began / ',
    ])
  })
})

describe('interruptions', () => {
  const SPEAKING: TurnInput[] = [finished(0, 'Tell me'), { type: 'reply.began', at: 500, turnId: 1 }]

  test('pause, then words confirm it; the model learns what was heard', () => {
    const { lines } = play([
      ...SPEAKING,
      { type: 'caller.spoke', at: 2_000, heard: 'We have three' },
      { type: 'words.heard', at: 2_200, sense: 'words', heard: '' },
      finished(3_000, 'No, stop'),
    ])
    expect(lines.slice(2)).toEqual([
      'caller.spoke → speech-paused / clear',
      'words.heard → reply-interrupted / abort',
      'caller.finished → caller-turned / ask-model',
    ])
  })

  test('speech of 600 ms confirms it without words', () => {
    const { lines } = play([
      ...SPEAKING,
      { type: 'caller.spoke', at: 2_000, heard: '' },
      { type: 'clock.struck', at: 2_599 },
      { type: 'clock.struck', at: 2_600 },
    ])
    expect(lines.slice(3)).toEqual(['clock.struck →  / ', 'clock.struck → reply-interrupted / abort'])
  })

  test('a cough that is over by then: our speech goes on after 600 ms', () => {
    const { lines, state } = play([
      ...SPEAKING,
      { type: 'caller.spoke', at: 2_000, heard: '' },
      { type: 'caller.fell-silent', at: 2_300 },
      { type: 'clock.struck', at: 2_599 },
      { type: 'clock.struck', at: 2_600 },
    ])
    expect(lines.slice(3)).toEqual([
      'caller.fell-silent → caller-quieted / ',
      'clock.struck →  / ',
      'clock.struck → false-interruption / resume',
    ])
    expect(state.now).toMatchObject({ phase: 'speaking', turnId: 1, resumedOnGuess: true })
  })

  test('where a word may have been said, two seconds pass', () => {
    const { lines } = play([
      ...SPEAKING,
      { type: 'caller.spoke', at: 2_000, heard: '' },
      { type: 'words.heard', at: 2_200, sense: 'guess', heard: '' },
      { type: 'caller.fell-silent', at: 2_300 },
      { type: 'clock.struck', at: 4_299 },
      { type: 'clock.struck', at: 4_300 },
    ])
    expect(lines.slice(4)).toEqual([
      'caller.fell-silent → caller-quieted / ',
      'clock.struck →  / ',
      'clock.struck → false-interruption / resume',
    ])
  })

  test('went on too soon: the next pause waits for words, until it is known what had been said', () => {
    const cough = (at: number): TurnInput[] => [
      { type: 'caller.spoke', at, heard: '' },
      { type: 'caller.fell-silent', at: at + 300 },
      { type: 'clock.struck', at: at + 600 },
    ]
    const mhm: TurnInput = { type: 'caller.finished', at: 2_900, text: 'mhm', backchannel: true, heard: '' }
    expect(play([...SPEAKING, ...cough(2_000), ...cough(3_000)]).lines.at(-1)).toBe('clock.struck →  / ')
    expect(play([...SPEAKING, ...cough(2_000), mhm, ...cough(3_000)]).lines.at(-1)).toBe(
      'clock.struck → false-interruption / resume',
    )
  })

  test('a breath is no end of what is said, and no part of it', () => {
    const { lines } = play([
      ...SPEAKING,
      { type: 'caller.spoke', at: 2_000, heard: '' },
      { type: 'caller.fell-silent', at: 2_400 },
      { type: 'caller.spoke', at: 2_500, heard: '' },
      { type: 'clock.struck', at: 2_699 },
      { type: 'clock.struck', at: 2_700 },
    ])
    expect(lines.slice(5)).toEqual(['clock.struck →  / ', 'clock.struck → reply-interrupted / abort'])
  })

  test('"yeah, okay, sure": words that are known to say "go on" may be long', () => {
    const { lines } = play([
      ...SPEAKING,
      { type: 'caller.spoke', at: 2_000, heard: '' },
      { type: 'words.heard', at: 2_400, sense: 'backchannel', heard: '' },
      { type: 'clock.struck', at: 2_600 },
      { type: 'caller.fell-silent', at: 2_900 },
      { type: 'clock.struck', at: 2_900 },
    ])
    expect(lines.slice(3)).toEqual([
      'words.heard → words-seemed / ',
      'clock.struck →  / ',
      'caller.fell-silent → caller-quieted / ',
      'clock.struck → false-interruption / resume',
    ])
  })

  test('noise without end does not keep us silent', () => {
    const noises = [2_300, 3_300, 4_300, 5_300, 6_300, 7_300].flatMap((at): TurnInput[] => [
      { type: 'words.heard', at, sense: 'guess', heard: '' },
      { type: 'caller.fell-silent', at },
      { type: 'caller.spoke', at: at + 700, heard: '' },
    ])
    const { lines } = play([
      ...SPEAKING,
      { type: 'caller.spoke', at: 2_000, heard: '' },
      ...noises,
      { type: 'clock.struck', at: 8_000 },
    ])
    expect(lines.at(-1)).toBe('clock.struck → false-interruption / resume')
  })

  test('"mhm" does not interrupt, and after a pause it lets our speech go on at once', () => {
    const { lines } = play([
      ...SPEAKING,
      { type: 'words.heard', at: 1_000, sense: 'backchannel', heard: '' },
      { type: 'caller.spoke', at: 2_000, heard: '' },
      { type: 'caller.finished', at: 2_400, text: 'mhm', backchannel: true, heard: '' },
    ])
    expect(lines.slice(2)).toEqual([
      'words.heard →  / ',
      'caller.spoke → speech-paused / clear',
      'caller.finished → false-interruption / resume',
    ])
  })

  test('an opening that may not be interrupted is said to its end; what the caller said meanwhile is answered then', () => {
    const { lines } = play(
      [
        { type: 'caller.spoke', at: 500, heard: '' },
        finished(1_200, 'Hello?'),
        { type: 'playout.ended', at: 3_000, turnId: 1, heard: 'This call is recorded.' },
      ],
      { openingUninterruptible: true },
      true,
    )
    expect(lines).toEqual([
      'caller.spoke →  / ',
      'caller.finished → words-kept / ',
      'playout.ended → reply-heard, caller-turned / ask-model',
    ])
  })
})

describe('when something takes long or fails', () => {
  test('a tool that takes more than a second gets a word, then its result', () => {
    const { lines } = play([
      finished(0, 'Where is my order?'),
      { type: 'tool.called', at: 400, turnId: 1, toolId: 'a' },
      { type: 'clock.struck', at: 1_400 },
      { type: 'tool.ended', at: 2_500, turnId: 1, toolId: 'b' },
      { type: 'tool.ended', at: 2_500, turnId: 1, toolId: 'a' },
    ])
    expect(lines.slice(1)).toEqual([
      'tool.called → tool-called / ',
      'clock.struck → filler-said / say-filler',
      'tool.ended →  / ',
      'tool.ended → tool-ended / ',
    ])
  })

  test('three failures in a row end it; an answer in between counts from nothing', () => {
    const fail = (at: number, turnId: number): TurnInput => ({ type: 'reply.failed', at, turnId, heard: '' })
    const again = play([
      finished(0, 'Hi'),
      fail(1, 1),
      fail(2, 2),
      { type: 'reply.began', at: 3, turnId: 3 },
      { type: 'reply.completed', at: 4, turnId: 3 },
      { type: 'playout.ended', at: 5, turnId: 3, heard: 'Hello.' },
      finished(6, 'And you?'),
      fail(7, 4),
    ])
    expect(again.lines.at(-1)).toBe('reply.failed → reply-failed, reply-asked-again / abort, ask-model')
    const began = (at: number, turnId: number): TurnInput => ({ type: 'reply.began', at, turnId })
    const broken = play([finished(0, 'Hi'), ...[1, 2, 3].flatMap(id => [began(id, id), fail(id, id)])])
    expect(broken.state.now).toMatchObject({ phase: 'closing', reason: 'failure' })
    const over = play([finished(0, 'Hi'), fail(1, 1), fail(2, 2), fail(3, 3)])
    expect(over.lines.at(-1)).toBe('reply.failed → reply-failed, closing-began / abort, say-goodbye')
    expect(over.state.now).toMatchObject({ phase: 'closing', reason: 'failure' })
  })

  test('silence: two prompts, then goodbye', () => {
    const { lines, state } = play([
      { type: 'clock.struck', at: 12_000 },
      { type: 'playout.ended', at: 13_000, turnId: 1, heard: 'Are you there?' },
      { type: 'clock.struck', at: 25_000 },
      { type: 'playout.ended', at: 26_000, turnId: 2, heard: 'Hello?' },
      { type: 'clock.struck', at: 38_000 },
      { type: 'playout.ended', at: 40_000, turnId: 3, heard: 'Goodbye.' },
    ])
    expect(lines).toEqual([
      'clock.struck → silence-prompted / say-prompt',
      'playout.ended → reply-heard / ',
      'clock.struck → silence-prompted / say-prompt',
      'playout.ended → reply-heard / ',
      'clock.struck → closing-began / say-goodbye',
      'playout.ended → conversation-ended / hang-up',
    ])
    expect(state.now.phase).toBe('over')
  })
})
