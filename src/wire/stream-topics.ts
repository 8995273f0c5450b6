/**
 * Topics of the socket of events: `*`, the name of an event in either vocabulary, `call:{callId}`, and the two names of the seed. A socket's topics are read
 * once (`interestIn`) and then matched with each event.
 */
import { deskName, parseId } from '../core/ids.ts'
import { EVENT_TYPES, EVERYTHING } from './events.ts'

const OF_CALL = 'call:'
const CALL_STATUS = /^call-status-user-([A-Za-z0-9_-]{1,64})$/
const INBOUND = 'inbound-call'

/** Who has opened a socket, as far as topics depend on it. */
export interface TopicOwner {
  workspaceId: string
  /** the name of the desk of a person; null: a program, which has none */
  agentId: string | null
  /** may read all events of the workspace */
  mayRead: boolean
}
/** Of an event, what topics look at. */
export interface Topical {
  /** its names in the vocabularies */
  names: readonly string[]
  callId: string | null
  legacy: { topic: 'call-status' | 'inbound-call'; agentId: string } | null
}

/** May this owner have this topic? */
export function admit(topic: string, owner: TopicOwner): 'yes' | 'unknown-topic' | 'not-allowed' {
  const user = CALL_STATUS.exec(topic)?.[1]
  if (user !== undefined) return owner.mayRead || deskName(user) === owner.agentId ? 'yes' : 'not-allowed'
  if (topic === INBOUND) return 'yes'
  const callId = topic.startsWith(OF_CALL) ? topic.slice(OF_CALL.length) : null
  const known =
    callId === null
      ? topic === EVERYTHING || EVENT_TYPES.includes(topic)
      : parseId('call', callId, owner.workspaceId) !== null
  if (!known) return 'unknown-topic'
  return owner.mayRead ? 'yes' : 'not-allowed'
}

/** The topics of one socket, ready to be matched. */
export interface Interest {
  /** the first of these topics that has the event; null: none has it */
  publicTopic(event: Topical): string | null
  /** the topic of the seed that has it; null: none */
  legacyTopic(event: Topical): string | null
}

/** These topics of this owner, each of which has been admitted. */
export function interestIn(topics: readonly string[], { agentId }: Pick<TopicOwner, 'agentId'>): Interest {
  const place = new Map(topics.map((topic, index) => [topic, index]))
  const statusOf = new Map<string, string>()
  for (const topic of topics) {
    const user = CALL_STATUS.exec(topic)?.[1]
    if (user !== undefined) statusOf.set(deskName(user), topic)
  }
  const first = (names: readonly string[]) => {
    let found: string | null = null
    let least = Number.POSITIVE_INFINITY
    for (const name of names) {
      const at = place.get(name)
      if (at !== undefined && at < least) [found, least] = [name, at]
    }
    return found
  }
  return {
    publicTopic: ({ names, callId }) =>
      first([EVERYTHING, ...names, ...(callId === null ? [] : [`${OF_CALL}${callId}`])]),
    legacyTopic({ legacy }) {
      if (legacy === null) return null
      if (legacy.topic === 'call-status') return statusOf.get(legacy.agentId) ?? null
      // A person gets the calls that ring at their own desk, a program those of every desk.
      return place.has(INBOUND) && (agentId === null || agentId === legacy.agentId) ? INBOUND : null
    },
  }
}
