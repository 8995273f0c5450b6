/** A running flow, input by input: what the carrier is told, what is done once, what is stored. */
import { describe, expect, test } from 'vitest'
import { checkFlow } from '../../flow/check.ts'
import { bytesOf } from '../../flow/flow.ts'
import type { Variables } from '../../flow/variables.ts'
import { step } from '../../machine.ts'
import { isOf } from '../../parts.ts'
import { call } from '../call.ts'
import { instructionsFor } from '../instruction.ts'
import type { CallEffect, CallFact, CallInput, CallState } from '../state.ts'
import { flowGrowing } from './growing.ts'
import { knownCall } from './pages.ts'
import { MUSIC_HELD_MS, type OutsideAnswer, PAGES_KEPT, type Page, SMALL_BYTES_MAX } from './state.ts'

const T0 = 1_000_000_000
const SPOKEN = { safeHarbour: [], voicemail: [], apology: 'sorry', music: '' }
/** more than a page in the state may say */
const LONG = 'One? '.repeat(100)
const talk = (id: string, text: string, more: object = {}) => ({ id, type: 'talk', option: { text }, ...more })

/** A call whose inputs come one after another, a second apart. */
class Told {
  state: CallState = call.initial
  facts: CallFact[] = []
  readonly all: CallFact[] = []
  effects: CallEffect[] = []
  now = T0

  tell(input: Untimed): this {
    this.now += 1_000
    const done = step(call, this.state, { ...input, at: this.now } as CallInput)
    this.state = done.state
    this.facts = done.facts
    this.all.push(...done.facts)
    this.effects = done.effects
    return this
  }
  back(page: number, more: object = {}): this {
    return this.tell({ type: 'flow.asked', token: `flow-${page}`, ...more })
  }
  answer(ask: number, answer: OutsideAnswer): this {
    return this.tell({ type: 'flow.answered', ask, answer })
  }
  get hears() {
    return instructionsFor(this.state, 'w_a.call_1', SPOKEN)
  }
  hearsAfter(page: number) {
    return instructionsFor(this.state, 'w_a.call_1', SPOKEN, `flow-${page}`)
  }
  get does() {
    return this.effects.map(({ type }) => type)
  }
  get live() {
    const { flow } = this.state
    if (flow === null || flow.phase === 'over') throw new Error('the flow is over')
    return flow
  }
}
type Untimed = { type: CallInput['type']; [field: string]: unknown }

