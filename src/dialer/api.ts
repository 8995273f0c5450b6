/**
 * The API as the screens use it, typed from its rows (`src/wire/routes`): only their types are imported, so no schema reaches the
 * page. Every failure is an `ApiProblem` with words for people.
 */
import type { CallFilters, Problem } from '../wire/api.ts'
import type { Answer, ParamName, Params, Sent } from '../wire/routes/row.ts'
import type { Routes } from '../wire/routes/table.ts'

type Gives<Kind> = { [E in keyof Routes]: Routes[E]['gives'] extends Kind ? E : never }[keyof Routes]
type Part<Name extends string, Value> = [Value] extends [never]
  ? { [N in Name]?: never }
  : // biome-ignore lint/complexity/noBannedTypes: asks whether every field of the part may be left out
    {} extends Value
    ? { [N in Name]?: Value }
    : { [N in Name]: Value }
/** Parts of the path, query and body, as the row wants them. */
type Given<E extends keyof Routes> = Part<'params', [ParamName<E>] extends [never] ? never : Params<E>> &
  Part<'query', Sent<Routes[E], 'query'>> &
  Part<'body', Sent<Routes[E], 'body'>>
// biome-ignore lint/complexity/noBannedTypes: asks whether the row wants anything at all
type Rest<Wanted> = {} extends Wanted ? [given?: Wanted] : [given: Wanted]

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

/** Asks the server. The answer is trusted to have the form of its row: the server comes from the same commit and checks it. */
export async function ask<E extends Gives<'json'>>(
  endpoint: E,
  ...[given]: Rest<Given<E>>
): Promise<Answer<Routes[E]>> {
  const { params, query, body } = (given ?? {}) as Loose
  const [method = 'GET'] = endpoint.split(' ', 1)
  return (await send(method, address(endpoint, params, query), body)) as Answer<Routes[E]>
}

/** Sends a file as it is. */
export async function sendFile<E extends Gives<'json'>>(
  endpoint: E,
  params: Params<E>,
  file: Blob,
): Promise<Answer<Routes[E]>> {
  const [method = 'PUT'] = endpoint.split(' ', 1)
  return (await send(method, address(endpoint, params), file)) as Answer<Routes[E]>
}

/** Where a document or a socket is. */
export function urlOf<E extends Gives<'text' | 'bytes' | 'socket'>>(endpoint: E, ...[given]: Rest<Given<E>>): string {
  const { params, query } = (given ?? {}) as Loose
  return address(endpoint, params, query)
}

interface Loose {
  params?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
}

function address(endpoint: string, params: Loose['params'] = {}, query: Loose['query'] = {}): string {
  const path = endpoint
    .slice(endpoint.indexOf(' ') + 1)
    .replaceAll(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

async function send(method: string, url: string, body?: unknown): Promise<unknown> {
  const isFile = body instanceof Blob
  const type = isFile ? 'application/octet-stream' : 'application/json'
  let response: Response
  try {
    response = await fetch(url, {
      method,
      headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
    })
  } catch {
    throw new ApiProblem(0, 'The server cannot be reached. Check the network, then try again.')
  }
  const text = await response.text()
  if (!response.ok) throw new ApiProblem(response.status, problemWords(response.status, text), problemFields(text))
  return text === '' ? null : JSON.parse(text)
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

export const getMe = () => ask('GET /api/me')
export const getConfig = () => ask('GET /api/config')
export const getCampaigns = () => ask('GET /api/campaigns')
/** Sign-in and sign-out are better-auth's routes and have no rows. */
export async function signIn(email: string, password: string): Promise<'signed-in' | 'code-asked'> {
  const answer = await send('POST', '/api/auth/sign-in/email', { email, password })
  return (answer as { twoFactorRedirect?: boolean } | null)?.twoFactorRedirect === true ? 'code-asked' : 'signed-in'
}
/** The second step of a sign-in. */
export const verifyCode = (code: string) => ask('POST /api/second-factor/verify', { body: { code } })
export const signOut = () => send('POST', '/api/auth/sign-out', {})
export const demoSignIn = (key: string) => ask('POST /api/demo/sign-in', { body: { key } })
export const getCall = (callId: string) => ask('GET /api/calls/:callId', { params: { callId } })
/** The address of the call log as a table, with these filters. */
export const callsCsvAddress = (filters: CallFilters) => urlOf('GET /api/calls.csv', { query: filters })
/** What the actors around a call are about to do. */
export const getActors = (callId: string) => ask('GET /api/calls/:callId/actors', { params: { callId } })
/** Reserves the id of a call that this page will place to an AI agent. */
export const reserveTrial = async (agentId: string) =>
  (await ask('POST /api/ai/agents/:agentId/trials', { params: { agentId } })).callId
/** Files a call in the CRM again after a failure. */
export const fileAgain = (callId: string) => ask('POST /api/calls/:callId/crm-retry', { params: { callId } })
/** One page of the call log, newest first. */
export const getCalls = (filters: CallFilters, cursor: string | null) =>
  ask('GET /api/calls', { query: { ...filters, cursor: cursor ?? undefined } })
