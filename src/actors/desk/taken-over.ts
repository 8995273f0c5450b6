/** A supervisor takes the person on the line over, from this desk or to it. */
import { refusalOf } from '../../core/desk/allowed.ts'
import { Desk } from '../../core/desk/decide.ts'
import { whyNotTaking } from '../../core/desk/offers.ts'
import type { DeskEffect, DeskFactOf, DeskInput, DeskState } from '../../core/desk/state.ts'
import type { Reason } from '../../core/desk/view.ts'
import type { Shell } from '../shell/shell.ts'
import { unique } from '../unique.ts'

type DeskShell = Shell<DeskState, DeskInput, DeskFactOf, DeskEffect>

/** As if the agent handed the person over to a desk that has said yes. Null: it is on its way; else why not. */
export function handTo(shell: DeskShell, callId: string, deskId: string): Reason | null {
  const target = { to: 'desk' as const, deskId, agreed: true as const }
  const asked = { type: 'call.transfer-asked' as const, callId, transferId: `x${unique()}`, target }
  const refusal = refusalOf(shell.state, asked)
  if (refusal === null) shell.commit({ ...asked, at: shell.now() })
  return refusal
}

export function whyNotHere(shell: DeskShell): string | null {
  return whyNotTaking(new Desk(shell.state, shell.now()))
}
