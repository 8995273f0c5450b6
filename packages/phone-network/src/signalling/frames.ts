/** The browser SDK's signalling frames: one JSON object {type, version, payload} per WebSocket text message. */

export const PROTOCOL_VERSION = '1.6'
/** A browser's offer is about 3 KiB. A call message above its own limit (10 KiB) should still get its error. */
export const MAX_FRAME_BYTES = 256 * 1024
/** The SDK's `connect({params})`, url-encoded. */
export const MAX_PARAMS_CHARS = 16 * 1024
/** A bare newline keeps the connection alive; the SDK echoes it and reconnects after 15 s without one. */
export const HEARTBEAT = '\n'

export interface Frame {
  type: string
  payload: Record<string, unknown>
}

/** @returns null for anything that is not a signalling frame */
export function parseFrame(text: string): Frame | null {
  try {
    const value: unknown = JSON.parse(text)
    if (!isRecord(value) || typeof value.type !== 'string') return null
    return { type: value.type, payload: isRecord(value.payload) ? value.payload : {} }
  } catch {
    return null
  }
}

export function serializeFrame(type: string, payload: Record<string, unknown>): string {
  return JSON.stringify({ type, version: PROTOCOL_VERSION, payload })
}

/** A payload's text field, '' when it is missing or something else. */
export function textOf(payload: Record<string, unknown>, field: string): string {
  const value = payload[field]
  return typeof value === 'string' ? value : ''
}

/** The `params` of an outgoing call: url-encoded pairs; the last of equal names wins. Null when they are too long. */
export function readParams(payload: Record<string, unknown>): Record<string, string> | null {
  const twilio = isRecord(payload.twilio) ? payload.twilio : {}
  const text = textOf(twilio, 'params')
  return text.length > MAX_PARAMS_CHARS ? null : Object.fromEntries(new URLSearchParams(text))
}

/** Custom parameters of an incoming call. The SDK decodes values only, so the names must go out raw. */
export function writeParams(parameters: Record<string, string>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
