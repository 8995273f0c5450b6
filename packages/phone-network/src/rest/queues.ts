import { QUEUE_SIZE_LIMIT } from '../engine/queue.ts'
import { averageWaitSeconds, waitedSecondsAt } from '../engine/queue-fields.ts'
import { rfc2822 } from '../engine/rfc2822.ts'
import { type Member, QUEUES_MAX, type Queue, type World } from '../engine/world.ts'
import { type Form, methodOf, one, urlOf, whole } from './form.ts'
import { page } from './paging.ts'
import { accountPath } from './resources.ts'
import { badParameter, notFound, RestError } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** `/Queues…` and their members. */

const NAME_MAX = 64
const SIZE_DEFAULT = 100

function queueResource(world: World, queue: Queue): Record<string, unknown> {
  const uri = `${accountPath(world)}/Queues/${queue.sid}`
  return {
    sid: queue.sid,
    account_sid: world.account.accountSid,
    friendly_name: queue.friendlyName,
    max_size: queue.sizeMax,
    current_size: queue.members.length,
    average_wait_time: averageWaitSeconds(queue),
    date_created: rfc2822(queue.createdAt),
    date_updated: rfc2822(queue.updatedAt),
    uri: `${uri}.json`,
    subresource_uris: { members: `${uri}/Members.json` },
  }
}

function memberResource(ask: RestAsk, queue: Queue, member: Member): Record<string, unknown> {
  return {
    queue_sid: queue.sid,
    call_sid: member.callSid,
    date_enqueued: rfc2822(member.enqueuedAt),
    position: queue.members.indexOf(member) + 1,
    wait_time: waitedSecondsAt(ask.at, member.enqueuedAt),
    uri: `${accountPath(ask.world)}/Queues/${queue.sid}/Members/${member.callSid}.json`,
  }
}

function queueOf(ask: RestAsk, sid: string): Queue {
  const queue = ask.world.queues.get(sid)
  if (!queue) throw notFound(ask.path)
  return queue
}

function nameOf(form: Form): string | null {
  const name = one(form, 'FriendlyName')
  if (name !== null && name.length > NAME_MAX) throw badParameter('FriendlyName', `more than ${NAME_MAX} characters`)
  return name
}

function listQueues({ world, query }: RestAsk): RestAnswer {
  const queues = [...world.queues.values()].reverse()
  const body = page(`${accountPath(world)}/Queues.json`, query, 'queues', queues, queue => queueResource(world, queue))
  return { status: 200, body }
}

function createQueue(ask: RestAsk): RestAnswer {
  const { world, form } = ask
  const friendlyName = nameOf(form)
  if (friendlyName === null) throw new RestError(400, 21609, "Missing required parameter 'FriendlyName'")
  if ([...world.queues.values()].some(queue => queue.friendlyName === friendlyName)) {
    throw new RestError(400, 22003, `A queue named ${friendlyName} exists already`)
  }
  if (world.queues.size >= QUEUES_MAX) throw new RestError(400, 22002, `An account has at most ${QUEUES_MAX} queues`)
  const sizeMax = whole(form, 'MaxSize', 1, QUEUE_SIZE_LIMIT, SIZE_DEFAULT)
  const made = ask.take({ kind: 'queue.made', friendlyName, sizeMax }).facts.find(fact => fact.kind === 'queue-created')
  const queue = made && world.queues.get(made.queueSid)
  if (!queue) throw new Error('the engine made no queue')
  return { status: 201, body: queueResource(world, queue) }
}

function fetchQueue(ask: RestAsk, sid: string): RestAnswer {
  return { status: 200, body: queueResource(ask.world, queueOf(ask, sid)) }
}

function updateQueue(ask: RestAsk, sid: string): RestAnswer {
  const queue = queueOf(ask, sid)
  const sizeMax = whole(ask.form, 'MaxSize', 1, QUEUE_SIZE_LIMIT, queue.sizeMax)
  ask.take({ kind: 'queue.changed', queueSid: queue.sid, friendlyName: nameOf(ask.form), sizeMax })
  return { status: 200, body: queueResource(ask.world, queue) }
}

function removeQueue(ask: RestAsk, sid: string): RestAnswer {
  const queue = queueOf(ask, sid)
  if (queue.members.length > 0) throw new RestError(400, 22001, 'A queue that is not empty cannot be deleted')
  ask.take({ kind: 'queue.removed', queueSid: queue.sid })
  return { status: 204, body: null }
}

/** `Front` is the member that has waited longest. */
function memberOf(ask: RestAsk, queue: Queue, id: string): Member {
  const member = id === 'Front' ? queue.members[0] : queue.members.find(({ callSid }) => callSid === id)
  if (!member) throw notFound(ask.path)
  return member
}

function listMembers(ask: RestAsk, sid: string): RestAnswer {
  const queue = queueOf(ask, sid)
  const members = queue.members.map(member => ({ ...member, sid: member.callSid, member }))
  const path = `${accountPath(ask.world)}/Queues/${queue.sid}/Members.json`
  const body = page(path, ask.query, 'queue_members', members, ({ member }) => memberResource(ask, queue, member))
  return { status: 200, body }
}

function fetchMember(ask: RestAsk, sid: string, id: string): RestAnswer {
  const queue = queueOf(ask, sid)
  return { status: 200, body: memberResource(ask, queue, memberOf(ask, queue, id)) }
}

/** Takes the member out of the queue and gives it other TwiML. */
function dequeueMember(ask: RestAsk, sid: string, id: string): RestAnswer {
  const queue = queueOf(ask, sid)
  const member = memberOf(ask, queue, id)
  const url = urlOf(ask.form, 'Url')
  if (url === null) throw new RestError(400, 21205, "Missing required parameter 'Url'")
  const body = memberResource(ask, queue, member)
  const target = { url, method: methodOf(ask.form, 'Method') }
  ask.take({ kind: 'member.dequeued', queueSid: queue.sid, memberSid: member.callSid, target })
  return { status: 200, body }
}

const QUEUE = '/Queues/{Sid}.json'
const MEMBERS = '/Queues/{Sid}/Members.json'
const MEMBER = '/Queues/{Sid}/Members/{CallSid}.json'

export const QUEUE_ROUTES: Route[] = [
  { method: 'GET', path: '/Queues.json', operation: 'queue-list', run: listQueues },
  { method: 'POST', path: '/Queues.json', operation: 'queue-create', run: createQueue },
  { method: 'GET', path: QUEUE, operation: 'queue-fetch', run: fetchQueue },
  { method: 'POST', path: QUEUE, operation: 'queue-update', run: updateQueue },
  { method: 'DELETE', path: QUEUE, operation: 'queue-delete', run: removeQueue },
  { method: 'GET', path: MEMBERS, operation: 'member-list', run: listMembers },
  { method: 'GET', path: MEMBER, operation: 'member-fetch', run: fetchMember },
  { method: 'POST', path: MEMBER, operation: 'member-update', run: dequeueMember },
]
