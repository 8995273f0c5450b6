/// <reference types="node" />
/**
 * A desk whose every state a test can set: the contract of `src/wire/desk.ts` with a script instead of rules. It shows
 * the dialer in states that a real campaign reaches only by luck. The full stack's own browser tests show that the
 * real desk keeps the same contract.
 */
import { maySkip, whyNotOf } from '../../src/core/desk/allowed.ts'
import { EMPTY_DESK } from '../../src/core/desk/state.ts'
import type {
  Conversation,
  DeskCommand,
  DeskMessage,
  DeskView,
  Lane,
  LaneContact,
  SessionView,
} from '../../src/wire/desk.ts'

const PEOPLE = [
  ['Amara Diallo', 'Northwind Traders', 'America/New_York'],
  ['Ben Ortiz', 'Ortiz & Sons', 'America/Chicago'],
  ['Chloé Martin', 'Atelier Martin', 'Europe/Paris'],
  ['Dev Patel', 'Patel Logistics', 'Asia/Kolkata'],
] as const

export const SCRIPT = 'Hi {{firstName}}, this is {{agent}}. Is {{company}} happy with its plan?'
export const OUTCOMES = ['Interested', 'Meeting booked', 'Call back', 'Not interested', 'Do not call'].map(
  (label, index) => ({ key: index + 1, outcomeId: `o${index + 1}`, label }),
)

export function personAt(index: number): LaneContact {
  const [name, company, timeZone] = PEOPLE[index % PEOPLE.length] ?? PEOPLE[0]
  return {
    contactId: `p${index}`,
    name,
    company,
    number: `+1415555010${index}`,
    numberShown: `(415) 555-010${index}`,
    timeZone,
    attempt: index + 1,
    lastNote: 'Asked for a quote by Friday.',
  }
}

function quietView(): DeskView {
  const now = Date.now()
  return {
    at: now,
    agent: { userId: 'u1', deskId: 'd1', name: 'Ada', role: 'agent', identity: 'agent_ada' },
    presence: 'ready',
    presenceSinceMs: now,
    phone: { ownerTabId: null, state: 'off' },
    line: { state: 'closed', generation: 0, sinceMs: now, graceUntilMs: null },
    session: null,
    lanes: [],
    conversation: null,
    lastTalk: null,
    inbound: null,
    wrapUp: null,
    pendingOutcomes: [],
    outcomes: OUTCOMES,
    muted: false,
    script: SCRIPT,
    whyNot: {},
  }
}

/** The view with what the real table says of it, so that buttons are refused here as they are by the desk. */
function judged(view: DeskView): DeskView {
  const { conversation, pendingOutcomes, visit } = view
  const of = { kind: 'transfer' as const, id: visit?.callId ?? '', offerId: '' }
  const whyNot = whyNotOf({
    ...EMPTY_DESK,
    phone: view.phone,
    line: { ...EMPTY_DESK.line, ...view.line },
    session: view.session,
    conversation: conversation && { ...conversation, batchId: null, campaignId: null },
    lastTalk: view.lastTalk,
    inbound: view.inbound,
    guests: conversation === null ? [] : [conversation.callId],
    visit: visit ? { of, room: '', sinceMs: 0, stage: 'there', untilMs: null, phase: visit.phase } : null,
    pending: pendingOutcomes.map(owed => ({ ...owed, campaignId: '' })),
    paused: view.presence === 'paused',
  })
  const lanes = view.lanes.map(lane => ({ ...lane, maySkip: maySkip(lane) || undefined }))
  return { ...view, lanes, whyNot }
}

export class FakeDesk {
  view: DeskView = quietView()
  readonly commands: DeskCommand[] = []
  /** the next command but hello and ack is refused with this */
  refuseNext: 'seat-taken' | null = null
  #seq = 0
  #round = 0
  readonly #send: (message: DeskMessage) => void

