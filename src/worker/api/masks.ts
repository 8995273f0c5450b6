/** Virtual numbers, and the sessions in which two people meet behind one. */
import type { z } from 'zod'
import type { Env } from '../../actors/env.ts'
import type { Interaction, Mask, MaskSettings, Opened } from '../../actors/mask/contract.ts'
import { stubFor } from '../../actors/stubs.ts'
import { type MaskId, maskId as maskIdOf, maskOfSession, numberOfMask, parseId } from '../../core/ids.ts'
import { hiddenNumber } from '../../core/mask/hidden.ts'
import type { MaskSession } from '../../core/mask/mask.ts'
import type { newMask, ShownInteraction, ShownMask, ShownMaskSession } from '../../wire/mask.ts'
import { maskRoutes } from '../../wire/routes/masks.ts'
import { maskPages, maskSessionPages } from '../../wire/routes/pages.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'

interface By {
  env: Env
  member: Caller
}
type Body = Omit<z.output<typeof newMask>, 'number'>
const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const time = (ms: number) => new Date(ms).toISOString()
const timeOrNull = (ms: number | null) => (ms === null ? null : time(ms))
/** The mask of a path, if there is one: an object is made by asking for it, so the list is asked first. */
async function maskOf(by: By, maskId: MaskId) {
  if (!(await bookOf(by).has(maskId))) throw new Refusal(404, 'There is no such virtual number.')
  return stubFor(by.env, 'mask', maskId)
}
async function ofSession(by: By, sessionId: string) {
  if (!(await bookOf(by).has(maskOfSession(sessionId)))) throw new Refusal(404, 'There is no such session.')
  return stubFor(by.env, 'mask', maskOfSession(sessionId))
}
const bookOf = ({ env, member }: By) => stubFor(env, 'mask', member.workspaceId)

function found<T>(value: T | null, what = 'virtual number'): T {
  if (value === null) throw new Refusal(404, `There is no such ${what}.`)
  return value
}

function settingsOf(body: Body): MaskSettings {
  return {
    name: body.name,
    forwardTo: body.forward_to,
    waitingMessage: body.waiting_message,
    unknownMessage: body.unknown_message,
    language: body.language,
    record: body.record,
    carrier: body.carrier,
    voice: body.voice,
    ringMs: body.ring_time * SECOND_MS,
    coolOffMs: body.cool_off * SECOND_MS,
  }
}
function bodyOf(known: MaskSettings): Body {
  return {
    name: known.name,
    forward_to: known.forwardTo,
    waiting_message: known.waitingMessage,
    unknown_message: known.unknownMessage,
    language: known.language,
    record: known.record,
    carrier: known.carrier,
    voice: known.voice,
    ring_time: known.ringMs / SECOND_MS,
    cool_off: known.coolOffMs / SECOND_MS,
  }
}

function shown(one: Mask): ShownMask {
  return {
    id: one.maskId,
    number: one.number,
    ...bodyOf(one),
    forward_to: one.forwardTo === null ? null : hiddenNumber(one.forwardTo),
    open_sessions: one.openSessions,
    tm_create: time(one.madeMs),
    tm_update: time(one.changedMs),
  }
}
function shownSession(one: MaskSession): ShownMaskSession {
  const maskId = maskOfSession(one.sessionId)
  const sides = ['a', 'b'] as const
  return {
    id: one.sessionId,
    mask_id: maskId,
    virtual_number: numberOfMask(maskId),
    status: one.closed === null ? 'open' : 'closed',
    closed_reason: one.closed?.because ?? null,
    participants: sides.map(side => ({
      ...{ side, name: one[side].name, number: hiddenNumber(one[side].number), has_pin: one[side].pin !== null },
    })),
    expires_at: timeOrNull(one.expiresMs),
    ttl: one.idleMs === null ? null : one.idleMs / SECOND_MS,
    max_minutes: one.maxMs / MINUTE_MS,
    tm_create: time(one.openedMs),
    // While a call is on, its session is kept until the latest end of it.
    tm_last_call: time(Math.min(one.lastMs, Date.now())),
    tm_closed: timeOrNull(one.closed?.ms ?? null),
  }
}
export function shownInteraction(one: Interaction): ShownInteraction {
  return {
    ...{ id: one.callId, call_id: one.callId, mask_id: one.maskId, session_id: one.sessionId },
    ...{ from: one.from, status: one.status, result: one.result },
    tm_create: time(one.atMs),
    tm_end: timeOrNull(one.endedMs),
  }
}

