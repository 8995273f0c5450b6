/**
 * One request to somebody else's server, as a step of a flow sends it: a public address, no redirect, a short wait, and no more of the
 * answer than is read anyway. It is never repeated here.
 */
import { refusalOfUrl } from '../public-address.ts'

const ANSWER_WITHIN_MS = 5_000
const ANSWER_BYTES_MAX = 64 * 1024
const METHODS = new Set(['GET', 'POST', 'PUT', 'DELETE'])

export interface ServerRequest {
  url: string
  method: string
  /** not sent with GET */
  body: string
  type: string
}
export type Answered = { status: number; text: string } | { failed: string }

/** Never throws: what went wrong is a word. */
export async function askServer(wanted: ServerRequest, fetcher: typeof fetch = fetch): Promise<Answered> {
  const { url, method, body, type } = wanted
  if (refusalOfUrl(url) !== null || !METHODS.has(method)) return { failed: 'address-refused' }
  const sent = method === 'GET' ? {} : { body, headers: { 'Content-Type': type } }
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
    const answer = await fetcher(url, { method, redirect: 'manual', signal, ...sent })
    if (answer.status >= 300 && answer.status < 400) return { failed: 'redirected' }
    return { status: answer.status, text: await shortText(answer) }
  } catch {
    return { failed: 'not-answered' }
  }
}

/** An answer that is longer is no answer. */
async function shortText(answer: Response): Promise<string> {
  const reader = answer.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let size = 0; reader !== undefined; ) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.length
    if (size > ANSWER_BYTES_MAX) {
      await reader.cancel()
      throw new Error('too long')
    }
    text += decoder.decode(value, { stream: true })
  }
  return text
}
