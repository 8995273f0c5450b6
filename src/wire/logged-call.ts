/** A call as the log has it, in the shape of the voice API. */
import { isSipUri } from '../core/sip-address.ts'
import type { CallRow } from './api.ts'
import type { VoiceCallRow } from './voice-call.ts'

export const timeText = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
export const sideOf = (target: string, name = '', agentId: string | null = null) =>
  target === '' && agentId !== null
    ? { type: 'agent' as const, target: agentId, target_name: name }
    : { type: isSipUri(target) ? ('sip' as const) : ('tel' as const), target, target_name: name }

/** As it is now, as far as the log has heard. */
export function loggedCall(row: CallRow): VoiceCallRow {
  const incoming = row.direction === 'inbound'
  const extension = (target: string) => ({ type: 'extension' as const, target, target_name: '' })
  const sides =
    row.kind === 'sip'
      ? { source: extension(row.from), destination: extension(row.number) }
      : {
          source: incoming ? sideOf(row.number, row.name) : sideOf(row.from),
          destination: incoming ? sideOf(row.from) : sideOf(row.number, row.name, row.agentId),
        }
  return {
    id: row.callId,
    ...sides,
    direction: incoming ? 'incoming' : 'outgoing',
    status: row.status,
    hangup_reason: row.hangupReason,
    tm_create: timeText(row.createdMs),
    tm_progressing: timeText(row.answeredMs),
    tm_hangup: timeText(row.endedMs),
  }
}

/**
 * As it was when something happened to it at `at`: what came later is left out, so that an event says the same whenever it is read.
 * `status`: what the event itself made of it; null: it changed no status.
 */
export function callAt(row: CallRow, at: number, status: string | null): VoiceCallRow {
  const hasAnswered = row.answeredMs !== null && row.answeredMs <= at
  const isOver = status === 'hangup' || (status === null && row.endedMs !== null && row.endedMs < at)
  const before = hasAnswered ? 'progressing' : row.direction === 'inbound' ? 'ringing' : 'dialing'
  const then = isOver ? 'hangup' : (status ?? before)
  const known = loggedCall(row)
  return {
    ...known,
    status: then as VoiceCallRow['status'],
    hangup_reason: isOver ? known.hangup_reason : null,
    tm_progressing: hasAnswered ? known.tm_progressing : null,
    tm_hangup: isOver ? known.tm_hangup : null,
  }
}
