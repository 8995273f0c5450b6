import { ms, record, ScriptError, text } from './reading.ts'

/** The acts of a pretend person on the phone, one after another. Documented in `packages/phone-network/docs/people.md`. */

export const SCRIPT_STEPS_MAX = 200
export const SAY_CHARS_MAX = 2_000
const MENUS_DEEP_MAX = 5
const KEYS_MAX = 32
const URL_CHARS_MAX = 2_000

export interface Listen {
  /** goes on when the other side has spoken and was then silent for this long */
  silenceMs: number
  /** goes on after this long, whatever it heard */
  atMostMs: number
}

export type Act =
  | { say: string }
  | { pauseMs: number }
  | { beep: true }
  | { hangUp: true }
  /** waits until the other side has finished a sentence */
  | { listen: Listen }
  /** plays a sound file (wav, mp3) at an http(s) URL, as its own voice */
  | { play: string }
  /** presses keys */
  | { press: string }
  /** an IVR's menu: a key leads on to its acts; without one the acts after the menu follow */
  | { menu: { keys: Record<string, Act[]>; waitMs: number } }

/** An act as a person writes it: `listen` and `menu` have defaults. `checkActs` makes an `Act` of it. */
export type WrittenAct =
  | Exclude<Act, { listen: unknown } | { menu: unknown }>
  | { listen: true | Partial<Listen> }
  | { menu: { keys: Record<string, WrittenAct[]>; waitMs?: number } }

const LISTEN_SILENCE_MS = 700
const LISTEN_AT_MOST_MS = 15_000
const MENU_WAIT_MS = 10_000
const NAMES = 'say, play, pauseMs, beep, hangUp, listen, press, menu'

/** Check a list of acts from outside. Throws `ScriptError`. */
export function checkActs(value: unknown, what: string, deep = 0): Act[] {
  if (!Array.isArray(value) || value.length > SCRIPT_STEPS_MAX) {
    throw new ScriptError(`${what} must be a list of at most ${SCRIPT_STEPS_MAX}`)
  }
  return value.map((act, index) => checkAct(act, `${what}[${index}]`, deep))
}

function checkAct(value: unknown, what: string, deep: number): Act {
  const act = record(value, what)
  if (Object.keys(act).length !== 1) throw new ScriptError(`${what} must have exactly one of ${NAMES}`)
  if ('say' in act) return { say: text(act.say, `${what}.say`, SAY_CHARS_MAX) }
  if ('pauseMs' in act) return { pauseMs: ms(act.pauseMs, `${what}.pauseMs`) }
  if (act.beep === true) return { beep: true }
  if (act.hangUp === true) return { hangUp: true }
  if ('play' in act) return { play: checkUrl(act.play, `${what}.play`) }
  if ('listen' in act) return { listen: checkListen(act.listen, `${what}.listen`) }
  if ('press' in act) return { press: checkKeys(act.press, `${what}.press`) }
  if ('menu' in act) return { menu: checkMenu(act.menu, `${what}.menu`, deep) }
  throw new ScriptError(`${what} must have exactly one of ${NAMES}; beep and hangUp are true`)
}

function checkListen(value: unknown, what: string): Listen {
  if (value === true) return { silenceMs: LISTEN_SILENCE_MS, atMostMs: LISTEN_AT_MOST_MS }
  const raw = record(value, what)
  return {
    silenceMs: ms(raw.silenceMs ?? LISTEN_SILENCE_MS, `${what}.silenceMs`),
    atMostMs: ms(raw.atMostMs ?? LISTEN_AT_MOST_MS, `${what}.atMostMs`),
  }
}

function checkUrl(value: unknown, what: string): string {
  const url = text(value, what, URL_CHARS_MAX)
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new ScriptError(`${what} must be an http or https URL`)
  return url
}

function checkKeys(value: unknown, what: string): string {
  const keys = text(value, what, KEYS_MAX)
  if (!/^[0-9*#w]+$/.test(keys)) throw new ScriptError(`${what} may hold 0 to 9, *, # and w (half a second)`)
  return keys
}

function checkMenu(value: unknown, what: string, deep: number): { keys: Record<string, Act[]>; waitMs: number } {
  if (deep >= MENUS_DEEP_MAX) throw new ScriptError(`${what}: menus may be ${MENUS_DEEP_MAX} deep`)
  const raw = record(value, what)
  const keys = record(raw.keys, `${what}.keys`)
  const branches = Object.entries(keys).map(([key, acts]): [string, Act[]] => {
    if (!/^[0-9*#]$/.test(key)) throw new ScriptError(`${what}.keys: "${key}" is not a key`)
    return [key, checkActs(acts, `${what}.keys.${key}`, deep + 1)]
  })
  return { keys: Object.fromEntries(branches), waitMs: ms(raw.waitMs ?? MENU_WAIT_MS, `${what}.waitMs`) }
}