async function interactionsOf(
  { env }: By,
  maskId: MaskId,
  sessionId: string | null,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
) {
  if (cursor !== undefined && !/^interactions~\d{1,15}~\S{1,120}$/.test(cursor))
    throw new Refusal(400, 'There is no such cursor.', [{ field: 'cursor', message: 'not a cursor of this list' }])
  const after = cursor?.slice('interactions~'.length) ?? null
  const rows = await stubFor(env, 'mask', maskId).interactions({ sessionId, live: false, after, limit })
  const last = rows.length === limit ? rows.at(-1) : undefined
  const next = last === undefined ? null : `interactions~${last.atMs}~${last.callId}`
  return { items: rows.map(shownInteraction), next }
}

const REFUSALS: Record<
  Extract<Opened, { is: 'refused' }>['because'],
  { status: 400 | 409 | 422; field: string; message: string }
> = {
  'same-party': { status: 400, field: 'participants', message: 'both are the same number' },
  'party-is-mask': { status: 400, field: 'participants', message: 'one of them is the virtual number itself' },
  'already-over': { status: 400, field: 'expires_at', message: 'is in the past' },
  'party-taken': {
    status: 409,
    field: 'participants',
    message: 'one of them has a session with somebody else behind this number, or had one a moment ago',
  },
  'pin-taken': { status: 409, field: 'participants', message: 'a PIN is in use behind this number' },
  'name-taken': { status: 409, field: 'unique_name', message: 'a session of two other people has this name' },
  'no-mask': { status: 422, field: 'mask_id', message: 'there is no such virtual number' },
  'no-mask-free': { status: 409, field: 'participants', message: 'no virtual number is free for these two' },
  'too-many': { status: 409, field: 'mask_id', message: 'as many sessions are open there as may be' },
}

