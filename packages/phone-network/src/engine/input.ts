import type { DetectorSettings } from '../media/answer-detector.ts'
import type { Person } from '../people/script.ts'
import type { BookChange, BookPart } from './book.ts'
import type { MediaFact, MediaInput, MediaIntent, MediaStep } from './media-input.ts'
import type { RecordRequest } from './media-world.ts'
import type { SipChange, SipDrop, SipOutcome, SipPart } from './sip/sip-book.ts'
import type { TextDirection, TextRequest, TextStatus } from './texts/text.ts'
import type { CallbackTarget, CallStatus, Detection, Instructions, Seat, Target, Verification } from './world.ts'

/** The content of `POST Calls.json` or `POST Participants.json`, already checked by `rest/`. */
export interface CallRequest {
  from: string
  to: string
  instructions: Instructions
  applicationSid: string | null
  statusCallback: CallbackTarget | null
  detection: Detection | null
  ringLimitMs: number
  timeLimitMs: number
  seat: Seat | null
  /** keys that are pressed when somebody has answered; detection is off then */
  sendDigits?: string
  record?: RecordRequest | null
  /** of a call to a SIP URI: for the challenge of the other side */
  sipAuth?: { username: string; password: string } | null
  verification?: Verification
}

/** The content of `POST Calls/{Sid}.json`. */
export interface CallChange {
  status: 'canceled' | 'completed' | null
  instructions: Instructions | null
  statusCallback: Target | null
  timeLimitMs: number | null
}

export interface ParticipantChange {
  muted?: boolean
  held?: boolean
  endOnExit?: boolean
  coaching?: boolean
  callSidToCoach?: string
  beepOnExit?: boolean
  /** with `held`: what the held participant hears; null: hold music */
  holdUrl?: { url: string; method: 'GET' | 'POST' } | null
  announce?: { url: string; method: 'GET' | 'POST' }
}

export type FetchOutcome =
  | { ok: true; body: string; contentType: string; url: string }
  /** `code` is Twilio's error code, 11200 and so on */
  | { ok: false; code: number; message: string }

/** Inputs come from outside. Each carries `at` (ms since 1970). */
export type Input =
  | MediaInput
  | { kind: 'clock.struck' }
  | { kind: 'call.requested'; request: CallRequest }
  | { kind: 'call.changed'; callSid: string; change: CallChange }
  | { kind: 'number.dialed'; from: string; to: string }
  | {
      kind: 'browser.dialed'
      identity: string
      applicationSid: string | null
      parameters: Record<string, string>
    }
  | SipInput
  | { kind: 'devices.counted'; callSid: string; devices: number }
  | { kind: 'client.answered'; callSid: string }
  /** `gone`: no browser is left that could answer */
  | { kind: 'client.rejected'; callSid: string; how: 'declined' | 'gone' }
  | { kind: 'client.hung-up'; callSid: string }
  /** the page sends a message, JSON */
  | { kind: 'message.arrived'; callSid: string; sid: string; content: string }
  | { kind: 'message.posted'; callSid: string; content: string; idempotencyKey: string | null }
  | { kind: 'messages.subscribed'; callSid: string; callback: Target; idempotencyKey: string | null }
  | { kind: 'messages.unsubscribed'; callSid: string; sid: string }
  | { kind: 'digits.pressed'; callSid: string; digits: string }
  | { kind: 'instructions.fetched'; callSid: string; token: number; outcome: FetchOutcome }
  | { kind: 'sound.started'; callSid: string; token: number; ms: number }
  /** a file could not be had */
  | { kind: 'sound.failed'; callSid: string; token: number; code: number; message: string }
  /** answering machine detection has reached a verdict */
  | { kind: 'answerer.heard'; callSid: string; answeredBy: string }
  /** the person on this leg has heard the other side finish */
  | { kind: 'person.listened'; callSid: string; token: number }
  | { kind: 'phone.answered'; numbers: string[] }
  | { kind: 'phone.refused'; number: string; how: 'busy' | 'reject' | 'no-answer' }
  | { kind: 'phone.hung-up'; number: string }
  | { kind: 'call.cut'; callSid: string }
  | { kind: 'participant.changed'; conferenceSid: string; callSid: string; change: ParticipantChange }
  | { kind: 'participant.kicked'; conferenceSid: string; callSid: string }
  | { kind: 'conference.closed'; conferenceSid: string }
  | { kind: 'conference.announced'; conferenceSid: string; announce: Target }
  | { kind: 'queue.made'; friendlyName: string; sizeMax: number }
  | { kind: 'queue.changed'; queueSid: string; friendlyName: string | null; sizeMax: number | null }
  | { kind: 'queue.removed'; queueSid: string }
  /** REST takes a member out of its queue, to other TwiML */
  | { kind: 'member.dequeued'; queueSid: string; memberSid: string; target: Target }
  | { kind: 'text.requested'; request: TextRequest }
  /** a pretend person sends a text to one of our numbers */
  | { kind: 'text.received'; from: string; to: string; body: string; media: string[] }
  | { kind: 'text.answered'; textSid: string; token: number; outcome: FetchOutcome }
  /** REST removes the words of a text, or the text */
  | { kind: 'text.emptied' | 'text.forgotten'; textSid: string }
  | { kind: 'book.kept'; change: BookChange }
  | { kind: 'book.dropped'; of: BookPart; sid: string }
  /** an ended call is deleted */
  | { kind: 'call.forgotten'; callSid: string }
  | { kind: 'people.defined'; people: Person[] }
  | { kind: 'cps.changed'; cps: number }
  | { kind: 'recogniser.changed'; errorRate: number }
  | { kind: 'double-answers.wanted'; count: number }

