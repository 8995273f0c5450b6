/**
 * The actors as the world outside sees them: the carrier, the agents and their browsers. Behind it stand the fast doubles
 * (`actors/`) or the shipping actors (`shipping/`).
 */
import type { Destination } from '../../src/core/batch/batch.ts'
import type { BatchInput, BatchState, Verdict } from '../../src/core/batch/state.ts'
import type { CallInput, CallParty } from '../../src/core/call/state.ts'
import type { Place } from '../../src/core/call/transfer/state.ts'
import type { CampaignSettings } from '../../src/core/campaign/state.ts'
import type { AgentInput, DeskState } from '../../src/core/desk/state.ts'
import type { DeskView } from '../../src/core/desk/view.ts'
import type { RoomInput } from '../../src/core/room/state.ts'
import type { Fate } from './part.ts'

export interface SimBatch {
  readonly state: BatchState
  /** when the doubles' laws saw a leg released; empty for the shipping actors, which the laws do not judge again */
  readonly releasedAt: ReadonlyMap<string, number>
  /** Null when the object has crashed; the route then answers 5xx. */
  claim(legId: string, providerId: string, verdict: Verdict | null): Destination | null
  deliver(input: BatchInput, inputId: string | null): Fate
}
export interface SimCall {
  /** where an agent has taken the caller; null: nowhere */
  readonly place: Place | null
  /** The carrier asks what comes after the ringing, or after our request to ask. */
  asks(providerId: string): Fate
  ring(deskId: string, party: CallParty, providerId: string): Fate
  deliver(input: CallInput, inputId: string | null): Fate
}
export interface SimRoom {
  deliver(input: RoomInput, inputId: string | null): Fate
}
export interface SimDesk {
  readonly id: string
  readonly tenant: string
  readonly state: DeskState
  /** told of every commit that made facts */
  page: { notice(): void } | null
  open(agent: DeskView['agent']): Fate
  command(input: AgentInput, inputId: string): Fate | 'refused'
  /** The room's name, and the id of the line; null: fallen over. */
  openLine(providerId: string): { room: string; callId: string } | null
}

export interface Cast {
  batch(id: string): SimBatch
  call(id: string): SimCall
  room(name: string): SimRoom
  /** Adds a campaign with so many people to call. */
  addCampaign(id: string, settings: CampaignSettings, contacts: number): void
  /** A supervisor saves other settings. */
  configure(id: string, settings: CampaignSettings): void
  addDesk(id: string): SimDesk
  /** The laws that hold once the faults have stopped and people have had time to hang up. */
  judge(): void
}
