/** Queues and the callers in them. */
import type { z } from 'zod'
import type { QueueRow } from '../../actors/books.ts'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import {
  deskId,
  nameOfDesk,
  parseId,
  parseQueueCallId,
  type QueueId,
  queueCallId,
  queueId as queueIdOf,
} from '../../core/ids.ts'
import { inOrder, placeOf } from '../../core/queue/choose.ts'
import { ratesOf } from '../../core/queue/figures.ts'
import type { Entry, QueueInput, QueueSettings, QueueState } from '../../core/queue/state.ts'
import type { Queue, QueueCall, queueBody } from '../../wire/queue.ts'
import { queuePages } from '../../wire/routes/pages.ts'
import { queueRoutes } from '../../wire/routes/queues.ts'
import { namesInTeam } from '../membership.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { viewerOf } from './own-desk.ts'

interface By {
  env: Env
  member: Caller
}
type Body = z.output<typeof queueBody>
type Settings = Omit<Body, 'members' | 'detail'>

const noQueue = () => new Refusal(404, 'There is no such queue.')
const noCaller = () => new Refusal(404, 'There is no such caller in a queue.')
const time = (ms: number) => new Date(ms).toISOString()

async function rowOf({ env, member }: By, queueId: QueueId): Promise<QueueRow> {
  const [row] = (await stubFor(env, 'workspace', member.workspaceId).queues({ do: 'read', queueId })) ?? []
  if (row === undefined) throw noQueue()
  return row
}

async function tell({ env }: By, queueId: QueueId, input: QueueInput): Promise<void> {
  if (!(await stubFor(env, 'queue', queueId).deliver(input, null)))
    throw new Refusal(422, 'This could not be stored. Nothing was changed.')
}

/** A relative address is one of ours, so that no setting names a host. */
function settingsOf(env: Env, body: Settings): QueueSettings {
  const own = `${env.PUBLIC_BASE_URL ?? ''}/sounds/hold.wav`
  return {
    name: body.name,
    strategy: body.routing_method,
    offerMs: body.offer_timeout,
    waitLimitMs: body.wait_timeout,
    capacity: body.capacity,
    wrapUpMs: body.wrap_up,
    pauseUnanswered: body.pause_unanswered,
    announceMs: body.announce_every,
    targetMs: body.service_target,
    shortMs: body.short_abandon,
    language: body.language,
    skills: body.skills,
    music: body.music_urls.length === 0 ? [own] : body.music_urls,
  }
}

function asBody(env: Env, settings: QueueSettings): Settings {
  const own = `${env.PUBLIC_BASE_URL ?? ''}/sounds/hold.wav`
  return {
    name: settings.name,
    routing_method: settings.strategy,
    offer_timeout: settings.offerMs,
    wait_timeout: settings.waitLimitMs,
    capacity: settings.capacity,
    wrap_up: settings.wrapUpMs,
    pause_unanswered: settings.pauseUnanswered,
    announce_every: settings.announceMs,
    service_target: settings.targetMs,
    short_abandon: settings.shortMs,
    language: settings.language,
    skills: [...settings.skills],
    music_urls: settings.music.filter(url => url !== own),
  }
}

async function membersOf({ env, member }: By, members: Body['members']) {
  const known = await namesInTeam(
    env,
    member.workspaceId,
    members.map(one => one.agent_id),
  )
  const fields = members.flatMap(({ agent_id }, index) =>
    known.has(agent_id) ? [] : [{ field: `members.${index}.agent_id`, message: 'there is no such person in the team' }],
  )
  if (fields.length > 0) throw new Refusal(400, 'The queue cannot be saved.', fields)
  return members.map(({ agent_id, skills }) => ({ deskId: deskId(member.workspaceId, agent_id), skills }))
}

function shown(env: Env, row: QueueRow, state: QueueState): Queue {
  const { settings, figures } = state
  if (settings === null) throw noQueue()
  const rates = ratesOf(figures)
  const entries = inOrder(state)
  const ids = (is: (one: Entry) => boolean) => entries.filter(is).map(one => queueCallId(row.queueId, one.entryId))
  return {
    id: row.queueId,
    detail: row.detail,
    tm_create: time(row.madeMs),
    tm_update: time(row.changedMs),
    ...asBody(env, settings),
    members: Object.values(state.agents)
      .sort((a, b) => a.place - b.place)
      .map(({ deskId: desk, skills, free, reason, sinceMs, calls }) => ({
        ...{ agent_id: nameOfDesk(desk), skills, free, reason, calls },
        tm_since: time(sinceMs),
      })),
    wait_queuecall_ids: ids(({ stage }) => stage.is !== 'talking'),
    service_queuecall_ids: ids(({ stage }) => stage.is === 'talking'),
    total_incoming_count: figures.offered,
    total_serviced_count: figures.answered,
    total_abandoned_count: figures.abandoned,
    service_level: rates.serviceLevel,
    abandon_rate: rates.abandonRate,
    average_wait: rates.averageWaitMs,
    longest_wait: figures.longestWaitMs,
  }
}

async function read(by: By, queueId: QueueId): Promise<Queue> {
  return shown(by.env, await rowOf(by, queueId), await stubFor(by.env, 'queue', queueId).read(viewerOf(by.member)))
}

