import type { TwimlNode } from '../../twiml/document.ts'
import { isTrue, methodOf, resolveUrl, secondsOf, targetOf } from '../attributes.ts'
import { proceed } from '../proceed.ts'
import { recognise } from '../recogniser.ts'
import { openCall } from '../ringing.ts'
import { enter, leaveKind } from '../runs.ts'
import { alert, fact, intend, later, soon, type Turn } from '../turn.ts'
import { voiceFields } from '../webhook-fields.ts'
import { type Call, type Gather, newToken } from '../world.ts'
import type { Verb } from './verb.ts'

/** `<Gather>`: keys and words. Defaults: https://www.twilio.com/docs/voice/twiml/gather */

const TIMEOUT_SECONDS = 5
const TIMEOUT_SECONDS_MAX = 600
const SPEECH_SECONDS_MAX = 60
const DIGITS_MAX = 1_024
const WORDS_MAX = 100
/** `speechTimeout="auto"`: silence after a sentence that ends the input. */
const AUTO_SILENCE_MS = 800
const PROMPTS = new Set(['Say', 'Play', 'Pause'])

function start(turn: Turn, call: Call, verb: TwimlNode): void {
  openCall(turn, call)
  const running = readGather(turn, call, verb)
  call.doing = { what: 'gathering', gather: running }
  const prompts = verb.children.filter(child => PROMPTS.has(child.name))
  for (const child of verb.children) {
    if (!PROMPTS.has(child.name)) alert(turn, call, 13331, `<${child.name}> is not allowed inside <Gather>`)
  }
  if (prompts.length === 0 || !enter(call, 'prompt')) return promptsOver(turn, call, running)
  call.verbs = prompts
  soon(turn, { kind: 'verb.due', callSid: call.sid })
}

function readGather(turn: Turn, call: Call, verb: TwimlNode): Gather {
  const { attributes } = verb
  const input = (attributes.input ?? 'dtmf').split(/[\s,]+/)
  const numDigits = Number(attributes.numDigits)
  const timeoutMs = secondsOf(attributes.timeout, TIMEOUT_SECONDS, TIMEOUT_SECONDS_MAX) * 1_000
  const auto = attributes.speechTimeout === undefined || attributes.speechTimeout === 'auto'
  return {
    digits: '',
    words: [],
    dtmf: input.includes('dtmf'),
    speech: input.includes('speech'),
    action: targetOf(call, attributes.action ?? '', attributes.method) ?? {
      url: resolveUrl(call, '') ?? '',
      method: methodOf(attributes.method),
    },
    finishOnKey: attributes.finishOnKey ?? '#',
    numDigits: Number.isInteger(numDigits) && numDigits > 0 ? numDigits : null,
    timeoutMs,
    speechTimeoutMs: auto ? null : secondsOf(attributes.speechTimeout, 1, SPEECH_SECONDS_MAX) * 1_000,
    actionOnEmpty: isTrue(attributes.actionOnEmptyResult, false),
    bargeIn: isTrue(attributes.bargeIn, true),
    partial: targetOf(call, attributes.partialResultCallback, attributes.partialResultCallbackMethod),
    partials: 0,
    listening: false,
    token: newToken(turn.world),
  }
}

/** The prompts have been heard; from now on silence counts. */
function promptsOver(turn: Turn, call: Call, gather: Gather): void {
  if (gather.listening) return
  gather.listening = true
  // Somebody who has begun to talk during the prompts is heard to the end of the sentence.
  if (gather.words.length === 0) arm(turn, call, gather, gather.timeoutMs)
}

function arm(turn: Turn, call: Call, gather: Gather, ms: number): void {
  gather.token = newToken(turn.world)
  later(turn, ms, { kind: 'gather.over', callSid: call.sid, token: gather.token })
}

/** Somebody has begun to answer, and the prompts stop. */
function bargeIn(turn: Turn, call: Call, gather: Gather): void {
  if (!leaveKind(call, 'prompt')) return
  intend(turn, { do: 'stop-playing', callSid: call.sid })
  gather.listening = true
}

/** Keys pressed at the far end. False when this `<Gather>` does not want keys, or not yet. */
function takeKeys(turn: Turn, call: Call, gather: Gather, digits: string): boolean {
  if (!gather.dtmf || !(gather.listening || gather.bargeIn)) return false
  bargeIn(turn, call, gather)
  for (const digit of digits) {
    if (gather.finishOnKey.includes(digit)) {
      finish(turn, call, gather, digit)
      return true
    }
    gather.digits += digit
    if (gather.digits.length >= (gather.numDigits ?? DIGITS_MAX)) {
      finish(turn, call, gather, '')
      return true
    }
  }
  arm(turn, call, gather, gather.timeoutMs)
  return true
}

/** The person begins to speak. No timer ends the input until the sentence is over. */
function speechBegan(turn: Turn, call: Call, gather: Gather): void {
  if (!gather.speech || !(gather.listening || gather.bargeIn)) return
  bargeIn(turn, call, gather)
  gather.token = newToken(turn.world)
}

/** The person has said a sentence. */
function speechEnded(turn: Turn, call: Call, gather: Gather, text: string): void {
  if (!gather.speech || !gather.listening || gather.words.length >= WORDS_MAX) return
  gather.words.push(recognise(turn.world, text).text)
  if (gather.partial !== null) {
    intend(turn, {
      do: 'notify',
      webhook: 'partial',
      lane: `partial ${call.sid}`,
      callSid: call.sid,
      target: gather.partial,
      fields: {
        ...voiceFields(turn.world, call),
        UnstableSpeechResult: gather.words.join(' '),
        StableSpeechResult: '',
        Stability: '0.9',
        SequenceNumber: String(gather.partials),
      },
    })
    gather.partials += 1
  }
  arm(turn, call, gather, gather.speechTimeoutMs ?? AUTO_SILENCE_MS)
}

function finish(turn: Turn, call: Call, gather: Gather, finishedOnKey: string): void {
  const words = gather.words.join(' ')
  fact(turn, { kind: 'gathered', callSid: call.sid, digits: gather.digits, words })
  if (gather.digits === '' && words === '' && !gather.actionOnEmpty) return proceed(turn, call)
  // Keys win over words: https://www.twilio.com/docs/voice/twiml/gather#input
  const spoken = words !== '' && gather.digits === ''
  proceed(
    turn,
    call,
    gather.action,
    spoken
      ? { SpeechResult: words, Confidence: String(recognise(turn.world, words).confidence) }
      : { Digits: gather.digits, FinishedOnKey: finishedOnKey },
  )
}

export const gather: Verb = {
  start,
  input(turn, call, doing, told) {
    if (doing.what !== 'gathering') return false
    const running = doing.gather
    switch (told.kind) {
      case 'keys':
        return takeKeys(turn, call, running, told.digits)
      case 'speech.began':
        speechBegan(turn, call, running)
        return true
      case 'speech.ended':
        speechEnded(turn, call, running, told.text)
        return true
      case 'prompts.over':
        promptsOver(turn, call, running)
        return true
      case 'gather.over':
        // Nothing more has come in time.
        if (running.token === told.token) finish(turn, call, running, '')
        return true
      default:
        return false
    }
  },
}
