/** People of a workspace, signed in by e-mail and password as a browser does it. */
import type { FlowToRun } from '../../../src/actors/books.ts'
import { stubFor } from '../../../src/actors/stubs.ts'
import type { Role } from '../../../src/wire/api.ts'
import { addMember } from '../../../src/worker/people.ts'
import { bindings, request } from '../stage.ts'

export const PASSWORD = 'a long enough secret'
export const JSON_TYPE = { 'Content-Type': 'application/json' }

export interface Person {
  userId: string
  email: string
  cookie: string
}

let people = 0

/** A new person of this name and role, with one sign-in. */
export async function person(name: string, role: Role, workspaceId = 'w_test'): Promise<Person> {
  people += 1
  const email = `person${people}-${workspaceId.slice(2)}@example.com`
  const place = { workspaceId, workspaceName: workspaceId }
  const userId = await addMember(bindings, { name, email, role, password: PASSWORD, ...place })
  if (userId === null) throw new Error('the e-mail is known')
  return { userId, email, cookie: await signedIn(email) }
}

export function trySignIn(email: string, password: string, headers: Record<string, string> = {}): Promise<Response> {
  return request('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify({ email, password }),
  })
}

/** Strangers at as many addresses have guessed at this e-mail, so that it is locked for every address that is not known. */
export async function guessedByStrangers(email: string): Promise<void> {
  const from = (n: number) => ({ 'CF-Connecting-IP': `198.51.100.${n}` })
  for (let n = 1; n <= 31; n += 1) await trySignIn(email, 'a wrong guess', from(n))
  const { status } = await trySignIn(email, PASSWORD, from(99))
  if (status !== 429) throw new Error(`not locked: ${status}`)
}

export async function signedIn(email: string, password = PASSWORD): Promise<string> {
  return cookiesOf(await trySignIn(email, password))
}

export function cookiesOf(answer: Response): string {
  const cookies = (answer.headers as Headers & { getSetCookie(): string[] }).getSetCookie()
  return cookies.map(cookie => cookie.split(';', 1)[0]).join('; ')
}

/** A request of this person. */
export function ask(
  { cookie }: Pick<Person, 'cookie'>,
  endpoint: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const [method = 'GET', path = ''] = endpoint.split(' ')
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  return request(path, { method, headers: { ...JSON_TYPE, Cookie: cookie, ...headers }, ...sent })
}

export interface OpenSocket {
  send(message: object): void
  close(): void
  /** parsed, in order */
  messages: { type: string; [field: string]: unknown }[]
  closed: { code: number; reason: string } | null
}

/** The socket behind this path, as this person opens it. */
export async function socketOf({ cookie }: Pick<Person, 'cookie'>, path: string): Promise<OpenSocket> {
  return openedBy(await request(path, { headers: { Cookie: cookie, Upgrade: 'websocket' } }))
}

export function openedBy(answer: Response): OpenSocket {
  const { webSocket } = answer as Response & { webSocket: (WebSocket & { accept(): void }) | null }
  if (!webSocket) throw new Error(`no socket: ${answer.status}`)
  const open: OpenSocket = {
    send: message => webSocket.send(JSON.stringify(message)),
    close: () => webSocket.close(1000),
    messages: [],
    closed: null,
  }
  webSocket.addEventListener('message', ({ data }) => void open.messages.push(JSON.parse(String(data))))
  webSocket.addEventListener('close', ({ code, reason }) => {
    open.closed = { code, reason }
  })
  webSocket.accept()
  return open
}

/** A call outside every round, with these links, in its object and in the log. */
/** Another number for every call: one person is never called twice at once. */
function numberOf(callId: string): string {
  let hash = 0
  for (const letter of callId) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0
  return `+1415${5_000_000 + (hash % 4_000_000)}`
}

export async function callOf(
  callId: string,
  links: { agentName: string; agentId?: string; deskId?: string },
  flow: FlowToRun | null = null,
): Promise<void> {
  const none = { kind: 'single', batchId: null, campaignId: null, contactId: null, deskId: null } as const
  const party = { to: numberOf(callId), from: '+14155550178', name: 'Pat' }
  const options = { ringLimitMs: 30_000, amd: 'off', record: false } as const
  await stubFor(bindings, 'call', callId).request({ ...none, ...links }, party, options, null, flow)
}
