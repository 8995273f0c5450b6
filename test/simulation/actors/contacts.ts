/** The contact queue of `src/actors/campaign/tables.ts` in memory: the same rows, order and rules. */
import type { NewContact } from '../../../src/actors/contracts.ts'
import type { SeatPlace } from '../../../src/core/batch/state.ts'
import { consequenceOf, MINE_FOR_MS } from '../../../src/core/campaign/dispositions.ts'
import {
  attemptEnded,
  type ContactStatus,
  outcomeNoted,
  type RetryPlan,
  type Tries,
} from '../../../src/core/campaign/retry.ts'
import type { CampaignFact, Candidate, RoundLeg } from '../../../src/core/campaign/state.ts'
import type { Lease } from '../../../src/core/desk/state.ts'
import { NO_TALLY, type Tally } from '../../../src/core/pacing/governor.ts'
import type { World } from '../world.ts'

const READ_AHEAD = 6
const PEOPLE: readonly string[] = ['connected', 'hung-up-early', 'no-seat', 'agent-left', 'agent-hung-up']

export interface Round {
  deskId: string
  lease: Lease
  place: SeatPlace
  legs: RoundLeg[]
  contacts: Candidate[]
}
interface Row extends Candidate {
  status: ContactStatus
  dueAt: number
  promised: boolean
  owner: string | null
}

export class Contacts {
  readonly rows: Row[]
  readonly rounds = new Map<string, Round>()
  readonly #closed = new Set<string>()
  readonly #hours = new Map<number, Tally>()
  /** legs whose attempt has its outcome */
  readonly attempted = new Set<string>()
  /** people who have opted out */
  readonly #optedOut = new Set<string>()
  readonly #world: World
  readonly #plan: RetryPlan

  constructor(world: World, campaignId: string, count: number, plan: RetryPlan) {
    this.#world = world
    this.#plan = plan
    this.rows = peopleOf(campaignId, count).map(person => ({
      ...person,
      postcode: null,
      extension: null,
      attempts: 0,
      lastNote: '',
      status: 'active' as const,
      dueAt: 0,
      promised: false,
      owner: null,
    }))
  }

  get left(): number {
    return this.rows.filter(isLeft).length
  }

  dueBy(at: number): number {
    return this.rows.filter(row => isLeft(row) && row.dueAt <= at).length
  }

  candidates(lines: number, at: number, deskId: string | null): Candidate[] {
    const isFor = ({ owner, dueAt }: Row) =>
      owner === null || deskId === null || owner === deskId || dueAt <= at - MINE_FOR_MS
    const due = this.rows.filter(row => isLeft(row) && row.dueAt <= at && isFor(row))
    return due
      .sort((a, b) => Number(b.promised) - Number(a.promised) || a.dueAt - b.dueAt)
      .slice(0, lines * READ_AHEAD)
      .map(({ status: _status, dueAt: _dueAt, promised: _promised, owner: _owner, ...candidate }) => candidate)
  }

  isWaiting(contactId: string): boolean {
    return isLeft(this.#row(contactId))
  }

  /** The people of a round are kept until it closes. */
  openRound(batchId: string): Round | null {
    return this.#closed.has(batchId) ? null : (this.rounds.get(batchId) ?? null)
  }

  project(fact: CampaignFact): void {
    this.#count(fact)
    if (fact.type === 'round-opened') {
      const { deskId, lease, place, legs, personal } = fact
      this.rounds.set(fact.batchId, { deskId, lease, place, legs, contacts: personal.contacts })
      this.#take(fact)
    } else if (fact.type === 'pool-dialed') {
      this.#take(fact)
    } else if (fact.type === 'attempt-ended') {
      if (this.attempted.has(fact.callId)) this.#world.broken(`two outcomes for the attempt ${fact.callId}`)
      this.attempted.add(fact.callId)
      const row = this.#row(fact.contactId)
      this.#keep(row, attemptEnded(row, fact, this.#plan))
    } else if (fact.type === 'round-closed') {
      this.#closed.add(fact.batchId)
    } else if (fact.type === 'outcome-noted' && fact.contactId !== null) {
      if (consequenceOf(fact) === 'do-not-call') this.#optedOut.add(fact.contactId)
      const row = this.#row(fact.contactId)
      row.lastNote = fact.personal.note
      row.owner = fact.mine && !fact.byHand ? fact.deskId : null
      this.#keep(row, outcomeNoted(row, fact, fact.at, this.#plan))
    }
  }

  #take({ at, legs }: { at: number; legs: RoundLeg[] }): void {
    for (const leg of legs) {
      const row = this.#row(leg.contactId)
      if (!isLeft(row)) this.#world.broken(`a contact that is ${row.status} is dialled`)
      if (this.#optedOut.has(leg.contactId)) this.#world.broken('a person who wants no calls is dialled')
      if (row.dueAt > at) this.#world.broken('a contact is dialled before its time')
      row.status = 'in-progress'
    }
  }

  /** As `src/actors/campaign/pace.ts` counts lines, by the hour: sums of fractions depend on their order. */
  #count(fact: CampaignFact): void {
    if (fact.type === 'pool-dialed' || fact.type === 'round-opened') this.#add(fact.at, { dialed: fact.legs.length })
    if (fact.type === 'leg-abandoned') this.#add(fact.at, { abandoned: 1 })
    if (fact.type === 'attempt-ended' && PEOPLE.includes(fact.outcome))
      this.#add(fact.at, { answered: 1, expected: fact.expected ?? 0 })
  }

  #add(at: number, { dialed = 0, answered = 0, abandoned = 0, expected = 0 }: Partial<Tally>): void {
    const hour = Math.floor(at / 3_600_000)
    const had = this.#hours.get(hour) ?? NO_TALLY
    const sum = { dialed: had.dialed + dialed, answered: had.answered + answered }
    const rest = { abandoned: had.abandoned + abandoned, expected: had.expected + expected }
    this.#hours.set(hour, { ...sum, ...rest })
  }

  get tally(): Tally {
    const sum = { ...NO_TALLY }
    for (const hour of this.#hours.values())
      for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += hour[key]
    return sum
  }

  #keep(row: Row, { status, dueAt, attempts, promised }: Tries): void {
    Object.assign(row, { status, dueAt, attempts, promised })
  }

  #row(contactId: string): Row {
    return this.rows.find(row => row.contactId === contactId) ?? this.#world.broken(`no contact ${contactId}`)
  }
}

/** The people of a campaign; both casts call the same ones. */
export function peopleOf(campaignId: string, count: number): NewContact[] {
  return Array.from({ length: count }, (_, index) => ({
    contactId: `${campaignId}.p${index}`,
    name: '',
    company: '',
    number: `+1666${campaignId.slice(-1)}${index}`,
    numberShown: '',
    timeZone: null,
  }))
}

function isLeft(row: Row): boolean {
  return row.status === 'active' || row.status === 'dropped'
}
