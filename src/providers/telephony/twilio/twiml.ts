/** Our instructions as TwiML. Everything said is escaped by the library's builder. */
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js'

export interface Seller {
  name: string
  /** E.164, spoken digit by digit */
  number: string
}

export interface RoomEntry {
  room: string
  /** who this is: our call id, or `line` for the agent's own leg */
  label: string
  statusUrl: string
}

/**
 * Into the agent's room: no beep, no waiting music, nobody's exit ends it (design §4.1). Every winner of a race gets one, so
 * the library builds the document once and the three values are put, escaped, into their places: building it anew cost as
 * much as the race itself (profile of the race bench).
 */
export function enterRoom(entry: RoomEntry): string {
  roomParts ??= roomDocument().split(/room-name|leg-label|status-url/)
  const [before = '', afterLabel = '', afterStatus = '', after = ''] = roomParts
  return `${before}${escapeXml(entry.label)}${afterLabel}${escapeXml(entry.statusUrl)}${afterStatus}${escapeXml(entry.room)}${after}`
}

let roomParts: string[] | undefined

/** The places stand in this order in the document. */
function roomDocument(): string {
  const response = new VoiceResponse()
  response.dial().conference(
    {
      participantLabel: 'leg-label',
      beep: 'false',
      waitUrl: '',
      startConferenceOnEnter: true,
      endConferenceOnExit: false,
      jitterBufferSize: 'small',
      statusCallback: 'status-url',
      statusCallbackEvent: ['start', 'end', 'join', 'leave', 'mute', 'hold'],
    },
    'room-name',
  )
  return response.toString()
}

const XML_NAMES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, letter => XML_NAMES[letter] ?? letter)
}

/** The safe-harbour message (16 CFR 310.4(b)(4)(iii)): who called, a number, how to be left alone. */
export function sayMessage(seller: Seller): string {
  const response = new VoiceResponse()
  const digits = seller.number
    .replace(/[^0-9]/g, '')
    .split('')
    .join(' ')
  response.say(
    `Hello, this is ${seller.name}. We are sorry, all of our agents are speaking with other people. ` +
      `You can reach us at ${digits}. To be taken off our list, call that number and say stop. Goodbye.`,
  )
  response.hangup()
  return response.toString()
}

export function hangUp(): string {
  const response = new VoiceResponse()
  response.hangup()
  return response.toString()
}

export function reject(): string {
  const response = new VoiceResponse()
  response.reject()
  return response.toString()
}

/** Hold music of the carrier's own hold URL would be fetched from elsewhere: a quiet pause and a word every minute. */
export function holdSound(soundUrl: string): string {
  const response = new VoiceResponse()
  response.play({ loop: 0 }, soundUrl)
  return response.toString()
}

export interface RingAgent {
  identity: string
  callId: string
  callerId: string
  actionUrl: string
  statusUrl: string
  record: boolean
  recordingUrl: string
  ringSeconds: number
}

/** An inbound call rings the browser of one agent (S3-35, S3-36). */
export function ringAgent(ring: RingAgent): string {
  const response = new VoiceResponse()
  const dial = response.dial({
    action: ring.actionUrl,
    timeout: ring.ringSeconds,
    answerOnBridge: true,
    ...(ring.record ? { record: 'record-from-answer' as const, recordingStatusCallback: ring.recordingUrl } : {}),
  })
  const client = dial.client({ statusCallback: ring.statusUrl, statusCallbackEvent: ['answered', 'completed'] })
  client.identity(ring.identity)
  client.parameter({ name: 'callId', value: ring.callId })
  client.parameter({ name: 'outbound', value: 'false' })
  return response.toString()
}

export interface DialOut {
  to: string
  callerId: string
  actionUrl: string
  record: boolean
  recordingUrl: string
}

/** A browser phone calls a number (S4-6). */
export function dialNumber(out: DialOut): string {
  const response = new VoiceResponse()
  const dial = response.dial({
    callerId: out.callerId,
    answerOnBridge: true,
    action: out.actionUrl,
    ...(out.record ? { record: 'record-from-answer' as const, recordingStatusCallback: out.recordingUrl } : {}),
  })
  dial.number(out.to)
  return response.toString()
}

export function sayAndHangUp(words: string): string {
  const response = new VoiceResponse()
  response.say(words)
  response.hangup()
  return response.toString()
}

export interface ConnectStream {
  url: string
  /** asked when the stream is over, for whatever reason */
  actionUrl: string
}

/** A stream that listens and speaks; `<Start>` could only listen (design §9). */
export function connectStream({ url, actionUrl }: ConnectStream): string {
  const response = new VoiceResponse()
  response.connect({ action: actionUrl, method: 'POST' }).stream({ url })
  return response.toString()
}

export interface ConnectRelay extends ConnectStream {
  language: string
}

/** The carrier hears and speaks; the first words are ours, over the socket. */
export function connectRelay({ url, actionUrl, language }: ConnectRelay): string {
  const response = new VoiceResponse()
  const relay = {
    url,
    language,
    interruptible: 'any',
    reportInputDuringAgentSpeech: 'any',
    dtmfDetection: true,
    partialPrompts: true,
    events: 'speaker-events tokens-played',
  }
  response.connect({ action: actionUrl, method: 'POST' }).conversationRelay(relay as never)
  return response.toString()
}

/** Words to one person in a room, before somebody joins. */
export function sayOnly(words: string): string {
  const response = new VoiceResponse()
  response.say(words)
  return response.toString()
}
