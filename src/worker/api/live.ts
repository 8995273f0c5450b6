/**
 * What happens in a workspace now. Each desk, room, queue and call is asked itself, because only it knows; each then tells the desk of
 * whoever reads (`viewer`) for a while when it changes.
 */
import type { QueueRow } from '../../actors/books.ts'
import type { Env } from '../../actors/env.ts'
import { logOf, stubFor } from '../../actors/stubs.ts'
import type { Conversation, DeskView } from '../../core/desk/view.ts'
import { agentOfDesk, deskId, deskName, deskRoomId, parseId } from '../../core/ids.ts'
import { inOrder } from '../../core/queue/choose.ts'
import { ratesOf } from '../../core/queue/figures.ts'
import { whyNotSupervised } from '../../core/room/supervision.ts'
import { shownCaller } from '../../wire/phone-number.ts'
import type { Live, LiveAgent, LiveCall, LiveQueue, LiveTalk, LiveUnread } from '../../wire/supervision.ts'
import { membersOf } from '../people.ts'
import { within } from '../within.ts'
import { campaignNow } from './live-campaign.ts'

/** Each is one question to another object, and a request may ask a thousand. */
const PEOPLE_MAX = 200
const TALKS_MAX = 100
const QUEUES_MAX = 100
const CAMPAIGNS_MAX = 50
/** An object that has not answered by then is shown as it was. */
const READ_MS = 3_000

export async function liveOf(env: Env, workspaceId: string, viewer: string): Promise<Live> {
  const book = stubFor(env, 'workspace', workspaceId)
  const [people, talks, queues, campaigns] = await Promise.all([
    membersOf(env, workspaceId, null, PEOPLE_MAX),
    logOf(env, workspaceId).talking(TALKS_MAX, viewer),
    book.queues({ do: 'list', after: null, limit: QUEUES_MAX }),
    book.campaigns(),
  ])
  const rows = queues ?? []
  const limits = [people.length === PEOPLE_MAX, talks.length === TALKS_MAX, rows.length === QUEUES_MAX]
  const unread: LiveUnread[] = []
  /** What does not answer in time is left out and named, so that one object does not hold up all others. */
  const each = async <Item, Row>(
    of: LiveUnread['of'],
    items: readonly Item[],
    nameOf: (item: Item) => Omit<LiveUnread, 'of'>,
    read: (item: Item) => Promise<Row | null>,
  ): Promise<Row[]> => {
    const found = await Promise.all(
      items.map(item =>
        within(READ_MS, read(item)).catch(() => {
          unread.push({ of, ...nameOf(item) })
          return null
        }),
      ),
    )
    return found.filter(row => row !== null)
  }
  const [agents, shownTalks, shownQueues, shownCampaigns] = await Promise.all([
    each(
      'agent',
      people,
      one => ({ id: deskName(one.userId), name: one.name }),
      one => agentNow(env, workspaceId, one, viewer),
    ),
    each(
      'talk',
      talks,
      id => ({ id, name: '' }),
      id => talkNow(env, workspaceId, id),
    ),
    each(
      'queue',
      rows,
      row => ({ id: row.queueId, name: row.name }),
      row => queueNow(env, row, viewer),
    ),
    each(
      'campaign',
      campaigns.slice(0, CAMPAIGNS_MAX),
      row => ({ id: row.campaignId, name: row.name }),
      row => campaignNow(env, row),
    ),
  ])
  const more = limits.includes(true) || campaigns.length > CAMPAIGNS_MAX
  return { at: Date.now(), agents, talks: shownTalks, queues: shownQueues, campaigns: shownCampaigns, unread, more }
}

type Person = Awaited<ReturnType<typeof membersOf>>[number]

