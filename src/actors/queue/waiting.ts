/** What a caller hears who waits: their place, how long it may last, and music. */
import type { QueueSettings } from '../../core/queue/state.ts'

const MINUTE_MS = 60_000

/** Steps of a flow; the music goes on until the queue answers again. */
export function waitingSteps(settings: QueueSettings, place: number, waitMs: number | null): object[] {
  const { music, language } = settings
  const words = placeWords(place, waitMs)
  return [
    { type: 'talk', option: { text: words, language } },
    { type: 'hold_music', option: { stream_urls: [...music] } },
  ]
}

export function placeWords(place: number, waitMs: number | null): string {
  const where = place <= 1 ? 'You are next.' : `You are number ${place} in line.`
  if (waitMs === null) return where
  const minutes = Math.max(1, Math.round(waitMs / MINUTE_MS))
  return `${where} The wait is about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`
}
