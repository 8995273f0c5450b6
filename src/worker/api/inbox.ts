/** The inbox: who may see which box, the entries, and the sound of a message. */

import type { Env } from '../../actors/env.ts'
import type { Entry, EntryChange, EntryKind } from '../../actors/inbox/contract.ts'
import { stubFor } from '../../actors/stubs.ts'
import { type Box, GENERAL_BOX } from '../../core/call/voicemail/state.ts'
import { deskName, parseId } from '../../core/ids.ts'
import { storageOf, telephonyOf } from '../../providers/registry.ts'
import type { InboxEntry } from '../../wire/inbox.ts'
import { inboxRoutes } from '../../wire/routes/inbox.ts'
import { type Caller, memberNamed } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { ownBoxes, visibleTo } from './boxes.ts'
import { agentIdOf } from './own-desk.ts'
import { rangeOf, unsatisfiable, whole } from './sound-range.ts'

interface By {
  env: Env
  member: Caller
}
const noEntry = () => new Refusal(404, 'There is no such entry in the inbox.')
const noMessage = () => new Refusal(404, 'There is no such message.')
const time = (ms: number) => new Date(ms).toISOString()

const inboxOf = ({ env, member }: By) => stubFor(env, 'inbox', member.workspaceId)

interface Query {
  cursor?: string | undefined
  limit: number
  state: 'open' | 'handled' | 'all'
  whose: 'mine' | 'all'
}

async function page(by: By, { cursor, limit, state, whose }: Query, kind: EntryKind | null) {
  const mine = whose === 'mine' && by.member.keyId === undefined
  const boxes = mine ? await ownBoxes(by) : await visibleTo(by)
  const handled = state === 'all' ? null : state === 'handled'
  const rows = await inboxOf(by).list({ boxes, kind, handled, after: cursor ?? null, limit })
  const last = rows.at(-1)
  const next = rows.length === limit && last !== undefined ? `${last.atMs}~${last.entryId}` : null
  return { items: await shown(by, rows), next }
}

/** Names of people and queues are read from where they are kept, each once. */
async function shown(by: By, entries: readonly Entry[]): Promise<InboxEntry[]> {
  const names = await namesOf(
    by,
    entries.map(one => one.box),
  )
  return entries.map(one => ({
    id: one.entryId,
    kind: one.kind,
    box: { ...one.box, name: names.get(wordOf(one.box)) ?? '' },
    call_id: one.callId,
    number: one.number,
    name: one.name,
    contact_id: one.contactId,
    seconds: one.seconds,
    sound: one.sound,
    transcript_state: one.transcriptState,
    transcript: one.transcript,
    note: one.note,
    tm_create: time(one.atMs),
    tm_handled: one.handledMs === null ? null : time(one.handledMs),
    handled_by: one.handledBy,
  }))
}

const wordOf = ({ kind, id }: Box) => `${kind} ${id}`

async function namesOf({ env, member }: By, boxes: readonly Box[]): Promise<Map<string, string>> {
  const unlike = [...new Map(boxes.map(box => [wordOf(box), box])).values()]
  const named = unlike.map(async (box): Promise<[string, string]> => [wordOf(box), await nameOf(env, member, box)])
  return new Map(await Promise.all(named))
}

async function nameOf(env: Env, { workspaceId, workspaceName }: Caller, { kind, id }: Box): Promise<string> {
  if (kind === 'workspace') return workspaceName
  if (kind === 'person') return (await memberNamed(env, workspaceId, id))?.name ?? 'somebody who has left'
  const queueId = parseId('queue', id, workspaceId)
  const rows = queueId && (await stubFor(env, 'workspace', workspaceId).queues({ do: 'read', queueId }))
  return rows?.[0]?.name ?? 'a queue that is closed'
}

async function change(by: By, entryId: string, wanted: EntryChange): Promise<InboxEntry> {
  const changed = await inboxOf(by).change(entryId, await visibleTo(by), wanted, by.member.name)
  if (changed === null) throw noEntry()
  return (await shown(by, [changed]))[0] as InboxEntry
}

async function message(by: By, entryId: string): Promise<Entry> {
  const entry = await inboxOf(by).read(entryId, await visibleTo(by))
  if (entry?.kind !== 'voicemail') throw noMessage()
  return entry
}

