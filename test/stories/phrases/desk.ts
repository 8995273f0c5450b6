import { refusalOf } from '../../../src/core/desk/allowed.ts'
import { desk, viewOf } from '../../../src/core/desk/desk.ts'
import type {
  AgentInput,
  DeskEffect,
  DeskFactOf,
  DeskInput,
  DeskState,
  SessionWord,
} from '../../../src/core/desk/state.ts'
import type { Lane, LaneContact } from '../../../src/core/desk/view.ts'
import { lineId } from '../../../src/core/ids.ts'
import type { RoomFact } from '../../../src/core/room/state.ts'
import { names, type Phrase, type Tongue } from '../tell.ts'
import { newsOf } from './news.ts'

const DESK = 'desk-ada'
const contactOf = (name: string): LaneContact => ({
  contactId: name,
  name,
  company: '',
  number: '+15550101',
  numberShown: '',
  timeZone: null,
  attempt: 1,
  lastNote: '',
})
const laneOf = (callId: string, sinceMs: number): Lane => ({
  callId,
  contact: contactOf(callId),
  from: '+15550000',
  state: 'queued',
  sinceMs,
  untilMs: null,
  reason: null,
  firstName: null,
  verdict: null,
})
const OUTCOMES = [{ key: 1, outcomeId: 'interested', label: 'Interested' }]

/** A phrase for an act of the agent. It is refused by the same table that disables the buttons. */
function agent(pattern: RegExp, toInput: (words: string[]) => AgentInput): Phrase<DeskState, DeskInput> {
  return {
    pattern,
    input: (words, at) => ({ ...toInput(words), at }),
    refuse: (input, state) => refusalOf(state, input as AgentInput),
  }
}

const agentPhrases: Phrase<DeskState, DeskInput>[] = [
  agent(/^the phone registers in (\w+)$/, ([tabId = '']) => ({ type: 'phone.registered', tabId })),
  agent(/^the tab (\w+) is closed$/, ([tabId = '']) => ({ type: 'phone.lost', tabId })),
  agent(/^ada (starts|continues|pauses|resumes|stops) in (\w+)$/, ([deed = '', campaignId = '']) => ({
    type: 'session.asked',
    word: deed.replace(/s$/, '') as SessionWord,
    campaignId,
    lines: 2,
  })),
  agent(/^ada skips (\w+)$/, ([callId = '']) => ({ type: 'lane.skipped', callId })),
  agent(/^ada keeps (\w+)$/, ([callId = '']) => ({ type: 'call.kept', callId })),
  agent(/^ada hangs up on (\w+)$/, ([callId = '']) => ({ type: 'call.hung-up', callId })),
  agent(/^ada accepts (\w+)$/, ([callId = '']) => ({ type: 'inbound.accepted', callId })),
  agent(/^ada declines (\w+)$/, ([callId = '']) => ({ type: 'inbound.declined', callId })),
  agent(/^ada lists (\w+)$/, ([callId = '']) => ({ type: 'call.do-not-call-asked', callId })),
  agent(/^ada types about (\w+)$/, ([callId = '']) => ({ type: 'note.saved', callId, text: 'as typed' })),
  agent(/^ada saves (\S+) for (\w+)$/, ([outcomeId = '', callId = '']) => ({
    type: 'outcome.saved',
    callId,
    outcomeId,
  })),
  agent(/^ada dials (\w+)$/, ([name = '']) => ({
    type: 'single.dialed',
    callId: name,
    batchId: `single-${name}`,
    contact: contactOf(name),
  })),
]

function ofRoom(at: number, fact: RoomFact): DeskInput {
  return { type: 'room.reported', at, room: `${DESK}.1`, facts: [fact] }
}

