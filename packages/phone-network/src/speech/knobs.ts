/** Delays, failures and lost connections of the speech services on demand, and a record of their requests. */

export const ABILITIES = ['listen', 'speak', 'chat', 'realtime'] as const
export type Ability = (typeof ABILITIES)[number]

export const DELAY_MS_MAX = 120_000
export const COUNT_MAX = 1_000_000
/** The newest requests are kept. */
export const REQUESTS_MAX = 500
/** Characters of one request's body that are kept; sound never is. */
export const BODY_CHARS_MAX = 20_000

export interface AbilitySettings {
  /** delay of every answer */
  delayMs: number
  /** this many of the next requests fail… */
  failNext: number
  /** …with this HTTP status */
  failStatus: number
  /** this many of the next connections are cut after their first answer */
  dropNext: number
  /** `listen` only: what is listened for on connections to come that name no grammar; absent: all scripts */
  grammar?: string
  /** `listen` only: sound that was dropped since the start, because more was said than can be heard; absent: none */
  droppedMs?: number
}

export interface SpeechRequest {
  seq: number
  at: number
  ability: Ability | null
  method: string
  path: string
  query: Record<string, string>
  /** JSON of the request; null: none, or sound */
  body: unknown
  /** 101 for a WebSocket */
  status: number
}

/** A setting that is refused; the message says which. */
export class KnobError extends Error {}

export interface Sentence {
  refuse: number | null
  drop: boolean
  delayMs: number
}

const GRAMMAR = /^[a-z][a-z0-9_-]{0,40}(\.[a-z][a-z0-9_-]{0,40})?$/
const FRESH: AbilitySettings = { delayMs: 0, failNext: 0, failStatus: 503, dropNext: 0 }

function whole(value: unknown, what: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new KnobError(`${what} must be a whole number from ${min} to ${max}`)
  }
  return value
}

export class SpeechKnobs {
  readonly #settings = new Map<Ability, AbilitySettings>(ABILITIES.map(ability => [ability, { ...FRESH }]))
  readonly #requests: SpeechRequest[] = []
  readonly #open = new Map<() => void, Ability>()
  readonly #now: () => number
  #seq = 0
  #droppedMs = 0

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  settings(): Record<Ability, AbilitySettings> {
    const settings = Object.fromEntries(this.#settings) as Record<Ability, AbilitySettings>
    if (this.#droppedMs === 0) return settings
    return { ...settings, listen: { ...settings.listen, droppedMs: Math.round(this.#droppedMs) } }
  }

  /** Counts sound that the recogniser has dropped. */
  dropped(ms: number): void {
    this.#droppedMs += ms
  }

  /** `{ability, delayMs?, failNext?, failStatus?, dropNext?, dropNow?, grammar?}`; throws `KnobError`, then nothing is changed. */
  change(value: unknown): Record<Ability, AbilitySettings> {
    const raw = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
    const ability = ABILITIES.find(each => each === raw.ability)
    if (ability === undefined) throw new KnobError(`ability must be one of ${ABILITIES.join(', ')}`)
    const known = ['ability', 'delayMs', 'failNext', 'failStatus', 'dropNext', 'dropNow', 'grammar']
    const unknown = Object.keys(raw).find(key => !known.includes(key))
    if (unknown !== undefined) throw new KnobError(`there is no ${unknown}; ${known.join(', ')} are there`)
    const next = { ...(this.#settings.get(ability) as AbilitySettings) }
    if (raw.delayMs !== undefined) next.delayMs = whole(raw.delayMs, 'delayMs', 0, DELAY_MS_MAX)
    if (raw.failNext !== undefined) next.failNext = whole(raw.failNext, 'failNext', 0, COUNT_MAX)
    if (raw.failStatus !== undefined) next.failStatus = whole(raw.failStatus, 'failStatus', 400, 599)
    if (raw.dropNext !== undefined) next.dropNext = whole(raw.dropNext, 'dropNext', 0, COUNT_MAX)
    if (raw.grammar !== undefined) {
      if (ability !== 'listen' || typeof raw.grammar !== 'string' || !GRAMMAR.test(raw.grammar))
        throw new KnobError('grammar must be `script` or `script.state`, and is one of listen')
      next.grammar = raw.grammar
    }
    if (raw.dropNow !== undefined && raw.dropNow !== true) throw new KnobError('dropNow must be true')
    this.#settings.set(ability, next)
    if (raw.dropNow === true) for (const [cut, of] of [...this.#open]) if (of === ability) cut()
    return this.settings()
  }

  /** End all delays and failures. */
  reset(): void {
    for (const ability of ABILITIES) this.#settings.set(ability, { ...FRESH })
  }

  /** The failure that applies to this request, if any. Counts it as used. */
  sentence(ability: Ability): Sentence {
    const settings = this.#settings.get(ability) as AbilitySettings
    if (settings.failNext > 0) {
      settings.failNext -= 1
      return { refuse: settings.failStatus, drop: false, delayMs: settings.delayMs }
    }
    const drop = settings.dropNext > 0
    if (drop) settings.dropNext -= 1
    return { refuse: null, drop, delayMs: settings.delayMs }
  }

  /** The grammar for clients that cannot name one; null: all scripts. */
  get grammar(): string | null {
    return this.#settings.get('listen')?.grammar ?? null
  }

  /** The present delay of this ability's answers. */
  delayMs(ability: Ability): number {
    return this.#settings.get(ability)?.delayMs ?? 0
  }

  /** An open connection that `dropNow` may cut; returns its end. */
  opened(ability: Ability, cut: () => void): () => void {
    this.#open.set(cut, ability)
    return () => this.#open.delete(cut)
  }

  /** Records a request; its status may be set later. */
  note(request: Omit<SpeechRequest, 'seq' | 'at'>): SpeechRequest {
    this.#seq += 1
    const noted = { ...request, body: short(request.body), seq: this.#seq, at: this.#now() }
    this.#requests.push(noted)
    if (this.#requests.length > REQUESTS_MAX) this.#requests.shift()
    return noted
  }

  /** Requests after `since`, oldest first. */
  requests(since = 0): SpeechRequest[] {
    return this.#requests.filter(request => request.seq > since)
  }
}

export function short(body: unknown): unknown {
  const text = JSON.stringify(body) ?? ''
  return text.length <= BODY_CHARS_MAX ? body : `${text.slice(0, BODY_CHARS_MAX)}…`
}
