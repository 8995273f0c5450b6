/**
 * A test call: what the person has done so far is played from the beginning after each act, in virtual time. Where the flow waits for
 * the caller and nothing was done yet, the play stops and the person is asked.
 */
import { playScenario } from '../../../core/flow/scenario/scenario.ts'
import type { CallerAct, Line, OutsideAct } from '../../../core/flow/scenario/words.ts'
import type { VerbName } from '../../../core/flow/verbs/table.ts'
import { verbName } from '../../../core/flow/verbs/table.ts'
import type { Step } from './steps.ts'

export interface TestSettings {
  at: number
  /** what becomes of whoever is rung, and of a place in a queue */
  others: 'answer' | 'no-answer' | 'busy'
  /** what `fetch_flow` finds, by id */
  flows: Readonly<Record<string, readonly Step[]>>
}

export interface TestRun {
  lines: readonly Line[]
  /** what is waited for; null: the call is over */
  waitsFor: 'keys' | 'message' | 'other' | null
  /** one key is enough */
  oneKey: boolean
  /** why nothing could be played */
  because: string | null
}

/** The verb at which the flow waits tells what the person may do. */
const LISTENS: Partial<Record<VerbName, TestRun['waitsFor']>> = {
  menu: 'keys',
  digits_receive: 'keys',
  consent: 'keys',
  callback_offer: 'keys',
  voicemail: 'message',
}
function listensFor(step: Step): TestRun['waitsFor'] | undefined {
  const verb = verbName(step.type)
  return verb === null ? undefined : LISTENS[verb]
}
/** A flow rings or queues a caller a few times at most. */
const OTHERS_MAX = 20
const STOP: CallerAct = { hangsUpAfterMs: 0 }

export function playTest(steps: readonly Step[], acts: readonly CallerAct[], settings: TestSettings): TestRun {
  const hasHungUp = acts.some(one => 'hangsUpAfterMs' in one)
  const caller = hasHungUp ? acts : [...acts, STOP]
  const draft = { caller, at: settings.at, outside: othersOf(settings.others), flows: settings.flows, expect: [] }
  const { transcript, failed } = playScenario(steps, draft)
  if (failed !== null) return { lines: [], waitsFor: null, oneKey: false, because: failed.because }
  const stopped = hasHungUp ? -1 : transcript.findIndex(one => one.kind === 'does' && one.words === HANGS_UP)
  if (stopped < 0) return { lines: transcript, waitsFor: null, oneKey: false, because: null }
  const lines = transcript.slice(0, stopped)
  const at = lines.findLast(one => one.kind === 'step')?.words
  // The step may be one of a flow that this one has fetched.
  const all = [steps, ...Object.values(settings.flows)].flat()
  const listening = all.filter(one => one.id === at && listensFor(one) !== undefined)
  const [step] = listening
  const waitsFor = (step === undefined ? undefined : listensFor(step)) ?? 'other'
  const oneKey = waitsFor === 'keys' && isOne(step?.option.length)
  return { lines, waitsFor, oneKey, because: null }
}
const HANGS_UP = 'the caller hangs up'

/** Menus and questions take one key where they say nothing else. */
function isOne(length: unknown): boolean {
  return length === undefined || length === 1
}

function othersOf(others: TestSettings['others']): OutsideAct[] {
  if (others === 'answer') return []
  const one: OutsideAct[] = [
    { verb: 'dial', end: others },
    { verb: 'queue_join', answer: { is: 'result', result: 'timed-out' } },
  ]
  return Array.from({ length: OTHERS_MAX }, () => one).flat()
}
