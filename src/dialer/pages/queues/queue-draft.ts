/** A queue as its form has it: times in seconds and minutes, lists as text. */
import type { Queue } from '../../../wire/queue.ts'
import type { FieldError } from '../ai/agent-draft.ts'
import type { QueueBody } from './queue-api.ts'

export type RoutingMethod = Queue['routing_method']

export interface MemberDraft {
  agentId: string
  /** `English 1, sales 2`; a skill without a level has level 1 */
  skills: string
}

export interface QueueDraft {
  name: string
  detail: string
  routingMethod: RoutingMethod
  offerSeconds: string
  waitMinutes: string
  capacity: string
  wrapUpSeconds: string
  pauseUnanswered: boolean
  announceSeconds: string
  targetSeconds: string
  shortSeconds: string
  language: string
  /** separated by commas */
  skills: string
  /** one address in a line */
  musicUrls: string
  members: MemberDraft[]
}

export const ROUTING_WORDS: readonly (readonly [RoutingMethod, string])[] = [
  ['longest-idle', 'who has been free for longest'],
  ['round-robin', 'one after another'],
  ['fewest-calls', 'who has had the fewest calls'],
  ['linear', 'in the order of the list'],
  ['skills', 'who has the best skills'],
]

export const NEW_QUEUE: QueueDraft = {
  name: '',
  detail: '',
  routingMethod: 'longest-idle',
  offerSeconds: '20',
  waitMinutes: '0',
  capacity: '100',
  wrapUpSeconds: '15',
  pauseUnanswered: true,
  announceSeconds: '60',
  targetSeconds: '20',
  shortSeconds: '5',
  language: 'en-US',
  skills: '',
  musicUrls: '',
  members: [],
}

export function draftOf(queue: Queue): QueueDraft {
  return {
    name: queue.name,
    detail: queue.detail ?? '',
    routingMethod: queue.routing_method,
    offerSeconds: inUnits(queue.offer_timeout, SECOND_MS),
    waitMinutes: inUnits(queue.wait_timeout, MINUTE_MS),
    capacity: String(queue.capacity),
    wrapUpSeconds: inUnits(queue.wrap_up, SECOND_MS),
    pauseUnanswered: queue.pause_unanswered,
    announceSeconds: inUnits(queue.announce_every, SECOND_MS),
    targetSeconds: inUnits(queue.service_target, SECOND_MS),
    shortSeconds: inUnits(queue.short_abandon, SECOND_MS),
    language: queue.language,
    skills: queue.skills.join(', '),
    musicUrls: queue.music_urls.join('\n'),
    members: queue.members.map(({ agent_id, skills }) => ({ agentId: agent_id, skills: skillsText(skills) })),
  }
}

/** The body, and what cannot be sent because it is no number. The server judges everything else. */
export function bodyOf(draft: QueueDraft): { body: QueueBody; errors: FieldError[] } {
  const errors: FieldError[] = []
  const ms = (field: string, text: string, unitMs: number) => {
    const value = numberIn(text)
    if (value === null) errors.push({ field, message: 'a number is needed' })
    return Math.round((value ?? 0) * unitMs)
  }
  const members = draft.members.map(({ agentId, skills }) => ({ agent_id: agentId, skills: skillsIn(skills) }))
  const body = {
    name: draft.name,
    detail: draft.detail,
    routing_method: draft.routingMethod,
    offer_timeout: ms('offer_timeout', draft.offerSeconds, SECOND_MS),
    wait_timeout: ms('wait_timeout', draft.waitMinutes, MINUTE_MS),
    capacity: ms('capacity', draft.capacity, 1),
    wrap_up: ms('wrap_up', draft.wrapUpSeconds, SECOND_MS),
    pause_unanswered: draft.pauseUnanswered,
    announce_every: ms('announce_every', draft.announceSeconds, SECOND_MS),
    service_target: ms('service_target', draft.targetSeconds, SECOND_MS),
    short_abandon: ms('short_abandon', draft.shortSeconds, SECOND_MS),
    language: draft.language.trim(),
    skills: parts(draft.skills, ','),
    music_urls: parts(draft.musicUrls, '\n'),
    members,
  }
  return { body, errors }
}

const SECOND_MS = 1_000
const MINUTE_MS = 60_000

function inUnits(ms: number, unitMs: number): string {
  return String(ms / unitMs)
}

function numberIn(text: string): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text.replace(',', '.'))
  return Number.isFinite(value) ? value : null
}

function parts(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map(one => one.trim())
    .filter(one => one !== '')
}

function skillsText(skills: Readonly<Record<string, number>>): string {
  return Object.entries(skills)
    .map(([name, level]) => `${name} ${level}`)
    .join(', ')
}

function skillsIn(text: string): Record<string, number> {
  const skills: Record<string, number> = {}
  for (const part of parts(text, ',')) {
    const [, name = '', level] = /^(.*?)(?:\s+(\d{1,2}))?$/.exec(part) ?? []
    skills[name] = level === undefined ? 1 : Number(level)
  }
  return skills
}
