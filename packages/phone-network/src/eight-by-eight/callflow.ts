/**
 * A callflow as 8x8 reads it from the reply to a VCA webhook: actions in their order, each with its parameters, and the error code of what
 * is wrong (https://developer.8x8.com/connect/docs/callflow-error-codes). Read as 8x8's documents say, and not as any program writes.
 */

export type Action =
  | { action: 'say'; text: string; repetition: number; speed: number }
  | { action: 'playFile'; fileUrl: string; repetition: number }
  | { action: 'sayAndCapture'; prompt: string; speed: number; most: number; ms: number; onHash: boolean; tries: number }
  | { action: 'makeCall'; source: string; destination: string }
  | { action: 'hangup' }

export interface Callflow {
  actions: Action[]
  clientActionId: string | null
}

/** A callflow is wrong, so 8x8 does not perform it; `code` is its error code. */
export class CallflowError extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

const TEXT_CHARS_MAX = 3_000
/** More are refused; the documents name no number. */
const ACTIONS_MAX = 20
const KEYS_MAX = 25
const MSISDN = /^\+?[1-9]\d{6,14}$/
/** Not in a text: https://developer.8x8.com/connect/docs/callflow-error-codes */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const BAD_CHARS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/

type Json = Record<string, unknown>

/** `numbers`: the virtual numbers of the sub-account, E.164. @throws CallflowError */
export function readCallflow(text: string, numbers: ReadonlySet<string>): Callflow {
  const body = parsed(text)
  const listed = body.callflow
  if (!Array.isArray(listed)) throw new CallflowError(-1009, 'invalid entry at $.callflow')
  if (listed.length > ACTIONS_MAX) throw new CallflowError(-1010, `more than ${ACTIONS_MAX} actions`)
  const actions = listed.map((one, index) => actionOf(one, `$.callflow[${index}]`, numbers))
  if (actions.filter(one => one.action === 'makeCall').length > 1)
    throw new CallflowError(-1011, 'more than one destination')
  const end = actions.findIndex(one => one.action === 'hangup')
  if (end >= 0 && end !== actions.length - 1) throw new CallflowError(-1012, 'hangup is not the last action')
  return { actions, clientActionId: typeof body.clientActionId === 'string' ? body.clientActionId : null }
}

function parsed(text: string): Json {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Json
  } catch {
    // Said below.
  }
  throw new CallflowError(-1001, 'no JSON object')
}

function actionOf(one: unknown, at: string, numbers: ReadonlySet<string>): Action {
  if (typeof one !== 'object' || one === null) throw new CallflowError(-1009, `invalid entry at ${at}`)
  const { action, params = {} } = one as { action?: unknown; params?: unknown }
  if (typeof params !== 'object' || params === null) throw new CallflowError(-1009, `invalid entry at ${at}.params`)
  const given = new Params(params as Json, `${at}.params`)
  switch (action) {
    case 'say':
      given.profile()
      return { action, text: given.text('text'), repetition: given.number('repetition', 1, 1, 3), speed: given.speed() }
    case 'playFile':
      return { action, fileUrl: given.url('fileUrl'), repetition: given.number('repetition', 1, 1, 3) }
    case 'sayAndCapture':
      return capture(given)
    case 'makeCall': {
      const [source, destination] = [given.msisdn('source'), given.msisdn('destination')]
      if (!numbers.has(source)) throw new CallflowError(-1014, 'the caller id is no number of this sub-account')
      return { action, source, destination }
    }
    case 'hangup':
      return { action }
    default:
      throw new CallflowError(-1007, `unknown action at ${at}`)
  }
}

function capture(given: Params): Action {
  given.profile()
  if (given.has('minDigits') && !given.has('maxDigits')) throw new CallflowError(-1003, 'minDigits without maxDigits')
  const onHash = given.flag('completeOnHash', true)
  const most = given.number('maxDigits', 1, 1, KEYS_MAX)
  if (!onHash && !given.has('maxDigits')) throw new CallflowError(-1008, 'completeOnHash is false without maxDigits')
  if (given.number('minDigits', 1, 0, KEYS_MAX) > most) throw new CallflowError(-1009, 'minDigits above maxDigits')
  const ms = given.number('overallTimeout', 5_000, 1_000, 120_000)
  if (given.has('digitTimeout') && given.number('digitTimeout', ms, 1, 120_000) >= ms)
    throw new CallflowError(-1005, 'digitTimeout is not below overallTimeout')
  const tries = given.number('noOfTries', 1, 1, 5)
  return { action: 'sayAndCapture', prompt: given.text('promptMessage'), speed: given.speed(), most, ms, onHash, tries }
}

class Params {
  readonly #given: Json
  readonly #at: string

  constructor(given: Json, at: string) {
    this.#given = given
    this.#at = at
  }

  has(name: string): boolean {
    return this.#given[name] !== undefined
  }
  text(name: string): string {
    const value = this.#given[name]
    if (typeof value !== 'string' || value === '' || value.length > TEXT_CHARS_MAX) throw this.#wrong(name)
    if (BAD_CHARS.test(value)) throw new CallflowError(-1016, `bad characters at ${this.#at}.${name}`)
    return value
  }
  /** Every voice has one. */
  profile(): void {
    const value = this.#given.voiceProfile
    if (typeof value !== 'string' || value === '') throw new CallflowError(-1002, `no voiceProfile at ${this.#at}`)
  }
  speed(): number {
    return this.number('speed', 1, 0.5, 2)
  }
  number(name: string, usual: number, least: number, most: number): number {
    const value = this.#given[name] ?? usual
    if (typeof value !== 'number' || !(value >= least && value <= most)) throw this.#wrong(name)
    return value
  }
  flag(name: string, usual: boolean): boolean {
    const value = this.#given[name] ?? usual
    if (typeof value !== 'boolean') throw this.#wrong(name)
    return value
  }
  url(name: string): string {
    const value = this.#given[name]
    if (typeof value !== 'string' || !/^https?:\/\/\S+\.(?:mp3|wav)$/i.test(value)) throw this.#wrong(name)
    return value
  }
  /** E.164; it may be written without its plus. */
  msisdn(name: string): string {
    const value = this.#given[name]
    if (typeof value !== 'string' || !MSISDN.test(value))
      throw new CallflowError(-1017, `no MSISDN at ${this.#at}.${name}`)
    return `+${value.replace('+', '')}`
  }
  #wrong(name: string): CallflowError {
    return new CallflowError(-1009, `invalid entry at ${this.#at}.${name}`)
  }
}