  /** `send`: to every open socket. */
  constructor(send: (message: DeskMessage) => void) {
    this.#send = send
  }

  /** Changes the view and shows it. */
  set(change: Partial<DeskView>, type = 'desk-changed', callId: string | null = null): void {
    this.#seq += 1
    this.view = judged({ ...this.view, ...change, at: Date.now() })
    const facts = [{ seq: this.#seq, at: Date.now(), type, callId }]
    this.#send({ type: 'view', seq: this.#seq, view: this.view, facts })
  }

  lane(index: number, change: Partial<Lane>): void {
    const lanes = this.view.lanes.map((lane, at) => (at === index ? { ...lane, ...change, sinceMs: Date.now() } : lane))
    this.set({ lanes }, 'lane-changed', lanes[index]?.callId ?? null)
  }

  session(change: Partial<SessionView>): void {
    if (this.view.session !== null) this.set({ session: { ...this.view.session, ...change } }, 'session-changed')
  }

  /** The first lane answers: held as long as nobody knows whether it is a person. */
  answer(): void {
    const [first] = this.view.lanes
    if (first === undefined) throw new Error('no lane to answer')
    const lanes = this.view.lanes.map((lane, index): Lane => {
      if (index === 0) return { ...lane, state: 'holding', sinceMs: Date.now() }
      if (lane.state === 'ended' || lane.state === 'machine') return lane
      return { ...lane, state: 'released', reason: 'answered-first-elsewhere', firstName: 'Amara' }
    })
    this.set({ lanes, presence: 'on-call', conversation: talkWith(first.callId, first.contact, true) }, 'seat-held')
  }

  /** The holder is a person. */
  win(): void {
    const { conversation } = this.view
    if (conversation === null) throw new Error('nobody to win')
    this.set({ conversation: { ...conversation, provisional: false } })
    this.lane(0, { state: 'live', verdict: 'human' })
  }

  ring(callId: string): void {
    const inbound = {
      callId,
      from: '+14155550177',
      fromShown: '(415) 555-0177',
      to: '+14155550100',
      contact: { ...personAt(1), name: 'Femi Ade', company: 'Ade Foods' },
      sinceMs: Date.now(),
      accepted: false,
    }
    this.set({ inbound }, 'inbound-rang', callId)
  }

  /** The answer to hello. */
  whole(): DeskMessage {
    return { type: 'view', seq: this.#seq, view: judged({ ...this.view, at: Date.now() }), facts: [] }
  }

  /** Performs a command on the fake desk and returns the answer to it. */
  take(command: DeskCommand): DeskMessage {
    this.commands.push(command)
    if (this.refuseNext !== null && command.type !== 'ack') {
      const reason = this.refuseNext
      this.refuseNext = null
      return { type: 'refused', id: command.id, reason, message: '' }
    }
    this.#phone(command)
    this.#session(command)
    this.#call(command)
    return { type: 'accepted', id: command.id }
  }

  #phone(command: DeskCommand): void {
    if (command.type === 'phone.claim') this.set({ phone: { ownerTabId: command.tabId, state: 'off' } })
    if (command.type === 'phone.registered') this.set({ phone: { ownerTabId: command.tabId, state: 'registered' } })
    if (command.type === 'phone.lost') this.set({ phone: { ...this.view.phone, state: 'off' } })
    if (command.type === 'mute.changed') this.set({ muted: command.muted })
  }

  #session(command: DeskCommand): void {
    switch (command.type) {
      case 'session.start':
        this.view.session = newSession(command.lines)
        return this.#nextRound()
      case 'session.continue':
      case 'session.resume':
        return this.#nextRound()
      case 'session.pause':
        return this.session({ state: 'paused' })
      case 'session.stop':
        this.session({ state: 'stopped' })
        return this.set({ lanes: [], presence: 'ready' })
      case 'lane.skip':
        return this.lane(
          this.view.lanes.findIndex(lane => lane.callId === command.callId),
          { state: 'ended', reason: 'skipped' },
        )
    }
  }

  #call(command: DeskCommand): void {
    const { conversation, inbound } = this.view
    switch (command.type) {
      case 'call.keep':
        return this.win()
      case 'call.hold':
      case 'call.unhold':
        return this.set({ conversation: conversation && { ...conversation, held: command.type === 'call.hold' } })
      case 'call.do-not-call':
        return this.set({
          conversation: conversation && { ...conversation, doNotCall: true },
          lastTalk: this.view.lastTalk && { ...this.view.lastTalk, doNotCall: true },
        })
      case 'call.hang-up':
        return this.#hungUp()
      case 'note.saved':
        return this.#noteSaved(command.callId, command.text)
      case 'outcome.saved':
        this.session({ state: 'waiting' })
        return this.set({ pendingOutcomes: this.view.pendingOutcomes.slice(1) }, 'outcome-saved', command.callId)
      case 'inbound.accept':
        if (inbound === null) return
        return this.set({
          inbound: null,
          conversation: talkWith(inbound.callId, inbound.contact ?? personAt(1), false),
        })
      case 'inbound.decline':
        return this.set({ inbound: null })
    }
  }

