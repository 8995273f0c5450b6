/** The browser SDK's signalling frames: one JSON object {type, version, payload} per WebSocket text message. */

export const PROTOCOL_VERSION = '1.6'
/** A browser's offer is about 3 KiB; a call message at most 10 KiB. */
export const MAX_FRAME_BYTES = 64 * 1024
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

/** The `params` of an outgoing call: url-encoded pairs; the last of equal names wins. */
export function readParams(payload: Record<string, unknown>): Record<string, string> {
  const twilio = isRecord(payload.twilio) ? payload.twilio : {}
  return Object.fromEntries(new URLSearchParams(textOf(twilio, 'params')))
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
