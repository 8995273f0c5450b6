/**
 * One delivery of one message, in the form of Standard Webhooks: https, signed, no redirect, ten seconds, and no more of the answer than is
 * shown. It is never repeated here.
 */
import { Webhook } from 'standardwebhooks'
import { retryAfterMs } from '../../core/events/ladder.ts'
import { refusalOfUrl } from '../public-address.ts'

const ANSWER_WITHIN_MS = 10_000
/** What is kept of an answer. */
const ANSWER_BYTES_MAX = 500

export interface Sending {
  url: string
  /** the same for every attempt */
  messageId: string
  body: string
  /** each of them signs */
  secrets: readonly string[]
  /** a local run, whose developer has a server on the same machine */
  loopback: boolean
}
export interface Sent {
  /** `gone`: the server wants nothing at this address any more */
  outcome: 'taken' | 'failed' | 'gone'
  /** null: there was no answer */
  status: number | null
  ms: number
  /** how the answer began, or in a word why there is none */
  answer: string
  /** the pause that the server asks for; null: it asks for none */
  pauseMs: number | null
}

/** Never throws. The address is checked each time, because settings of an older release may say anything. */
export async function send(sending: Sending, now: number, fetcher: typeof fetch = fetch): Promise<Sent> {
  const { url, body, loopback } = sending
  const failed = { outcome: 'failed' as const, status: null, ms: 0, pauseMs: null }
  if (refusalOfUrl(url, loopback) !== null) return { ...failed, answer: 'address-refused' }
  const began = Date.now()
  // A timer that is cleared: one that runs on would wake the sender for each answer, ten seconds later.
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), ANSWER_WITHIN_MS)
  try {
    const headers = headersOf(sending, now)
    const { signal } = patience
    const answer = await fetcher(url, { method: 'POST', body, headers, redirect: 'manual', signal })
    const { status } = answer
    const text = await beginOf(answer).catch(() => '')
    const outcome = status >= 200 && status < 300 ? 'taken' : status === 410 ? 'gone' : 'failed'
    const redirected = status >= 300 && status < 400
    const pauseMs = outcome === 'taken' ? null : retryAfterMs(answer.headers.get('Retry-After'), now)
    return { outcome, status, ms: Date.now() - began, answer: redirected ? 'redirected' : text, pauseMs }
  } catch {
    return { ...failed, ms: Date.now() - began, answer: 'not-answered' }
  } finally {
    clearTimeout(timer)
  }
}

function headersOf({ messageId, body, secrets }: Sending, now: number): Record<string, string> {
  if (secrets.length === 0) throw new Error('nothing signs')
  const signatures = secrets.map(secret => new Webhook(secret).sign(messageId, new Date(now), body))
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Trunkline-Webhooks/1',
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(now / 1_000)),
    'webhook-signature': signatures.join(' '),
  }
}

/** An answer without an end is left after its beginning. */
async function beginOf(answer: Response): Promise<string> {
  const reader = answer.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let size = 0; reader !== undefined && size < ANSWER_BYTES_MAX; ) {
    const { done, value } = await reader.read()
    if (done) return text
    size += value.length
    text += decoder.decode(value.slice(0, ANSWER_BYTES_MAX), { stream: true })
  }
  await reader?.cancel()
  return text.slice(0, ANSWER_BYTES_MAX)
}
