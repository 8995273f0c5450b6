/**
 * Calls a team's own endpoint as a tool. The address comes from the agent's data and never from the model. It must be public:
 * https, a host name instead of an IP address, no redirect. (Workers cannot reach a private network by themselves; the check is
 * for names that lead to one through a tunnel, and for local runs.)
 */
import { refusalOfUrl } from '../public-address.ts'

const ANSWER_WITHIN_MS = 8_000
const ANSWER_BYTES_MAX = 64 * 1024
const ARGUMENT_BYTES_MAX = 16 * 1024

export interface HttpTool {
  url: string
  method: 'GET' | 'POST'
  secretHeaders: Record<string, string>
}

/** The result for the model. Never throws: a failure is an error in words. */
export async function callHttpTool(tool: HttpTool, input: unknown, fetcher: typeof fetch = fetch): Promise<unknown> {
  const refusal = refusalOfUrl(tool.url)
  if (refusal !== null) return { error: refusal }
  const body = JSON.stringify(input ?? {})
  if (body.length > ARGUMENT_BYTES_MAX) return { error: 'The arguments are too long.' }
  const url = new URL(tool.url)
  if (tool.method === 'GET')
    for (const [name, value] of Object.entries((input ?? {}) as Record<string, unknown>))
      url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  try {
    const answer = await fetcher(url, {
      method: tool.method,
      headers: { Accept: 'application/json', ...tool.secretHeaders, ...(tool.method === 'POST' ? JSON_TYPE : {}) },
      ...(tool.method === 'POST' ? { body } : {}),
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    if (!answer.ok) return { error: `The service answered ${answer.status}.` }
    return parsed(await textOf(answer))
  } catch {
    return { error: 'The service did not answer.' }
  }
}

const JSON_TYPE = { 'Content-Type': 'application/json' }

async function textOf(answer: Response): Promise<string> {
  const reader = answer.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let size = 0; reader !== undefined; ) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.length
    if (size > ANSWER_BYTES_MAX) {
      await reader.cancel()
      break
    }
    text += decoder.decode(value, { stream: true })
  }
  return text
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
