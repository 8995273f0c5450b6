/**
 * `node scripts/run.mjs scripts/vad/train/tune.ts`: what each rule of the gate (src/media/turn/gate.ts) would do with the
 * shipped weights on the dev voices. Thresholds are chosen here, and measured by `npm run bench -- vad` on voices of another split.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readClips } from '../../../bench/vad/clip-folder.ts'
import { type HeardClip, scoreOf } from '../../../bench/vad/score.ts'
import { createGate, type GateChange, type GateRules, TURN_GATE } from '../../../src/media/turn/gate.ts'
import { createSpeechDetector, type SpeechKernel } from '../../../src/media/vad/speech-detector.ts'
import { KERNEL_WASM } from '../compile.ts'
import { WEIGHTS_FILE } from '../extract.ts'
import { clipFolder, writeClips } from './clips.ts'
import { speechPool } from './speech-pool.ts'

const SEED = 5
const FRAME = 160
const FRAME_MS = 20

async function devClips(): Promise<string> {
  const folder = clipFolder('dev')
  if (existsSync(path.join(folder, 'index.json'))) return folder
  const engines = ['flite', 'espeak'] as const
  const pool = await speechPool(folder, {
    split: 'dev',
    engines,
    each: { flite: 100, espeak: 30 },
    stretch: 1.1,
    seed: SEED,
  })
  // As often the speaker of flite as all of espeak-ng together.
  const [one, others] = [
    pool.filter(voice => voice.engine === 'flite'),
    pool.filter(voice => voice.engine === 'espeak'),
  ]
  const balanced = others.flatMap(voice => [voice, ...one])
  writeClips({ folder, split: 'dev', pool: balanced, crowd: pool, seconds: 24, rounds: 3, seed: SEED })
  return folder
}

function listen(folder: string): HeardClip[] {
  const Module = WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module
  const kernel = new WebAssembly.Instance(new Module(readFileSync(KERNEL_WASM))).exports as unknown as SpeechKernel
  const detector = createSpeechDetector(kernel, readFileSync(WEIGHTS_FILE))
  const { clips, labelMs, bytesOf } = readClips(folder, 'dev')
  return clips.map(clip => {
    using line = detector.open()
    const bytes = bytesOf(clip)
    const probabilities: number[] = []
    for (let at = 0; at + FRAME <= bytes.length; at += FRAME) {
      probabilities.push(line.hearBytes(bytes.subarray(at, at + FRAME)) ?? probabilities.at(-1) ?? 0)
    }
    const { labels, segments } = clip
    return { labels, labelMs, segments, probabilities, changes: [], durationMs: bytes.length / 8 }
  })
}

function changesOf(probabilities: readonly number[], rules: GateRules): GateChange[] {
  const gate = createGate(rules)
  return probabilities.flatMap((probability, at) => gate.hear((at + 1) * FRAME_MS, probability) ?? [])
}

const clips = listen(await devClips())
const rows: Record<string, object> = {}
for (const [needed, window] of [
  [3, 4],
  [4, 5],
  [8, 9],
] as const) {
  for (const openFrom of [0.4, 0.5, 0.6, 0.65, 0.7, 0.8]) {
    for (const closeBelow of [0.2, 0.3, 0.4]) {
      const rules = { ...TURN_GATE, openFrom, closeBelow, needed, window }
      const heard = clips.map(clip => ({ ...clip, changes: changesOf(clip.probabilities, rules) }))
      rows[`${needed}/${window} from ${openFrom} below ${closeBelow}`] = scoreOf(heard)
    }
  }
}
console.table(rows)