/** A SIP phone has said something, or the SIP part of the book was changed by REST. */
export type SipInput =
  | { kind: 'sip.dialed'; domainSid: string; from: string; to: string; fields: Record<string, string> }
  | { kind: 'sip.rang'; callSid: string }
  | { kind: 'sip.answered'; callSid: string; outcome: SipOutcome }
  | { kind: 'sip.refused'; callSid: string; code: number; outcome: SipOutcome | null }
  | { kind: 'sip.hung-up'; callSid: string }
  /** the phone has answered a REFER, or tells how its new call goes */
  | { kind: 'sip.referred' | 'sip.notified'; callSid: string; token: number; code: number }
  | { kind: 'sip-book.kept'; change: SipChange }
  | { kind: 'sip-book.dropped'; drop: SipDrop }

/** `text.crossed`: a text to an own number arrives there. */
export type TextStep = { kind: 'text.sent' | 'text.arrived' | 'text.crossed'; textSid: string }

/** Steps that the engine takes itself, at once or at a later time. */
export type Step = CallStep | TextStep

export type CallStep =
  | MediaStep
  | { kind: 'call.due'; callSid: string }
  | { kind: 'ring.due'; callSid: string }
  | { kind: 'answer.due'; callSid: string }
  | { kind: 'refusal.due'; callSid: string; status: CallStatus; sipCode: number }
  | { kind: 'ring-limit.reached'; callSid: string }
  | { kind: 'time-limit.reached'; callSid: string }
  | { kind: 'dial-limit.reached'; callSid: string; child: string }
  | { kind: 'verdict.due'; callSid: string; answeredBy: string }
  | { kind: 'sound.ended'; callSid: string; token: number }
  | { kind: 'act.due'; callSid: string; token: number }
  | { kind: 'person.hangs-up'; callSid: string }
  | { kind: 'person.presses'; callSid: string; digits: string }
  | { kind: 'instructions.wanted'; callSid: string }
  | { kind: 'code.typed'; callSid: string }
  | { kind: 'verb.due'; callSid: string }
  | { kind: 'child.answered'; callSid: string; child: string }
  | { kind: 'child.ended'; callSid: string; child: string }
  /** the far end is another call of this network: it has ended; a sentence on it begins to sound, or is over */
  | { kind: 'line.ended' | 'line.began'; callSid: string }
  | { kind: 'line.said'; callSid: string; text: string }
  | { kind: 'conference.left'; callSid: string }
  | { kind: 'hang-up.wanted'; callSid: string }
  | { kind: 'gather.over'; callSid: string; token: number }
  | { kind: 'digits.sent'; callSid: string }
  | { kind: 'wait.again'; callSid: string; token: number }
  | { kind: 'queue.left'; callSid: string; result: QueueResult }
  /** the SIP device has answered a REFER, or tells how its new call went */
  | { kind: 'refer.answered' | 'refer.notified'; callSid: string; token: number; code: number }

