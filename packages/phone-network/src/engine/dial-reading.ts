import type { TwimlNode } from '../twiml/document.ts'
import { callbackOf, isTrue, secondsOf, targetOf } from './attributes.ts'
import { instructionsOf } from './book.ts'
import { farOf, hopsOf } from './make-call.ts'
import { readConferenceRecord } from './record-reading.ts'
import { isSipUri, sipFar } from './sip/sip-far.ts'
import type { Call, CallbackTarget, Detection, Far, Instructions, Seat, Target, World } from './world.ts'

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
  whisper: Target | null
  sendDigits: string
  detection: Detection | null
  /** of an application: its TwiML */
  instructions: Instructions | null
}

export interface DialSettings {
  ringLimitMs: number
  timeLimitMs: number
  answerOnBridge: boolean
  hangupOnStar: boolean
  sequential: boolean
}

export function dialDefaults(verb: TwimlNode): DialSettings {
  const { attributes } = verb
  return {
    ringLimitMs: secondsOf(attributes.timeout, RING_SECONDS, 600) * 1_000,
    timeLimitMs: secondsOf(attributes.timeLimit, TIME_LIMIT_SECONDS, TIME_LIMIT_SECONDS) * 1_000,
    answerOnBridge: isTrue(attributes.answerOnBridge, false),
    hangupOnStar: isTrue(attributes.hangupOnStar, false),
    sequential: isTrue(attributes.sequential, false),
  }
}

/** The seat in a conference that a `<Dial><Conference>` describes; null for another kind of `<Dial>`. */
export function readConference(call: Call, verb: TwimlNode): Seat | null {
  const noun = verb.children.find(child => child.name === 'Conference')
  if (noun === undefined || noun.text === '') return null
  const { attributes } = noun
  const beep = (attributes.beep ?? 'true').toLowerCase()
  const wait = attributes.waitUrl === '' ? null : targetOf(call, attributes.waitUrl, attributes.waitMethod)
  return {
    conferenceName: noun.text,
    label: attributes.participantLabel ?? null,
    muted: isTrue(attributes.muted, false),
    startOnEnter: isTrue(attributes.startConferenceOnEnter, true),
    endOnExit: isTrue(attributes.endConferenceOnExit, false),
    coaching: attributes.coach !== undefined && attributes.coach !== '',
    callSidToCoach: attributes.coach === undefined || attributes.coach === '' ? null : attributes.coach,
    beep: !['false', 'onexit'].includes(beep),
    beepOnExit: ['true', 'onexit'].includes(beep),
    waitUrl: attributes.waitUrl === '' ? '' : (wait?.url ?? null),
    waitMethod: wait?.method ?? 'POST',
    participantsMax: secondsOf(attributes.maxParticipants, PARTICIPANTS_MAX, PARTICIPANTS_MAX),
    // Twilio sends nothing without statusCallbackEvent.
    statusCallback: callbackOf(call, noun, ''),
    record: readConferenceRecord(call, noun),
  }
}

export interface Problem {
  code: number
  message: string
}

function readClient(call: Call, noun: TwimlNode, callerId: string): Reached | null {
  const identity = noun.children.find(child => child.name === 'Identity')?.text ?? noun.text
  if (identity === '') return null
  return {
    to: `client:${identity}`,
    far: { kind: 'client', identity },
    callerId,
    parameters: parametersOf(noun),
    ...calleeOf(call, noun),
  }
}

function parametersOf(noun: TwimlNode): Record<string, string> {
  const parameters: Record<string, string> = {}
  for (const child of noun.children) {
    const { name, value } = child.attributes
    if (child.name === 'Parameter' && name !== undefined) parameters[name] = value ?? ''
  }
  return parameters
}

