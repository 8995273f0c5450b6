import type { Input } from '../engine/input.ts'
import type { RecordIntent } from '../engine/media-input.ts'
import { silence } from '../media/mulaw.ts'
import type { AudioPlane } from '../media/plane.ts'
import { mix } from '../media/wav.ts'
import { Recorder } from './recorder.ts'

/** The sound of all recordings, in memory. */

/** Limit of all sound: nine hours of one voice. The oldest finished recording loses its sound first. */
export const RECORDINGS_BYTES_MAX = 256 * 1024 * 1024

type StartOrder = Extract<RecordIntent, { do: 'record-start' }>

interface Running {
  recorder: Recorder
  order: StartOrder
  stop: () => void
}

export class Recordings {
  readonly #plane: AudioPlane | null
  readonly #take: (input: Input) => void
  readonly #running = new Map<string, Running>()
  readonly #kept = new Map<string, Uint8Array[]>()
  #keptBytes = 0
  #underWay = 0

  constructor(plane: AudioPlane | null, take: (input: Input) => void) {
    this.#plane = plane
    this.#take = take
  }

  get isBusy(): boolean {
    return this.#underWay > 0
  }

  perform(intent: RecordIntent): void {
    const { recordingSid } = intent
    switch (intent.do) {
      case 'record-start':
        return this.#start(intent)
      case 'record-pause':
        return this.#running.get(recordingSid)?.recorder.pause(intent.skips)
      case 'record-resume':
        return this.#running.get(recordingSid)?.recorder.resume()
      case 'record-stop':
        return this.#stop(recordingSid, intent.ms, intent.trim)
      case 'record-forget':
        this.#running.get(recordingSid)?.stop()
        this.#running.delete(recordingSid)
        return this.#forget(recordingSid)
    }
  }

  /** µ-law voices of a finished recording; undefined when they are not kept. */
  voices(recordingSid: string): readonly Uint8Array[] | undefined {
    return this.#kept.get(recordingSid)
  }

  #start(order: StartOrder): void {
    const { recordingSid, callSid, conferenceSid, channels, track, silenceMs } = order
    const silent = (): void => this.#soon({ kind: 'recording.silent', recordingSid })
    const recorder = new Recorder({ channels, track, silenceMs, silent })
    let stop = (): void => undefined
    const quiet = silence(20)
    if (callSid !== null) stop = this.#plane?.tap(callSid, (says, hears) => recorder.hear(says, hears)) ?? stop
    else if (conferenceSid !== null) {
      stop = this.#plane?.tapRoom(conferenceSid, frame => recorder.hear(frame, quiet)) ?? stop
    }
    this.#running.set(recordingSid, { recorder, order, stop })
  }

  #stop(recordingSid: string, ms: number, trim: boolean): void {
    const running = this.#running.get(recordingSid)
    if (!running) return
    running.stop()
    this.#running.delete(recordingSid)
    if (this.#plane === null) {
      this.#keep(
        recordingSid,
        Array.from({ length: running.order.channels }, () => silence(ms)),
      )
      return this.#soon({ kind: 'recording.finished', recordingSid, ms, heard: null })
    }
    const recorded = running.recorder.finish(trim)
    this.#keep(recordingSid, recorded.voices)
    this.#soon({ kind: 'recording.finished', recordingSid, ms: recorded.ms, heard: recorded.heard })
  }

  /** Deferred to the next turn of the event loop: the engine is still inside the present `apply`. */
  #soon(input: Input): void {
    this.#underWay += 1
    queueMicrotask(() => {
      this.#underWay -= 1
      this.#take(input)
    })
  }

  #keep(recordingSid: string, voices: Uint8Array[]): void {
    this.#kept.set(recordingSid, voices)
    this.#keptBytes += bytesOf(voices)
    const runningBytes = [...this.#running.values()].reduce((sum, { recorder }) => sum + recorder.bytes, 0)
    for (const oldest of [...this.#kept.keys()]) {
      if (this.#keptBytes + runningBytes <= RECORDINGS_BYTES_MAX || oldest === recordingSid) break
      this.#forget(oldest)
    }
  }

  #forget(recordingSid: string): void {
    this.#keptBytes -= bytesOf(this.#kept.get(recordingSid) ?? [])
    this.#kept.delete(recordingSid)
  }
}

function bytesOf(voices: readonly Uint8Array[]): number {
  return voices.reduce((sum, voice) => sum + voice.length, 0)
}

/** Converts the voices to the number of channels that is asked for. */
export function withChannels(voices: readonly Uint8Array[], channels: 1 | 2): readonly Uint8Array[] {
  const [one = new Uint8Array(0), other] = voices
  if (channels === voices.length) return voices
  return channels === 1 ? [mix(one, other ?? one)] : [one, one]
}
