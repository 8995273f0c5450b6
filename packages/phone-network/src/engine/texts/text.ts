import type { Target } from '../world.ts'

/** A text message, as the REST resource of it is kept. */

export const TEXTS_KEPT_MAX = 2_000
/** https://www.twilio.com/docs/api/errors/21617 */
export const BODY_CHARS_MAX = 1_600

export type TextDirection = 'inbound' | 'outbound-api' | 'outbound-call' | 'outbound-reply'
export type TextStatus = 'queued' | 'sent' | 'delivered' | 'undelivered' | 'received'

/** A request of the number's document, or of one that it has led to. A token names the one answer that counts. */
export interface TextAsking {
  token: number
  target: Target
  fallback: Target | null
  /** documents in a row for this one text */
  documents: number
  /** what goes to the fallback and to an action beside the fields of the text */
  extra: Record<string, string>
}

export interface Text {
  sid: string
  direction: TextDirection
  from: string
  to: string
  body: string
  media: string[]
  status: TextStatus
  createdAt: number
  updatedAt: number
  sentAt: number | null
  errorCode: number | null
  /** is told every status */
  callback: Target | null
  /** of an inbound text: the document that is being asked for */
  asking: TextAsking | null
  /** of an inbound text: how many answers its documents have sent */
  replies: number
}

/** A text that is to be sent, already checked. */
export interface TextRequest {
  from: string
  to: string
  body: string
  media: string[]
  callback: Target | null
}

/** Replies between two numbers: Twilio stops those that follow one another too fast (error 14107). */
export interface ReplyPace {
  count: number
  lastAt: number
  heldUntil: number
}

export interface Texts {
  /** by SID, oldest first */
  all: Map<string, Text>
  /** `from to` of replies → their pace */
  paces: Map<string, ReplyPace>
  /** `person number`: the person has texted STOP to the number */
  stopped: Set<string>
}

export function noTexts(): Texts {
  return { all: new Map(), paces: new Map(), stopped: new Set() }
}

/** GSM 03.38: the letters of which 160 fit into one message, and those that count twice. */
const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/
const GSM_TWICE = /[\^{}\\[~\]|€]/g

/** Into how many messages a body is cut on its way. */
export function segmentsOf(body: string): number {
  const gsm = GSM.test(body)
  const length = gsm ? body.length + (body.match(GSM_TWICE)?.length ?? 0) : body.length
  const [alone, joined] = gsm ? [160, 153] : [70, 67]
  return length <= alone ? 1 : Math.ceil(length / joined)
}
