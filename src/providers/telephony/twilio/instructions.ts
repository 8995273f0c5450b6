/** Renders instructions as TwiML, as a pure function. */
import type { Instruction, Instructions, Party, RoomManner } from '../../../core/instruction/instruction.ts'
import { unreachable } from '../../../core/machine.ts'
import { phoneName } from '../../../core/phone-names.ts'
import type { TwilioAccount } from '../port.ts'
import { type CallUrls, callUrls, conferenceUrl, holdUrl, mediaUrl, roomRecordingUrl } from './callback-urls.ts'
import { participantLabel } from './participant-label.ts'
import { documentOf, element, words } from './twiml.ts'

/** The addresses that a document names. */
export interface DocumentUrls extends CallUrls {
  conference(room: string): string
  /** the reports of its recording */
  roomRecording(room: string): string
  /** the music of those who wait */
  hold: string
  /** where the stream of this document connects; empty: it has none */
  media: string
  /** a moment of silence, which takes the call up like any sound */
  silence: string
}

type Of<K extends Instruction['kind']> = Extract<Instruction, { kind: K }>

/** Makes the document for one call, with its callback URLs. `media` needs a token made with the account's key. */
export async function documentFor(account: TwilioAccount, callId: string, instructions: Instructions): Promise<string> {
  const stream = instructions.find((one): one is Of<'stream'> => one.kind === 'stream')
  return twimlOf(instructions, {
    ...callUrls(account, callId),
    conference: room => conferenceUrl(account, room),
    roomRecording: room => roomRecordingUrl(account, room),
    hold: holdUrl(account),
    silence: `${account.publicUrl}/sounds/silent.wav`,
    media: stream === undefined ? '' : await mediaUrl(account, callId, stream.stream),
  })
}

export function twimlOf(instructions: Instructions, urls: DocumentUrls): string {
  return documentOf(instructions.map((one, at) => elementOf(one, instructions[at + 1], urls)))
}

const LEAVE_UNANSWERED: readonly Instruction['kind'][] = [
  'wait',
  'continue',
  'answer',
  'hang-up',
  'reject',
  'refer',
  'transcribe',
]

function elementOf(one: Instruction, next: Instruction | undefined, urls: DocumentUrls): string {
  switch (one.kind) {
    case 'wait':
      return element('Pause', { length: Math.max(1, Math.round(one.ms / 1000)) })
    case 'answer':
      // Twilio takes a call up when it performs a verb that needs it, and neither a pause nor a redirect does.
      return LEAVE_UNANSWERED.includes(next?.kind ?? 'continue') ? element('Play', {}, words(urls.silence)) : ''
    case 'say':
    case 'play':
      return sound(one)
    case 'gather':
      return gather(one, urls)
    case 'digits':
      return element('Play', { digits: keysOf(one) })
    case 'record':
      return element('Record', {
        action: stepUrl(urls, one.token),
        maxLength: Math.ceil(one.atMostMs / 1000),
        timeout: Math.ceil(one.silenceMs / 1000),
        playBeep: one.beep,
        recordingStatusCallback: urls.recording,
      })
    case 'join-room':
      return room(one, urls)
    case 'enqueue':
      return element('Enqueue', { action: urls.dialEnded }, words(one.queue))
    case 'dial':
      return dial(one, urls)
    case 'stream':
      return stream(one, urls)
    case 'transcribe':
      return transcribe(one, urls)
    case 'refer':
      return element('Refer', {}, element('Sip', {}, words(one.to)))
    case 'reject':
      return element('Reject', { reason: one.reason === 'busy' ? 'busy' : 'rejected' })
    case 'hang-up':
      return element('Hangup', {})
    case 'continue':
      return element('Redirect', {}, words(stepUrl(urls, one.token)))
    default:
      return unreachable(one)
  }
}

/** The URL that the carrier requests after a step, with the token of that step. */
function stepUrl(urls: DocumentUrls, token: string): string {
  return `${urls.answer}?step=${encodeURIComponent(token.toWellFormed())}`
}

/** Sound can be a child of a document or of a `<Gather>`. */
function sound(one: Of<'say' | 'play'>): string {
  if (one.kind === 'play')
    return one.urls.map(url => element('Play', one.forever ? { loop: 0 } : {}, words(url))).join('')
  const { text, language, voice } = one
  return element('Say', { ...(language ? { language } : {}), ...(voice ? { voice } : {}) }, words(text))
}

function gather(one: Of<'gather'>, urls: DocumentUrls): string {
  const { digits, speech, untilMs, token } = one
  const attributes = {
    input: [...(digits ? ['dtmf'] : []), ...(speech ? ['speech'] : [])],
    action: stepUrl(urls, token),
    timeout: Math.ceil(untilMs / 1000),
    actionOnEmptyResult: true,
    ...(digits ? { numDigits: digits.most, finishOnKey: digits.endKey ?? '' } : {}),
    ...(speech ? { speechTimeout: 'auto', language: speech.language } : {}),
  }
  return element('Gather', attributes, one.prompt.map(sound).join(''))
}

