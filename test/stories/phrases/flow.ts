/**
 * The language of stories about flows. A story gives its steps line by line and then either feeds the machine input by input, as every
 * story does, or plays the whole call in virtual time (`play`), which prints what the caller and the outside would see.
 */
import { call } from '../../../src/core/call/call.ts'
import { instructionsFor } from '../../../src/core/call/instruction.ts'
import type { CallEffect, CallFact, CallInput, CallLinks, CallState, DialEnd } from '../../../src/core/call/state.ts'
import { checkFlow } from '../../../src/core/flow/check.ts'
import { playScenario } from '../../../src/core/flow/scenario/scenario.ts'
import type { CallerAct, Line, OutsideAct } from '../../../src/core/flow/scenario/words.ts'
import type { Instruction } from '../../../src/core/instruction/instruction.ts'
import type { Tongue } from '../tell.ts'

const CALL_ID = 'w_demo.call_1'
const SPOKEN = { safeHarbour: [], voicemail: [], apology: '', music: '' }

/** What the lines of one story have said so far. */
interface Told {
  steps: object[]
  flows: Record<string, object[]>
  caller: CallerAct[]
  outside: OutsideAct[]
  at: number | undefined
  hangsUpAtMs: number | null
  outgoing: boolean
}

export function flowTongue(): Tongue<CallState, CallInput, CallFact, CallEffect> {
  const told: Told = {
    ...{ steps: [], flows: {}, caller: [], outside: [], at: undefined, hangsUpAtMs: null, outgoing: false },
  }
  return { machine: call, phrases: [...given(told), ...machinePhrases(told)] }
}

type Phrases = Tongue<CallState, CallInput, CallFact, CallEffect>['phrases']

/** Lines that only say what there is. */
function given(told: Told): Phrases {
  const silently = (pattern: RegExp, note: (words: string[]) => void) => ({
    pattern,
    ask: (words: string[]) => {
      note(words)
      return []
    },
  })
  return [
    silently(/^step (\S+): (\w+)(?: (\{.*\}))?(?: then (\S+))?$/, words => told.steps.push(stepOf(words))),
    silently(/^flow (\S+), step (\S+): (\w+)(?: (\{.*\}))?(?: then (\S+))?$/, ([flow = '', ...words]) => {
      told.flows[flow] = [...(told.flows[flow] ?? []), stepOf(words)]
    }),
    silently(/^the caller presses (\S+)(?: after ([\d.]+)s)?( early)?$/, ([keys = '', after, early]) =>
      told.caller.push({
        keys,
        ...(after ? { afterMs: Number(after) * 1_000 } : {}),
        ...(early ? { early: true as const } : {}),
      }),
    ),
    silently(/^the caller is silent$/, () => told.caller.push({ silent: true })),
    silently(/^the caller speaks for ([\d.]+)s$/, ([s]) => told.caller.push({ speaksMs: Number(s) * 1_000 })),
    silently(/^the caller hangs up after ([\d.]+)s$/, ([s]) => {
      told.hangsUpAtMs = Number(s) * 1_000
    }),
    silently(/^the caller leaves the room after ([\d.]+)s$/, ([s]) =>
      told.caller.push({ leavesAfterMs: Number(s) * 1_000 }),
    ),
    silently(/^the party is (busy|no-answer|failed|completed)$/, ([end]) =>
      told.outside.push({ verb: 'dial', end: end as DialEnd['status'] }),
    ),
    // The last word about a verb counts.
    silently(/^(\w+) never answers$/, ([verb = '']) => told.outside.unshift({ verb, never: true })),
    silently(/^(\w+) answers (\{.*\})$/, ([verb = '', json = '']) =>
      told.outside.unshift({ verb, answer: JSON.parse(json) }),
    ),
    silently(/^it is (\S+Z)$/, ([at = '']) => {
      told.at = Date.parse(at)
    }),
    silently(/^we place the call$/, () => {
      told.outgoing = true
    }),
    {
      pattern: /^play( in short)?$/,
      ask: ([short]) => played(told, short !== ''),
    },
  ]
}

