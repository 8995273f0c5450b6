/**
 * The reports and their figures. Each figure is defined here once: the page, docs/reports.md and the API show these words, and the same row
 * computes it.
 */
import type { Cut, Sums } from './cells.ts'

export type Unit = 'count' | 'percent' | 'seconds' | 'minutes' | 'hours' | 'perHour' | 'word'

/** What a row of a report is made of: sums over calls, and of an agent the time at the desk. */
export interface Counted {
  sums: Sums
  signedInMs: number
  wrapUpMs: number
  wrapUps: number
  /** what part of dialed people answers on all numbers, to judge one number by; null: nobody was dialed */
  answerRate: number | null
  /** The calls are those of one campaign; the time at the desk is that of all work. */
  ofOneCampaign?: boolean
}
interface Figure {
  readonly words: string
  readonly unit: Unit
  readonly means: string
  readonly of: (row: Counted) => number | string | null
}

/** A number with fewer calls is not judged. */
export const HEALTH_DIALS_MIN = 50
const HEALTH_REFUSED_MAX = 0.05

export const FIGURES = {
  calls: {
    words: 'Calls',
    unit: 'count',
    means: 'All calls that began in this time, placed and received, without those between two extensions.',
    of: ({ sums }) => sums.calls,
  },
  dialed: {
    words: 'Dialed',
    unit: 'count',
    means: 'Calls that we placed to a number. A call that a rule of dialing forbade is not among them.',
    of: ({ sums }) => sums.dialed,
  },
  answered: {
    words: 'Answered',
    unit: 'count',
    means: 'Dialed calls that a person answered. Machines, faxes and voicemail are not people.',
    of: ({ sums }) => sums.answered,
  },
  answer_rate: {
    words: 'Answer rate',
    unit: 'percent',
    means: 'Answered, as a part of dialed.',
    of: ({ sums }) => rate(sums.answered, sums.dialed),
  },
  conversations: {
    words: 'Conversations',
    unit: 'count',
    means: 'Calls on which a person spoke with an agent or with an AI agent.',
    of: ({ sums }) => sums.conversations,
  },
  talk_minutes: {
    words: 'Talk time',
    unit: 'minutes',
    means: 'Time of all conversations, from the answer to the end of the call.',
    of: ({ sums }) => minutes(sums.talkedMs),
  },
  answered_for_agents: {
    words: 'Answered for agents',
    unit: 'count',
    means: 'Answered, without people with whom an AI agent spoke: those cannot be abandoned.',
    of: ({ sums }) => sums.answeredForAgents,
  },
  abandoned: {
    words: 'Abandoned',
    unit: 'count',
    means: 'People of a campaign who answered when nobody was free for them.',
    of: ({ sums }) => sums.abandoned,
  },
  abandon_rate: {
    words: 'Abandonment',
    unit: 'percent',
    means: 'Abandoned, as a part of answered for agents. The law looks at 30 days of one campaign.',
    of: ({ sums }) => rate(sums.abandoned, sums.answeredForAgents),
  },
  signed_in_hours: {
    words: 'Signed in',
    unit: 'hours',
    means: 'Time in which the agent’s phone was ready in a browser, breaks and time after calls included.',
    of: ({ signedInMs }) => (signedInMs === 0 ? null : rounded(signedInMs / 3_600_000)),
  },
  conversations_per_hour: {
    words: 'Conversations per hour',
    unit: 'perHour',
    means:
      'Conversations, divided by the hours that the agent was signed in. Of one campaign it is not known: those hours are of all work.',
    of: row => perHour(row),
  },
  wrap_up_seconds: {
    words: 'Average wrap-up',
    unit: 'seconds',
    means: 'Time after a call until the agent was ready again, on average.',
    of: ({ wrapUpMs, wrapUps }) => average(wrapUpMs, wrapUps),
  },
  refused: {
    words: 'Refused',
    unit: 'count',
    means: 'Dialed calls that the carrier or the other side refused, or that failed.',
    of: ({ sums }) => sums.refused,
  },
  health: {
    words: 'Health',
    unit: 'word',
    means: `“Often refused”: more than 5 % of its calls are refused. “Seldom answered”: fewer than half as many people answer as on all numbers together. Fewer than ${HEALTH_DIALS_MIN} calls say nothing yet.`,
    of: row => healthOf(row),
  },
  handed_over: {
    words: 'Handed over',
    unit: 'count',
    means: 'Calls of an AI agent that a person has taken.',
    of: ({ sums }) => sums.handedOver,
  },
  queued: {
    words: 'Waited',
    unit: 'count',
    means: 'Callers who came into the queue. A call that waited in several counts in the last one.',
    of: ({ sums }) => sums.queued,
  },
  queue_taken: {
    words: 'Taken',
    unit: 'count',
    means: 'Callers whom an agent took from the queue.',
    of: ({ sums }) => sums.queueTaken,
  },
  queue_left: {
    words: 'Gave up',
    unit: 'count',
    means: 'Callers who left the queue without an agent, after five seconds or more.',
    of: ({ sums }) => sums.queueLeft,
  },
  service_level: {
    words: 'Service level',
    unit: 'percent',
    means: 'Callers who were taken within 20 seconds, as a part of those who were taken or gave up.',
    of: ({ sums }) => rate(sums.queueInTime, sums.queueTaken + sums.queueLeft),
  },
  wait_seconds: {
    words: 'Average wait',
    unit: 'seconds',
    means: 'Time that callers waited until an agent took them, on average.',
    of: ({ sums }) => average(sums.queueWaitedMs, sums.queueTaken),
  },
} as const satisfies Record<string, Figure>
export type FigureName = keyof typeof FIGURES

