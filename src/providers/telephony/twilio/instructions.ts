/** Renders instructions as TwiML, as a pure function. The library's builder escapes all texts. */
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js'
import { phoneName } from '../../../core/ids.ts'
import type { Instruction, Instructions, Party } from '../../../core/instruction/instruction.ts'
import { unreachable } from '../../../core/machine.ts'
import type { TwilioAccount } from '../port.ts'
import { type CallUrls, callUrls, conferenceUrl, mediaUrl } from './callback-urls.ts'
import { participantLabel } from './participant-label.ts'

/** The addresses that a document names. */
export interface DocumentUrls extends CallUrls {
  conference(room: string): string
  /** where the stream of this document connects; empty: it has none */
  media: string
}

type Of<K extends Instruction['kind']> = Extract<Instruction, { kind: K }>

/** Makes the document for one call, with its callback URLs. `media` needs a token made with the account's key. */
export async function documentFor(account: TwilioAccount, callId: string, instructions: Instructions): Promise<string> {
  const stream = instructions.find((one): one is Of<'stream'> => one.kind === 'stream')
  return twimlOf(instructions, {
    ...callUrls(account, callId),
    conference: room => conferenceUrl(account, room),
    media: stream === undefined ? '' : await mediaUrl(account, callId, stream.stream),
  })
}

export function twimlOf(instructions: Instructions, urls: DocumentUrls): string {
  const known = frequent(instructions, urls)
  if (known !== null) return known
  const response = new VoiceResponse()
  for (const one of instructions) add(response, one, urls)
  return response.toString()
}

/**
 * The two answers of a race. The library builds each document once, and the escaped values are inserted into it, because
 * building it each time cost as much as the race itself (profile of the race bench).
 */
function frequent(instructions: Instructions, urls: DocumentUrls): string | null {
  const [first, second] = instructions
  if (first?.kind === 'join-room' && instructions.length === 1) {
    roomParts ??= placesIn(roomDocument())
    return filled(roomParts, [participantLabel(first.callId, first.role), urls.conference(first.room), first.room])
  }
  const spoken = first?.kind === 'say' && first.language === undefined && first.voice === undefined
  if (spoken && second?.kind === 'hang-up' && instructions.length === 2) {
    sayParts ??= placesIn(sayDocument())
    return filled(sayParts, [first.text])
  }
  return null
}

let roomParts: string[] | undefined
let sayParts: string[] | undefined

function placesIn(document: string): string[] {
  return document.split(/place-\d/)
}

function filled(parts: string[], values: string[]): string {
  return parts.map((part, index) => `${part}${escapeXml(values[index] ?? '')}`).join('')
}

function sayDocument(): string {
  const response = new VoiceResponse()
  response.say('place-1')
  response.hangup()
  return response.toString()
}

function roomDocument(): string {
  const response = new VoiceResponse()
  addRoom(response, 'place-1', 'place-2', 'place-3')
  return response.toString()
}

/** The room has no beep and no waiting music, and it does not end when a participant leaves. */
function addRoom(response: VoiceResponse, label: string, statusCallback: string, room: string): void {
  response.dial().conference(
    {
      participantLabel: label,
      beep: 'false',
      waitUrl: '',
      startConferenceOnEnter: true,
      endConferenceOnExit: false,
      jitterBufferSize: 'small',
      statusCallback,
      statusCallbackEvent: ['start', 'end', 'join', 'leave', 'mute', 'hold'],
    },
    room,
  )
}

const XML_NAMES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, letter => XML_NAMES[letter] ?? letter)
}

/** Sound can be a child of a document or of a `<Gather>`. */
type Spoken = Pick<VoiceResponse, 'say' | 'play'>