async function soundOf(by: By, entryId: string, header: string | undefined): Promise<Response> {
  await message(by, entryId)
  const place = await inboxOf(by).soundOf(entryId, null)
  if (place === null || place.is === 'none') throw new Refusal(404, 'There is no sound of this message.')
  if (place.is === 'carrier') return atCarrier(by, place.recordingId, header)
  const range = rangeOf(header, place.bytes)
  if (range === 'unsatisfiable') return unsatisfiable(place.bytes)
  const from = range === null ? undefined : { from: range.from, bytes: range.to - range.from + 1 }
  const file = await storageOf(by.env)?.get(place.key, from)
  if (!file?.ok) throw new Refusal(503, 'The sound cannot be read now. Try again in a moment.')
  return whole(file.value.body, place.bytes, range)
}

/** Until it is copied, and where the deployment keeps no files, the carrier's own copy is played. */
async function atCarrier({ env, member }: By, recordingId: string, header: string | undefined): Promise<Response> {
  const telephony = await telephonyOf(env, member.workspaceId)
  const answer = await telephony?.recordingSound(recordingId).catch(() => null)
  if (!answer?.ok) throw new Refusal(404, 'The carrier has no sound of it yet.')
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const range = rangeOf(header, bytes.length)
  if (range === 'unsatisfiable') return unsatisfiable(bytes.length)
  return whole(range === null ? bytes : bytes.subarray(range.from, range.to + 1), bytes.length, range)
}

/** @throws Refusal 403: it is not theirs; 400: there is no such person or queue */
async function boxFor(by: By, kind: Box['kind'], id: string): Promise<Box> {
  const { env, member } = by
  if (kind === 'workspace') {
    if (member.role === 'agent') throw new Refusal(403, 'Whoever leads the team sets this greeting.')
    return GENERAL_BOX
  }
  const own = kind === 'person' && deskName(id) === agentIdOf(member)
  if (member.role === 'agent' && !own) throw new Refusal(403, 'Whoever leads the team sets this greeting.')
  const missing = (what: string) => new Refusal(400, 'The greeting was not set.', [{ field: 'id', message: what }])
  if (kind === 'person') {
    if ((await memberNamed(env, member.workspaceId, deskName(id))) === null)
      throw missing('there is no such person in the team')
    return { kind, id: deskName(id) }
  }
  const queueId = parseId('queue', id, member.workspaceId)
  const rows = queueId && (await stubFor(env, 'workspace', member.workspaceId).queues({ do: 'read', queueId }))
  if (!queueId || !rows?.length) throw missing('there is no such queue')
  return { kind, id: queueId }
}

export const inbox = bind(inboxRoutes, {
  'GET /v1.0/inbox': by => page(by, by.query, by.query.kind ?? null),
  'GET /v1.0/voicemails': by => page(by, by.query, 'voicemail'),

  async 'GET /v1.0/inbox-waiting'(by) {
    return { waiting: await inboxOf(by).waiting(await ownBoxes(by)) }
  },

  'PUT /v1.0/inbox/:entryId': by => change(by, by.params.entryId, { do: by.body.handled ? 'handle' : 'reopen' }),

  async 'DELETE /v1.0/inbox/:entryId'(by) {
    await change(by, by.params.entryId, { do: 'delete' })
    return { message: 'deleted' }
  },

  'POST /v1.0/inbox/:entryId/restore': by => change(by, by.params.entryId, { do: 'restore' }),

  async 'GET /v1.0/voicemails/:entryId'(by) {
    return (await shown(by, [await message(by, by.params.entryId)]))[0] as InboxEntry
  },

  'GET /v1.0/voicemails/:entryId/audio': by => soundOf(by, by.params.entryId, by.c.req.header('Range')),

  async 'PUT /v1.0/voicemails/:entryId'(by) {
    await message(by, by.params.entryId)
    return change(by, by.params.entryId, { do: by.body.handled ? 'handle' : 'reopen' })
  },

  async 'DELETE /v1.0/voicemails/:entryId'(by) {
    await message(by, by.params.entryId)
    await change(by, by.params.entryId, { do: 'delete' })
    return { message: 'deleted' }
  },

  async 'GET /v1.0/voicemail-greetings'(by) {
    const boxes = await visibleTo(by)
    const all = await inboxOf(by).greetings()
    const seen = boxes === null ? all : all.filter(({ box }) => boxes.some(one => wordOf(one) === wordOf(box)))
    const names = await namesOf(
      by,
      seen.map(one => one.box),
    )
    return {
      items: seen.map(({ box, text }) => ({ box: { ...box, name: names.get(wordOf(box)) ?? '' }, text })),
      next: null,
    }
  },

  async 'PUT /v1.0/voicemail-greetings'(by) {
    const box = await boxFor(by, by.body.kind, by.body.id)
    const text = by.body.text.trim()
    await inboxOf(by).setGreeting(box, text)
    return { box: { ...box, name: await nameOf(by.env, by.member, box) }, text }
  },
})
