import type { Target } from './world.ts'

/** What the account has: the entries of its book. */

/** Where the calls of a number or an application go. An empty URL is none; its method is kept all the same. */
export interface Routing {
  friendlyName: string
  voice: Target
  fallback: Target
  statusCallback: Target
  callerIdLookup: boolean
  /** the settings for messages, by Twilio's names: kept and shown, without effect */
  sms: Record<string, string>
}

interface Kept {
  sid: string
  createdAt: number
  updatedAt: number
}

export interface OwnNumber extends Routing, Kept {
  number: string
  type: 'local' | 'mobile' | 'toll-free'
  /** wins over the number's own URLs */
  voiceApplicationSid: string | null
}

/** A TwiML App. */
export interface Application extends Routing, Kept {}

/** A number that is not ours but verified: calls may be made in its name. */
export interface CallerId extends Kept {
  number: string
  friendlyName: string
}

export interface ApiKey extends Kept {
  secret: string
  friendlyName: string
}

export type AccountStatus = 'active' | 'suspended' | 'closed'

export interface Account {
  accountSid: string
  authToken: string
  apiKeySid: string
  apiKeySecret: string
  /** the application that `control.setApp` sets */
  twimlAppSid: string
  friendlyName: string
  status: AccountStatus
  createdAt: number
  updatedAt: number
  blockedPrefixes: string[]
  requestsMax: number | null
  /**
   * When the browser that placed a call hears `answer`: when the callee of its `<Dial>` answers (what the SDK's source
   * speaks of), or, without `answerOnBridge`, when the `<Dial>` begins (what the docs describe).
   */
  browserOpens: 'at-answer' | 'at-dial'
}
