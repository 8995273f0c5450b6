/** The JSON API under `/api` as the screens use it. Every failure is an `ApiProblem` with words for people. */
import type { CallDetail, CallFilters, CallRow, Campaign, Config, List, Me, Problem } from '../wire/api.ts'

export class ApiProblem extends Error {
  readonly status: number
  /** the offending fields, as they were sent */
  readonly fields: NonNullable<Problem['fields']>
  constructor(status: number, message: string, fields: NonNullable<Problem['fields']> = []) {
    super(message)
    this.status = status
    this.fields = fields
  }
}

/** Sends a request: GET without a body, else POST unless `method` names another. */
export async function call<T>(path: string, body?: unknown, method = 'POST'): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, {
      headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { method, body: JSON.stringify(body) }),
    })
  } catch {
    throw new ApiProblem(0, 'The server cannot be reached. Check the network, then try again.')
  }
  const text = await response.text()
  if (!response.ok) throw new ApiProblem(response.status, problemWords(response.status, text), problemFields(text))
  return (text === '' ? null : JSON.parse(text)) as T
}

/** The server's words if it sent problem+json (or better-auth's `{message}`), else words for the status. */
function problemWords(status: number, text: string): string {
  try {
    const problem = JSON.parse(text) as Partial<Problem> & { message?: string }
    const words = problem.detail ?? problem.title ?? problem.message
    if (words !== undefined && words !== '') return words
  } catch {
    // The answer is not JSON, but the error page of a proxy.
  }
  if (status === 401) return 'You are signed out.'
  if (status === 403) return 'You do not have the right to do that.'
  if (status === 404) return 'That does not exist (any more).'
  if (status === 429) return 'Too many tries. Wait a minute, then try again.'
  return `The server answered with an error (${status}). Try again.`
}

function problemFields(text: string): NonNullable<Problem['fields']> {
  try {
    const { fields } = JSON.parse(text) as Partial<Problem>
    return Array.isArray(fields) ? fields : []
  } catch {
    return []
  }
}

export const getMe = () => call<Me>('/api/me')
export const getConfig = () => call<Config>('/api/config')
export const getCampaigns = () => call<List<Campaign>>('/api/campaigns')
export const signIn = (email: string, password: string) => call<unknown>('/api/auth/sign-in/email', { email, password })
export const signOut = () => call<unknown>('/api/auth/sign-out', {})
export const demoSignIn = (key: string) => call<unknown>('/api/demo/sign-in', { key })
export const getCall = (callId: string) => call<CallDetail>(`/api/calls/${encodeURIComponent(callId)}`)
/** Reserves the id of a call that this page will place to an AI agent. */
export const reserveTrial = async (agentId: string) =>
  (await call<{ callId: string }>(`/api/ai/agents/${encodeURIComponent(agentId)}/trials`, {})).callId
/** Files a call in the CRM again after a failure. */
export const fileAgain = (callId: string) => call<unknown>(`/api/calls/${encodeURIComponent(callId)}/crm-retry`, {})

/** One page of the call log, newest first. */
export function getCalls(filters: CallFilters, cursor: string | null): Promise<List<CallRow>> {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filters)) if (value !== undefined && value !== '') query.set(name, value)
  if (cursor !== null) query.set('cursor', cursor)
  const text = query.toString()
  return call<List<CallRow>>(`/api/calls${text === '' ? '' : `?${text}`}`)
}
