/** Parts that the scripted providers of the three ports share: failures on demand, and waits that an abort ends. */
import { ProviderFailure } from './failure.ts'

/**
 * Called before each answer. `mute`: the answer never comes; `cut`: it breaks off after its first piece; a failure is thrown
 * instead of the answer; null: the answer comes.
 */
export type Mood = () => ProviderFailure | 'mute' | 'cut' | null
export const WELL: Mood = () => null

/** Resolves after `ms`, or as soon as `signal` aborts. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>

export const waitByTimer: Wait = (ms, signal) => {
  if (ms <= 0 || signal.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}

/** Resolves when `signal` aborts and not before. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

export function brokeOff(provider: string): ProviderFailure {
  return new ProviderFailure(provider, 'unavailable', 'broke off, as scripted')
}