const SEND_DIGITS = /^[0-9*#wWA-D]{1,32}$/

/** Attributes of `<Number>` and `<Client>` that concern the callee's leg. */
function calleeOf(call: Call, noun: TwimlNode) {
  const { url, method, sendDigits } = noun.attributes
  return {
    statusCallback: callbackOf(call, noun, 'completed'),
    whisper: targetOf(call, url, method),
    sendDigits: sendDigits !== undefined && SEND_DIGITS.test(sendDigits) ? sendDigits : '',
    detection: detectionOf(call, noun),
    instructions: null,
  }
}

function detectionOf(call: Call, noun: TwimlNode): Detection | null {
  const { attributes } = noun
  const mode = attributes.machineDetection
  if (mode !== 'Enable' && mode !== 'DetectMessageEnd') return null
  return {
    mode,
    // A dialled number is bridged at once, so the verdict comes later.
    async: true,
    callback: targetOf(call, attributes.amdStatusCallback, attributes.amdStatusCallbackMethod),
    limitMs: secondsOf(attributes.machineDetectionTimeout, 30, 59) * 1_000,
    silenceMs: secondsOf(attributes.machineDetectionSilenceTimeout, 5_000, 10_000),
    speechMs: secondsOf(attributes.machineDetectionSpeechThreshold, 2_400, 6_000),
    speechEndMs: secondsOf(attributes.machineDetectionSpeechEndThreshold, 1_200, 5_000),
  }
}

/** `<Application>`: its voice URL is asked with the parameters as fields. Null when it does not exist. */
function readApplication(world: World, call: Call, noun: TwimlNode, callerId: string): Reached | null {
  const sid = noun.children.find(child => child.name === 'ApplicationSid')?.text ?? noun.text
  const application = world.applications.get(sid)
  const instructions = application ? instructionsOf(application) : null
  if (instructions === null) return null
  return {
    to: isTrue(noun.attributes.copyParentTo, false) ? call.to : `app:${sid}`,
    far: { kind: 'application', applicationSid: sid },
    callerId,
    parameters: parametersOf(noun),
    ...calleeOf(call, noun),
    whisper: null,
    instructions,
  }
}

/** `<Dial><Queue>`: the queue's name and what its caller hears first. */
export function readQueue(call: Call, verb: TwimlNode): { name: string; whisper: Target | null } | null {
  const noun = verb.children.find(child => child.name === 'Queue')
  if (noun === undefined || noun.text === '') return null
  const { url, method } = noun.attributes
  return { name: noun.text, whisper: targetOf(call, url, method) }
}

/** Twilio's nouns whose destinations this network does not have. */
const ELSEWHERE = new Map([
  ['Sim', 'Super SIM'],
  ['WhatsApp', 'WhatsApp'],
  ['Conversation', 'Conversations'],
])

/** The parties to ring, in the document's order, and the last problem that Twilio would report. */
export function readTargets(
  world: World,
  call: Call,
  verb: TwimlNode,
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
    const read = readTarget(world, call, noun, callerId)
    if (read === null) continue
    if ('code' in read) problem = read
    else targets.push(read)
  }
  return { targets, problem }
}

function readTarget(world: World, call: Call, noun: TwimlNode, callerId: string): Reached | Problem | null {
  switch (noun.name) {
    case 'Client':
      return readClient(call, noun, callerId) ?? { code: 13244, message: '<Client> without an identity' }
    case 'Application':
      return (
        readApplication(world, call, noun, callerId) ?? { code: 21218, message: '<Application> that does not exist' }
      )
    case 'Sip':
      return readSip(world, call, noun, callerId)
    case 'Number':
      return readNumber(world, call, noun, callerId)
    default:
      return ELSEWHERE.has(noun.name)
        ? { code: 13201, message: `Dial: cannot dial out to ${ELSEWHERE.get(noun.name)} from the phone network` }
        : null
  }
}

/** `<Sip>`: a phone that is registered at a domain, or anything that answers at a URI of this machine. */
function readSip(world: World, call: Call, noun: TwimlNode, callerId: string): Reached | Problem {
  const { text: to } = noun
  if (!isSipUri(to)) return { code: 13243, message: `Dial->SIP: Invalid SIP URI: ${to}` }
  if (!world.sip.listens && !world.people.has(to)) {
    return { code: 13201, message: 'Dial: cannot dial out to SIP from the phone network' }
  }
  const far = farOf(world, to)
  const { username = null, password = null } = noun.attributes
  return {
    to,
    far: far.kind === 'sip' ? sipFar(to, username, password) : far,
    callerId,
    parameters: {},
    ...calleeOf(call, noun),
  }
}

function readNumber(world: World, call: Call, noun: TwimlNode, callerId: string): Reached | Problem {
  const to = noun.text.replace(/[\s().-]/g, '')
  if (!/^\+[1-9]\d{6,14}$/.test(to)) {
    return { code: 13223, message: `Dial: invalid phone number format: ${noun.text}` }
  }
  if (/^\+1/.test(to) && to.length !== 12) {
    return { code: 13224, message: `Dial: Twilio does not support calling this number or it is invalid: ${to}` }
  }
  if (world.account.blockedPrefixes.some(prefix => to.startsWith(prefix))) {
    return { code: 13227, message: `Dial: no international permission for ${to}` }
  }
  if (callerId.startsWith('client:')) return { code: 13214, message: `Dial: invalid callerId value: ${callerId}` }
  return { to, far: farOf(world, to, hopsOf(call) + 1), callerId, parameters: {}, ...calleeOf(call, noun) }
}
