/** Synthesised sounds. Nothing is recorded or copied: every sound is computed. */
import { encode, SAMPLE_RATE_HZ, silence } from './mulaw.ts'

/** One tone of a call: frequencies sounding together, then silence. Amplitude is a share of full scale. */
interface Cadence {
  hz: number[]
  onMs: number
  offMs: number
  amplitude: number
}

const RAMP_SAMPLES = 40

/** A sine sum with 5 ms ramps at both ends, so that switching does not click. */
export function tone(hz: number[], ms: number, amplitude: number): Int16Array {
  const pcm = new Int16Array(Math.round((ms * SAMPLE_RATE_HZ) / 1000))
  for (let i = 0; i < pcm.length; i++) {
    let value = 0
    for (const frequency of hz) value += Math.sin((2 * Math.PI * frequency * i) / SAMPLE_RATE_HZ)
    const ramp = Math.min(1, i / RAMP_SAMPLES, (pcm.length - i) / RAMP_SAMPLES)
    pcm[i] = Math.round((value / hz.length) * amplitude * ramp * 32767)
  }
  return pcm
}

function cadence({ hz, onMs, offMs, amplitude }: Cadence, ms: number): Uint8Array {
  const out = silence(ms)
  const on = encode(tone(hz, onMs, amplitude))
  const period = ((onMs + offMs) * SAMPLE_RATE_HZ) / 1000
  for (let at = 0; at < out.length; at += period) out.set(on.subarray(0, Math.min(on.length, out.length - at)), at)
  return out
}

/** North American ringback: 440 + 480 Hz, 2 s on, 4 s off (ITU-T E.180 supplement 2). */
export function ringback(ms: number): Uint8Array {
  return cadence({ hz: [440, 480], onMs: 2000, offMs: 4000, amplitude: 0.2 }, ms)
}

/** North American busy: 480 + 620 Hz, 0.5 s on, 0.5 s off (ITU-T E.180 supplement 2). */
export function busy(ms: number): Uint8Array {
  return cadence({ hz: [480, 620], onMs: 500, offMs: 500, amplitude: 0.2 }, ms)
}

/** The voicemail beep: 1 kHz. */
export function beep(ms: number): Uint8Array {
  return encode(tone([1000], ms, 0.35))
}

/** A fax machine that answers: 2,100 Hz (ITU-T T.30, CED). */
export function fax(ms: number): Uint8Array {
  return encode(tone([2100], ms, 0.3))
}

const ROW_HZ = [697, 770, 852, 941]
const COLUMN_HZ = [1209, 1336, 1477, 1633]
const KEYS = '123A456B789C*0#D'
const KEY_MS = 250
const KEY_GAP_MS = 250

/** The tones of keys (ITU-T Q.23), half a second each with its gap; `w` is half a second of silence, `W` a whole one. */
export function keyTones(keys: string): Uint8Array {
  const parts = [...keys].map(key => {
    const at = KEYS.indexOf(key)
    if (at < 0) return silence((KEY_MS + KEY_GAP_MS) * (key === 'W' ? 2 : 1))
    const hz = [ROW_HZ[at >> 2] ?? 0, COLUMN_HZ[at & 3] ?? 0]
    return Buffer.concat([encode(tone(hz, KEY_MS, 0.3)), silence(KEY_GAP_MS)])
  })
  return new Uint8Array(Buffer.concat(parts))
}

/** C, A minor, F, G as broken chords; a quarter of a second per note. */
const HOLD_CHORDS_HZ = [
  [261.63, 329.63, 392.0, 523.25],
  [220.0, 261.63, 329.63, 440.0],
  [174.61, 220.0, 261.63, 349.23],
  [196.0, 246.94, 293.66, 392.0],
]
const HOLD_PATTERN = [0, 1, 2, 3, 2, 1, 2, 1]
const HOLD_NOTE_MS = 300
const HOLD_NOTE_RINGS_MS = 1400
const HOLD_AMPLITUDE = 0.06

/** Quiet hold music: plucked broken chords that ring into one another. It loops without a seam when not cut. */
export function holdMusic(ms?: number): Uint8Array {
  const loop = music(HOLD_CHORDS_HZ, HOLD_PATTERN, HOLD_NOTE_MS)
  return ms === undefined ? loop : repeat(loop, Math.round((ms * SAMPLE_RATE_HZ) / 1000))
}

/** Chords broken by a pattern of their notes, one note every `noteMs`. It loops without a seam. */
export function music(
  chordsHz: readonly (readonly number[])[],
  pattern: readonly number[],
  noteMs: number,
): Uint8Array {
  const notes = chordsHz.flatMap(chord => pattern.map(step => chord[step] ?? 0))
  const samplesPerNote = (noteMs * SAMPLE_RATE_HZ) / 1000
  const total = notes.length * samplesPerNote
  const sum = new Float64Array(total)
  const ringSamples = (HOLD_NOTE_RINGS_MS * SAMPLE_RATE_HZ) / 1000
  notes.forEach((hz, index) => {
    for (let i = 0; i < ringSamples; i++) {
      const at = (index * samplesPerNote + i) % total
      sum[at] = (sum[at] as number) + pluck(hz, i / SAMPLE_RATE_HZ, i / ringSamples)
    }
  })
  return encode(Int16Array.from(sum, value => Math.round(value * HOLD_AMPLITUDE * 32767)))
}

/** A soft string: three harmonics, fast attack, exponential decay, gone at the end of its time. */
function pluck(hz: number, seconds: number, share: number): number {
  const phase = 2 * Math.PI * hz * seconds
  const body = Math.sin(phase) + 0.35 * Math.sin(2 * phase) + 0.12 * Math.sin(3 * phase)
  const attack = Math.min(1, seconds / 0.012)
  return body * attack * Math.exp(-3.2 * seconds) * (1 - share)
}

function repeat(loop: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length)
  for (let at = 0; at < length; at += loop.length) out.set(loop.subarray(0, Math.min(loop.length, length - at)), at)
  return out
}
