/** Prints the entries of the phone network's log that are about one caller in a stretch of time, to show where a silence comes from. */
import type { Entry } from '../../packages/phone-network/src/network-log.ts'
import type { Silence } from './ear.ts'

/** The trace begins so long before the silence, because its cause is often there. */
const BEFORE_MS = 3_000

export function traceOf(silence: Silence, log: readonly Entry[]): string {
  const { callSid, from, to } = silence
  const window = log.filter(({ at }) => at >= from - BEFORE_MS && at <= to)
  // The trace has everybody who shares a room with the caller, and leaves the rest of the floor out.
  const rooms = new Set(
    window.flatMap(one => ('conferenceSid' in one && touches(one, callSid) ? [one.conferenceSid] : [])),
  )
  const lines = window
    .filter(one => touches(one, callSid) || [...rooms].some(room => JSON.stringify(one).includes(room)))
    .map(one => `  ${String(Math.round(one.at - from)).padStart(6)}  ${told(one, callSid)}`)
  return [`${Math.round(to - from)} ms of silence for ${callSid}`, ...lines].join('\n')
}

/** Times are the network's, ms of the day's clock. */
export function storyOf(callSid: string, entries: readonly Entry[]): string {
  return entries.map(one => `  ${new Date(one.at).toISOString().slice(14, 23)}  ${told(one, callSid)}`).join('\n')
}

function touches(entry: Entry, callSid: string): boolean {
  return JSON.stringify(entry).includes(callSid)
}

function told(entry: Entry, callSid: string): string {
  const shown = (text: string) => text.replaceAll(callSid, 'CALLER')
  if (entry.kind === 'webhook') {
    const { webhook, fields, attempt, status, ms, fault, response } = entry
    const event = fields.StatusCallbackEvent ?? fields.CallStatus ?? ''
    const answer = webhook === 'voice' ? ` ${response.replace(/<\?xml[^>]*>/, '').slice(0, 300)}` : ''
    return shown(
      `webhook ${webhook} ${event} ${fields.CallSid ?? ''} try ${attempt}: ${status} in ${ms} ms${fault ? `, fault ${fault}` : ''}${answer}`,
    )
  }
  if (entry.kind === 'rest') {
    const { method, path, fields, status, ms, fault } = entry
    const asked = new URLSearchParams(Object.entries(fields).flatMap(([name, all]) => all.map(one => [name, one])))
    return shown(
      `rest ${method} ${path.replace(/.*Accounts\/\w+/, '')} ${asked}: ${status} in ${ms} ms${fault ? `, fault ${fault}` : ''}`,
    )
  }
  const { seq, at, ...rest } = entry
  return shown(JSON.stringify(rest))
}
