import { call } from '../../../src/core/call/call.ts'
import type {
  CallEffect,
  CallFact,
  CallInput,
  CallLinks,
  CallState,
  ProviderStatus,
} from '../../../src/core/call/state.ts'
import type { Rule } from '../../../src/core/clearance/rules.ts'
import { T0, type Tongue } from '../tell.ts'

const PARTY = { to: '+15550101', from: '+15550000', name: 'Ann' }
const linksOf = (kind: CallLinks['kind']): CallLinks => ({
  kind,
  batchId: kind === 'campaign' ? 'b1' : null,
  campaignId: kind === 'campaign' ? 'c1' : null,
  contactId: null,
  deskId: 'desk-ada',
  agentName: null,
})
const WANTED = {
  cancel: 'call.cancel-wanted',
  complete: 'call.complete-wanted',
  redirect: 'call.redirect-wanted',
  check: 'call.check-wanted',
} as const

export const callTongue: Tongue<CallState, CallInput, CallFact, CallEffect> = {
  machine: call,
  phrases: [
    {
      pattern: /^a round wants this call$/,
      input: (_, at) => ({
        type: 'call.requested',
        at,
        links: linksOf('campaign'),
        party: PARTY,
        options: { ringLimitMs: 25_000, amd: 'beside', record: false },
      }),
    },
    {
      pattern: /^the carrier brings an? (inbound|browser) call (\w+)$/,
      input: ([kind, providerId = ''], at) => ({
        type: 'call.received',
        at,
        links: linksOf(kind as CallLinks['kind']),
        party: PARTY,
        providerId,
      }),
    },
    {
      pattern: /^the slot is in ([\d.]+)s$/,
      input: ([wait], at) => ({
        type: 'call.slot-granted',
        at,
        notBefore: at + Number(wait) * 1_000,
        profile: 'custom',
      }),
    },
    {
      pattern: /^the gate refuses: (\S+)(?: until \+(\d+)s)?$/,
      input: ([rule = '', until], at) => ({
        type: 'call.not-cleared',
        at,
        rule: rule as Rule,
        untilMs: until ? T0 + Number(until) * 1_000 : null,
      }),
    },
    {
      pattern: /^the create is answered: (\w+)$/,
      input: ([providerId = ''], at) => ({ type: 'call.create-answered', at, providerId, status: 'queued' }),
    },
    {
      pattern: /^the create is refused with (\d+)$/,
      input: ([code], at) => ({ type: 'call.create-refused', at, code: Number(code) }),
    },
    {
      pattern: /^the create is throttled for ([\d.]+)s$/,
      input: ([wait], at) => ({ type: 'call.create-throttled', at, retryAfterMs: Number(wait) * 1_000 }),
    },
    { pattern: /^the answer to the create is lost$/, input: (_, at) => ({ type: 'call.create-unknown', at }) },
    {
      pattern: /^the list shows (\w+), (\S+)$/,
      input: ([providerId = '', status], at) => ({
        type: 'call.searched',
        at,
        found: { providerId, status: status as ProviderStatus },
      }),
    },
    { pattern: /^the list shows nothing$/, input: (_, at) => ({ type: 'call.searched', at, found: null }) },
    { pattern: /^the carrier knows no such call$/, input: (_, at) => ({ type: 'call.missing', at }) },
    {
      pattern: /^the answer webhook is seen(?: from (\w+))?$/,
      input: ([providerId = ''], at) => ({ type: 'call.answer-seen', at, providerId: providerId || null }),
    },
    {
      pattern: /^(cancel|complete|redirect|check) is wanted$/,
      input: ([deed], at) => ({ type: WANTED[deed as keyof typeof WANTED], at }),
    },
    { pattern: /^the clock strikes$/, input: (_, at) => ({ type: 'clock.struck', at }) },
    {
      pattern: /^(\w+) is ([a-z-]+)$/,
      input: ([providerId = '', status], at) => ({
        type: 'call.reported',
        at,
        providerId,
        status: status as ProviderStatus,
      }),
    },
  ],
}