/** https://www.twilio.com/docs/voice/twiml/enqueue#attributes-action */
export type QueueResult =
  | 'bridged'
  | 'queue-full'
  | 'redirected'
  | 'redirected-from-bridged'
  | 'leave'
  | 'hangup'
  | 'error'
  | 'system-error'

export interface Timer {
  at: number
  order: number
  step: Step
}

/** Facts say what has happened. The log, the page and the tests read them. */
export type Fact =
  | MediaFact
  | { kind: 'call-created'; callSid: string; direction: string; from: string; to: string; queueMs: number }
  | { kind: 'call-initiated'; callSid: string }
  | { kind: 'call-ringing'; callSid: string }
  | { kind: 'call-answered'; callSid: string; answeredAt: number }
  | { kind: 'call-ended'; callSid: string; status: CallStatus; sipCode: number; seconds: number }
  | { kind: 'call-redirected'; callSid: string }
  | { kind: 'answered-by'; callSid: string; answeredBy: string; ms: number }
  | { kind: 'twiml-received'; callSid: string; url: string | null; verbs: string[] }
  | { kind: 'network-said'; callSid: string; text: string }
  | { kind: 'person-said'; callSid: string; text: string }
  | { kind: 'person-beeped'; callSid: string }
  | { kind: 'digits-pressed'; callSid: string; digits: string }
  | { kind: 'digits-sent'; callSid: string; digits: string }
  | { kind: 'message-sent'; callSid: string; sid: string; content: string }
  | { kind: 'message-received'; callSid: string; sid: string; content: string }
  | { kind: 'messages-subscribed'; callSid: string; sid: string }
  | { kind: 'person-fell-silent'; callSid: string; text: string }
  | { kind: 'gathered'; callSid: string; digits: string; words: string }
  | { kind: 'queue-created'; queueSid: string; friendlyName: string }
  | { kind: 'enqueued'; callSid: string; queueSid: string; position: number }
  | { kind: 'dequeued'; callSid: string; queueSid: string; result: QueueResult; seconds: number }
  | { kind: 'bridged'; callSid: string; with: string }
  | { kind: 'dial-ended'; callSid: string; status: string; child: string | null }
  | { kind: 'referred'; callSid: string; to: string; status: string; sip: number | null; notify: number | null }
  | { kind: 'conference-created'; conferenceSid: string; friendlyName: string }
  | { kind: 'conference-started'; conferenceSid: string }
  | { kind: 'conference-ended'; conferenceSid: string; reason: string }
  | { kind: 'participant-joined'; conferenceSid: string; callSid: string; label: string | null }
  | { kind: 'participant-left'; conferenceSid: string; callSid: string; reason: string }
  | { kind: 'participant-changed'; conferenceSid: string; callSid: string; muted: boolean; held: boolean }
  | { kind: 'text-created'; textSid: string; direction: TextDirection; from: string; to: string; body: string }
  | { kind: 'text-status'; textSid: string; status: TextStatus; errorCode: number | null }
  | { kind: 'sip-registered'; domainSid: string; user: string; how: 'added' | 'removed' }
  | { kind: 'book-changed'; of: BookPart | SipPart; sid: string; how: 'kept' | 'removed' }
  | { kind: 'call-forgotten'; callSid: string }
  | { kind: 'people-defined'; numbers: string[] }
  | { kind: 'cps-changed'; cps: number }
  | { kind: 'alert'; callSid: string | null; code: number; message: string }