function running(steps: unknown[], variables: Variables = {}, amd: 'off' | 'beside' = 'off'): Told {
  const { errors, actions } = checkFlow(steps, { call: true })
  if (errors[0]) throw new Error(JSON.stringify(errors[0]))
  const links = { kind: 'single', batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
  const party = { to: '+1', from: '+2', name: '' }
  const known = {
    activeflowId: 'af',
    flowId: 'f',
    version: 1,
    apology: 'Sorry.',
    language: 'en-US',
    soundsUrl: 'https://s.test',
  }
  const order = { ...known, actions, variables, system: {} }
  return new Told()
    .tell({ type: 'call.requested', links, party, options: { ringLimitMs: 30_000, amd, record: false } })
    .tell({ type: 'flow.begin', order })
    .tell({ type: 'call.slot-granted', notBefore: 0, profile: 'custom' })
    .tell({ type: 'call.create-answered', providerId: 'CA1', status: 'queued' })
    .tell({ type: 'call.answer-seen', providerId: 'CA1' })
}

test('the active flow is there before the carrier is asked, and its steps wait for the answer [S1-7]', () => {
  const links = { kind: 'single', batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null }
  const told = new Told().tell({
    ...{ type: 'call.requested', links, party: { to: '+1', from: '+2', name: '' } },
    options: { ringLimitMs: 30_000, amd: 'off', record: false },
  })
  expect(told.does).toEqual(['reserve-slot'])
  const known = {
    activeflowId: 'af',
    flowId: null,
    version: 1,
    apology: 'Sorry.',
    language: 'en-US',
    soundsUrl: 'https://s.test',
  }
  told.tell({ type: 'flow.begin', order: { ...known, actions: [talk('a', 'Hi')], variables: {}, system: {} } })
  expect(told.facts.map(({ type }) => type)).toEqual(['flow-created'])
  told.tell({ type: 'call.slot-granted', notBefore: 0, profile: 'custom' })
  expect(told.does).toEqual(['create-call'])
})

describe('an answer of the outside', () => {
  const FETCHES = [
    { id: 'a', type: 'answer' },
    { id: 'f', type: 'fetch_flow', option: { flow_id: 'f1' } },
    talk('t', 'over'),
  ]
  const ASK = [{ id: 'q', type: 'queue_join', option: { queue_id: 'q1' } }, talk('t', 'over')]

  test('reaches a carrier that has its page by a redirect, and one whose reply is held back without', () => {
    const held = running(FETCHES).back(1, { holdsMs: 5_000 })
    expect(held.answer(1, { is: 'result', result: 'done' }).does).toEqual([])
    expect(held.hears[0]).toMatchObject({ kind: 'say', text: 'over' })
    const late = running(FETCHES).back(1, { holdsMs: 500 })
    expect(late.answer(1, { is: 'result', result: 'done' }).does).toEqual(['redirect-call'])
  })

  test('goes out in the reply that was held back for it, and stays its answer; a reply that has gone keeps its own', () => {
    const held = running(FETCHES).back(1, { holdsMs: 5_000 }).answer(1, { is: 'result', result: 'done' })
    expect(held.hearsAfter(1)[0]).toMatchObject({ kind: 'say', text: 'over' })
    expect(held.back(1).hearsAfter(1)[0]).toMatchObject({ kind: 'say', text: 'over' })
    const late = running(FETCHES).back(1, { holdsMs: 500 }).answer(1, { is: 'result', result: 'done' })
    expect(late.hearsAfter(1)[0]).toMatchObject({ kind: 'wait' })
  })

  test('of a queue is waited for with music by whoever is on the line, and a reply with music is held back for a moment only', () => {
    const told = running([{ id: 'a', type: 'answer' }, ...ASK]).back(1, { holdsMs: 5_000 })
    const [music, again] = told.hears
    expect(music).toMatchObject({ kind: 'play', urls: expect.arrayContaining(['https://s.test/hold.wav']) })
    // An answer that comes just when the reply goes out has no redirect, so the carrier asks again by itself.
    expect([music, again]).toEqual([
      expect.not.objectContaining({ forever: true }),
      { kind: 'continue', token: 'flow-2' },
    ])
    expect(told.live.heldUntilMs - told.now).toBe(MUSIC_HELD_MS)
  })

  test('is heard once; one to an earlier ask changes nothing', () => {
    const told = running([ASK[0], { id: 'r', type: 'queue_join', option: { queue_id: 'q2' } }])
    told.answer(1, { is: 'result', result: 'served' })
    expect(told.answer(1, { is: 'result', result: 'served' }).facts).toEqual([])
    expect(told.answer(7, { is: 'result', result: 'served' }).facts).toEqual([])
    expect(told.live.waiting).toMatchObject({ for: 'outside', ask: 2 })
  })

  test('that comes too late is not waited for, and whoever connects is told to let go', () => {
    const told = running(ASK)
    told.now += 10_000
    told.tell({ type: 'clock.struck' })
    expect(told.does).toContain('flow-leave')
    expect(told.hears).toMatchObject([{ kind: 'say', text: 'Sorry.' }, { kind: 'hang-up' }])
  })

  test('that was given up after the time of its policy fails the step', () => {
    const told = running(ASK).tell({ type: 'delivery.given-up', effect: 'flow-ask-neighbour', attempts: 9 })
    expect(told.facts.at(-1)).toMatchObject({ type: 'flow-ended', reason: 'failed' })
  })

  test('the carrier that asks in the meantime gets the same page, and nobody is asked twice', () => {
    const told = running(ASK)
    const before = told.hears
    expect([told.back(1).facts, told.back(1).effects, told.hears]).toEqual([[], [], before])
  })
})

test('A4.8: a flow that waits to be resumed is resumed from outside', () => {
  const told = running([
    { id: 'b', type: 'block', option: { stream_urls: ['https://s.test/hold.wav'] } },
    talk('t', 'on'),
  ])
  expect([told.hears[0]?.kind, told.does]).toEqual(['play', ['tell-desk']])
  expect(told.tell({ type: 'flow.resumed' }).does).toEqual(['redirect-call'])
  expect(told.hears[0]).toMatchObject({ text: 'on' })
  expect(told.tell({ type: 'flow.resumed' }).facts).toEqual([])
})

describe('detection', () => {
  const AMD = [{ id: 'd', type: 'amd' }, talk('t', 'a person')]

  test('a machine is hung up on, a person is talked with, and no verdict is a person', () => {
    const verdict = (word: string) => running(AMD, {}, 'beside').tell({ type: 'call.judged', verdict: word })
    expect(verdict('machine').hears).toMatchObject([{ kind: 'hang-up' }])
    expect(verdict('human').hears[0]).toMatchObject({ text: 'a person' })
    const silent = running(AMD, {}, 'beside')
    silent.now += 20_000
    expect(silent.tell({ type: 'clock.struck' }).hears[0]).toMatchObject({ text: 'a person' })
  })

  test('without detection nobody waits, and a verdict that was early counts', () => {
    expect(running(AMD).hears[0]).toMatchObject({ text: 'a person' })
    const early = running([talk('s', 'One moment.'), ...AMD], {}, 'beside').tell({
      type: 'call.judged',
      verdict: 'machine',
    })
    expect(early.back(1).hears).toMatchObject([{ kind: 'hang-up' }])
  })
})

describe('an AI agent', () => {
  const agent = { type: 'agent_talk', option: { agent_id: 'ai_1', version: 2, duration: 60_000 } }
  const steps = [{ id: 'g', type: 'ai_agent', option: { agent_id: 'ai_1' } }, talk('t', 'back in the flow')]

  test('has the call from the answer of the outside until it is done; then the flow goes on', () => {
    const told = running(steps).answer(1, { is: 'steps', actions: [agent] })
    expect(told.state.talk).toMatchObject({ agentId: 'ai_1', version: 2, stream: 1 })
    expect(told.hears).toMatchObject([{ kind: 'stream', stream: 1 }])
    expect(told.answer(1, { is: 'result', result: 'talked' }).does).toEqual(['redirect-call'])
    expect(told.hears[0]).toMatchObject({ text: 'back in the flow' })
  })

  test('a second one goes on with the numbers of the streams', () => {
    const told = running([steps[0], { ...steps[0], id: 'h' }]).answer(1, { is: 'steps', actions: [agent] })
    told.tell({ type: 'talk.stream-opened', stream: 1 }).answer(1, { is: 'result', result: 'talked' })
    expect(told.answer(2, { is: 'steps', actions: [agent] }).hears).toMatchObject([{ kind: 'stream', stream: 2 }])
  })

  test('its time is over', () => {
    const told = running(steps).answer(1, { is: 'steps', actions: [agent] })
    told.now += 60_000
    expect(told.tell({ type: 'clock.struck' }).hears[0]).toMatchObject({ text: 'back in the flow' })
  })
})

test('whoever takes the call away has it; whoever stops the flow ends the call', () => {
  const queue = [{ id: 'q', type: 'queue_join', option: { queue_id: 'q1' } }]
  const away = running(queue).tell({ type: 'flow.end-wanted', hangsUp: false })
  expect([away.does, away.state.flow]).toEqual([['flow-leave'], expect.objectContaining({ reason: 'taken-away' })])
  const stopped = running(queue).tell({ type: 'flow.end-wanted', hangsUp: true })
  expect([stopped.does, stopped.hears]).toEqual([['flow-leave', 'redirect-call'], [{ kind: 'hang-up' }]])
})

test('a step that is asked with keys that are none, or a token that is none, goes on with nothing', () => {
  const told = running([{ id: 'k', type: 'digits_receive', option: { length: 3 } }])
  expect(told.tell({ type: 'flow.asked', token: 'opt-out', digits: '9' }).facts).toEqual([])
  told.back(1, { digits: '1<x>2' })
  expect(told.facts).toContainEqual(expect.objectContaining({ type: 'flow-variable-set', personal: { value: '12' } }))
})

test('a flow whose variables are full goes on, and says which one it could not set', () => {
  const variables = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`v${n}`, 'x']))
  const told = running(
    [{ id: 's', type: 'variable_set', option: { key: 'more', value: 'x' } }, talk('t', 'on')],
    variables,
  )
  expect(told.facts).toContainEqual(expect.objectContaining({ type: 'flow-variable-refused', key: 'more' }))
  expect(told.hears[0]).toMatchObject({ text: 'on' })
})