export const deskTongue: Tongue<DeskState, DeskInput, DeskFactOf, DeskEffect> = {
  machine: desk,
  phrases: [
    {
      pattern: /^ada signs in$/,
      input: (_, at) => ({
        type: 'desk.opened',
        at,
        agent: { userId: 'ada', deskId: DESK, name: 'Ada', role: 'agent', identity: 'agent_ada' },
      }),
    },
    {
      pattern: /^the line (\w+) is requested$/,
      input: ([providerId = ''], at) => ({ type: 'line.requested', at, providerId }),
    },
    {
      pattern: /^line (\d+) joins$/,
      input: ([n], at) =>
        ofRoom(at, {
          type: 'participant-joined',
          at,
          callId: lineId(DESK, Number(n)),
          role: 'agent',
          providerId: `L${n}`,
          conferenceId: 'CF',
        }),
    },
    {
      pattern: /^line (\d+) leaves$/,
      input: ([n], at) =>
        ofRoom(at, {
          type: 'participant-left',
          at,
          callId: lineId(DESK, Number(n)),
          role: 'agent',
          providerId: `L${n}`,
        }),
    },
    {
      pattern: /^(\w+) asks for a seat for (\w+)$/,
      input: ([campaignId = '', batchId = ''], at) => ({
        type: 'seat.requested',
        at,
        askId: batchId,
        asker: { kind: 'campaign', id: campaignId },
        for: { kind: 'batch', id: batchId },
      }),
    },
    {
      pattern: /^(\w+) gives the seat of (\w+) back$/,
      input: ([, batchId = ''], at) => ({ type: 'lease.returned', at, batchId }),
    },
    {
      pattern: /^(\w+) shows the round (\w+): (.+)$/,
      input: ([campaignId = '', batchId = '', people = ''], at) => ({
        type: 'round.opened',
        at,
        campaignId,
        batchId,
        lanes: names(people).map(name => laneOf(name, at)),
        settings: { wrapUpMs: 10_000, outcomes: OUTCOMES, script: '' },
      }),
    },
    {
      pattern: /^(\S+) says: (.+)$/,
      input: ([batchId = '', words = ''], at) => ({
        type: 'batch.reported',
        at,
        batchId,
        facts: newsOf(words, at, DESK),
      }),
    },
    {
      pattern: /^(\w+) calls in$/,
      input: ([callId = ''], at) => ({
        type: 'inbound.rang',
        at,
        ring: {
          callId,
          from: '+15550199',
          fromShown: '',
          to: '+15550000',
          contact: null,
          sinceMs: at,
          accepted: false,
        },
      }),
    },
    { pattern: /^(\w+) is connected$/, input: ([callId = ''], at) => ({ type: 'inbound.answered', at, callId }) },
    { pattern: /^(\w+) has hung up$/, input: ([callId = ''], at) => ({ type: 'inbound.ended', at, callId }) },
    { pattern: /^the clock strikes$/, input: (_, at) => ({ type: 'clock.struck', at }) },
    { pattern: /^what does the screen show\?$/, ask: (_, state, now) => screen(state, now) },
    ...agentPhrases,
  ],
}

function screen(state: DeskState, now: number): string[] {
  const view = viewOf(state, now, true)
  if (!view) return ['nobody']
  const { presence, line, lanes, conversation, inbound, wrapUp, pendingOutcomes } = view
  const untilMs = wrapUp && (wrapUp.untilMs === null ? 'held' : `${(wrapUp.untilMs - now) / 1_000}s left`)
  return [
    `${presence}, line ${line.state}`,
    ...lanes.map(lane => `lane ${lane.callId} ${lane.state}${lane.reason ? `: ${lane.reason}` : ''}`),
    ...(conversation ? [`talks with ${conversation.callId}${conversation.provisional ? ' (provisional)' : ''}`] : []),
    ...(inbound ? [`${inbound.callId} rings${inbound.accepted ? ', accepted' : ''}`] : []),
    ...(untilMs ? [`wrap-up, ${untilMs}`] : []),
    ...pendingOutcomes.map(owed => `owes an outcome for ${owed.callId}`),
  ]
}
