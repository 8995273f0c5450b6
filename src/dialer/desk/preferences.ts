/** The settings of a person in this browser: shortcuts, sounds, and the acknowledgement of several lines. */
export interface Preferences {
  shortcuts: boolean
  sounds: boolean
  /** the person has confirmed that they know what 2 or 4 lines mean for people who answer */
  linesAcknowledged: boolean
}

const KEY = 'trunkline.preferences'
const DEFAULTS: Preferences = { shortcuts: true, sounds: true, linesAcknowledged: false }

/** Reads only known settings, so that an old or broken entry never breaks the page. */
export function parsePreferences(text: string | null): Preferences {
  let found: Partial<Record<keyof Preferences, unknown>> = {}
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    if (typeof value === 'object' && value !== null) found = value
  } catch {
    found = {}
  }
  const flag = (name: keyof Preferences) => (typeof found[name] === 'boolean' ? found[name] : DEFAULTS[name])
  return { shortcuts: flag('shortcuts'), sounds: flag('sounds'), linesAcknowledged: flag('linesAcknowledged') }
}

class PreferenceStore {
  #value: Preferences | null = null
  readonly #listeners = new Set<() => void>()

  readonly get = (): Preferences => {
    this.#value ??= parsePreferences(localStorage.getItem(KEY))
    return this.#value
  }
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  set(change: Partial<Preferences>): void {
    this.#value = { ...this.get(), ...change }
    localStorage.setItem(KEY, JSON.stringify(this.#value))
    for (const listener of this.#listeners) listener()
  }
}

export const preferences = new PreferenceStore()
