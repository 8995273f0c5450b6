/** Which sockets may stay: sign-ins and keys end, and a socket that is stuck takes the place of another. */
import { standingOf } from '../sign-in.ts'
import type { StreamLeave } from './contract.ts'
import type { Subscription, Subscriptions } from './subscriptions.ts'

const STUCK = 4408

/** Is this a socket of whoever leaves? */
export function isWhose({ signIn }: Subscription, who: StreamLeave): boolean {
  if ('keyId' in who) return signIn.scope !== undefined && signIn.id === who.keyId
  if (signIn.scope !== undefined || signIn.userId !== who.userId) return false
  return who.sessions === null || who.sessions.includes(signIn.id)
}

/** Closes the sockets whose sign-in, key or role is not what it was, and those that are stuck. */
export async function endWhoIsOver(
  subscriptions: Subscriptions,
  database: D1Database,
  workspaceId: string,
  now: number,
): Promise<void> {
  const all = subscriptions.all()
  const signIns = all.map(({ signIn }) => signIn)
  // A failed look changes nothing; the next one is soon.
  const standing = await standingOf(database, workspaceId, signIns).catch(() => signIns)
  const ids = new Set(standing.map(({ id }) => id))
  for (const one of all) {
    if (one.isOver(now) || !ids.has(one.signIn.id)) subscriptions.signOut(one)
    else if (one.isStuck(now)) subscriptions.end(one, STUCK, 'acknowledges nothing')
  }
}
