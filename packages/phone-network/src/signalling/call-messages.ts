/** Messages between the page and the program during a call (https://www.twilio.com/docs/voice/sdks/call-message-events). */
import type { CallMessage } from './contract.ts'
import { textOf } from './frames.ts'
import { MESSAGE_TOO_LARGE, MESSAGE_TYPE, type SignallingError, TOO_OFTEN } from './signalling-errors.ts'

export const MESSAGE_TYPE_NAME = 'user-defined-message'
export const MESSAGE_CONTENT_TYPE = 'application/json'
/** of the content as JSON */
export const MESSAGE_BYTES_MAX = 10 * 1024
/** Twilio documents no number; this is far above what a person or a well-behaved page sends. */
export const MESSAGES_PER_SECOND_MAX = 30
/** Messages that wait until the page knows its call's SID. */
export const MESSAGES_HELD_MAX = 20

/** How many messages one call has sent in the last second. */
export class MessageRate {
  private readonly sentAt: number[] = []

  /** @returns false when it is one too many */
  admit(nowMs: number): boolean {
    while (this.sentAt[0] !== undefined && nowMs - this.sentAt[0] >= 1000) this.sentAt.shift()
    if (this.sentAt.length >= MESSAGES_PER_SECOND_MAX) return false
    this.sentAt.push(nowMs)
    return true
  }
}

/** The message of a `message` frame, or why it is refused. */
export function readMessage(
  payload: Record<string, unknown>,
  rate: MessageRate,
  nowMs: number,
): { message: CallMessage } | { error: SignallingError } {
  if (!rate.admit(nowMs)) return { error: TOO_OFTEN }
  const contentType = payload.contenttype === undefined ? MESSAGE_CONTENT_TYPE : textOf(payload, 'contenttype')
  if (textOf(payload, 'messagetype') !== MESSAGE_TYPE_NAME || contentType !== MESSAGE_CONTENT_TYPE) {
    return { error: MESSAGE_TYPE }
  }
  const content = payload.content ?? null
  if (Buffer.byteLength(JSON.stringify(content)) > MESSAGE_BYTES_MAX) return { error: MESSAGE_TOO_LARGE }
  const sid = textOf(payload, 'voiceeventsid')
  return { message: { sid, content, contentType, messageType: MESSAGE_TYPE_NAME } }
}