export type WebhookKind =
  | 'voice'
  | 'status'
  | 'amd'
  | 'conference'
  | 'partial'
  | 'stream'
  | 'recording'
  | 'transcription'
  | 'message'
  | 'text'
  | 'text-status'

/** Intents say what the driver must do now. */
export type Intent =
  | MediaIntent
  | {
      do: 'fetch'
      callSid: string
      token: number
      target: Target
      fields: Record<string, string>
    }
  | { do: 'ask-text'; textSid: string; token: number; target: Target; fields: Record<string, string> }
  | {
      /** webhooks of one lane are sent one after another */
      do: 'notify'
      webhook: WebhookKind
      lane: string
      callSid: string | null
      target: Target
      fields: Record<string, string>
      /** a JSON text, sent and signed instead of the fields */
      json?: string
    }
  | { do: 'add-leg' | 'remove-leg' | 'stop-speaking' | 'stop-playing' | 'unbridge' | 'leave'; callSid: string }
  | { do: 'speak'; callSid: string; text: string; voice: string | null; speed: number; token: number }
  /** this sentence will be spoken soon; making it in advance saves time */
  | { do: 'prepare'; callSid: string; text: string; voice: string | null; speed: number }
  /** background noise of the person's room, RMS 0…1 */
  | { do: 'set-noise'; callSid: string; level: number }
  /** wait until the person has heard somebody speak and then `silenceMs` of silence, at most `atMostMs` */
  | { do: 'listen'; callSid: string; token: number; silenceMs: number; atMostMs: number }
  /** the person presses keys, heard by the network */
  | { do: 'speak-digits'; callSid: string; digits: string }
  | { do: 'speak-beep'; callSid: string; token: number; fax: boolean }
  /** detect from the sound who has answered */
  | { do: 'detect'; callSid: string; settings: DetectorSettings }
  | { do: 'say'; callSid: string; text: string; voice: string | null; token: number }
  /** `by` the network: the party hears it; by the person: it is the person's voice */
  | { do: 'play-url'; callSid: string; url: string; by: 'network' | 'person'; token: number }
  /** keys that the network presses, heard at the far end */
  | { do: 'play-digits'; callSid: string; digits: string }
  | { do: 'play-sound'; callSid: string; sound: 'ringback' | 'hold' | 'beep'; loop: boolean }
  | { do: 'bridge'; callSid: string; other: string }
  /** two calls that are each other's far end: what one hears is what the other's party says */
  | { do: 'cross'; callSid: string; other: string }
  /** the program on leg `other` hears this party's voice, and this party hears the program */
  | { do: 'attach-program'; callSid: string; other: string }
  | { do: 'join'; callSid: string; conferenceSid: string; muted: boolean }
  | { do: 'set-muted'; callSid: string; muted: boolean }
  /** `music` false: what is heard meanwhile comes as other intents, or is silence */
  | { do: 'set-held'; callSid: string; held: boolean; music: boolean }
  /** only that participant hears this one; null: everybody does */
  | { do: 'set-coaching'; callSid: string; coached: string | null }
  | { do: 'count-devices'; callSid: string; identity: string }
  | {
      do: 'ring-client'
      callSid: string
      identity: string
      from: string
      to: string
      parameters: Record<string, string>
      /** attestation of the calling number (STIR/SHAKEN) */
      stirStatus?: string
    }
  | { do: 'cancel-client' | 'tell-client-ringing' | 'tell-client-answered'; callSid: string }
  | { do: 'hang-up-client'; callSid: string; error?: { code: number; message: string } }
  | { do: 'message-client'; callSid: string; sid: string; content: string }
  | SipIntent

export type SipIntent =
  | {
      do: 'invite-sip'
      callSid: string
      uri: string
      from: string
      username: string | null
      password: string | null
      headers: Record<string, string>
    }
  | { do: 'answer-sip'; callSid: string }
  | { do: 'refer-sip'; callSid: string; uri: string; token: number }
  /** `code`: with which a call that was not answered is refused */
  | { do: 'end-sip'; callSid: string; code: number }