interface Report {
  readonly title: string
  readonly says: string
  readonly cut: Cut
  /** what a row stands for: a day, an agent, or a key of the cut */
  readonly by: 'day' | 'agent' | 'key'
  /** the words above the first column */
  readonly key: string
  readonly figures: readonly FigureName[]
  /** the figures that are drawn; absent: the table is enough */
  readonly chart?: readonly FigureName[]
}

export const REPORTS = {
  calls: {
    title: 'Calls',
    says: 'Calls and conversations by day.',
    ...{ cut: 'day', by: 'day', key: 'Day' },
    figures: ['calls', 'dialed', 'answered', 'answer_rate', 'conversations', 'talk_minutes'],
    chart: ['calls', 'conversations'],
  },
  hours: {
    title: 'By hour',
    says: 'When people answer, by the hour of the day in the workspace’s time zone.',
    ...{ cut: 'hour', by: 'key', key: 'Hour' },
    figures: ['dialed', 'answered', 'answer_rate', 'conversations'],
    chart: ['answer_rate'],
  },
  zones: {
    title: 'By time zone',
    says: 'Where people answer, by the time zone of the called number.',
    ...{ cut: 'zone', by: 'key', key: 'Time zone' },
    figures: ['dialed', 'answered', 'answer_rate', 'conversations'],
  },
  abandonment: {
    title: 'Abandonment',
    says: 'People who answered when nobody was free, by day, against the limit of the campaign.',
    ...{ cut: 'day', by: 'day', key: 'Day' },
    figures: ['answered_for_agents', 'abandoned', 'abandon_rate'],
    chart: ['abandon_rate'],
  },
  outcomes: {
    title: 'Outcomes',
    says: 'What came of the calls: the outcome that the agent saved, or else how the call ended.',
    ...{ cut: 'outcome', by: 'key', key: 'Outcome' },
    figures: ['calls', 'conversations', 'talk_minutes'],
  },
  agents: {
    title: 'Agents',
    says: 'What each agent did.',
    ...{ cut: 'day', by: 'agent', key: 'Agent' },
    figures: ['calls', 'conversations', 'talk_minutes', 'signed_in_hours', 'conversations_per_hour', 'wrap_up_seconds'],
  },
  numbers: {
    title: 'Numbers',
    says: 'How calls from each of our numbers fare.',
    ...{ cut: 'number', by: 'key', key: 'Number' },
    figures: ['dialed', 'answer_rate', 'refused', 'health'],
  },
  ai: {
    title: 'AI agents',
    says: 'What each AI agent did.',
    ...{ cut: 'ai', by: 'key', key: 'AI agent' },
    figures: ['calls', 'conversations', 'talk_minutes', 'handed_over'],
  },
  queues: {
    title: 'Queues',
    says: 'How long callers waited, and who gave up.',
    ...{ cut: 'queue', by: 'key', key: 'Queue' },
    figures: ['queued', 'queue_taken', 'queue_left', 'service_level', 'wait_seconds'],
  },
} as const satisfies Record<string, Report>
export type ReportName = keyof typeof REPORTS
export const REPORT_NAMES = Object.keys(REPORTS) as [ReportName, ...ReportName[]]

/** The values of one row, in the order of the report's figures. */
export function valuesOf(report: ReportName, row: Counted): (number | string | null)[] {
  return REPORTS[report].figures.map(name => FIGURES[name].of(row))
}

/** Null: too few calls to judge. */
function healthOf({ sums, answerRate }: Counted): string | null {
  if (sums.dialed < HEALTH_DIALS_MIN) return null
  if (sums.refused / sums.dialed > HEALTH_REFUSED_MAX) return 'Often refused'
  return answerRate !== null && sums.answered / sums.dialed < answerRate / 2 ? 'Seldom answered' : 'Good'
}

function perHour({ sums, signedInMs, ofOneCampaign = false }: Counted): number | null {
  return signedInMs === 0 || ofOneCampaign ? null : rounded(sums.conversations / (signedInMs / 3_600_000))
}

/** In percent, with one decimal. */
function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1_000) / 10
}
function minutes(ms: number): number {
  return Math.round(ms / 6_000) / 10
}
function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
function average(ms: number, times: number): number | null {
  return times === 0 ? null : Math.round(ms / times / 1_000)
}
