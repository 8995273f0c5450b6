/** The vocabulary of outcomes at a desk: what the agent chooses during a call or after it, and what is told on. `outcome.ts` has the rules. */
import type { Decided, Given } from '../campaign/dispositions.ts'
import type { Repeat } from '../machine.ts'

/** An outcome that was chosen while the person is on the line. */
export interface Chosen extends Given {
  outcomeId: string
}

/** During the call it is chosen, and may be chosen anew; after it, it is saved. */
export interface OutcomeInput extends Given {
  type: 'outcome.saved'
  callId: string
  outcomeId: string
}

export type OutcomeFact = { at: number } & (
  | {
      type: 'outcome-chosen'
      callId: string
      campaignId: string
      outcomeId: string
      dueAt?: number
      personal: Pick<Given, 'fields'>
    }
  /** what follows is absent in older stores: the id says it */
  | ({
      type: 'outcome-saved'
      callId: string
      campaignId: string
      contactId: string | null
      outcomeId: string
      /** `number`: the one that was called; releases before 0.3 did not keep it */
      personal: { note: string; number?: string } & Pick<Given, 'fields'>
    } & Partial<Decided>)
)

export type OutcomeEffect = Repeat<
  'neighbour',
  {
    type: 'save-outcome'
    campaignId: string
    callId: string
    contactId: string | null
    outcomeId: string
    note: string
    number?: string
  } & Partial<Decided> &
    Pick<Given, 'fields'>
>