export const masks = bind(maskRoutes, {
  async 'GET /v1.0/masks'(by) {
    const { limit, cursor } = by.query
    const { workspaceId } = by.member
    const last = maskPages.after(cursor)
    const after = last === null ? null : `${workspaceId}.${last}`
    const ids = await bookOf(by).listed(after, limit)
    const rows = await Promise.all(ids.map(id => stubFor(by.env, 'mask', id).read()))
    const items = rows.flatMap(row => (row === null ? [] : [shown(row)]))
    return {
      items,
      next: maskPages.next(
        ids.map(id => id.slice(workspaceId.length + 1)),
        limit,
      ),
    }
  },

  async 'POST /v1.0/masks'(by) {
    const { env, member, body } = by
    const { number, ...settings } = body
    const trunk = stubFor(env, 'trunk', member.workspaceId)
    const isAtTrunk = body.carrier === 'workspace'
    const ours = (await trunk.numbers()).some(row => String(row.number) === number)
    if (isAtTrunk && !ours)
      throw new Refusal(422, 'This number cannot be a virtual number.', [
        { field: 'number', message: 'the workspace has no such number' },
      ])
    const maskId = maskIdOf(member.workspaceId, number)
    if ((await stubFor(env, 'mask', maskId).read()) !== null)
      throw new Refusal(409, 'This number is a virtual number already.', [
        { field: 'number', message: 'is one already' },
      ])
    if (!(await bookOf(by).enlist(maskId)))
      throw new Refusal(422, 'This workspace has as many virtual numbers as it may have.')
    const made = await stubFor(env, 'mask', maskId).configure(settingsOf(settings))
    if (!isAtTrunk) return shown(made)
    await stubFor(env, 'workspace', member.workspaceId).releaseAiNumber(number)
    await trunk.leadNumber(number, { to: 'mask', id: maskId })
    return shown(made)
  },

  async 'GET /v1.0/masks/:maskId'(by) {
    return shown(found(await (await maskOf(by, by.params.maskId)).read()))
  },

  async 'PUT /v1.0/masks/:maskId'(by) {
    const mask = await maskOf(by, by.params.maskId)
    const known = found(await mask.read())
    const named = Object.fromEntries(Object.entries(by.body).filter(([, value]) => value !== undefined))
    return shown(await mask.configure(settingsOf({ ...bodyOf(known), ...named })))
  },

  async 'DELETE /v1.0/masks/:maskId'(by) {
    const { maskId } = by.params
    if (!(await (await maskOf(by, maskId)).remove()))
      throw new Refusal(409, 'People may still call behind this number. Close its sessions first.')
    await bookOf(by).strike(maskId)
    await stubFor(by.env, 'trunk', by.member.workspaceId).leadNowhere('mask', maskId)
    return { message: 'deleted' }
  },

  async 'GET /v1.0/masks/:maskId/interactions'(by) {
    await maskOf(by, by.params.maskId)
    return interactionsOf(by, by.params.maskId, null, by.query)
  },

  async 'GET /v1.0/masksessions'(by) {
    const { limit, cursor, mask_id } = by.query
    const { workspaceId } = by.member
    const last = maskSessionPages.after(cursor)
    const after = last === null ? null : `${workspaceId}.${last}`
    const ids = await bookOf(by).sessions(mask_id ?? null, after, limit)
    const rows = await Promise.all(ids.map(id => stubFor(by.env, 'mask', maskOfSession(id)).session(id)))
    const items = rows.flatMap(row => (row === null ? [] : [shownSession(row)]))
    return {
      items,
      next: maskSessionPages.next(
        ids.map(id => id.slice(workspaceId.length + 1)),
        limit,
      ),
    }
  },

  async 'POST /v1.0/masksessions'(by) {
    const { mask_id, unique_name, participants, expires_at, ttl, max_minutes } = by.body
    const maskId = mask_id === null ? null : parseId('mask', mask_id, by.member.workspaceId)
    const [a, b] = participants
    const opened: Opened =
      mask_id !== null && maskId === null
        ? { is: 'refused', because: 'no-mask' }
        : await bookOf(by).assign({
            ...{ maskId, uniqueName: unique_name, a, b },
            expiresMs: expires_at === null ? null : Date.parse(expires_at),
            idleMs: ttl === null ? null : ttl * SECOND_MS,
            maxMs: max_minutes * MINUTE_MS,
          })
    if (opened.is === 'open') return shownSession(opened.session)
    const { status, field, message } = REFUSALS[opened.because]
    throw new Refusal(status, 'This session cannot be opened.', [{ field, message }])
  },

  async 'GET /v1.0/masksessions/:maskSessionId'(by) {
    const id = by.params.maskSessionId
    return shownSession(found(await (await ofSession(by, id)).session(id), 'session'))
  },

  async 'DELETE /v1.0/masksessions/:maskSessionId'(by) {
    const id = by.params.maskSessionId
    return shownSession(found(await (await ofSession(by, id)).close(id), 'session'))
  },

  async 'GET /v1.0/masksessions/:maskSessionId/participants'(by) {
    const id = by.params.maskSessionId
    const session = found(await (await ofSession(by, id)).session(id), 'session')
    const sides = ['a', 'b'] as const
    return { items: sides.map(side => ({ side, ...session[side] })), next: null }
  },

  async 'GET /v1.0/masksessions/:maskSessionId/interactions'(by) {
    const id = by.params.maskSessionId
    found(await (await ofSession(by, id)).session(id), 'session')
    return interactionsOf(by, maskOfSession(id), id, by.query)
  },
})
