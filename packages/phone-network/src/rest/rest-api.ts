import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as after } from 'node:timers/promises'
import type { Driver } from '../driver.ts'
import { personOf } from '../engine/acting.ts'
import type { FaultBox, FaultRule } from '../faults.ts'
import type { NetworkLog } from '../network-log.ts'
import { type Form, flat, one, readBody, readForm } from './form.ts'
import {
  errorBody,
  METHOD_NOT_ALLOWED,
  NOT_ACTIVE,
  NOT_AUTHENTICATED,
  notFound,
  RestError,
  SERVER_ERROR,
  TOO_MANY_REQUESTS,
} from './rest-error.ts'
import { accountOf, createRouter, type Found, type RestAnswer, type RestAsk, segmentsOf } from './route.ts'
import { ROUTES } from './routes.ts'

/** Twilio's REST API: authentication, the table of routes, faults, and a log line for every request. */

export interface RestOptions {
  driver: Driver
  log: NetworkLog
  faults: FaultBox
}

const findRoute = createRouter(ROUTES)

/** The effect of a fault on the answer. */
interface Trouble {
  name: string
  instead: RestError | null
  /** the request is performed, and the answer is lost */
  lost: boolean
  /** the connection breaks before the request is performed */
  reset: boolean
  slowMs: number
}

const NO_TROUBLE: Trouble = { name: '', instead: null, lost: false, reset: false, slowMs: 0 }

/** Twilio has no code for "this parameter was accepted without effect"; remarks of this network have code 0. */
const OWN_ALERT = 0

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function troubleOf(what: string | number, ms: number): Trouble {
  const trouble = { ...NO_TROUBLE, name: String(what) }
  if (what === 429 || what === '429') return { ...trouble, instead: TOO_MANY_REQUESTS }
  if (what === 401 || what === '401') return { ...trouble, instead: NOT_AUTHENTICATED }
  if (what === 500) return { ...trouble, instead: SERVER_ERROR }
  if (what === 503 || what === '5xx') return { ...trouble, instead: new RestError(503, 20503, 'Service Unavailable') }
  if (what === 'lost') return { ...trouble, lost: true }
  if (what === 'reset') return { ...trouble, reset: true }
  return { ...trouble, slowMs: ms }
}

export class RestApi {
  readonly #options: RestOptions
  /** how often a create to a troublesome number was already refused */
  readonly #troubled = new Map<string, number>()

  /** requests that are not answered yet */
  #underWay = 0

  constructor(options: RestOptions) {
    this.#options = options
  }

  /** Answers every request that is for REST. Never rejects. */
  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    this.#underWay += 1
    try {
      await this.#answer(request, response, url)
    } finally {
      this.#underWay -= 1
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { log, driver } = this.#options
    const startedAt = driver.now()
    let form: Form = new Map()
    let trouble = NO_TROUBLE
    let answer: RestAnswer
    let code: number | null = null
    try {
      this.#authenticate(request)
      form = readForm(await readBody(request))
      this.#admit()
      const found = this.#find(request.method ?? 'GET', url.pathname)
      this.#allow(found)
      trouble = this.#trouble(found.route.operation, url, form)
      if (trouble.instead) throw trouble.instead
      if (trouble.reset) {
        request.socket.destroy()
        answer = { status: 0, body: null }
      } else answer = found.route.run(this.#ask(request, url, form), ...found.ids)
    } catch (error) {
      const refusal = error instanceof RestError ? error : SERVER_ERROR
      if (refusal === SERVER_ERROR && trouble.instead !== SERVER_ERROR) console.error('phone network:', error)
      code = refusal.code
      answer = { status: refusal.status, body: { ...errorBody(refusal) } }
    }
    log.append(driver.now(), {
      kind: 'rest',
      method: request.method ?? 'GET',
      path: url.pathname + url.search,
      fields: withoutSecrets(form),
      status: answer.status,
      code,
      ms: driver.now() - startedAt,
      fault: trouble.name === '' ? null : trouble.name,
    })
    if (trouble.slowMs > 0) await after(trouble.slowMs)
    if (trouble.lost || trouble.reset) request.socket.destroy()
    else write(response, answer)
  }

  /** Basic authentication: AccountSid:AuthToken, or SID:secret of any API key. */
  #authenticate(request: IncomingMessage): void {
    const { account, keys } = this.#options.driver.world
    const [scheme, encoded] = (request.headers.authorization ?? '').split(' ')
    if (scheme?.toLowerCase() !== 'basic') throw NOT_AUTHENTICATED
    const decoded = Buffer.from(encoded ?? '', 'base64').toString('utf8')
    const colon = decoded.indexOf(':')
    const [user, secret] = [decoded.slice(0, colon), decoded.slice(colon + 1)]
    const byToken = same(user, account.accountSid) && same(secret, account.authToken)
    const key = keys.get(user)
    const byKey = key !== undefined && same(secret, key.secret)
    if (!byToken && !byKey) throw NOT_AUTHENTICATED
  }

