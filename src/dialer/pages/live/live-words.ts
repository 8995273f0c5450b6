/** Words of the Live page. */
import type { DeskView } from '../../../wire/desk.ts'
import type { LiveAgent, LiveCall, LiveCampaign, SupervisionMode } from '../../../wire/supervision.ts'
import { sessionRuns } from '../../desk/can.ts'
import { whyNotWords } from '../../desk/words.ts'
import { isolated } from '../../look/name-text.ts'

export const MODES: readonly { mode: SupervisionMode; label: string }[] = [
  { mode: 'listen', label: 'Listen' },
  { mode: 'whisper', label: 'Whisper' },
  { mode: 'barge', label: 'Barge' },
]

/** Who hears the supervisor, as their own bar says it. */
export function modeWords(mode: SupervisionMode | null, agentName: string): string {
  switch (mode) {
    case null:
      return 'Connecting: nobody hears you'
    case 'listen':
      return 'You listen: nobody hears you'
    case 'whisper':
      return `Only ${isolated(agentName)} hears you`
    case 'barge':
      return 'Both hear you'
  }
}

/** What another supervisor does, after their name. */
export const DOES: Record<SupervisionMode, string> = { listen: 'listens', whisper: 'whispers', barge: 'speaks to both' }

export const STATE_WORDS: Record<LiveAgent['state'], string> = {
  offline: 'Offline',
  ready: 'Ready',
  dialing: 'Dialing',
  'on-call': 'On a call',
  'wrap-up': 'Wrap-up',
  paused: 'On a break',
}

const WHY: Record<string, string> = {
  'never-signed-in': 'has never signed in',
  'phone-not-ready': 'phone is off',
  'line-not-open': 'line is not open',
  'outcome-owed': 'owes an outcome',
  'on-hold': 'the person is on hold',
  'handing-over': 'hands the person over',
  'cooling-numbers': 'numbers are resting',
  'calling-hours': 'outside calling hours',
  'held-back': 'people are held back',
  'limit-reached': 'a limit is reached',
  'retry-later': 'people are tried again later',
  'carrier-refused': 'the carrier refuses calls',
  'campaign-full': 'the campaign has enough agents',
  'paused-by-supervisor': 'a supervisor has said so',
  'paused-by-no-answer': 'did not take a call that rang',
}

/** Beside the state: why, and in which campaign; null: the state says it all. */
export function whyWords({ why, campaign }: Pick<LiveAgent, 'why' | 'campaign'>): string | null {
  const because = why === null ? null : (WHY[why] ?? why.replaceAll('-', ' '))
  const parts = [campaign === null ? null : isolated(campaign), because].filter(one => one !== null)
  return parts.length === 0 ? null : parts.join(' · ')
}

const GOVERNOR: Record<NonNullable<LiveCampaign['pace']>['because'], string> = {
  'over-limit': 'too many people were abandoned, so one rings for each free agent',
  limit: 'more would bring abandonment near the limit',
  'nobody-free': 'nobody is free',
  'few-answers': 'too few people have answered yet to judge by',
  most: 'as many as the agents have chosen',
}

/** How many lines the governor lets ring, and why. */
export function governorWords({ pace }: Pick<LiveCampaign, 'pace'>): string {
  return pace === null ? 'as the agents have chosen' : `${pace.lines}: ${GOVERNOR[pace.because]}`
}

/** Why nobody can listen to this conversation; null: everybody who may can. */
export function whyNotListen(call: LiveCall, own: boolean): string | null {
  if (own) return 'This is your own call'
  if (call.whyNot === 'full') return 'As many supervisors are on this call as may be'
  return call.whyNot === null ? null : 'This call rang through to the agent’s browser, and is in no room yet'
}

/** Why this supervisor cannot take anybody over: their own desk must be free, as for a person by hand, but a break is no reason. */
export function whyNotTake(view: DeskView): string | null {
  if (view.inbound !== null) return 'A call rings at your desk'
  if (view.wrapUp !== null) return 'Your time after a call still runs'
  if (sessionRuns(view) && view.session?.state !== 'paused') return 'Your session runs: pause it first'
  const reason = view.whyNot['single.dial']
  return reason === undefined || reason === 'on-break' ? null : whyNotWords(reason, 'single.dial')
}
