/** Outcomes: one that is chosen during the call is saved when it ends, if what it asks for is there; else the agent is asked as ever. */
import { decided, missingFor, type OutcomeChoice, whyNotAt } from '../campaign/dispositions.ts'
import type { Desk } from './decide.ts'
import type { OutcomeInput } from './outcome-words.ts'
import type { DeskState } from './state.ts'
import type { Reason } from './view.ts'

/** Why this outcome cannot be chosen or saved now; null: it can. */
export function whyNotOutcome(state: DeskState, input: OutcomeInput, at: number): Reason | null {
  const about = aboutCall(state, input.callId)
  if (about === null) return 'unknown-call'
  if ('provisional' in about && about.provisional) return 'person-uncertain'
  const choice = choiceOf(state, input.outcomeId)
  if (choice === null) return 'unknown-outcome'
  return whyNotAt(input.dueAt, at) ?? missingFor(choice, input, about)
}

export function outcomeGiven(desk: Desk, input: OutcomeInput): void {
  const { callId, outcomeId, dueAt, fields } = input
  const talk = desk.state.conversation
  if (talk?.callId !== callId || talk.campaignId === null) return saveOutcome(desk, input)
  const typed = dueAt == null ? {} : { dueAt }
  const { campaignId } = talk
  const personal = fields === undefined ? {} : { fields }
  desk.add({ type: 'outcome-chosen', at: desk.at, callId, campaignId, outcomeId, ...typed, personal })
}

/** The call is over and owes an outcome. True: the one that was chosen is saved, and nothing is left to be asked. */
export function savedAsChosen(desk: Desk, callId: string): boolean {
  const owed = desk.state.pending.find(one => one.callId === callId)
  const choice = owed?.chosen && choiceOf(desk.state, owed.chosen.outcomeId)
  if (!owed?.chosen || !choice || missingFor(choice, owed.chosen, owed) !== null) return false
  // A time that has passed while they talked is asked for again.
  if (whyNotAt(owed.chosen.dueAt, desk.at) !== null) return false
  saveOutcome(desk, { type: 'outcome.saved', callId, ...owed.chosen })
  return true
}

function saveOutcome(desk: Desk, { callId, outcomeId, dueAt, fields }: OutcomeInput): void {
  const { state, at } = desk
  const owed = state.pending.find(one => one.callId === callId)
  if (!owed) return
  const { campaignId, contact, note } = owed
  const choice = choiceOf(state, outcomeId)
  const follows = choice && decided(choice, { dueAt: dueAt ?? null }, at, state.session?.pooled === true)
  desk.add({
    ...{ type: 'outcome-saved', at, callId, campaignId, contactId: contact.contactId, outcomeId, ...follows },
    // The book may have another number of this person by now.
    personal: { note, number: contact.number, ...(fields === undefined ? {} : { fields }) },
  })
  if (desk.state.pending.length === 0 && desk.state.wrapUp) desk.add({ type: 'wrap-up-ended', at, campaignId: null })
}

/** The call on the line, or one that waits for its outcome. */
function aboutCall({ conversation, pending }: DeskState, callId: string) {
  if (conversation?.callId === callId && conversation.campaignId !== null) return conversation
  return pending.find(owed => owed.callId === callId) ?? null
}

function choiceOf({ settings }: DeskState, outcomeId: string): OutcomeChoice | null {
  return settings.outcomes.find(one => one.outcomeId === outcomeId) ?? null
}
