/** What the sockets of a workspace that get events offer to others. Programs and pages open them with `fetch`, whose request has the sign-in (`src/actors/sign-in.ts`). */

/** Whose sockets end: those of a person (`sessions` null: all of them), or of a key. */
export type StreamLeave = { userId: string; sessions: string[] | null } | { keyId: string }

export interface StreamContract extends Rpc.DurableObjectBranded {
  /** There are new events. False: no socket waits for any. */
  poke(): Promise<boolean>
  /** A sign-in or a key has ended: its sockets are closed with 4401. */
  leave(who: StreamLeave): Promise<void>
}
