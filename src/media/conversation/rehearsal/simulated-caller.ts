/**
 * A caller that needs no carrier. It plays the agent's sound at the pace of a telephone, returns marks as a carrier does
 * (when their sound has been played; all of them after a `clear`), waits until the agent has fallen silent, speaks, presses keys
 * and hangs up. Time is an argument; the caller sends a frame of 20 ms for each 20 ms that pass.
 */
import { FRAME_BYTES, LINEAR_OF, MULAW_SILENCE } from '../../../sound/mulaw.ts'
import type { Outgoing } from '../../speech/playout.ts'

export type PreparedAct =
  | { do: 'listen' }
  /** the caller's voice: µ-law */
  | { do: 'say'; mulaw: Uint8Array }
  | { do: 'pause'; ms: number }
  /** `w` waits half a second */
  | { do: 'press'; keys: string }
  | { do: 'hang-up' }

/** One thing that the caller sends to the agent. */
export type CallerStep =
  | { type: 'frame'; mulaw: Uint8Array }
  | { type: 'mark'; name: string }
  | { type: 'digit'; digit: string }
  | { type: 'hung-up' }

export const FRAME_MS = 20
/** Silence after which the caller starts speaking, as the people of the phone network do. */
export const FELL_SILENT_MS = 700
/** A caller who waits in vain speaks after this time. */
export const LISTEN_MS_MAX = 15_000
/** Sound of the agent that waits to be played; more than this is lost, as at a carrier. */
export const WAITING_MS_MAX = 120_000
/** Marks that wait for their sound at one time; more are ignored. */
export const MARKS_MAX = 500
const KEY_MS = 240
const KEY_WAIT_MS = 500
/** Frames that are sent at once after the clock was late. */
const LATE_FRAMES_MAX = 50
/** Mean loudness from which a frame counts as speech (largest: 32,124); a soft voice has about 600. */
const AUDIBLE = 100

export class SimulatedCaller {
  readonly #acts: readonly PreparedAct[]
  readonly #agent = new AgentSound()
  /** index of the act at hand */
  #at = 0
  /** when the next frame is sent */
  #frameMs: number
  /** time spent in the act at hand */
  #actMs = 0
  #heardSomething = false
  #silentMs = 0
  #said = 0
  #keys = 0
  #gone = false

  /** `startMs`: when the call begins. */
  constructor(acts: readonly PreparedAct[], startMs: number) {
    this.#acts = acts
    this.#frameMs = startMs
  }

  /** All acts are done, and the caller only sends silence. */
  get done(): boolean {
    return this.#at >= this.#acts.length
  }

  /** The time at which `tick` has something to do, ms since the epoch. */
  get nextMs(): number {
    return this.#frameMs
  }

  /** Sound, marks and clears of the agent. */
  receive(message: Outgoing): void {
    this.#agent.take(message)
  }

  /** Returns everything that has become due. */
  tick(atMs: number): CallerStep[] {
    const steps: CallerStep[] = []
    const late = Math.floor((atMs - this.#frameMs) / FRAME_MS)
    if (late > LATE_FRAMES_MAX) this.#frameMs += (late - LATE_FRAMES_MAX) * FRAME_MS
    while (!this.#gone && this.#frameMs <= atMs) {
      this.#frameMs += FRAME_MS
      this.#frame(steps)
    }
    return steps
  }

  #frame(steps: CallerStep[]): void {
    const { audible, marks } = this.#agent.play()
    for (const name of marks) steps.push({ type: 'mark', name })
    const spoken = this.#act(audible, steps)
    if (!this.#gone) steps.push({ type: 'frame', mulaw: spoken ?? SILENCE })
  }

  /** Spends one frame's time in the act at hand. Returns what the caller says in that time. */
  #act(audible: boolean, steps: CallerStep[]): Uint8Array | null {
    const act = this.#acts[this.#at]
    if (act === undefined) return null
    this.#actMs += FRAME_MS
    switch (act.do) {
      case 'listen':
        this.#heardSomething ||= audible
        this.#silentMs = audible ? 0 : this.#silentMs + FRAME_MS
        if ((this.#heardSomething && this.#silentMs >= FELL_SILENT_MS) || this.#actMs >= LISTEN_MS_MAX) this.#next()
        return null
      case 'say': {
        const frame = frameOf(act.mulaw, this.#said)
        this.#said += FRAME_BYTES
        if (this.#said >= act.mulaw.length) this.#next()
        return frame
      }
      case 'pause':
        if (this.#actMs >= act.ms) this.#next()
        return null
      case 'press':
        this.#press(act.keys, steps)
        return null
      case 'hang-up':
        this.#gone = true
        steps.push({ type: 'hung-up' })
        return null
    }
  }

  #press(keys: string, steps: CallerStep[]): void {
    const key = keys[this.#keys]
    if (this.#actMs < (key === 'w' ? KEY_WAIT_MS : KEY_MS)) return
    this.#actMs = 0
    this.#keys += 1
    if (key !== undefined && key !== 'w') steps.push({ type: 'digit', digit: key })
    if (this.#keys >= keys.length) this.#next()
  }

  #next(): void {
    this.#at += 1
    this.#actMs = 0
    this.#heardSomething = false
    this.#silentMs = 0
    this.#said = 0
    this.#keys = 0
  }
}

const SILENCE = new Uint8Array(FRAME_BYTES).fill(MULAW_SILENCE)

/** The frame that begins at this byte, padded with silence. */
function frameOf(mulaw: Uint8Array, from: number): Uint8Array {
  const part = mulaw.subarray(from, from + FRAME_BYTES)
  if (part.length === FRAME_BYTES) return part
  const frame = new Uint8Array(FRAME_BYTES).fill(MULAW_SILENCE)
  frame.set(part)
  return frame
}

/** The agent's sound on its way to the caller. */
class AgentSound {
  /** sound, and the marks after it */
  #waiting: (Uint8Array | string)[] = []
  #waitingBytes = 0
  #marks = 0
  /** marks that a `clear` returns */
  #cleared: string[] = []

  take(message: Outgoing): void {
    switch (message.type) {
      case 'audio':
        if (this.#waitingBytes + message.mulaw.length > (WAITING_MS_MAX / FRAME_MS) * FRAME_BYTES) return
        this.#waitingBytes += message.mulaw.length
        this.#waiting.push(message.mulaw)
        return
      case 'mark':
        if (this.#marks >= MARKS_MAX) return
        this.#marks += 1
        this.#waiting.push(message.name)
        return
      case 'clear':
        this.#cleared.push(...this.#waiting.filter(one => typeof one === 'string'))
        this.#waiting = []
        this.#waitingBytes = 0
        this.#marks = 0
    }
  }

  /** Plays 20 ms; a mark is reached when all sound before it has been played. */
  play(): { audible: boolean; marks: string[] } {
    const marks = this.#cleared.splice(0)
    let room = FRAME_BYTES
    let loudness = 0
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (typeof first === 'string') {
        marks.push(first)
        this.#marks -= 1
        this.#waiting.shift()
        continue
      }
      if (room === 0) break
      const part = first.subarray(0, room)
      loudness += loudnessOf(part)
      room -= part.length
      this.#waitingBytes -= part.length
      if (part.length === first.length) this.#waiting.shift()
      else this.#waiting[0] = first.subarray(part.length)
    }
    return { audible: loudness / FRAME_BYTES > AUDIBLE, marks }
  }
}

function loudnessOf(mulaw: Uint8Array): number {
  let sum = 0
  for (const byte of mulaw) sum += Math.abs(LINEAR_OF[byte] as number)
  return sum
}
