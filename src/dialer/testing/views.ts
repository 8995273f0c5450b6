/** Views for the dialer's unit tests: an idle desk, and one with a round of calls. */
import type { Conversation, DeskView, LaneContact, LaneView, SessionView } from '../../wire/desk.ts'
import type { CanContext } from '../desk/can.ts'
import { PHONE_OFF, type PhoneSnapshot } from '../phone/port.ts'

export function contactOf(name: string): LaneContact {
  return {
    contactId: `contact-${name}`,
    name,
    company: 'Northwind',
    number: '+14155550101',
    numberShown: '(415) 555-0101',
    timeZone: 'America/New_York',
    attempt: 1,
    lastNote: '',
  }
}

export function viewOf(change: Partial<DeskView> = {}): DeskView {
  return {
    at: 1000,
    agent: { userId: 'u', deskId: 'd', name: 'Ada', role: 'agent', identity: 'agent_u' },
    presence: 'ready',
    presenceSinceMs: 0,
    phone: { ownerTabId: 'tab', state: 'registered' },
    line: { state: 'open', generation: 1, sinceMs: 0, graceUntilMs: null },
    session: null,
    lanes: [],
    conversation: null,
    lastTalk: null,
    inbound: null,
    wrapUp: null,
    pendingOutcomes: [],
    outcomes: [{ key: 1, outcomeId: 'yes', label: 'Interested' }],
    muted: false,
    script: '',
    whyNot: {},
    ...change,
  }
}

export function sessionOf(state: SessionView['state'], change: Partial<SessionView> = {}): SessionView {
  return {
    campaignId: 'c',
    name: 'Q4',
    lines: 2,
    state,
    restUntilMs: null,
    restReason: null,
    startedMs: 0,
    contactsLeft: 5,
    counts: {
      rounds: 0,
      dials: 0,
      answered: 0,
      conversations: 0,
      machines: 0,
      busy: 0,
      noAnswer: 0,
      failed: 0,
      released: 0,
      abandoned: 0,
      talkedMs: 0,
      outcomes: {},
    },
    ...change,
  }
}

export function laneOf(callId: string, change: Partial<LaneView> = {}): LaneView {
  return {
    callId,
    contact: contactOf('Amara Diallo'),
    from: '+14155550100',
    state: 'ringing',
    sinceMs: 0,
    untilMs: null,
    reason: null,
    firstName: null,
    verdict: null,
    maySkip: true,
    ...change,
  }
}

export function conversationOf(change: Partial<Conversation> = {}): Conversation {
  return {
    callId: 'leg-1',
    kind: 'campaign',
    contact: contactOf('Amara Diallo'),
    sinceMs: 0,
    provisional: false,
    held: false,
    answerToRoomMs: null,
    note: '',
    ...change,
  }
}

export const READY_PHONE: PhoneSnapshot = { ...PHONE_OFF, phase: { name: 'registered' }, line: 'open' }

/** A context in which everything is ready, with the changes that a test needs. */
export function contextOf(view: Partial<DeskView> = {}, change: Partial<CanContext> = {}): CanContext {
  return { link: 'open', view: viewOf(view), phone: READY_PHONE, pending: new Set(), ...change }
}
