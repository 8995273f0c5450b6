import type { Target } from './world.ts'

/** The account and the entries of its book: numbers, applications, caller ids and keys. */

/** Where the calls of a number or an application go. An empty URL means none; its method is kept. */
export interface Routing {
  friendlyName: string
  voice: Target
  fallback: Target
  statusCallback: Target
  callerIdLookup: boolean
  /** settings for texts by Twilio's names, such as `SmsUrl` */
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
  /** the application whose URLs replace the number's own */
  voiceApplicationSid: string | null
}

/** A TwiML App. */
export interface Application extends Routing, Kept {}

/** A verified number of somebody else, which may be used as caller id. */
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
   * When the browser that placed a call gets `answer`: when the callee of its `<Dial>` answers (as the source of the
   * SDK implies), or, without `answerOnBridge`, when the `<Dial>` begins (as Twilio's documentation describes).
   */
  browserOpens: 'at-answer' | 'at-dial'
}
