/** What the SIP domain of a workspace offers beside its sockets. */
import type { Ladder } from '../../core/sip/ladder.ts'
import type { SipCall } from '../../core/sip/told.ts'

type Actor = Rpc.DurableObjectBranded

export interface ExtensionSettings {
  name: string
  detail: string
}
export interface Extension extends ExtensionSettings {
  id: string
  /** what is dialled, and the user of its phones */
  extension: string
  madeMs: number
  changedMs: number
  /** phones that are registered now */
  phones: number
  /** null: never, or before it was remembered */
  lastSeenMs: number | null
}
/** The only answers that have the secret. */
export interface MadeExtension {
  extension: Extension
  secret: string
}
/** Nothing was made: what is dialled is taken, or there are as many as may be. */
export type NotMade = 'taken' | 'too-many'
/** A call with the messages of its phones. */
export interface LadderOfCall {
  call: SipCall
  /** nothing can come any more */
  settled: boolean
  ladder: Ladder
}

export interface RegistrarContract extends Actor {
  create(id: string, extension: string, settings: ExtensionSettings): Promise<MadeExtension | NotMade>
  /** In the order of what is dialled. `after`: the last one of the page before. */
  extensions(after: string | null, limit: number): Promise<Extension[]>
  extension(id: string): Promise<Extension | null>
  change(id: string, settings: Partial<ExtensionSettings>): Promise<Extension | null>
  /** Its phones are cut off. */
  remove(id: string): Promise<boolean>
  /** The one before is good for nothing from now on, and its phones are cut off. */
  renewSecret(id: string): Promise<MadeExtension | null>
  /** Null: there is no such call, or it is not kept any more. */
  ladder(callId: string): Promise<LadderOfCall | null>
}
