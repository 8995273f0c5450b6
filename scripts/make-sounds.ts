/**
 * Writes the dialer's sounds into `public/sounds` as 8 kHz, 16-bit mono WAV files. They are generated, so that nobody
 * else's recording is in the product, and checked in, so that a build needs no step for them.
 * Run: ./node_modules/.bin/node scripts/make-sounds.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SAMPLE_RATE = 8000
/** A tone that starts or stops at full level clicks in the ear: fade each end. */
const FADE_MS = 6

interface Tone {
  hz: number[]
  ms: number
  level: number
}

/** One tone (several frequencies are summed), or silence when `hz` is empty. */
function tone({ hz, ms, level }: Tone): number[] {
  const length = Math.round((SAMPLE_RATE * ms) / 1000)
  const fade = Math.round((SAMPLE_RATE * FADE_MS) / 1000)
  return Array.from({ length }, (_, i) => {
    const envelope = Math.min(1, i / fade, (length - 1 - i) / fade)
    const sum = hz.reduce((total, f) => total + Math.sin((2 * Math.PI * f * i) / SAMPLE_RATE), 0)
    return hz.length === 0 ? 0 : (sum / hz.length) * level * envelope
  })
}

const silence = (ms: number) => tone({ hz: [], ms, level: 0 })

/** A RIFF file of one chunk `fmt ` (PCM, mono) and one chunk `data`. */
function wav(samples: number[]): Buffer {
  const out = Buffer.alloc(44 + samples.length * 2)
  out.write('RIFF', 0)
  out.writeUInt32LE(36 + samples.length * 2, 4)
  out.write('WAVEfmt ', 8)
  out.writeUInt32LE(16, 16)
  out.writeUInt16LE(1, 20)
  out.writeUInt16LE(1, 22)
  out.writeUInt32LE(SAMPLE_RATE, 24)
  out.writeUInt32LE(SAMPLE_RATE * 2, 28)
  out.writeUInt16LE(2, 32)
  out.writeUInt16LE(16, 34)
  out.write('data', 36)
  out.writeUInt32LE(samples.length * 2, 40)
  for (const [i, sample] of samples.entries()) out.writeInt16LE(Math.round(sample * 32767), 44 + i * 2)
  return out
}

/** Rows and columns of the telephone keypad (ITU-T Q.23). */
const ROWS = [697, 770, 852, 941]
const COLUMNS = [1209, 1336, 1477]
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 's', '0', 'h']

const sounds: Record<string, number[]> = {
  connect: tone({ hz: [880], ms: 80, level: 0.35 }),
  'hang-up': [...tone({ hz: [330], ms: 110, level: 0.3 }), ...tone({ hz: [247], ms: 160, level: 0.3 })],
  hold: [...tone({ hz: [520], ms: 60, level: 0.2 }), ...silence(60), ...tone({ hz: [520], ms: 60, level: 0.2 })],
  ring: [
    ...tone({ hz: [659], ms: 140, level: 0.4 }),
    ...tone({ hz: [784], ms: 140, level: 0.4 }),
    ...tone({ hz: [988], ms: 220, level: 0.4 }),
    ...silence(1500),
  ],
  check: [
    ...tone({ hz: [523], ms: 120, level: 0.3 }),
    ...silence(40),
    ...tone({ hz: [659], ms: 120, level: 0.3 }),
    ...silence(40),
    ...tone({ hz: [784], ms: 200, level: 0.3 }),
  ],
  silent: silence(20),
}
for (const [i, key] of KEYS.entries()) {
  sounds[`dtmf-${key}`] = tone({ hz: [ROWS[Math.floor(i / 3)]!, COLUMNS[i % 3]!], ms: 120, level: 0.25 })
}

const folder = join(import.meta.dirname, '../public/sounds')
mkdirSync(folder, { recursive: true })
for (const [name, samples] of Object.entries(sounds)) writeFileSync(join(folder, `${name}.wav`), wav(samples))
console.log(`wrote ${Object.keys(sounds).length} sounds`)