function add(response: VoiceResponse, one: Instruction, urls: DocumentUrls): void {
  switch (one.kind) {
    case 'wait':
      return void response.pause({ length: Math.max(1, Math.round(one.ms / 1000)) })
    case 'answer':
      // Nothing to add: Twilio answers the call when it performs the first verb that needs an answer.
      return
    case 'say':
    case 'play':
      return addSound(response, one)
    case 'gather':
      return addGather(response, one, urls)
    case 'record':
      return void response.record({
        action: stepUrl(urls, one.token),
        maxLength: Math.ceil(one.atMostMs / 1000),
        timeout: Math.ceil(one.silenceMs / 1000),
        playBeep: one.beep,
        recordingStatusCallback: urls.recording,
      })
    case 'join-room':
      return addRoom(response, participantLabel(one.callId, one.role), urls.conference(one.room), one.room)
    case 'enqueue':
      return void response.enqueue({ action: urls.dialEnded }, one.queue)
    case 'dial':
      return addDial(response, one, urls)
    case 'stream':
      return addStream(response, one, urls)
    case 'refer':
      response.refer().sip(one.to)
      return
    case 'reject':
      return void response.reject({ reason: one.reason === 'busy' ? 'busy' : 'rejected' })
    case 'hang-up':
      return void response.hangup()
    case 'continue':
      return void response.redirect(stepUrl(urls, one.token))
    default:
      return unreachable(one)
  }
}

/** The URL that the carrier requests after a step, with the token of that step. */
function stepUrl(urls: DocumentUrls, token: string): string {
  return `${urls.answer}?step=${encodeURIComponent(token.toWellFormed())}`
}

function addSound(to: Spoken, one: Of<'say' | 'play'>): void {
  if (one.kind === 'play') {
    for (const url of one.urls) to.play(one.forever ? { loop: 0 } : {}, url)
    return
  }
  const { text, language, voice } = one
  to.say({ ...(language ? { language } : {}), ...(voice ? { voice } : {}) } as Parameters<Spoken['say']>[0], text)
}

function addGather(response: VoiceResponse, one: Of<'gather'>, urls: DocumentUrls): void {
  const { digits, speech, untilMs, token } = one
  const input = [...(digits ? ['dtmf' as const] : []), ...(speech ? ['speech' as const] : [])]
  const gather = response.gather({
    input,
    action: stepUrl(urls, token),
    timeout: Math.ceil(untilMs / 1000),
    actionOnEmptyResult: true,
    ...(digits ? { numDigits: digits.most, finishOnKey: digits.endKey ?? '' } : {}),
    ...(speech ? { speechTimeout: 'auto', language: speech.language as never } : {}),
  })
  for (const sound of one.prompt) addSound(gather, sound)
}

/** Several parties ring at once; the first that answers gets the call. */
function addDial(response: VoiceResponse, one: Of<'dial'>, urls: DocumentUrls): void {
  const dial = response.dial({
    callerId: one.from,
    answerOnBridge: true,
    timeout: Math.round(one.ringMs / 1000),
    action: urls.dialEnded,
    ...(one.record ? { record: 'record-from-answer' as const, recordingStatusCallback: urls.recording } : {}),
  })
  for (const party of one.parties) addParty(dial, party, urls)
}

function addParty(dial: ReturnType<VoiceResponse['dial']>, party: Party, urls: DocumentUrls): void {
  switch (party.kind) {
    case 'number':
      return void dial.number(party.number)
    case 'sip':
      return void dial.sip(party.uri)
    case 'desk': {
      const client = dial.client({ statusCallback: urls.clientStatus, statusCallbackEvent: ['answered', 'completed'] })
      client.identity(phoneName(party.deskId))
      client.parameter({ name: 'callId', value: party.callId })
      client.parameter({ name: 'outbound', value: 'false' })
      return
    }
    default:
      return unreachable(party)
  }
}

/**
 * `<Connect><Stream>` carries sound in both directions, `<Start>` only from the caller. With a relay the carrier itself hears
 * and speaks; we send its first words over the socket.
 */
function addStream(response: VoiceResponse, one: Of<'stream'>, urls: DocumentUrls): void {
  const connect = response.connect({ action: urls.answer, method: 'POST' })
  if (one.driver !== 'relay') return void connect.stream({ url: urls.media })
  const relay = {
    url: urls.media,
    language: one.language,
    interruptible: 'any',
    reportInputDuringAgentSpeech: 'any',
    dtmfDetection: true,
    partialPrompts: true,
    events: 'speaker-events tokens-played',
  }
  connect.conversationRelay(relay as never)
}
