/** What a desk tells its screens. */
import { viewOf } from '../../core/desk/desk.ts'
import type { DeskFactOf } from '../../core/desk/state.ts'
import type { DeskFact, DeskMessage } from '../../wire/desk.ts'
import type { StoredFact } from '../shell/shell.ts'
import { type DeskShell, refused } from './commands.ts'

/** The whole screen, with the facts that are new on it. */
export function screenOf(shell: DeskShell, facts: StoredFact<DeskFactOf>[]): string {
  const view = viewOf(shell.state, shell.now(), true)
  if (!view) return JSON.stringify(refused('hello', 'no-agent'))
  const message: DeskMessage = { type: 'view', seq: shell.journal.seq, view, facts: facts.map(shownFact) }
  return JSON.stringify(message)
}

/** A fact as the page's event list has it. */
function shownFact({ seq, fact }: StoredFact<DeskFactOf>): DeskFact {
  return { seq, at: fact.at, type: fact.type, callId: 'callId' in fact ? fact.callId : null }
}

/** What other pages show of this agent (`src/worker/api/live.ts`), as text. */
export function shownToOthers(shell: DeskShell, isOpen: boolean): string {
  const view = viewOf(shell.state, shell.now(), isOpen)
  if (!view) return ''
  const { agent, presence, presenceSinceMs, phone, line, pendingOutcomes, session, conversation } = view
  const { callId, sinceMs, held, contact, transfer } = conversation ?? {}
  const call = [callId, sinceMs, held, contact?.name, transfer?.transferId]
  const rest = [session?.state, session?.name, session?.restReason, pendingOutcomes.length]
  return JSON.stringify([agent.name, agent.role, presence, presenceSinceMs, phone.state, line.state, ...call, ...rest])
}

/** What a page shows of others has changed. */
export function liveNews(at: number, of: string): string {
  return JSON.stringify({ type: 'live', at, of } satisfies DeskMessage)
}

/** The inbox has changed. */
export function inboxNews(at: number): string {
  return JSON.stringify({ type: 'inbox', at } satisfies DeskMessage)
}
