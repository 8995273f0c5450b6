/** Names of browser phones, by which the carrier knows them. */
import { isMadeWorkspace, nameOfDesk, type WorkspaceId, workspaceOf } from './ids.ts'

/**
 * The name of the browser phone at a desk: letters, digits and underscore, which every carrier takes. All workspaces have one account
 * of the carrier, and a person may have a desk in several, so that of a workspace that was made has it in its name.
 */
export function phoneName(desk: string): string {
  const workspace = workspaceOf(desk)
  return isMadeWorkspace(workspace) ? `agent_${workspace}_${nameOfDesk(desk)}` : `agent_${nameOfDesk(desk)}`
}

const PHONE = /^agent_(?:(w_ws[0-9a-f]{20})_)?([A-Za-z0-9_]{1,46})$/

/** The part of a desk's id that the name of a phone has; null: it is no phone of ours. */
export function deskNameOfPhone(name: string): string | null {
  return PHONE.exec(name)?.[2] ?? null
}

/** The workspace that the name of a phone has; null: it has none, and the phone is of the workspace at whose address it calls. */
export function workspaceOfPhone(name: string): WorkspaceId | null {
  return (PHONE.exec(name)?.[1] ?? null) as WorkspaceId | null
}

/** The same of an address that calls; null: it is no phone of ours. */
export function deskNameOfCaller(from: string): string | null {
  return from.startsWith('client:') ? deskNameOfPhone(from.slice('client:'.length)) : null
}

/** The same for the workspace in it. */
export function workspaceOfCaller(from: string): WorkspaceId | null {
  return from.startsWith('client:') ? workspaceOfPhone(from.slice('client:'.length)) : null
}
