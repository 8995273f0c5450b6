/**
 * `npm run vad:tune [-- --weights FILE]`: a table of how well many rules of the gate (src/media/turn/gate.ts) hear people with
 * the shipped weights, or with others in the kernel's order. The clips are mixed from recordings of two women and generated
 * noise: 5.8 hours in plain and as much in hard conditions (bench/vad/clips/scene.ts). They are kept in the work folder.
 * The Debian packages with the recordings are named when they are missing; recordings.ts tells more about them.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { readClips } from '../../bench/vad/clip-folder.ts'
import type { Conditions } from '../../bench/vad/clips/scene.ts'
import type { PoolVoice } from '../../bench/vad/clips/speech-pool.ts'
import { clipFolder, writeClips } from '../../bench/vad/clips/write.ts'
import { type HeardClip, round, scoreOf } from '../../bench/vad/score.ts'
import { createGate, type GateChange, type GateRules, TURN_GATE } from '../../src/media/turn/gate.ts'
import { createSpeechDetector, type SpeechKernel } from '../../src/media/vad/speech-detector.ts'
import { KERNEL_WASM } from './compile.ts'
import { WEIGHTS_FILE } from './extract.ts'
import { recordedVoices } from './recordings.ts'

const SEED = 5
const SECONDS = 24
/** Each round has nine kinds of noise at four levels, and each person speaks in all of them: 29 minutes. */
const ROUNDS = 12
const FRAME = 160
const FRAME_MS = 20
const UTTERANCE_MS = 240
/** After speech the gate may be open for so long: the closing silence, and the network's own delay. */
const AFTER_SPEECH_MS = 700

const OPEN_FROM = [0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7]
const CLOSE_BELOW = [0.1, 0.15, 0.2, 0.25, 0.3]
const WINDOWS = [
  { needed: 3, window: 4 },
  { needed: 8, window: 9 },
]

type NoisyClip = HeardClip & { kind: string }

/** One folder of clips for each person. Both persons talk in the babble. */
function clipsOf(people: readonly PoolVoice[], speaker: PoolVoice, conditions: Conditions): string {
  const folder = clipFolder(`${conditions}-${people.indexOf(speaker)}`)
  if (existsSync(path.join(folder, 'index.json'))) return folder
  const rounds = { seconds: SECONDS, rounds: ROUNDS, seed: SEED }
  writeClips({ folder, split: 'dev', conditions, speaker, crowd: people, ...rounds })
  return folder
}

/** The clips of a folder with the probabilities that the kernel gives for them with these weights. */
function listen(folder: string, weights: Uint8Array): NoisyClip[] {
  const Module = WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module
  const kernel = new WebAssembly.Instance(new Module(readFileSync(KERNEL_WASM))).exports as unknown as SpeechKernel
  const detector = createSpeechDetector(kernel, weights)
  const { clips, labelMs, bytesOf } = readClips(folder, 'dev')
  return clips.map(({ labels, segments, kind, ...clip }) => {
    using line = detector.open()
    const bytes = bytesOf({ labels, segments, kind, ...clip })
    const probabilities: number[] = []
    for (let at = 0; at + FRAME <= bytes.length; at += FRAME) {
      probabilities.push(line.hearBytes(bytes.subarray(at, at + FRAME)) ?? probabilities.at(-1) ?? 0)
    }
    return { labels, labelMs, segments, kind, probabilities, changes: [], durationMs: bytes.length / 8 }
  })
}

function changesOf(probabilities: readonly number[], rules: GateRules): GateChange[] {
  const gate = createGate(rules)
  return probabilities.flatMap((probability, at) => gate.hear((at + 1) * FRAME_MS, probability) ?? [])
}

/** The part of all utterances within which the gate closed, so that a turn was cut in the middle of them. */
function cutPct(clips: readonly HeardClip[]): number {
  const cut = clips.flatMap(({ segments, changes }) =>
    segments
      .filter(([start, end]) => end - start >= UTTERANCE_MS)
      .map(([start, end]) => changes.some(one => one.type === 'closed' && one.atMs > start && one.atMs < end)),
  )
  return round((100 * cut.filter(one => one).length) / Math.max(1, cut.length), 1)
}

/** The part of the time without speech in which the gate is open. False starts alone do not tell it: a gate that never closes has few. */
function openInQuietPct(clips: readonly HeardClip[]): number {
  let [quiet, open] = [0, 0]
  for (const { segments, changes, durationMs } of clips) {
    const left = [...changes]
    let isOpen = false
    for (let ms = FRAME_MS; ms <= durationMs; ms += FRAME_MS) {
      for (; left[0] !== undefined && left[0].atMs <= ms; left.shift()) isOpen = left[0].type === 'opened'
      if (segments.some(([start, end]) => ms > start && ms < end + AFTER_SPEECH_MS)) continue
      quiet += 1
      if (isOpen) open += 1
    }
  }
  return round((100 * open) / Math.max(1, quiet), 1)
}

function rowOf(clips: readonly NoisyClip[], rules: GateRules): Record<string, number> {
  // The AUC does not depend on the rules, and without probabilities it costs nothing.
  const heard = clips.map(clip => ({ ...clip, changes: changesOf(clip.probabilities, rules), probabilities: [] }))
  const { missedPct, falseStartsPerMin, onsetP50Ms, onsetP90Ms, offsetP50Ms, offsetP90Ms } = scoreOf(heard)
  return {
    missedPct,
    falseStartsPerMin,
    withoutBabble: scoreOf(heard.filter(clip => clip.kind !== 'babble')).falseStartsPerMin,
    openInQuietPct: openInQuietPct(heard),
    cutPct: cutPct(heard),
    onsetP50Ms,
    onsetP90Ms,
    offsetP50Ms,
    offsetP90Ms,
  }
}

function tableOf(clips: readonly NoisyClip[]): Record<string, object> {
  const rows: Record<string, object> = {}
  for (const { needed, window } of WINDOWS) {
    for (const openFrom of OPEN_FROM) {
      for (const closeBelow of CLOSE_BELOW.filter(one => one < openFrom)) {
        const rules = { ...TURN_GATE, openFrom, closeBelow, needed, window }
        rows[`${needed}/${window} from ${openFrom} below ${closeBelow}`] = rowOf(clips, rules)
      }
    }
  }
  return rows
}

function main(): void {
  const { values } = parseArgs({ options: { weights: { type: 'string', default: WEIGHTS_FILE } } })
  const weights = readFileSync(values.weights)
  const people = recordedVoices()
  for (const conditions of ['plain', 'hard'] as const) {
    const heard = people.map(speaker => listen(clipsOf(people, speaker, conditions), weights))
    for (const [at, { voice }] of people.entries()) {
      const clips = heard[at] as NoisyClip[]
      console.log(`${conditions}, ${voice}: AUC ${scoreOf(clips).auc}, ${JSON.stringify(rowOf(clips, TURN_GATE))}`)
    }
    console.table(tableOf(heard.flat()))
  }
}

if (import.meta.main) main()
