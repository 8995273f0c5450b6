/** Seeded sounds that are made on the spot. Each strains the kernel's arithmetic in another way. */
import { seeded } from '../../bench/vad/clips/chance.ts'
import { encodeMulaw } from '../../src/sound/mulaw.ts'

const RATE_HZ = 8_000

function clip(seconds: number, sampleAt: (seconds: number, random: () => number) => number): Uint8Array {
  const random = seeded(seconds * 1_000)
  const samples = Int16Array.from({ length: seconds * RATE_HZ }, (_, at) => {
    return Math.max(-32_768, Math.min(32_767, Math.round(sampleAt(at / RATE_HZ, random))))
  })
  const bytes = new Uint8Array(samples.length)
  encodeMulaw(samples, bytes)
  return bytes
}

const sine = (hz: number, t: number) => Math.sin(2 * Math.PI * hz * t)

/** A buzz like a voice: it has harmonics of a moving pitch under two moving resonances, in syllables with gaps. */
function buzz(t: number): number {
  const pitch = 120 + 30 * sine(0.7, t)
  const voiced = Math.max(0, sine(3.1, t)) * (sine(0.4, t) > -0.5 ? 1 : 0)
  let sum = 0
  for (let harmonic = 1; harmonic * pitch < 3_600; harmonic += 1) {
    const hz = harmonic * pitch
    const colour = Math.exp(-(((hz - 600 - 200 * sine(1.3, t)) / 250) ** 2)) + Math.exp(-(((hz - 1_800) / 400) ** 2))
    sum += colour * sine(harmonic * 120 + harmonic * 4, t)
  }
  return 5_000 * voiced * sum
}

export const CLIPS: Record<string, Uint8Array> = {
  silence: new Uint8Array(2 * RATE_HZ).fill(0xff),
  'least bit': clip(2, (_, random) => (random() - 0.5) * 16),
  'loud noise': clip(3, (_, random) => (random() - 0.5) * 60_000),
  'full square': clip(2, t => (sine(437, t) > 0 ? 32_767 : -32_768)),
  tones: clip(3, t => 8_000 * sine(440, t) + 8_000 * sine(480, t)),
  'rising tone': clip(4, t => 20_000 * Math.sin(2 * Math.PI * (100 * t + 450 * t * t))),
  buzz: clip(6, buzz),
  'buzz in noise': clip(6, (t, random) => buzz(t) + (random() - 0.5) * 3_000),
  'on and off': clip(4, (t, random) => (Math.floor(t * 4) % 2 === 0 ? (random() - 0.5) * 30_000 : 0)),
}
