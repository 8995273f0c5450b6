/** Recordings of whole rooms on the scripted carrier: one runs from the moment when two are in until nobody is. */
import type { Recorded, Tape } from './wire.ts'

type Tell = (url: string, body: Record<string, unknown>) => void

export class RoomTapes {
  readonly #recordings: Map<string, Recorded>
  readonly #tell: Tell
  /** what runs, by the carrier's id of the conference */
  readonly #running = new Map<string, { id: string; events: string }>()
  /** where the reports go, as whoever came first has it; null: they want no recording */
  readonly #wanted = new Map<string, string | null>()

  constructor(recordings: Map<string, Recorded>, tell: Tell) {
    this.#recordings = recordings
    this.#tell = tell
  }

  joined(conference: string, present: number, events: string | null, nowMs: number): void {
    if (present === 1) this.#wanted.set(conference, events)
    const told = this.#wanted.get(conference) ?? null
    if (told === null || present !== 2 || this.#running.has(conference)) return
    const id = `rec_${this.#recordings.size + 1}`
    const fresh = { ended: false, of: conference, message: false, seconds: 0, name: null }
    this.#recordings.set(id, { startedAtMs: nowMs, ...fresh })
    this.#running.set(conference, { id, events: told })
    this.#tell(told, { event: 'recording', conference, recording: id, state: 'running' })
  }

  left(conference: string, present: number, nowMs: number): void {
    if (present === 0) this.end(conference, nowMs)
  }

  /** False: none runs. */
  end(conference: string, nowMs: number): boolean {
    const running = this.#running.get(conference)
    const recording = running && this.#recordings.get(running.id)
    if (running === undefined || recording === undefined) return false
    this.#running.delete(conference)
    recording.ended = true
    recording.seconds = Math.round((nowMs - recording.startedAtMs) / 1000)
    const { seconds } = recording
    this.#tell(running.events, { event: 'recording', conference, recording: running.id, state: 'stored', seconds })
    return true
  }

  of(conference: string): Tape[] {
    return [...this.#recordings].flatMap(([id, one]) => (one.of === conference ? [{ ...one, id }] : []))
  }
}
