import { SOLO_POLICY } from '../../../src/core/batch/batch.ts'
import { campaign, sessionView } from '../../../src/core/campaign/campaign.ts'
import { DEFAULT_PLAN } from '../../../src/core/campaign/retry.ts'
import type {
  CampaignEffect,
  CampaignFact,
  CampaignInput,
  CampaignState,
  Candidate,
} from '../../../src/core/campaign/state.ts'
import type { Rule } from '../../../src/core/clearance/rules.ts'
import { names, T0, type Tongue } from '../tell.ts'
import { newsOf } from './news.ts'

const personOf = (contactId: string): Candidate => ({
  contactId,
  name: contactId,
  company: '',
  number: `+1555${contactId}`,
  numberShown: '',
  timeZone: null,
  postcode: null,
  extension: null,
  attempts: 0,
  lastNote: '',
})
const CLEARED = { cleared: true as const }
const WORDS = { starts: 'start', continues: 'continue', pauses: 'pause', resumes: 'resume', stops: 'stop' } as const

export const campaignTongue: Tongue<CampaignState, CampaignInput, CampaignFact, CampaignEffect> = {
  machine: campaign,
  phrases: [
    {
      pattern: /^campaign (\w+), advance (ask|auto), after wrap-up (wait|proceed)$/,
      input: ([campaignId = '', advance, after], at) => ({
        type: 'campaign.configured',
        at,
        campaignId,
        settings: {
          name: 'Spring',
          script: '',
          outcomes: [],
          wrapUpMs: 10_000,
          advance: advance as 'ask' | 'auto',
          afterWrapUp: after as 'wait' | 'proceed',
          policy: SOLO_POLICY,
          plan: DEFAULT_PLAN,
          hours: { fromHour: 0, toHour: 24 },
          hostAgentId: null,
          record: false,
        },
      }),
    },
    {
      pattern: /^(\w+) (starts|continues|pauses|resumes|stops)(?: with (\d) lines?)?$/,
      input: ([name = '', deed, lines], at) => ({
        type: 'agent.asked',
        at,
        deskId: `desk-${name}`,
        agentName: name,
        word: WORDS[deed as keyof typeof WORDS],
        lines: Number(lines || '1') as 1 | 2 | 4,
      }),
    },
    {
      pattern: /^(\w+) grants a seat for (\S+)$/,
      input: ([name = '', askId = ''], at) => ({
        type: 'seat.answered',
        at,
        askId,
        lease: { leaseId: `lease-${name}`, for: { kind: 'batch', id: askId } },
        place: { kind: 'room', room: `desk-${name}.1` },
        reason: null,
      }),
    },
    {
      pattern: /^(\w+) refuses (\S+): (\S+)$/,
      input: ([, askId = '', reason = ''], at) => ({
        type: 'seat.answered',
        at,
        askId,
        lease: null,
        place: null,
        reason,
      }),
    },
    {
      pattern: /^numbers for (\S+): ([^;]+); (\w+) held back by (\S+?)(?: until \+(\d+)s)?, then ([^;]+); (\d+) left$/,
      input: ([askId = '', numbers = '', held = '', rule = '', until, people = '', left], at) => {
        const others = people === 'nobody' ? [] : names(people).map(personOf)
        const refused = {
          cleared: false as const,
          rule: rule as Rule,
          untilMs: until ? T0 + Number(until) * 1_000 : null,
        }
        return {
          type: 'numbers.leased',
          at,
          askId,
          numbers: names(numbers),
          notBefore: null,
          candidates: [personOf(held), ...others],
          verdicts: [refused, ...others.map(() => CLEARED)],
          left: Number(left),
        }
      },
    },
    {
      pattern: /^numbers for (\S+): (none until \+(\d+)s|[^;]+); people: ([^;]+); (\d+) left$/,
      input: ([askId = '', numbers = '', until = '', people = '', left], at) => ({
        type: 'numbers.leased',
        at,
        askId,
        numbers: until === '' ? names(numbers) : [],
        notBefore: until === '' ? null : T0 + Number(until) * 1_000,
        candidates: people === 'nobody' ? [] : names(people).map(personOf),
        verdicts: people === 'nobody' ? [] : names(people).map(() => CLEARED),
        left: Number(left),
      }),
    },
    {
      pattern: /^(\S+) of (\w+) says: (.+); (\d+) left$/,
      input: ([batchId = '', name = '', words = '', left], at) => ({
        type: 'batch.reported',
        at,
        batchId,
        facts: newsOf(words, at, `desk-${name}`),
        left: Number(left),
      }),
    },
    {
      pattern: /^(\w+) saves (\S+) for (\S+); (\d+) left$/,
      input: ([name = '', outcomeId = '', callId = '', left], at) => ({
        type: 'outcome.saved',
        at,
        deskId: `desk-${name}`,
        callId,
        contactId: null,
        outcomeId,
        note: '',
        left: Number(left),
      }),
    },
    {
      pattern: /^the wrap-up of (\w+) is over; (\d+) left$/,
      input: ([name = '', left], at) => ({ type: 'wrap-up.ended', at, deskId: `desk-${name}`, left: Number(left) }),
    },
    { pattern: /^the clock strikes$/, input: (_, at) => ({ type: 'clock.struck', at }) },
    {
      pattern: /^how is (\w+)'s session\?$/,
      ask: ([name = ''], state) => {
        const view = sessionView(state, `desk-${name}`)
        return [
          view ? `${view.state}${view.restReason && view.state === 'resting' ? `: ${view.restReason}` : ''}` : 'none',
        ]
      },
    },
  ],
}