  #nextRound(): void {
    const { session } = this.view
    if (session === null) return
    this.#round += 1
    const lanes = Array.from({ length: session.lines }, (_, index) => this.#newLane(index))
    this.set({ lanes, wrapUp: null, presence: 'dialing', session: { ...session, state: 'dialing' } }, 'round-started')
  }

  #newLane(index: number): Lane {
    const queued = index === 3
    return {
      callId: `leg${index}_${this.#round}`,
      contact: personAt(index),
      from: '+14155550100',
      state: queued ? 'queued' : 'dialing',
      sinceMs: Date.now(),
      untilMs: queued ? Date.now() + 30_000 : null,
      reason: null,
      firstName: null,
      verdict: null,
    }
  }

  #hungUp(): void {
    const { conversation } = this.view
    if (conversation === null) return
    const { callId, contact, note, doNotCall } = conversation
    const last = { callId, contact, endedMs: Date.now(), ...(doNotCall ? { doNotCall } : {}) }
    this.session({ state: 'wrap-up' })
    this.set(
      {
        conversation: null,
        lastTalk: last,
        presence: 'wrap-up',
        wrapUp: { untilMs: Date.now() + 30_000, totalMs: 30_000 },
        pendingOutcomes: [{ callId, contact, endedMs: Date.now(), talkedMs: 5000, note }],
      },
      'conversation-ended',
      callId,
    )
    this.lane(0, { state: 'ended', reason: 'agent-hung-up' })
  }

  #noteSaved(callId: string, text: string): void {
    const { conversation, pendingOutcomes } = this.view
    this.set({
      conversation: conversation?.callId === callId ? { ...conversation, note: text } : conversation,
      pendingOutcomes: pendingOutcomes.map(owed => (owed.callId === callId ? { ...owed, note: text } : owed)),
    })
  }
}

export function talkWith(callId: string, contact: LaneContact, provisional: boolean): Conversation {
  const kind = provisional ? 'campaign' : 'inbound'
  return { callId, kind, contact, sinceMs: Date.now(), provisional, held: false, answerToRoomMs: 212, note: '' }
}

function newSession(lines: 1 | 2 | 4): SessionView {
  const zero = { rounds: 0, dials: 0, answered: 0, conversations: 0, machines: 0, busy: 0, noAnswer: 0, failed: 0 }
  return {
    campaignId: 'c1',
    name: 'Q4 renewals',
    lines,
    state: 'starting',
    restUntilMs: null,
    restReason: null,
    startedMs: Date.now(),
    contactsLeft: 138,
    counts: { ...zero, released: 0, abandoned: 0, talkedMs: 0, outcomes: {} },
  }
}
