/** Renders instructions as the scripted carrier's document: a JSON list of steps, in its own words. */
import type { Instruction, Instructions, Party, RoomManner } from '../../../core/instruction/instruction.ts'
import { unreachable } from '../../../core/machine.ts'
import { phoneName } from '../../../core/phone-names.ts'
import type { Role } from '../../../core/room/state.ts'
import type { ScriptedAccount } from '../port.ts'
import { callUrls, mediaUrl, roomUrl } from './callback-urls.ts'

type Sound =
  | { do: 'speak'; text: string; language?: string; voice?: string }
  | { do: 'play'; from: string[]; loop: boolean }
type Ring = { phone: string; told?: string } | { browser: string; tells: Record<string, string> } | { sip: string }

export type Step =
  | Sound
  | { do: 'pause'; ms: number }
  | { do: 'pick-up' }
  | {
      do: 'listen'
      keys: { most: number; end: string | null } | null
      speech: string | null
      ms: number
      after: string
      prompt: Sound[]
    }
  | { do: 'press'; keys: string; toneMs: number; gapMs: number }
  | { do: 'tape'; atMostMs: number; silenceMs: number; beep: boolean; after: string; events: string }
  | { do: 'join'; room: string; as: { callId: string; role: Role }; events: string; manner?: RoomManner }
  | { do: 'queue'; name: string; after: string }
  | { do: 'ring'; parties: Ring[]; from: string; ms: number; tape: boolean; after: string }
  | { do: 'connect'; url: string; takes: 'sound' | 'words'; language: string; after: string }
  | { do: 'write-down'; of: { sides: 'in' | 'out' | 'both'; language: string } | null; events: string }
  | { do: 'forward'; to: string }
  | { do: 'decline'; busy: boolean }
  | { do: 'end' }
  | { do: 'ask'; after: string }

export interface DocumentUrls {
  asks: string
  events: string
  room(room: string): string
  /** where the stream of this document connects; empty: it has none */
  media: string
}

/** Makes the document for one call, with its callback URLs. */
export async function documentFor(
  account: ScriptedAccount,
  callId: string,
  instructions: Instructions,
): Promise<string> {
  const stream = instructions.find(one => one.kind === 'stream')
  const urls: DocumentUrls = {
    ...callUrls(account, callId),
    room: room => roomUrl(account, room),
    media: stream?.kind === 'stream' ? await mediaUrl(account, callId, stream.stream) : '',
  }
  return JSON.stringify({ steps: stepsOf(instructions, urls) })
}

export function stepsOf(instructions: Instructions, urls: DocumentUrls): Step[] {
  return instructions.map(one => stepOf(one, urls))
}

function stepOf(one: Instruction, urls: DocumentUrls): Step {
  switch (one.kind) {
    case 'wait':
      return { do: 'pause', ms: one.ms }
    case 'answer':
      return { do: 'pick-up' }
    case 'say':
    case 'play':
      return soundOf(one)
    case 'gather':
      return listenOf(one, urls)
    case 'digits':
      return { do: 'press', keys: one.digits, toneMs: one.toneMs, gapMs: one.gapMs }
    case 'record': {
      const { atMostMs, silenceMs, beep, token } = one
      return { do: 'tape', atMostMs, silenceMs, beep, after: stepUrl(urls, token), events: urls.events }
    }
    case 'join-room':
      return {
        do: 'join',
        room: one.room,
        as: { callId: one.callId, role: one.role },
        events: urls.room(one.room),
        ...(one.manner === undefined ? {} : { manner: one.manner }),
      }
    case 'enqueue':
      return { do: 'queue', name: one.queue, after: urls.events }
    case 'dial':
      return {
        do: 'ring',
        parties: one.parties.map(party => ringOf(party, urls)),
        from: one.from,
        ms: one.ringMs,
        tape: one.record,
        after: urls.events,
      }
    case 'stream': {
      const takes = one.driver === 'relay' ? 'words' : 'sound'
      return { do: 'connect', url: urls.media, takes, language: one.language, after: urls.events }
    }
    case 'transcribe':
      return { do: 'write-down', of: one.of, events: urls.events }
    case 'refer':
      return { do: 'forward', to: one.to }
    case 'reject':
      return { do: 'decline', busy: one.reason === 'busy' }
    case 'hang-up':
      return { do: 'end' }
    case 'continue':
      return { do: 'ask', after: stepUrl(urls, one.token) }
    default:
      return unreachable(one)
  }
}

/** The URL that the carrier asks after a step, with the token of that step. */
function stepUrl(urls: DocumentUrls, token: string): string {
  return `${urls.asks}?step=${encodeURIComponent(token.toWellFormed())}`
}

function soundOf(one: Extract<Instruction, { kind: 'say' | 'play' }>): Sound {
  if (one.kind === 'play') return { do: 'play', from: one.urls, loop: one.forever ?? false }
  const { text, language, voice } = one
  return { do: 'speak', text, ...(language ? { language } : {}), ...(voice ? { voice } : {}) }
}

function listenOf(one: Extract<Instruction, { kind: 'gather' }>, urls: DocumentUrls): Step {
  const { digits, speech, untilMs, token, prompt } = one
  return {
    do: 'listen',
    keys: digits ? { most: digits.most, end: digits.endKey } : null,
    speech: speech?.language ?? null,
    ms: untilMs,
    after: stepUrl(urls, token),
    prompt: prompt.map(soundOf),
  }
}

function ringOf(party: Party, urls: DocumentUrls): Ring {
  switch (party.kind) {
    case 'number':
      return party.told ? { phone: party.number, told: urls.events } : { phone: party.number }
    case 'sip':
      return { sip: party.uri }
    case 'desk':
      return { browser: phoneName(party.deskId), tells: { callId: party.callId } }
    default:
      return unreachable(party)
  }
}
