/** Failures of the CRM on demand, and a record of the requests that it got. */
import { type Contact, freshRules, type Org, OrgError, type Task } from './org.ts'
import type { SignIn } from './sign-in.ts'

export const ABILITIES = ['token', 'contact', 'task', 'query'] as const
export type CrmAbility = (typeof ABILITIES)[number]

export const COUNT_MAX = 1_000_000
export const DELAY_MS_MAX = 120_000
/** The newest requests are kept. */
export const REQUESTS_MAX = 500

interface Trouble {
  /** this many of the next requests fail… */
  failNext: number
  /** …with this HTTP status and this code */
  failStatus: number
  failCode: string
  /** this many of the next requests are performed, and their answers are lost */
  loseNext: number
  delayMs: number
}
export interface CrmRequest {
  seq: number
  at: number
  ability: CrmAbility
  method: string
  path: string
  status: number
}
export interface CrmView {
  troubles: Record<CrmAbility, Trouble>
  rules: Org['rules']
  tokens: number
  contacts: Contact[]
  tasks: Task[]
  requests: CrmRequest[]
}

const FRESH: Trouble = { failNext: 0, failStatus: 503, failCode: 'SERVER_UNAVAILABLE', loseNext: 0, delayMs: 0 }
const KNOWN = [
  'ability',
  'failNext',
  'failStatus',
  'failCode',
  'loseNext',
  'delayMs',
  'expireNow',
  'closedFields',
  'statuses',
  'requiredFields',
  'picklists',
  'lengths',
  'hiddenRecords',
  'personAccounts',
  'contacts',
]

export class CrmKnobs {
  readonly org: Org
  readonly #signIn: SignIn
  readonly #now: () => number
  readonly #troubles = new Map<CrmAbility, Trouble>(ABILITIES.map(ability => [ability, { ...FRESH }]))
  readonly #requests: CrmRequest[] = []
  #seq = 0

  constructor(org: Org, signIn: SignIn, now: () => number) {
    this.org = org
    this.#signIn = signIn
    this.#now = now
  }

  view(): CrmView {
    return {
      troubles: Object.fromEntries(this.#troubles) as Record<CrmAbility, Trouble>,
      rules: this.org.rules,
      tokens: this.#signIn.made,
      contacts: this.org.contacts(),
      tasks: this.org.tasks(),
      requests: [...this.#requests],
    }
  }

  /**
   * `{ability, failNext?, failStatus?, failCode?, loseNext?, delayMs?}` for one ability, and for the org `{expireNow?,
   * closedFields?, statuses?, requiredFields?, picklists?, lengths?, hiddenRecords?, personAccounts?, contacts?}`. Throws `OrgError`; then nothing is changed.
   */
  change(value: unknown): CrmView {
    const raw = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
    const unknown = Object.keys(raw).find(key => !KNOWN.includes(key))
    if (unknown !== undefined) throw new OrgError(`there is no ${unknown}; ${KNOWN.join(', ')} are there`)
    const trouble = raw.ability === undefined ? null : this.#troubleOf(raw)
    const rules = { ...this.org.rules, ...listsOf(raw) }
    if (raw.contacts !== undefined && !Array.isArray(raw.contacts)) throw new OrgError('contacts must be a list')
    if (Array.isArray(raw.contacts)) this.org.addContacts(raw.contacts)
    if (trouble !== null) this.#troubles.set(raw.ability as CrmAbility, trouble)
    this.org.rules = rules
    if (raw.expireNow === true) this.#signIn.endSessions()
    return this.view()
  }

  #troubleOf(raw: Record<string, unknown>): Trouble {
    const ability = ABILITIES.find(each => each === raw.ability)
    if (ability === undefined) throw new OrgError(`ability must be one of ${ABILITIES.join(', ')}`)
    const known = this.#troubles.get(ability) ?? FRESH
    const { failCode = known.failCode } = raw
    if (typeof failCode !== 'string' || failCode.length > 80) throw new OrgError('failCode must be a short text')
    return {
      failNext: whole(raw.failNext ?? known.failNext, 'failNext', 0, COUNT_MAX),
      failStatus: whole(raw.failStatus ?? known.failStatus, 'failStatus', 400, 599),
      failCode,
      loseNext: whole(raw.loseNext ?? known.loseNext, 'loseNext', 0, COUNT_MAX),
      delayMs: whole(raw.delayMs ?? known.delayMs, 'delayMs', 0, DELAY_MS_MAX),
    }
  }

  /** End all failures. Contacts and tasks stay. */
  reset(): void {
    for (const ability of ABILITIES) this.#troubles.set(ability, { ...FRESH })
    this.org.rules = freshRules()
  }

  /** The failure that applies to this request, if any. Counts it as used. */
  sentence(ability: CrmAbility): { refuse: { status: number; code: string } | null; lose: boolean; delayMs: number } {
    const trouble = this.#troubles.get(ability) ?? { ...FRESH }
    const { delayMs, failStatus: status, failCode: code } = trouble
    if (trouble.failNext > 0) {
      trouble.failNext -= 1
      return { refuse: { status, code }, lose: false, delayMs }
    }
    const lose = trouble.loseNext > 0
    if (lose) trouble.loseNext -= 1
    return { refuse: null, lose, delayMs }
  }

  /** Records a request, but never its token. Its status may be set later. */
  note(request: Omit<CrmRequest, 'seq' | 'at'>): CrmRequest {
    this.#seq += 1
    const noted = { ...request, seq: this.#seq, at: this.#now() }
    this.#requests.push(noted)
    if (this.#requests.length > REQUESTS_MAX) this.#requests.shift()
    return noted
  }
}

function listsOf(raw: Record<string, unknown>): Partial<Org['rules']> {
  const lists: Partial<Org['rules']> = {}
  for (const name of ['closedFields', 'statuses', 'requiredFields', 'hiddenRecords', 'personAccounts'] as const)
    if (raw[name] !== undefined) lists[name] = textsOf(raw[name], name)
  if (raw.picklists !== undefined) lists.picklists = byField(raw.picklists, 'picklists', textsOf)
  if (raw.lengths !== undefined)
    lists.lengths = byField(raw.lengths, 'lengths', (value, what) => whole(value, what, 1, COUNT_MAX))
  return lists
}

function textsOf(value: unknown, what: string): string[] {
  if (!Array.isArray(value) || !value.every(one => typeof one === 'string') || value.length > 100)
    throw new OrgError(`${what} must be a list of texts`)
  return value
}

/** An object by the names of fields. */
function byField<T>(value: unknown, what: string, read: (one: unknown, what: string) => T): Record<string, T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new OrgError(`${what} must be an object by field`)
  return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, read(one, `${what}.${field}`)]))
}

function whole(value: unknown, what: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    throw new OrgError(`${what} must be a whole number from ${min} to ${max}`)
  return value
}
