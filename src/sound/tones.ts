/** Telephone tones, as µ-law at 8,000 samples a second. */
import { joinedBytes } from './bytes.ts'
import { mulawOf } from './mulaw.ts'

const RATE = 8_000
/** well below full scale, because two tones are added */
const LEVEL = 5_000
const KEYS = '123A456B789C*0#D'
const ROWS_HZ = [697, 770, 852, 941]
const COLUMNS_HZ = [1209, 1336, 1477, 1633]
const KEY_MS = 100
const GAP_MS = 80
const HALF_SECOND_MS = 500

/** The sum of two sines, `ms` long. */
export function dualTone(oneHz: number, otherHz: number, ms: number): Uint8Array {
  const sine = (hz: number, at: number) => Math.sin((2 * Math.PI * hz * at) / RATE)
  return Uint8Array.from({ length: (RATE * ms) / 1000 }, (_, at) =>
    mulawOf(Math.round(LEVEL * (sine(oneHz, at) + sine(otherHz, at)))),
  )
}

function silence(ms: number): Uint8Array {
  return new Uint8Array((RATE * ms) / 1000).fill(0xff)
}

/** In-band key tones (ITU-T Q.23): `w` is half a second of silence, `W` a whole one. */
export function keyTones(digits: string): Uint8Array {
  const parts = [...digits].flatMap(digit => {
    if (digit === 'w' || digit === 'W') return [silence(digit === 'w' ? HALF_SECOND_MS : 2 * HALF_SECOND_MS)]
    const at = KEYS.indexOf(digit)
    if (at < 0) return []
    return [dualTone(ROWS_HZ[at >> 2] as number, COLUMNS_HZ[at & 3] as number, KEY_MS), silence(GAP_MS)]
  })
  return joinedBytes(parts)
}

/** One ring as a caller hears it (North America: 440 and 480 Hz). */
export function ringTone(ms: number): Uint8Array {
  return dualTone(440, 480, ms)
}

/** Two soft short tones, which tell the caller that the call is still connected. */
export function waitTone(): Uint8Array {
  return joinedBytes([dualTone(523, 659, 150), silence(60), dualTone(523, 659, 150)])
}
