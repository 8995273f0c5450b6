/** Reads the conversation of a call from its facts: for screens, the text log, and a model that joins again after a lost stream. */
import type { CallFact, CallState } from '../../core/call/state.ts'
import type { TalkFact, TransferAnswer } from '../../core/call/talk/talk.ts'
import type { Said } from '../../providers/language/port.ts'
import type { Conversation, ConversationEntry } from '../../wire/conversation.ts'
import type { CallDocument, Placed } from '../contracts.ts'
import type { StoredFact } from '../shell/shell.ts'

/** Most entries of one call that are read at a time; four hours of talk have fewer. */
export const ENTRIES_MAX = 2_000

const NOTES: Record<string, string> = {
  paused: 'The caller speaks while the agent does',
  resumed: 'That was no interruption: the agent goes on',
  interrupted: 'The caller interrupts',
  'silence-prompted': 'Nobody spoke: the agent asks',
  failed: 'A provider failed',
  withheld: 'What the agent was about to say is not for the caller',
  'answered-by': 'Detection says who answered',
  'keys-pressed': 'Keys were pressed',
  closing: 'The conversation ends',
  whispered: 'A supervisor whispers to the agent',
  usage: 'What the conversation cost so far',
  'recording-began': 'Recording begins',
  'recording-refused': 'The carrier did not record',
  'stream-refused': 'A stream was refused',
}

const TRANSFERS: Record<TransferAnswer, string> = {
  accepted: 'The colleague takes the call',
  declined: 'The colleague declines',
  'timed-out': 'The colleague does not answer',
  'not-there': 'The colleague is not there',
}

/** Null: this fact is no part of the conversation. */
export function entryOf(stored: StoredFact<CallFact>, callId: string): ConversationEntry | null {
  const entry = wordsOf(stored)
  if (entry === null) return null
  const { stream, ...data } = entry.data
  // These two tell the number of the stream as their subject.
  const isOfStream = stored.fact.type === 'talk-stream-opened' || stored.fact.type === 'talk-stream-closed'
  const sessionId = typeof stream === 'number' ? sessionOf(callId, stream) : null
  return { ...entry, data: isOfStream ? entry.data : data, sessionId }
}

/** One session of the transcript is one stream of the carrier: when it drops, the next one continues the conversation. */
function sessionOf(callId: string, stream: number): string {
  return `${callId}/${stream}`
}

type Words = Omit<ConversationEntry, 'sessionId'>

function wordsOf({ seq, fact }: StoredFact<CallFact>): Words | null {
  const entry = { seq, at: fact.at, startMs: null, endMs: null, confidence: null, interrupted: false, latency: null }
  switch (fact.type) {
    case 'talk-said':
      return saidEntry(seq, fact)
    case 'talk-noted': {
      const { word, data } = fact
      return { ...entry, who: 'system', text: NOTES[word] ?? word.replaceAll('-', ' '), data: { word, ...data } }
    }
    case 'talk-transfer-asked':
      return {
        ...entry,
        who: 'system',
        text: 'A colleague is asked to take the call',
        data: { word: 'transfer-asked', deskId: fact.deskId },
      }
    case 'talk-transfer-answered':
      return {
        ...entry,
        who: 'system',
        text: TRANSFERS[fact.answer],
        data: { word: 'transfer-answered', answer: fact.answer },
      }
    case 'talk-stream-opened':
      return {
        ...entry,
        who: 'system',
        text: 'The line to the agent is open',
        data: { word: 'line-opened', stream: fact.stream },
      }
    case 'talk-stream-closed':
      return {
        ...entry,
        who: 'system',
        text: `The line to the agent closed: ${fact.why}`,
        data: { word: 'line-closed', stream: fact.stream },
      }
    case 'talk-handed-back':
      return { ...entry, who: 'system', text: 'Handed back to the agent', data: { word: 'handed-back' } }
    case 'talk-dialed-on':
      return { ...entry, who: 'system', text: 'Connected to another number', data: { word: 'dialed-on' } }
    case 'talk-last-words':
      return { ...entry, who: 'system', text: 'The carrier says the apology', data: { word: 'last-words' } }
    case 'recording-reported':
      return {
        ...entry,
        who: 'system',
        text: `The recording is ${fact.status === 'completed' ? 'ready' : fact.status}`,
        data: { word: 'recording', status: fact.status, seconds: fact.seconds },
      }
    default:
      return null
  }
}