describe('the state', () => {
  /** Ten lists of steps, 64 KiB of variables, a thousand counters: as large as it gets. */
  function largest(): Told {
    const gotos = Array.from({ length: 500 }, (_, n) => ({
      id: `g${n}`,
      type: 'goto',
      option: { target_id: 'wait', loop_count: 1 },
    }))
    const wait = { id: 'wait', type: 'fetch_flow', option: { flow_id: 'x', error_target_id: 'wait' } }
    const told = running([wait, ...gotos], { a: 'x'.repeat(32_000), b: 'x'.repeat(32_000) })
    for (let ask = 1; ask <= 9; ask += 1)
      told.answer(ask, { is: 'steps', actions: [{ ...wait, id: `w${ask}` }, ...gotos] })
    return told
  }

  test('is small but for its rows, and each row has the limit of a state', () => {
    const told = largest()
    expect(told.live.frames).toHaveLength(10)
    // A counter for each step that a running flow can count in all its lists.
    const counts = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [n, 1_000]))
    const full: CallState = {
      ...told.state,
      flow: { ...told.live, frames: told.live.frames.map(frame => ({ ...frame, counts })) },
    }
    expect(bytesOf(flowGrowing.rest(full))).toBeLessThan(SMALL_BYTES_MAX)
    for (const row of flowGrowing.rowsOf(full).values()) expect(bytesOf(row)).toBeLessThanOrEqual(64 * 1024)
  })

  test('is the same from its rows, while it runs and when it is over', () => {
    const stored = (state: CallState) => {
      const rows = JSON.parse(JSON.stringify([...flowGrowing.rowsOf(state)])) as [string, unknown][]
      return flowGrowing.whole(
        JSON.parse(JSON.stringify(flowGrowing.rest(state))) as CallState,
        new Map(rows.reverse()),
      )
    }
    const told = largest()
    expect(stored(told.state)).toEqual(told.state)
    told.tell({ type: 'flow.end-wanted', hangsUp: true })
    expect(stored(told.state)).toEqual(told.state)
    expect([flowGrowing.rowsOf(call.initial).size, flowGrowing.grows?.(call.initial)]).toEqual([0, false])
    // A call of an older release knows no flow.
    expect(flowGrowing.grows?.({} as CallState)).toBe(false)
  })

  test('a row that did not change is the same object, so it is not written again', () => {
    const told = running([talk('a', LONG), { id: 'c', type: 'digits_receive' }, talk('b', LONG)])
    const before = flowGrowing.rowsOf(told.state)
    told.back(1)
    const after = flowGrowing.rowsOf(told.state)
    expect([...after].filter(([key, row]) => before.get(key) !== row).map(([key]) => key)).toEqual(['page.2'])
  })

  test('has no more rows for pages than it keeps, and its pages are read from the rows of an older release', () => {
    const told = running([{ id: 'm', type: 'menu', option: { text: LONG, target_ids: { 1: 'm' } } }])
    for (let page = 1; page < 9; page += 1) told.back(page, { digits: '1' })
    const rows = flowGrowing.rowsOf(told.state)
    const isPage = ([key]: [string, unknown]) => key.startsWith('page.')
    expect([...rows].filter(isPage).map(([key]) => key)).toHaveLength(PAGES_KEPT)
    // They were named by their number once, which told the order as well.
    const old = new Map([...rows].map(([key, row]) => [isPage([key, row]) ? `page.${(row as Page).page}` : key, row]))
    expect(flowGrowing.whole(flowGrowing.rest(told.state), old)).toEqual(told.state)
  })

  test('has its small pages in the state and its large ones in rows, and is whole from both', () => {
    const told = running([{ id: 'm', type: 'menu', option: { text: 'One?', target_ids: { 1: 'm' } } }])
    const { flow } = flowGrowing.rest(told.state)
    expect([...flowGrowing.rowsOf(told.state).keys()].filter(key => key.startsWith('page.'))).toEqual([])
    expect(flow?.pages).toEqual(told.live.pages)
    const mixed = running([
      { id: 'm', type: 'menu', option: { text: 'One?', target_ids: { 1: 'l' } } },
      { id: 'l', type: 'menu', option: { text: LONG, target_ids: { 1: 'm' } } },
    ])
    for (let page = 1; page < 4; page += 1) mixed.back(page, { digits: '1' })
    const [rest, rows] = [flowGrowing.rest(mixed.state), flowGrowing.rowsOf(mixed.state)]
    expect(rest.flow?.pages.map(({ page }) => page)).toEqual([3])
    expect(flowGrowing.whole(rest, rows)).toEqual(mixed.state)
  })

  test('can be folded when the personal values of its facts are erased', () => {
    const told = running([talk('a', 'One.'), { id: 'k', type: 'digits_receive' }], { name: 'Ann' }).back(1, {
      digits: '1',
    })
    // The call's own facts keep theirs here; what they are without them is not this part's.
    const bare = told.all.map(fact =>
      isOf('flow', fact) ? ({ ...fact, personal: undefined } as unknown as CallFact) : fact,
    )
    expect(bare.reduce(call.evolve, call.initial).flow).toMatchObject({ phase: 'over', page: told.state.flow?.page })
  })

  test('whoever asks about the call gets where the flow is, without its large parts', () => {
    const told = largest()
    expect(knownCall(told.state).flow).toMatchObject({ phase: 'running', stepId: 'w9', version: 1, reason: null })
    expect(bytesOf(knownCall(told.state))).toBeLessThan(2_000)
  })
})