function stepOf([id = '', type = '', option = '', next = '']: string[]): object {
  return {
    id,
    type,
    ...(option === '' ? {} : { option: JSON.parse(option) as object }),
    ...(next === '' ? {} : { next_id: next }),
  }
}

function played({ steps, flows, caller, outside, at, hangsUpAtMs, outgoing }: Told, short: boolean): string[] {
  const { transcript, failed } = playScenario(steps, {
    ...{ flows, caller, outside, hangsUpAtMs, expect: [{ endsWithinMs: 24 * 3_600_000 }] },
    ...(at === undefined ? {} : { at }),
    ...(outgoing ? { direction: 'outgoing' as const } : {}),
  })
  const lines = failed === null ? transcript.map(lineOf) : [failed.because]
  if (!short) return lines
  const entered = transcript.filter(({ kind }) => kind === 'step').length
  return [`${entered} steps`, ...lines.slice(-6)]
}

function lineOf({ atMs, kind, words }: Line): string {
  return `${(atMs / 1_000).toFixed(1).padStart(7)}s ${kind.padEnd(7)} ${words}`
}

const LINKS: CallLinks = {
  ...{ kind: 'inbound', batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null },
}
const PARTY = { to: '+15550100', from: '+15550101', name: '' }

/** Lines that are inputs of the machine, or look at what the caller hears. */
function machinePhrases(told: Told): Phrases {
  return [
    {
      pattern: /^a call comes in$/,
      input: (_, at) => ({ type: 'call.received', at, links: LINKS, party: PARTY, providerId: 'CA1', flow: true }),
    },
    {
      pattern: /^the flow is given to it$/,
      input: (_, at) => {
        const { errors, actions } = checkFlow(told.steps, { call: true })
        if (errors[0]) throw new Error(`the flow of this story is wrong: ${JSON.stringify(errors[0])}`)
        const known = { activeflowId: 'af1', flowId: 'f1', version: 3, apology: 'Sorry.', language: 'en-US' }
        const order = { ...known, actions, variables: {}, system: {}, soundsUrl: 'https://sounds.test' }
        return { type: 'flow.begin', at, order }
      },
    },
    {
      pattern: /^the carrier is back from page (\d+)(?: with keys (\S+))?(?: and waits ([\d.]+)s)?$/,
      input: ([page, digits, waits], at) => ({
        ...{ type: 'flow.asked', at, token: `flow-${page}`, digits: digits ?? '' },
        ...(waits ? { holdsMs: Number(waits) * 1_000 } : {}),
      }),
    },
    { pattern: /^the carrier asks anew$/, input: (_, at) => ({ type: 'flow.asked', at, token: null }) },
    {
      pattern: /^ask (\d+) is answered: (\{.*\})$/,
      input: ([ask, json = ''], at) => ({ type: 'flow.answered', at, ask: Number(ask), answer: JSON.parse(json) }),
    },
    {
      pattern: /^the party that was rung is (\S+)$/,
      input: ([status], at) => ({
        ...{ type: 'flow.dialed', at, end: { status: status as DialEnd['status'], talkedMs: null } },
      }),
    },
    { pattern: /^the clock strikes$/, input: (_, at) => ({ type: 'clock.struck', at }) },
    {
      pattern: /^CA1 is ([a-z-]+)$/,
      input: ([status], at) => ({ type: 'call.reported', at, providerId: 'CA1', status: status as 'completed' }),
    },
    {
      pattern: /^the caller hears(?: after page (\d+))?$/,
      ask: ([page], state) =>
        instructionsFor(state, CALL_ID, SPOKEN, page ? `flow-${page}` : null).map(one => `hears ${shown(one)}`),
    },
  ]
}

function shown({ kind, ...rest }: Instruction): string {
  return `${kind} ${JSON.stringify(rest)}`
}
