import { personAt } from '../people/magic.ts'
import type { Person } from '../people/script.ts'
import { fact, intend, later, soon, type Turn } from './turn.ts'
import { type Call, newToken, type World } from './world.ts'

/** What the pretend person on a leg does: says its sentences, pauses, beeps, hangs up. */

/** Sentences whose sound is longer than this are cut, so that a broken voice cannot hold a person for ever. */
const SENTENCE_MS_MAX = 300_000
const BEEP_MS = 500
/** An act takes at least one frame, so that a person who repeats an empty script does not stop the clock. */
const ACT_MS_MIN = 20

export function personOf(world: World, number: string): Person {
  return world.people.get(number) ?? personAt(number)
}

/** The person has the phone at the ear. */
export function startActing(turn: Turn, call: Call): void {
  if (call.far.kind !== 'person') return
  const { script } = personOf(turn.world, call.far.number)
  call.acting = { cursor: 0, token: newToken(turn.world), says: null }
  if (script.hangUpMs !== null) later(turn, script.hangUpMs, { kind: 'person.hangs-up', callSid: call.sid })
  act(turn, call)
}

/** The next sentence is made while the phone rings, or while the one before is being said. */
export function prepareWords(turn: Turn, call: Call): void {
  if (call.far.kind !== 'person') return
  const { script } = personOf(turn.world, call.far.number)
  const from = call.acting === null ? 0 : call.acting.cursor + 1
  for (const coming of script.acts.slice(from)) {
    if (!('say' in coming)) continue
    intend(turn, { do: 'prepare', callSid: call.sid, text: coming.say, voice: script.voice })
    return
  }
}

/** The present act; the next one follows when its token comes back. */
function act(turn: Turn, call: Call): void {
  if (call.acting === null || call.far.kind !== 'person') return
  const { script } = personOf(turn.world, call.far.number)
  const { acting } = call
  acting.token = newToken(turn.world)
  acting.says = null
  const next = script.acts[acting.cursor]
  if (next === undefined) return
  const { token } = acting
  if ('say' in next) {
    acting.says = next.say
    fact(turn, { kind: 'person-said', callSid: call.sid, text: next.say })
    intend(turn, { do: 'speak', callSid: call.sid, text: next.say, voice: script.voice, token })
    prepareWords(turn, call)
  } else if ('pauseMs' in next) {
    later(turn, Math.max(ACT_MS_MIN, next.pauseMs), { kind: 'act.due', callSid: call.sid, token })
  } else if ('beep' in next) {
    fact(turn, { kind: 'person-beeped', callSid: call.sid })
    intend(turn, { do: 'speak-beep', callSid: call.sid, token })
    later(turn, BEEP_MS, { kind: 'act.due', callSid: call.sid, token })
    if (call.detection?.mode === 'DetectMessageEnd' && call.answeredBy === null && script.amd === null) {
      later(turn, BEEP_MS, { kind: 'verdict.due', callSid: call.sid, answeredBy: 'machine_end_beep' })
    }
  } else soon(turn, { kind: 'person.hangs-up', callSid: call.sid })
}

/** A sentence has begun; it lasts `ms`. */
export function sentenceStarted(turn: Turn, call: Call, token: number, ms: number): void {
  if (call.acting?.token !== token) return
  later(turn, Math.max(ACT_MS_MIN, Math.min(ms, SENTENCE_MS_MAX)), { kind: 'act.due', callSid: call.sid, token })
}

export function nextAct(turn: Turn, call: Call, token: number): void {
  const { acting } = call
  if (acting === null || acting.token !== token || call.far.kind !== 'person') return
  const { script } = personOf(turn.world, call.far.number)
  acting.cursor += 1
  if (acting.cursor >= script.acts.length && script.repeat && script.acts.length > 0) acting.cursor = 0
  act(turn, call)
}