  #trouble(operation: string, url: URL, form: Form): Trouble {
    const rule: FaultRule | null = this.#options.faults.take('rest', { ...flat(form), operation, path: url.pathname })
    if (rule) return troubleOf(rule.what, rule.ms)
    const to = one(form, 'To')
    if (to === null || (operation !== 'create' && operation !== 'participant-create')) return NO_TROUBLE
    const { create } = personOf(this.#options.driver.world, to).script
    if (create === null) return NO_TROUBLE
    const before = this.#troubled.get(to) ?? 0
    if (create.times !== null && before >= create.times) return NO_TROUBLE
    this.#troubled.set(to, before + 1)
    return troubleOf(create.answer, create.ms)
  }

  /** Twilio's 429 for more concurrent requests than the account allows. */
  #admit(): void {
    const { requestsMax } = this.#options.driver.world.account
    if (requestsMax !== null && this.#underWay > requestsMax) throw TOO_MANY_REQUESTS
  }

  /** A suspended account may only read its own resource. */
  #allow({ route }: Found): void {
    const { status } = this.#options.driver.world.account
    if (status !== 'active' && !route.operation.startsWith('account-')) throw NOT_ACTIVE
  }

  /** The row of the table. Throws 20404, 20003 for another account's path, 20004. */
  #find(method: string, path: string): Found {
    const segments = segmentsOf(path)
    if (segments === null) throw notFound(path)
    const accountSid = accountOf(segments)
    const own = this.#options.driver.world.account.accountSid
    if (accountSid !== null && segments.length > 3 && accountSid !== own) throw NOT_AUTHENTICATED
    const { found, methods } = findRoute(method, segments)
    if (found) return found
    throw methods.length > 0 ? METHOD_NOT_ALLOWED : notFound(path)
  }

  #ask(request: IncomingMessage, url: URL, form: Form): RestAsk {
    const { driver, log } = this.#options
    return {
      world: driver.world,
      method: request.method ?? 'GET',
      path: url.pathname,
      form,
      query: readForm(url.search.slice(1)),
      at: driver.now(),
      origin: `${'encrypted' in request.socket ? 'https' : 'http'}://${request.headers.host ?? '127.0.0.1'}`,
      take: input => driver.take(input),
      alert: (message, code = OWN_ALERT) => log.append(driver.now(), { kind: 'alert', callSid: null, code, message }),
      log: () => log.since(0),
    }
  }
}

/** The log is shown on the page, where nobody needs the passwords of SIP phones. */
function withoutSecrets(form: Form): Record<string, string[]> {
  return Object.fromEntries([...form].map(([name, values]) => [name, /password$/i.test(name) ? ['***'] : values]))
}

function write(response: ServerResponse, { status, body }: RestAnswer): void {
  const text = body === null ? '' : JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json;charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...(status === 401 ? { 'www-authenticate': 'Basic realm="Twilio API"' } : {}),
  })
  response.end(text)
}