function saidEntry(seq: number, fact: Extract<TalkFact, { type: 'talk-said' }>): Words {
  const { startMs, endMs, confidence, interrupted, latency, ...data } = fact.data
  return {
    seq,
    at: fact.at,
    who: fact.who,
    // The text of an erased person is null.
    text: fact.personal?.text ?? '',
    startMs: numberOr(startMs),
    endMs: numberOr(endMs),
    confidence: numberOr(confidence),
    interrupted: interrupted === true,
    latency: (latency as ConversationEntry['latency']) ?? null,
    data,
  }
}

function numberOr(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

/** The history in the form that is given to a model which joins late. */
export function saidOf(entries: ConversationEntry[]): Said[] {
  return entries.flatMap((entry): Said[] => {
    if (entry.who === 'caller') return [{ role: 'caller', text: entry.text }]
    if (entry.who === 'agent') return [{ role: 'agent', text: entry.text, interrupted: entry.interrupted }]
    if (entry.data.word === 'whispered') return [{ role: 'supervisor', text: entry.text }]
    return []
  })
}

interface FactList {
  factsAfter(seq: number, limit: number): StoredFact<CallFact>[]
}

/** All entries, oldest first. */
export function entriesOf(journal: FactList, callId: string): ConversationEntry[] {
  return journal.factsAfter(0, ENTRIES_MAX).flatMap(stored => entryOf(stored, callId) ?? [])
}

function readyRecording(journal: FactList): string | null {
  const ready = journal.factsAfter(0, ENTRIES_MAX).flatMap(({ fact }) =>
    // A message of a caller is in the inbox, for those of its box.
    fact.type === 'recording-reported' && fact.status === 'completed' && !fact.message
      ? [fact.carrierId ?? fact.recordingId]
      : [],
  )
  return ready.at(-1) ?? null
}

function lastSummary(journal: FactList): string {
  const asked = journal.factsAfter(0, ENTRIES_MAX).filter(({ fact }) => fact.type === 'talk-transfer-asked')
  const last = asked.at(-1)?.fact
  return last?.type === 'talk-transfer-asked' ? (last.personal?.summary ?? '') : ''
}

type Read = { state: CallState; journal: FactList }

export function conversationOf(callId: string, { state, journal }: Read, held: { live: boolean }): Conversation {
  const { call } = state
  const talk = call.phase === 'live' ? state.talk : null
  return {
    callId,
    callSid: call.phase === 'empty' ? null : call.providerId,
    live: held.live,
    agentId: talk?.agentId ?? null,
    version: talk?.version ?? null,
    entries: entriesOf(journal, callId),
  }
}

/**
 * `conversation`: JSON, since the notes of tools have no fixed shape; `log`: the seed's text; `recording`: the carrier's id of
 * the one that is ready; `summary`: spoken to the colleague who takes the call over.
 */
export function readDocument(what: CallDocument, callId: string, read: Read, held: { live: boolean }): string | null {
  const { journal } = read
  const { call } = read.state
  if (call.phase === 'empty') return null
  switch (what) {
    case 'conversation':
      return JSON.stringify(conversationOf(callId, read, held))
    case 'log':
      return logText(call.providerId ?? callId, entriesOf(journal, callId))
    case 'recording':
      return readyRecording(journal)
    case 'summary':
      return lastSummary(journal)
  }
}

/** Null: the carrier has not said anything about the create yet. */
export function placedOf({ call }: CallState): Placed | null {
  if (call.phase === 'over') {
    const { providerId, code, held } = call
    return { providerId, status: 'hangup', ...(code === undefined ? {} : { code }), ...(held ? { held } : {}) }
  }
  return call.phase === 'live' && call.providerId !== null ? { providerId: call.providerId, status: call.status } : null
}

const RULE = '='.repeat(80)

/** The seed's text form, byte for byte (requirements S2-31). Times are UTC. */
export function logText(providerId: string, entries: ConversationEntry[]): string {
  const lines = entries
    .filter(entry => entry.who === 'caller' || entry.who === 'agent')
    .map(
      entry =>
        `[${new Date(entry.at).toISOString().slice(11, 19)}] ${entry.who === 'caller' ? 'USER' : 'AI'}: ${entry.text.replace(/\s+/g, ' ')}`,
    )
  if (lines.length === 0) return `No conversation history found for CallSid: ${providerId}`
  return [RULE, `CONVERSATION LOG - CallSid: ${providerId}`, RULE, ...lines, RULE].join('\n')
}