/** A `w` is half a second of silence; the length of a tone is Twilio's own. */
function keysOf({ digits, gapMs }: Of<'digits'>): string {
  return [...digits].join('w'.repeat(Math.round(gapMs / 500)))
}

const OPEN: RoomManner = { muted: false, starts: true, music: false, announced: false }

/** A room does not end when a participant leaves: the end of a conference by name is our own decision. */
function room({ room: name, callId, role, manner }: Of<'join-room'>, urls: DocumentUrls): string {
  const { muted, starts, music, announced, recorded = false } = manner ?? OPEN
  const attributes = {
    participantLabel: participantLabel(callId, role),
    beep: announced ? 'true' : 'false',
    waitUrl: music ? urls.hold : '',
    ...(muted ? { muted } : {}),
    startConferenceOnEnter: starts,
    endConferenceOnExit: false,
    jitterBufferSize: 'small',
    ...(recorded ? recordedAs(urls.roomRecording(name)) : {}),
    statusCallback: urls.conference(name),
    statusCallbackEvent: ['start', 'end', 'join', 'leave', 'mute', 'hold'],
  }
  return element('Dial', {}, element('Conference', attributes, words(name)))
}

/** Silence is kept, so that a moment of the file is that moment of the conference. */
function recordedAs(told: string) {
  return {
    record: 'record-from-start',
    trim: 'do-not-trim',
    recordingStatusCallback: told,
    recordingStatusCallbackEvent: 'in-progress completed absent',
  }
}

const TRACKS = { in: 'inbound_track', out: 'outbound_track', both: 'both_tracks' } as const
/** One transcript of a call at a time, by this name. A page that is asked for again begins it anew instead of a second one. */
const TRANSCRIPT = { name: 'flow' }

function transcribe({ of }: Of<'transcribe'>, urls: DocumentUrls): string {
  const stop = element('Stop', {}, element('Transcription', TRANSCRIPT))
  if (of === null) return stop
  const start = element('Transcription', {
    ...TRANSCRIPT,
    statusCallbackUrl: urls.transcription,
    track: TRACKS[of.sides],
    languageCode: of.language,
    partialResults: 'false',
  })
  return `${stop}${element('Start', {}, start)}`
}

/** Several parties ring at once; the first that answers gets the call. */
function dial(one: Of<'dial'>, urls: DocumentUrls): string {
  const attributes = {
    callerId: one.from,
    answerOnBridge: true,
    timeout: Math.round(one.ringMs / 1000),
    ...(one.atMostMs === undefined ? {} : { timeLimit: Math.ceil(one.atMostMs / 1000) }),
    action: urls.dialEnded,
    ...(one.record
      ? {
          record: 'record-from-answer',
          recordingStatusCallback: urls.recording,
          recordingStatusCallbackEvent: 'in-progress completed absent',
        }
      : {}),
  }
  return element('Dial', attributes, one.parties.map(party => partyOf(party, urls)).join(''))
}

function partyOf(party: Party, urls: DocumentUrls): string {
  switch (party.kind) {
    case 'number':
      return element(
        'Number',
        party.told ? { statusCallback: urls.onward, statusCallbackEvent: ['answered', 'completed'] } : {},
        words(party.number),
      )
    case 'sip':
      return element('Sip', {}, words(party.uri))
    case 'desk': {
      const inner = [
        element('Identity', {}, words(phoneName(party.deskId))),
        element('Parameter', { name: 'callId', value: party.callId }),
        element('Parameter', { name: 'outbound', value: 'false' }),
      ]
      const told = { statusCallback: urls.clientStatus, statusCallbackEvent: ['answered', 'completed'] }
      return element('Client', told, inner.join(''))
    }
    default:
      return unreachable(party)
  }
}

/**
 * `<Connect><Stream>` carries sound in both directions, `<Start>` only from the caller. With a relay the carrier itself hears
 * and speaks; we send its first words over the socket.
 */
function stream(one: Of<'stream'>, urls: DocumentUrls): string {
  const relay = {
    url: urls.media,
    language: one.language,
    interruptible: 'any',
    reportInputDuringAgentSpeech: 'any',
    dtmfDetection: true,
    partialPrompts: true,
    events: 'speaker-events tokens-played',
  }
  const inner = one.driver === 'relay' ? element('ConversationRelay', relay) : element('Stream', { url: urls.media })
  return element('Connect', { action: urls.answer, method: 'POST' }, inner)
}