const STATUS = {
  waiting: 'waiting',
  resting: 'waiting',
  offered: 'connecting',
  ringing: 'connecting',
  talking: 'service',
} as const

function shownCaller(queueId: string, state: QueueState, entry: Entry, now: number): QueueCall {
  const { stage } = entry
  const agent = 'deskId' in stage ? nameOfDesk(stage.deskId) : null
  return {
    id: queueCallId(queueId, entry.entryId),
    queue_id: queueId,
    reference_id: entry.callId,
    status: STATUS[stage.is],
    callback: entry.kind === 'callback',
    place: placeOf(state, entry.entryId) || null,
    service_agent_id: agent,
    duration_waiting: (stage.is === 'talking' ? stage.sinceMs : now) - entry.enteredMs,
    tm_create: time(entry.enteredMs),
  }
}

async function callerOf(by: By, id: string) {
  const parts = parseQueueCallId(by.member.workspaceId, id)
  if (parts === null) throw noCaller()
  const { queueId, entryId } = parts
  const row = await rowOf(by, queueId).catch(() => null)
  if (row === null) throw noCaller()
  const state = await stubFor(by.env, 'queue', queueId).read()
  const entry = Object.hasOwn(state.entries, entryId) ? state.entries[entryId] : undefined
  if (entry === undefined) throw noCaller()
  return { queueId, state, entry }
}

export const queues = bind(queueRoutes, {
  async 'GET /v1.0/queues'({ env, member, query }) {
    const { workspaceId } = member
    const last = queuePages.after(query.cursor)
    const after = last === null ? null : `${workspaceId}.${last}`
    const rows = (await stubFor(env, 'workspace', workspaceId).queues({ do: 'list', after, limit: query.limit })) ?? []
    const items = rows.map(({ queueId, name, detail, madeMs, changedMs }) => ({
      ...{ id: queueId, name, detail },
      ...{ tm_create: time(madeMs), tm_update: time(changedMs) },
    }))
    const ids = rows.map(one => one.queueId.slice(workspaceId.length + 1))
    return { items, next: queuePages.next(ids, query.limit) }
  },

  async 'POST /v1.0/queues'(by) {
    const { env, member, body } = by
    const { members, detail, ...settings } = body
    const staff = await membersOf(by, members)
    const queueId = queueIdOf(member.workspaceId, unique())
    const save = { do: 'save' as const, queueId, name: body.name, detail, by: member.name }
    if ((await stubFor(env, 'workspace', member.workspaceId).queues(save)) === null)
      throw new Refusal(422, 'This workspace has as many queues as it may have.')
    await tell(by, queueId, { type: 'queue.configured', at: Date.now(), settings: settingsOf(env, settings) })
    await tell(by, queueId, { type: 'queue.staffed', at: Date.now(), members: staff })
    return read(by, queueId)
  },

  async 'GET /v1.0/queues/:queueId'(by) {
    return read(by, by.params.queueId)
  },

  async 'PUT /v1.0/queues/:queueId'(by) {
    const { env, member, body, params } = by
    const { queueId } = params
    const row = await rowOf(by, queueId)
    const known = (await stubFor(env, 'queue', queueId).read()).settings
    if (known === null) throw noQueue()
    const { members, detail = row.detail, ...change } = body
    const staff = members === undefined ? null : await membersOf(by, members)
    const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    const settings = settingsOf(env, { ...asBody(env, known), ...named })
    await tell(by, queueId, { type: 'queue.configured', at: Date.now(), settings })
    if (staff !== null) await tell(by, queueId, { type: 'queue.staffed', at: Date.now(), members: staff })
    const save = { do: 'save' as const, queueId, name: settings.name, detail, by: member.name }
    await stubFor(env, 'workspace', member.workspaceId).queues(save)
    return read(by, queueId)
  },

  async 'DELETE /v1.0/queues/:queueId'(by) {
    const { queueId } = by.params
    await rowOf(by, queueId)
    await tell(by, queueId, { type: 'queue.closed', at: Date.now() })
    await stubFor(by.env, 'workspace', by.member.workspaceId).queues({ do: 'remove', queueId })
    await stubFor(by.env, 'trunk', by.member.workspaceId).leadNowhere('queue', queueId)
    return { message: 'closed' }
  },

  async 'GET /v1.0/queuecalls'(by) {
    const queueId = parseId('queue', by.query.queue_id, by.member.workspaceId)
    if (queueId === null) throw noQueue()
    await rowOf(by, queueId)
    const state = await stubFor(by.env, 'queue', queueId).read(viewerOf(by.member))
    const now = Date.now()
    return { items: inOrder(state).map(entry => shownCaller(queueId, state, entry, now)), next: null }
  },

  async 'GET /v1.0/queuecalls/:queuecallId'(by) {
    const { queueId, state, entry } = await callerOf(by, by.params.queuecallId)
    return shownCaller(queueId, state, entry, Date.now())
  },

  async 'POST /v1.0/queuecalls/:queuecallId/kick'(by) {
    const { queueId, entry } = await callerOf(by, by.params.queuecallId)
    await tell(by, queueId, { type: 'caller.kicked', at: Date.now(), entryId: entry.entryId })
    return { message: 'leaving' }
  },
})
