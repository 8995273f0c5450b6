import type { TwimlNode } from '../twiml/document.ts'
import { resolveUrl } from './instructions.ts'
import type { Call, CallbackTarget, Far, Seat } from './world.ts'

/** Reading the attributes and nouns of `<Dial>`, with Twilio's defaults. */

const RING_SECONDS = 30
const TIME_LIMIT_SECONDS = 14_400
const NOUNS_MAX = 10
const PARTICIPANTS_MAX = 250

export interface Reached {
  to: string
  far: Far
  callerId: string
  parameters: Record<string, string>
  statusCallback: CallbackTarget | null
}

function isTrue(value: string | undefined, otherwise: boolean): boolean {
  return value === undefined ? otherwise : value.toLowerCase() === 'true'
}

function secondsOf(value: string | undefined, otherwise: number, max: number): number {
  const seconds = Number(value ?? otherwise)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, max) : otherwise
}

export interface DialSettings {
  ringLimitMs: number
  timeLimitMs: number
  answerOnBridge: boolean
  hangupOnStar: boolean
}

export function dialDefaults(verb: TwimlNode): DialSettings {
  const { attributes } = verb
  return {
    ringLimitMs: secondsOf(attributes.timeout, RING_SECONDS, 600) * 1_000,
    timeLimitMs: secondsOf(attributes.timeLimit, TIME_LIMIT_SECONDS, TIME_LIMIT_SECONDS) * 1_000,
    answerOnBridge: isTrue(attributes.answerOnBridge, false),
    hangupOnStar: isTrue(attributes.hangupOnStar, false),
  }
}

function callbackOf(call: Call, noun: TwimlNode, defaults: string): CallbackTarget | null {
  const { statusCallback, statusCallbackMethod, statusCallbackEvent } = noun.attributes
  const url = statusCallback === undefined ? null : resolveUrl(call, statusCallback)
  if (url === null) return null
  const events = (statusCallbackEvent ?? defaults).split(/[\s,]+/).filter(word => word !== '')
  return { url, method: statusCallbackMethod?.toUpperCase() === 'GET' ? 'GET' : 'POST', events }
}

/** The seat that `<Dial><Conference>` asks for, or null when this is another kind of `<Dial>`. */
export function readConference(call: Call, verb: TwimlNode): Seat | null {
  const noun = verb.children.find(child => child.name === 'Conference')
  if (noun === undefined || noun.text === '') return null
  const { attributes } = noun
  return {
    conferenceName: noun.text,
    label: attributes.participantLabel ?? null,
    muted: isTrue(attributes.muted, false),
    startOnEnter: isTrue(attributes.startConferenceOnEnter, true),
    endOnExit: isTrue(attributes.endConferenceOnExit, false),
    coaching: false,
    callSidToCoach: null,
    // beep may also be onEnter, onExit: this network beeps on enter only.
    beep: !['false', 'onexit'].includes((attributes.beep ?? 'true').toLowerCase()),
    waitUrl: attributes.waitUrl ?? null,
    participantsMax: secondsOf(attributes.maxParticipants, PARTICIPANTS_MAX, PARTICIPANTS_MAX),
    // Twilio sends nothing without statusCallbackEvent.
    statusCallback: callbackOf(call, noun, ''),
  }
}

export interface Problem {
  code: number
  message: string
}

function readClient(call: Call, noun: TwimlNode, callerId: string): Reached | null {
  const identity = noun.children.find(child => child.name === 'Identity')?.text ?? noun.text
  if (identity === '') return null
  const parameters: Record<string, string> = {}
  for (const child of noun.children) {
    const { name, value } = child.attributes
    if (child.name === 'Parameter' && name !== undefined) parameters[name] = value ?? ''
  }
  return {
    to: `client:${identity}`,
    far: { kind: 'client', identity },
    callerId,
    parameters,
    statusCallback: callbackOf(call, noun, 'completed'),
  }
}

/** Who is to be rung, in the document's order, and what Twilio would complain about. */
export function readTargets(
  call: Call,
  verb: TwimlNode,
  blockedPrefixes: readonly string[] = [],
): { targets: Reached[]; problem: Problem | null } {
  const callerId = verb.attributes.callerId ?? call.from
  const targets: Reached[] = []
  let problem: Problem | null = null
  const nouns: TwimlNode[] =
    verb.children.length > 0 ? verb.children : [{ name: 'Number', attributes: {}, text: verb.text, children: [] }]
  for (const noun of nouns) {
    if (targets.length >= NOUNS_MAX) {
      problem = { code: 13252, message: `more than ${NOUNS_MAX} nouns in <Dial>; the rest was not dialled` }
      break
    }
    if (noun.name === 'Client') {
      const target = readClient(call, noun, callerId)
      if (target) targets.push(target)
      else problem = { code: 13244, message: '<Client> without an identity' }
    } else if (noun.name === 'Number') {
      const to = noun.text.replace(/[\s().-]/g, '')
      if (!/^\+[1-9]\d{6,14}$/.test(to)) {
        problem = { code: 13223, message: `Dial: invalid phone number format: ${noun.text}` }
      } else if (/^\+1/.test(to) && to.length !== 12) {
        problem = { code: 13224, message: `Dial: Twilio does not support calling this number or it is invalid: ${to}` }
      } else if (blockedPrefixes.some(prefix => to.startsWith(prefix))) {
        problem = { code: 13227, message: `Dial: no international permission for ${to}` }
      } else if (callerId.startsWith('client:')) {
        problem = { code: 13214, message: `Dial: invalid callerId value: ${callerId}` }
      } else {
        const statusCallback = callbackOf(call, noun, 'completed')
        targets.push({ to, far: { kind: 'person', number: to }, callerId, parameters: {}, statusCallback })
      }
    }
  }
  return { targets, problem }
}
