/**
 * Instructions say what a leg hears or does next. They are the one vocabulary in which actors answer a carrier. An
 * answer is a list; one pure renderer per carrier (`src/providers/telephony/<carrier>/`) turns the list into the
 * carrier's document. Instructions are projections of state: asked twice, the same answer.
 */
import type { Driver } from '../call/talk/talk.ts'
import type { Role } from '../room/state.ts'

/** Somebody whom a leg can be connected to. */
export type Party =
  /** `told`: the carrier tells of the answer and the end of this leg, which is charged for itself; absent: it is the call itself that is charged */
  | { kind: 'number'; number: string; told?: true }
  /** the browser phone of a desk's agent; `callId` reaches the page with the ringing call */
  | { kind: 'desk'; deskId: string; callId: string }
  | { kind: 'sip'; uri: string }

/** How somebody comes into a conference by name. */
export interface RoomManner {
  muted: boolean
  /** the conference may begin with them */
  starts: boolean
  /** they hear music until it begins */
  music: boolean
  /** a tone tells the others that they come and go */
  announced: boolean
  /** everybody is recorded in one file, if the conference begins with this call; absent: no */
  recorded?: true
}

export type Instruction =
  /** before `answer` the caller goes on hearing it ring, after it silence */
  | { kind: 'wait'; ms: number }
  | { kind: 'answer' }
  | { kind: 'say'; text: string; language?: string; voice?: string }
  | { kind: 'play'; urls: string[]; forever?: boolean }
  /** digits and speech end after `untilMs`; the answer comes back under the step's token */
  | {
      kind: 'gather'
      digits: { most: number; endKey: string | null } | null
      speech: { language: string } | null
      untilMs: number
      token: string
      prompt: Extract<Instruction, { kind: 'say' | 'play' }>[]
    }
  /** keys that we press, for whoever is on the other side */
  | { kind: 'digits'; digits: string; toneMs: number; gapMs: number }
  | { kind: 'record'; atMostMs: number; silenceMs: number; beep: boolean; token: string }
  /** `manner` absent: as in the room of a desk, which is open, quiet and heard at once */
  | { kind: 'join-room'; room: string; callId: string; role: Role; manner?: RoomManner }
  | { kind: 'enqueue'; queue: string; callId: string }
  /** `atMostMs`: they talk no longer; absent: as long as they like */
  | { kind: 'dial'; parties: Party[]; from: string; ringMs: number; record: boolean; atMostMs?: number }
  /** number `stream` of this call's sound goes to the AI agent, and the agent's comes back */
  | { kind: 'stream'; to: 'agent'; stream: number; driver: Driver; language: string }
  /** what is said is written down from here on, and reported sentence by sentence; null: no more. It goes on beside whatever comes next */
  | { kind: 'transcribe'; of: { sides: 'in' | 'out' | 'both'; language: string } | null }
  | { kind: 'refer'; to: string }
  | { kind: 'reject'; reason: 'busy' | 'refused' }
  | { kind: 'hang-up' }
  /** the carrier asks again, with the token of the step that it has finished */
  | { kind: 'continue'; token: string }

export type Instructions = readonly Instruction[]

export interface Seller {
  name: string
  /** E.164; empty: none was ever given */
  number: string
}

/**
 * The safe-harbour message (16 CFR 310.4(b)(4)(iii)) for a person who answers when no agent is free: it says who called, gives
 * a number, and says how to be taken off the list.
 */
export function safeHarbour(seller: Seller): Instructions {
  const { who, reach } = safeHarbourWords(seller)
  return sayAndHangUp(`${who} ${reach}Goodbye.`)
}

/** The key and the token of the step with which a person takes their number off our list (47 CFR 64.1200(a)(7)(i)(B)). */
export const OPT_OUT = { key: '9', token: 'opt-out' }
const KEY_WAIT_MS = 4_000

/** The same message, and a key takes the person off the list. Somebody must be there to hear the key, so the fallback has none. */
export function safeHarbourWithKey(seller: Seller): Instructions {
  const { who, reach } = safeHarbourWords(seller)
  const press = reach === '' ? 'Press' : 'Or press'
  const text = `${who} ${reach}${press} ${OPT_OUT.key} now, and we will not call you again.`
  const digits = { most: 1, endKey: null }
  return [
    {
      kind: 'gather',
      digits,
      speech: null,
      untilMs: KEY_WAIT_MS,
      token: OPT_OUT.token,
      prompt: [{ kind: 'say', text }],
    },
    { kind: 'hang-up' },
  ]
}

/** The steps of a voicemail: the words, after which a key is heard, and the message. */
export const VOICEMAIL = { greeting: 'voicemail-greeting', message: 'voicemail-message' }
const MESSAGE_MS_MAX = 180_000
const MESSAGE_SILENCE_MS = 5_000
const GREETING_KEY_MS = 1_000

/**
 * Nobody took this caller's call. They say what they want after a tone; the key of the opt-out works here as well. `own`: the words of the
 * box; null: the usual ones.
 */
export function voicemailGreeting({ name }: Seller, own: string | null = null): Instructions {
  const words = own ?? `Hello, this is ${name}. Nobody can take your call now. Please leave a message after the tone.`
  const text = `${words} Or press ${OPT_OUT.key} now, and we will not call you again.`
  return [
    {
      kind: 'gather',
      digits: { most: 1, endKey: null },
      speech: null,
      untilMs: GREETING_KEY_MS,
      token: VOICEMAIL.greeting,
      prompt: [{ kind: 'say', text }],
    },
    ...VOICEMAIL_MESSAGE,
  ]
}

export const VOICEMAIL_MESSAGE: Instructions = [
  {
    kind: 'record',
    atMostMs: MESSAGE_MS_MAX,
    silenceMs: MESSAGE_SILENCE_MS,
    beep: true,
    token: VOICEMAIL.message,
  },
  { kind: 'say', text: 'We did not hear a message. Goodbye.' },
  { kind: 'hang-up' },
]

function safeHarbourWords({ name, number }: Seller): { who: string; reach: string } {
  const digits = number
    .replace(/[^0-9]/g, '')
    .split('')
    .join(' ')
  const reach =
    digits === '' ? '' : `You can reach us at ${digits}. To be taken off our list, call that number and say stop. `
  return { who: `Hello, this is ${name}. We are sorry, all of our agents are speaking with other people.`, reach }
}

export function sayAndHangUp(text: string, language?: string): Instructions {
  const say = language === undefined ? { kind: 'say' as const, text } : { kind: 'say' as const, text, language }
  return [say, { kind: 'hang-up' }]
}

export const HANG_UP: Instructions = [{ kind: 'hang-up' }]