async function agentNow(
  env: Env,
  workspaceId: string,
  { userId, name, role }: Person,
  viewer: string,
): Promise<LiveAgent> {
  const agentId = deskName(userId)
  const desk = deskId(workspaceId, agentId)
  const view = await stubFor(env, 'desk', desk).view(viewer)
  const named = { agentId, name, role }
  if (view === null)
    return {
      ...named,
      state: 'offline',
      sinceMs: 0,
      why: 'never-signed-in',
      campaign: null,
      call: null,
      at: Date.now(),
    }
  const { conversation, session } = view
  const runs = session !== null && session.state !== 'finished' && session.state !== 'stopped'
  return {
    ...named,
    state: conversation === null ? view.presence : 'on-call',
    sinceMs: conversation?.sinceMs ?? view.presenceSinceMs,
    why: whyOf(view),
    campaign: runs ? session.name : null,
    call: conversation === null ? null : await callNow(env, desk, view, conversation, viewer),
    at: Date.now(),
  }
}

/** A stable word beside the state. */
function whyOf({
  presence,
  conversation,
  phone,
  line,
  pendingOutcomes,
  session,
  pausedBecause,
}: DeskView): string | null {
  if (conversation !== null) return conversation.held ? 'on-hold' : conversation.transfer ? 'handing-over' : null
  if (presence === 'wrap-up') return pendingOutcomes.length > 0 ? 'outcome-owed' : null
  if (presence === 'paused') return pausedBecause === undefined ? null : `paused-by-${pausedBecause}`
  if (presence !== 'ready') return null
  if (phone.state !== 'registered') return 'phone-not-ready'
  if (line.state !== 'open') return 'line-not-open'
  return session?.state === 'resting' ? session.restReason : null
}

async function callNow(
  env: Env,
  desk: string,
  { line }: DeskView,
  talk: Conversation,
  viewer: string,
): Promise<LiveCall> {
  const { callId, kind, contact, sinceMs, held } = talk
  const room = await stubFor(env, 'room', deskRoomId(desk, line.generation)).read(viewer)
  const why = whyNotSupervised(room, callId)
  return {
    callId,
    kind,
    name: contact.name,
    number: contact.number === '' ? '' : contact.numberShown,
    sinceMs,
    held,
    whyNot: why === null ? null : why === 'full' ? 'full' : 'no-room',
    supervisors: room.supervisions
      .filter(one => one.callId === callId)
      .map(({ supervisionId, by, mode }) => ({
        supervisionId,
        agentId: agentOfDesk(by.deskId) ?? '',
        name: by.name,
        mode,
      })),
  }
}

/** Null: no AI agent talks there any more. */
async function talkNow(env: Env, workspaceId: string, id: string): Promise<LiveTalk | null> {
  const callId = parseId('call', id, workspaceId)
  if (callId === null) return null
  const { call, talk } = await stubFor(env, 'call', callId).read()
  if (call.phase !== 'live' || talk === null || !talk.open || talk.next.to !== 'agent') return null
  const inbound = call.links.kind === 'inbound' || call.links.kind === 'browser'
  const number = inbound ? call.party.from : call.party.to
  return {
    callId,
    direction: inbound ? 'inbound' : 'outbound',
    name: call.party.name,
    number: /^\+[0-9]+$/.test(number) ? shownCaller(number) : '',
    sinceMs: call.answeredAt ?? call.createdAt,
    asked: talk.transfer !== null,
    at: Date.now(),
  }
}

async function queueNow(env: Env, { queueId, name }: QueueRow, viewer: string): Promise<LiveQueue | null> {
  const state = await stubFor(env, 'queue', queueId).read(viewer)
  if (state.settings === null) return null
  const entries = inOrder(state)
  const waiting = entries.filter(({ stage }) => stage.is !== 'talking')
  const { serviceLevel, abandonRate } = ratesOf(state.figures)
  const agents = Object.values(state.agents)
  return {
    queueId,
    name,
    waiting: waiting.length,
    waitingSinceMs: waiting.length === 0 ? null : Math.min(...waiting.map(one => one.enteredMs)),
    talking: entries.length - waiting.length,
    free: agents.filter(one => one.free).length,
    members: agents.length,
    serviceLevel,
    abandonRate,
    at: Date.now(),
  }
}
