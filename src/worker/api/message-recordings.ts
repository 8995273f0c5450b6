/** Messages of callers, as recordings: a view of the inbox, which has their rows, their files, and how long they are kept. */
import type { Env } from '../../actors/env.ts'
import type { Entry, TranscriptState } from '../../actors/inbox/contract.ts'
import type { SoundOf } from '../../actors/recording/contract.ts'
import { stubFor } from '../../actors/stubs.ts'
import { isOwnRecording } from '../../core/ids.ts'
import { expiresAt, type RecordingStatus } from '../../core/recording/life.ts'
import type { Recording, RecordingTranscript } from '../../wire/recording.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { recordingUrl } from '../signed-recording.ts'
import { visibleTo } from './boxes.ts'

interface By {
  env: Env
  member: Caller
}
/** A recording with its place in the list. */
export interface Dated {
  atMs: number
  shown: Recording
}

const missing = () => new Refusal(404, 'There is no such recording.')

/** A message has the id of its entry, which begins with the call; a recording has a name of ours, or the carrier's, which has no dot. */
export function isMessage(recordingId: string): boolean {
  return recordingId.includes('.') && !isOwnRecording(recordingId)
}

/** Those that this member may hear: none for a key without the scope of the inbox. */
export async function messagesFor(
  by: By,
  { callId, after, limit }: { callId: string | null; after: string | null; limit: number },
): Promise<Dated[]> {
  if (!mayHear(by.member)) return []
  const query = { boxes: await visibleTo(by), kind: 'voicemail' as const, handled: null, after, limit }
  const [entries, days] = await Promise.all([
    stubFor(by.env, 'inbox', by.member.workspaceId).list({ ...query, messagesOf: callId ?? undefined }),
    daysOf(by),
  ])
  return entries.map(entry => ({ atMs: entry.atMs, shown: shown(entry, days) }))
}

/** One message, with an address of its sound. Throws 404 for whoever may not hear it. */
export async function messageFor(by: By, entryId: string): Promise<Recording> {
  const entry = await readMessage(by, entryId)
  const one = shown(entry, await daysOf(by))
  if (one.status !== 'available') return one
  return { ...one, url: await recordingUrl(by.env, by.member.workspaceId, entryId, Date.now()) }
}

/** Its words, which the inbox has made of it. */
export async function wordsOfMessage(by: By, entryId: string): Promise<RecordingTranscript> {
  const { transcriptState, transcript, seconds } = await readMessage(by, entryId)
  const line = { side: 1, start_ms: 0, end_ms: (seconds ?? 0) * 1_000, text: transcript }
  return { status: WORDS[transcriptState], language: '', cut: false, lines: transcript === '' ? [] : [line] }
}

/** The inbox keeps and deletes its messages, and writes them down. Throws 409 for one of them. */
export async function notOfInbox(by: By, recordingId: string): Promise<void> {
  if (!isMessage(recordingId)) return
  await readMessage(by, recordingId)
  throw new Refusal(409, 'This is a message of the inbox. It is kept and deleted there.')
}

/** For whoever has a signed address. */
export async function soundOfMessage(env: Env, workspaceId: string, entryId: string): Promise<SoundOf | null> {
  const place = await stubFor(env, 'inbox', workspaceId).soundOf(entryId, null)
  if (place === null || place.is === 'none') return null
  return place.is === 'carrier' ? place : { ...place, type: WAV }
}

const WAV = 'audio/wav'
const STATUS: Record<Entry['sound'], RecordingStatus> = {
  none: 'absent',
  due: 'uploading',
  kept: 'available',
  'at-carrier': 'available',
  lost: 'failed',
}
const WORDS: Record<TranscriptState, RecordingTranscript['status']> = {
  none: 'none',
  due: 'progressing',
  done: 'done',
  empty: 'done',
  'no-provider': 'none',
  failed: 'failed',
}

function mayHear({ keyId, scopes }: Caller): boolean {
  return keyId === undefined || (scopes?.includes('voicemails:read') ?? false)
}

async function readMessage(by: By, entryId: string): Promise<Entry> {
  if (!mayHear(by.member)) throw missing()
  const entry = await stubFor(by.env, 'inbox', by.member.workspaceId).read(entryId, await visibleTo(by))
  if (entry?.kind !== 'voicemail') throw missing()
  return entry
}

async function daysOf({ env, member }: By): Promise<number> {
  return (await stubFor(env, 'workspace', member.workspaceId).settings()).voicemailDays
}

function shown({ entryId, callId, sound, seconds, atMs }: Entry, days: number): Recording {
  const status = STATUS[sound]
  return {
    ...{ id: entryId, type: 'voicemail', call_id: callId ?? '', status, seconds },
    ...{ reference_type: 'call', reference_id: callId ?? '' },
    ...{ media_type: status === 'available' ? WAV : null, bytes: null, sha256: null, channels: null },
    ...{ legal_hold: false, held_by: '', tm_create: new Date(atMs).toISOString() },
    ...{ tm_expire: new Date(expiresAt(atMs, days)).toISOString(), tm_delete: null, deleted_because: '' },
  }
}
