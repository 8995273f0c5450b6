import { personAt } from '../people/magic.ts'
import type { Act, Person } from '../people/script.ts'
import { digitsMs } from './digit-time.ts'
import { fact, intend, later, soon, type Turn } from './turn.ts'
import { type Acting, type Call, newToken, type World } from './world.ts'

/** The scripted person at the far end of a leg: says sentences, pauses, beeps, presses keys, hangs up. */

/** A longer sentence is cut, so that a faulty voice cannot block a person for ever. */
export const SENTENCE_MS_MAX = 300_000
const BEEP_MS = 500
/** An act takes at least one frame; otherwise a repeated script without duration would stop the clock. */
export const ACT_MS_MIN = 20

export function personOf(world: World, number: string): Person {
  return world.people.get(number) ?? personAt(number)
}

/** The person has answered and begins with the first act of the script. */
export function startActing(turn: Turn, call: Call): void {
  if (call.far.kind !== 'person') return
  const { script } = personOf(turn.world, call.far.number)
  call.acting = { acts: script.acts, cursor: 0, token: newToken(turn.world), says: null }
  if (script.noise > 0) intend(turn, { do: 'set-noise', callSid: call.sid, level: script.noise })
  if (script.hangUpMs !== null) later(turn, script.hangUpMs, { kind: 'person.hangs-up', callSid: call.sid })
  act(turn, call)
}

/** Have the next sentence synthesised in advance, while the phone rings or the present sentence is spoken. */
export function prepareWords(turn: Turn, call: Call): void {
  if (call.far.kind !== 'person') return
  const { script } = personOf(turn.world, call.far.number)
  const coming = call.acting === null ? script.acts : call.acting.acts.slice(call.acting.cursor + 1)
  const next = coming.find(one => 'say' in one)
  if (next && 'say' in next) {
    const { voice, speed } = script
    intend(turn, { do: 'prepare', callSid: call.sid, text: next.say, voice, speed })
  }
}

/** Begin the present act. The next one follows when the token of this one comes back. */
function act(turn: Turn, call: Call): void {
  if (call.acting === null || call.far.kind !== 'person') return
  const { script } = personOf(turn.world, call.far.number)
  const { acting } = call
  acting.token = newToken(turn.world)
  acting.says = null
  const next = acting.acts[acting.cursor]
  if (next === undefined) return
  const { token } = acting
  const callSid = call.sid
  if ('say' in next) {
    acting.says = next.say
    fact(turn, { kind: 'person-said', callSid, text: next.say })
    const { voice, speed } = script
    intend(turn, { do: 'speak', callSid, text: next.say, voice, speed, token })
    prepareWords(turn, call)
  } else if ('play' in next) intend(turn, { do: 'play-url', callSid, url: next.play, by: 'person', token })
  else if ('pauseMs' in next) {
    later(turn, Math.max(ACT_MS_MIN, next.pauseMs), { kind: 'act.due', callSid, token })
  } else if ('beep' in next) beep(turn, call, token)
  else if ('listen' in next) intend(turn, { do: 'listen', callSid, token, ...next.listen })
  else if ('press' in next) press(turn, call, next.press, token)
  else if ('menu' in next) later(turn, Math.max(ACT_MS_MIN, next.menu.waitMs), { kind: 'act.due', callSid, token })
  else soon(turn, { kind: 'person.hangs-up', callSid })
}

function beep(turn: Turn, call: Call, token: number): void {
  const callSid = call.sid
  fact(turn, { kind: 'person-beeped', callSid })
  const { script } = personOf(turn.world, call.far.kind === 'person' ? call.far.number : '')
  intend(turn, { do: 'speak-beep', callSid, token, fax: script.kind === 'fax' })
  later(turn, BEEP_MS, { kind: 'act.due', callSid, token })
  if (turn.world.hears) return
  if (call.detection?.mode === 'DetectMessageEnd' && call.answeredBy === null && script.amd === null) {
    later(turn, BEEP_MS, { kind: 'verdict.due', callSid, answeredBy: 'machine_end_beep' })
  }
}

/** A step of its own, because keys may change what the call does while the person is in the middle of an act. */
function press(turn: Turn, call: Call, keys: string, token: number): void {
  const callSid = call.sid
  intend(turn, { do: 'speak-digits', callSid, digits: keys })
  soon(turn, { kind: 'person.presses', callSid, digits: keys.replaceAll('w', '') })
  later(turn, Math.max(ACT_MS_MIN, digitsMs(keys)), { kind: 'act.due', callSid, token })
}

/** Whether a token that has come back is the present act's. An act that a key has cut short has another token. */
export function isPresentAct(call: Call, token: number): boolean {
  return call.acting?.token === token
}

/** The file that a person was to play could not be fetched: the next act follows. */
export function playFailed(turn: Turn, call: Call, token: number): void {
  if (call.acting?.token === token) later(turn, ACT_MS_MIN, { kind: 'act.due', callSid: call.sid, token })
}

export function nextAct(turn: Turn, call: Call): void {
  const { acting } = call
  if (acting === null || call.far.kind !== 'person') return
  const { script } = personOf(turn.world, call.far.number)
  acting.cursor += 1
  const over = acting.cursor >= acting.acts.length
  if (over && script.repeat && script.acts.length > 0) {
    acting.acts = script.acts
    acting.cursor = 0
  }
  act(turn, call)
}

/** The person hears keys. An IVR follows the branch of its menu; for anybody else keys have no meaning. */
export function hearKeys(turn: Turn, call: Call, keys: string): void {
  const { acting } = call
  if (acting === null) return
  for (const key of keys) {
    const menu = menuNow(acting)
    const branch = menu?.[key]
    if (branch === undefined) continue
    acting.acts = branch
    acting.cursor = 0
    intend(turn, { do: 'stop-speaking', callSid: call.sid })
    act(turn, call)
  }
}

/** Keys count from the sentence before the menu on, as in a real IVR: the menu may be the next act. */
function menuNow(acting: Acting): Record<string, Act[]> | null {
  for (const one of acting.acts.slice(acting.cursor, acting.cursor + 2)) if ('menu' in one) return one.menu.keys
  return null
}
