import { ACT_MS_MIN, hearKeys, isPresentAct, nextAct, SENTENCE_MS_MAX } from './acting.ts'
import { pressAcross } from './digits.ts'
import { recordingsHear, recordingsHeard } from './recordings.ts'
import { relayBegan, relayDigits, relayHeard } from './relay.ts'
import { bridgedTo, otherEnd } from './runs.ts'
import { streamDigits } from './streams.ts'
import { transcribePerson } from './transcription.ts'
import { fact, intend, later, type Turn } from './turn.ts'
import { tellVerb } from './verbs/table.ts'
import type { Call } from './world.ts'

/**
 * Passes on the words and keys of a leg's far end: to the running verb first, then to relays, streams and
 * transcriptions. The words of a scripted person are known, so no speech recogniser is needed.
 */

/**
 * The person's own leg, the leg of a program that the person has reached through `<Dial><Application>`, and the call of
 * an own number that the person has reached.
 */
function heardOn(turn: Turn, call: Call): Call[] {
  const bridged = bridgedTo(turn, call)
  const lines = bridged.map(other => otherEnd(turn.world, other)).filter(other => other !== null)
  return [call, ...bridged.filter(other => other.far.kind === 'application'), ...lines]
}

/** A sentence has begun to sound; it lasts `ms`. */
export function sentenceStarted(turn: Turn, call: Call, token: number, ms: number): void {
  if (!isPresentAct(call, token)) return
  for (const leg of heardOn(turn, call)) hearStart(turn, leg)
  later(turn, Math.max(ACT_MS_MIN, Math.min(ms, SENTENCE_MS_MAX)), { kind: 'act.due', callSid: call.sid, token })
}

/** The person's present act is over. If it was a sentence, its words have now been heard. */
export function actEnded(turn: Turn, call: Call, token: number): void {
  if (!isPresentAct(call, token) || call.far.kind !== 'person') return
  const text = call.acting?.says ?? null
  if (text !== null) sentenceEnded(turn, call, text)
  nextAct(turn, call)
}

function sentenceEnded(turn: Turn, call: Call, text: string): void {
  fact(turn, { kind: 'person-fell-silent', callSid: call.sid, text })
  for (const leg of heardOn(turn, call)) hearSentence(turn, leg, text)
}

/** The far end of this leg has begun a sentence. */
export function hearStart(turn: Turn, leg: Call): void {
  recordingsHear(turn, leg)
  tellVerb(turn, leg, { kind: 'speech.began' })
  relayBegan(turn, leg)
}

/** The far end of this leg has said a sentence. */
export function hearSentence(turn: Turn, leg: Call, text: string): void {
  // The order decides which of them mishears: each recognition draws from the world's one source of chance.
  tellVerb(turn, leg, { kind: 'speech.ended', text })
  recordingsHeard(turn, leg, text)
  relayHeard(turn, leg, text)
  transcribePerson(turn, leg, text)
}

/** Whether the far end tells its keys beside its sound, as events or messages. */
function keysApart({ far }: Call): boolean {
  return far.kind === 'client' || far.kind === 'sip'
}

/** The far end has pressed keys. A running `<Gather>` or `<Record>` takes them; otherwise the bridged party hears them. */
export function takeDigits(turn: Turn, call: Call, digits: string): void {
  fact(turn, { kind: 'digits-pressed', callSid: call.sid, digits })
  streamDigits(turn, call, digits)
  relayDigits(turn, call, digits)
  if (tellVerb(turn, call, { kind: 'keys', digits })) return
  for (const other of bridgedTo(turn, call)) {
    hearKeys(turn, other, digits)
    // The keys of a browser or a SIP phone are not in its sound, so the network presses them for another one.
    if (keysApart(call) && keysApart(other)) {
      intend(turn, { do: 'play-digits', callSid: other.sid, digits })
    }
    pressAcross(turn, other, digits)
    if (other.far.kind === 'application') tellVerb(turn, other, { kind: 'keys', digits })
  }
}
