// @ts-check
/** The control API of the phone network. */

/** @typedef {{number: string, name: string, company: string, timeZone?: string, script: string, kind: string, state: string, callSid: string | null, since: number | null, says: string | null}} Phone */
/** @typedef {{sid: string, direction: string, from: string, to: string, status: string, createdAt: number, answeredAt: number | null, doing: string, levels: {says: number, hears: number} | null}} Call */
/** @typedef {{at: number, lastSeq: number, account: {accountSid: string}, numbers: {number: string}[], cps: number, phones: Phone[], calls: Call[], conferences: {sid: string, friendlyName: string, participants: {callSid: string, label: string | null, muted: boolean, held: boolean}[]}[], queues: {sid: string, friendlyName: string, members: string[]}[], streams: {sid: string, callSid: string, name: string, url: string, track: string}[], recordings: {sid: string, callSid: string | null, conferenceSid: string | null, status: string}[], texts: {sid: string, direction: string, from: string, to: string, body: string, status: string, createdAt: number}[], faults: {id: number, on: string, what: string, next: number | null, probability: number, ms: number, match: Record<string, string>}[], doubleAnswers: number}} World */

/** @returns {Promise<World>} */
export async function readWorld() {
  const response = await fetch('/_/world')
  if (!response.ok) throw new Error(`the phone network answered ${response.status}`)
  return response.json()
}

/**
 * @param {string} method @param {string} path @param {unknown} [body]
 * @returns {Promise<any>} rejects with the network's own words
 */
export async function ask(method, path, body = {}) {
  const response = await fetch(`/_/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(method === 'POST' && { body: JSON.stringify(body) }),
  })
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) throw new Error(answer.error ?? `the phone network answered ${response.status}`)
  return answer
}

/** @param {string} path @param {unknown} [body] */
export const post = (path, body) => ask('POST', path, body)

/** @param {string} number @param {string} action */
export const phone = (number, action) => post(`phones/${encodeURIComponent(number)}/${action}`)
