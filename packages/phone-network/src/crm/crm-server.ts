/** A Salesforce org on 127.0.0.1: sign-in by JWT bearer, Contacts, Tasks, the query of a duplicate guard, a page. */
import { generateKeyPair } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { listen } from '../listening.ts'
import { DEMO_CONTACTS } from './demo-contacts.ts'
import { CrmRefusal, restRefusal, tokenRefusal } from './errors.ts'
import { type CrmAbility, CrmKnobs, type CrmRequest } from './knobs.ts'
import { Org } from './org.ts'
import { orgPage } from './page.ts'
import { type App, SignIn } from './sign-in.ts'

export const CRM_PORT = 5_073
const CONNECTIONS_MAX = 1_000
const BODY_BYTES_MAX = 1024 * 1024

export interface CrmOptions {
  /** 0: any free port; a busy one gives the next free one */
  port?: number
  now?: () => number
}

export interface CrmServer {
  /** base of sign-in and of the API alike */
  url: string
  /** what a program needs to sign in; made when the server starts, gone when it ends */
  app: Omit<App, 'publicKeyPem'> & { privateKeyPem: string }
  knobs: CrmKnobs
  close(): Promise<void>
}

interface Parts {
  org: Org
  signIn: SignIn
  knobs: CrmKnobs
  /** of the server itself, once it listens */
  base: { url: string }
}

/** Starts the org with its demo contacts. */
export async function startCrm(options: CrmOptions = {}): Promise<CrmServer> {
  const now = options.now ?? Date.now
  const keys = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const app = {
    clientId: '3MVG9.trunkline.look.alike',
    subject: 'integration@example.com',
    audience: 'https://login.salesforce.com',
  }
  const org = new Org()
  org.addContacts(DEMO_CONTACTS)
  const signIn = new SignIn({ ...app, publicKeyPem: keys.publicKey }, now)
  const knobs = new CrmKnobs(org, signIn, now)
  const parts: Parts = { org, signIn, knobs, base: { url: '' } }
  const server = createServer((request, response) => void serve(parts, request, response))
  server.maxConnections = CONNECTIONS_MAX
  const port = await listen(server, options.port ?? CRM_PORT)
  parts.base.url = `http://127.0.0.1:${port}`
  return {
    url: parts.base.url,
    app: { ...app, privateKeyPem: keys.privateKey },
    knobs,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

interface Route {
  ability: CrmAbility
  answer(parts: Parts, asked: { url: URL; body: string; id: string }): { status: number; body: unknown }
}

function routeOf(method: string, path: string): (Route & { id: string }) | null {
  if (path === '/services/oauth2/token' && method === 'POST') return { ...TOKEN, id: '' }
  const [, version = '', rest = ''] = /^\/services\/data\/(v\d{2,3}\.0)\/(.*)$/.exec(path) ?? []
  if (version === '') return null
  const contact = /^sobjects\/Contact\/([^/]+)$/.exec(rest)?.[1]
  if (contact !== undefined && method === 'GET') return { ...CONTACT, id: decodeURIComponent(contact) }
  if (rest === 'sobjects/Task/describe' && method === 'GET') return { ...DESCRIBE, id: '' }
  if (/^sobjects\/Task\/?$/.test(rest) && method === 'POST') return { ...TASK, id: '' }
  if (/^query\/?$/.test(rest) && method === 'GET') return { ...QUERY, id: '' }
  return null
}

const TOKEN: Route = {
  ability: 'token',
  answer: ({ signIn, base }, { body }) => ({
    status: 200,
    // No expires_in and no refresh_token, as Salesforce has none in this flow.
    body: {
      access_token: signIn.token(new URLSearchParams(body)),
      scope: 'api',
      instance_url: base.url,
      id: `${base.url}/id/00D000000000001EAA/005000000000001AAA`,
      token_type: 'Bearer',
    },
  }),
}
const CONTACT: Route = {
  ability: 'contact',
  answer: ({ org }, { url, id }) => {
    const fields = (url.searchParams.get('fields') ?? '').split(',').filter(field => field !== '')
    return { status: 200, body: org.contact(id, fields) }
  },
}
const TASK: Route = {
  ability: 'task',
  answer: ({ org }, { body }) => ({
    status: 201,
    body: { id: org.createTask(objectOf(body)), success: true, errors: [] },
  }),
}
const DESCRIBE: Route = {
  ability: 'query',
  answer: ({ org }) => ({ status: 200, body: org.describeTask() }),
}
const QUERY: Route = {
  ability: 'query',
  answer: ({ org }, { url }) => ({ status: 200, body: org.query(url.searchParams.get('q') ?? '') }),
}

function objectOf(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // The error is answered below.
  }
  throw restRefusal(400, 'JSON_PARSER_ERROR', 'Unexpected character')
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    if (bytes > BODY_BYTES_MAX) throw restRefusal(413, 'REQUEST_TOO_LARGE', 'The request is too large')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let noted: CrmRequest | null = null
  try {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const { method = 'GET' } = request
    if (url.pathname === '/' && method === 'GET') return sendPage(response, orgPage(parts.knobs.view()))
    const route = routeOf(method, url.pathname)
    if (route === null) throw restRefusal(404, 'NOT_FOUND', 'The requested resource does not exist')
    const { ability, id } = route
    noted = parts.knobs.note({ ability, method, path: url.pathname + url.search, status: 200 })
    const body = await readBody(request)
    if (ability !== 'token') parts.signIn.admit(request.headers.authorization ?? '')
    const { refuse, lose, delayMs } = parts.knobs.sentence(ability)
    if (delayMs > 0) await new Promise(resolve => setTimeout(resolve, delayMs))
    if (refuse) throw demanded(ability, refuse)
    const answer = route.answer(parts, { url, body, id })
    noted.status = lose ? 0 : answer.status
    if (lose) response.destroy()
    else send(response, answer.status, answer.body)
  } catch (error) {
    const refusal = error instanceof CrmRefusal ? error : restRefusal(500, 'UNKNOWN_EXCEPTION', 'An error occurred')
    if (!(error instanceof CrmRefusal)) console.error('CRM:', error)
    if (noted) noted.status = refusal.status
    send(response, refusal.status, refusal.body, refusal.headers)
  }
}

function demanded(ability: CrmAbility, { status, code }: { status: number; code: string }): CrmRefusal {
  const words = 'This failure was asked for.'
  return ability === 'token' ? tokenRefusal(code, words, status) : restRefusal(status, code, words)
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
  response.end(JSON.stringify(body))
}

function sendPage(response: ServerResponse, html: string): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  response.end(html)
}
