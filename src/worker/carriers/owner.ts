/**
 * The workspaces of an installation have one account of the carrier, and it calls the addresses of the first of them. Whose a call
 * is, the number says that was called, or the name of the browser phone, which its token proves.
 */
import type { Env } from '../../actors/env.ts'
import { accountOf } from '../../providers/registry.ts'
import type { CarrierAccount } from '../../providers/telephony/port.ts'
import type { CarrierEvent } from '../../providers/telephony/webhook-port.ts'
import { homeWorkspace } from '../env.ts'
import { ownerOfNumber } from '../workspace-numbers.ts'

/** The account for the workspace that this event is of; it is the given one unless the event says otherwise. */
export async function ownerOf(env: Env, account: CarrierAccount, event: CarrierEvent): Promise<CarrierAccount> {
  const workspaceId = await workspaceIn(env, account, event)
  if (workspaceId === null || workspaceId === account.workspaceId) return account
  const owner = await accountOf(env, workspaceId)
  return owner?.provider === account.provider ? owner : account
}

async function workspaceIn(env: Env, { workspaceId }: CarrierAccount, event: CarrierEvent): Promise<string | null> {
  // An address of another workspace than the first is that workspace's alone.
  if (workspaceId !== homeWorkspace(env)) return null
  switch (event.kind) {
    case 'phone-dials':
      return event.workspaceId ?? null
    case 'call-brought':
      return numberOwner(env, event.to)
    case 'call-reported':
      if (event.callId !== null) return null
      return event.workspaceId ?? (event.to === undefined ? null : numberOwner(env, event.to))
    default:
      return null
  }
}

/** A call is answered whatever becomes of D1. */
async function numberOwner(env: Env, number: string): Promise<string | null> {
  return ownerOfNumber(env, number).catch(() => {
    console.error(JSON.stringify({ message: 'the owner of a number was not found out' }))
    return null
  })
}
