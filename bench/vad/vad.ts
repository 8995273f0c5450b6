/** Measures how well the product's detector and gate hear, and the cost of a frame, in one bare workerd. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { sha256, WEIGHTS_FILE } from '../../scripts/vad/extract.ts'
import { type Bare, serveBare } from '../workerd.ts'
import { type ClipFolder, ownClips, readClips } from './clip-folder.ts'
import { type HeardClip, quantile, round, scoreOf } from './score.ts'
import type { Heard } from './worker.ts'

const WINDOWS = 25
/** With so many fewer frames the plain form takes as long as the kernel: tens of milliseconds, beside which a request weighs little. */
const PLAIN_SHARE = 20
const CORE_SECOND_MICROS = 1_000_000
const FRAMES_PER_SECOND = 50
const BYTES_PER_MS = 8
/** Only so much sound of each clip is compared, because the plain form is slow (1 % of real time). */
const COMPARED_BYTES = 24_000 * BYTES_PER_MS

export interface VadOptions {
  /** a folder of labelled clips; without it, clips are made in plain and in hard conditions */
  data: string | undefined
  split: string
}

interface Listening extends HeardClip {
  kind: string
  snr: number | null
  voice: string
}

/** Costs are the median of 25 windows of `frames` each, in which all ways take turns. */
export async function benchVad(frames: number, { data, split }: VadOptions): Promise<Record<string, number | string>> {
  const folder = readClips(data ?? (await ownClips('plain')), split)
  const hard = data === undefined ? readClips(await ownClips('hard'), split) : null
  const script = await buildWorker(path.join(WORK, 'bench', 'vad'), 'bench/vad/worker.ts')
  const bare = await serveBare({ script, port: await freePort(5700), actors: {}, vars: {} })
  try {
    const { clips, bargeInFalseStartsPerMin } = await listen(bare, folder)
    for (const by of ['kind', 'snr', 'voice'] as const) printTable(clips, by)
    return {
      ...scoreOf(clips),
      bargeInFalseStartsPerMin,
      offsetP90WithoutBabbleMs: scoreOf(clips.filter(clip => clip.kind !== 'babble')).offsetP90Ms,
      clips: clips.length,
      minutes: round(clips.reduce((sum, clip) => sum + clip.durationMs, 0) / 60_000, 1),
      ...(hard ? await hardFigures(bare, hard) : {}),
      ...(await costs(bare, frames)),
      maxDiffToPlainJs: await difference(bare, folder),
      weights: sha256(readFileSync(WEIGHTS_FILE)),
    }
  } finally {
    bare.stop()
  }
}

async function ask<T>(bare: Bare, way: string, body: Uint8Array): Promise<T> {
  const answer = await fetch(`${bare.url}/${way}`, { method: 'POST', body: Buffer.from(body) })
  if (!answer.ok) throw new Error(`${way}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

async function listen(
  bare: Bare,
  folder: ClipFolder,
): Promise<{ clips: Listening[]; bargeInFalseStartsPerMin: number }> {
  const clips: Listening[] = []
  const bargeIns: HeardClip[] = []
  for (const clip of folder.clips) {
    const { kind, snr, voice, labels, segments } = clip
    const bytes = folder.bytesOf(clip)
    const { probabilities, changes, bargeIns: others } = await ask<Heard>(bare, 'hear', bytes)
    const durationMs = bytes.length / BYTES_PER_MS
    const one = { labels, labelMs: folder.labelMs, probabilities, changes, durationMs, segments, kind, snr, voice }
    clips.push(one)
    bargeIns.push({ ...one, changes: others })
  }
  return { clips, bargeInFalseStartsPerMin: scoreOf(bargeIns).falseStartsPerMin }
}

/** The same clips in conditions that no bar is set for: they tell how much a bad line costs. */
async function hardFigures(bare: Bare, folder: ClipFolder): Promise<Record<string, number>> {
  const { auc, missedPct, falseStartsPerMin } = scoreOf((await listen(bare, folder)).clips)
  return { hardAuc: auc, hardMissedPct: missedPct, hardFalseStartsPerMin: falseStartsPerMin }
}

function printTable(clips: readonly Listening[], by: 'kind' | 'snr' | 'voice'): void {
  const names = [...new Set(clips.map(clip => String(clip[by])))].sort()
  console.table(Object.fromEntries(names.map(name => [name, scoreOf(clips.filter(clip => String(clip[by]) === name))])))
}

async function difference(bare: Bare, folder: ClipFolder): Promise<number> {
  let worst = 0
  for (const clip of folder.clips) {
    worst = Math.max(worst, await ask<number>(bare, 'difference', folder.bytesOf(clip).subarray(0, COMPARED_BYTES)))
  }
  return Number(worst.toExponential(2))
}

async function costs(bare: Bare, frames: number): Promise<Record<string, number>> {
  const micros = async (way: string, count: number): Promise<number> => {
    const started = performance.now()
    const answer = await fetch(`${bare.url}/${way}?frames=${count}`)
    await answer.text()
    return ((performance.now() - started) * 1_000) / count
  }
  const plainFrames = Math.max(8, Math.round(frames / PLAIN_SHARE))
  for (const way of ['kernel', 'plain', 'reference']) await micros(way, plainFrames * 4)
  const windows: { kernel: number; reference: number; plain: number }[] = []
  for (let count = 0; count < WINDOWS; count += 1) {
    const [empty, kernel] = [await micros('nothing', frames), await micros('kernel', frames)]
    const reference = await micros('reference', frames)
    const [plainEmpty, plain] = [await micros('nothing', plainFrames), await micros('plain', plainFrames)]
    windows.push({ kernel: kernel - empty, reference: reference - empty, plain: plain - plainEmpty })
  }
  const middle = (of: (window: (typeof windows)[number]) => number, digits: number) =>
    round(quantile(windows.map(of), 0.5), digits)
  const microsPerFrame = middle(one => one.kernel, 1)
  return {
    microsPerFrame,
    microsPerFrameP95: round(
      quantile(
        windows.map(one => one.kernel),
        0.95,
      ),
      1,
    ),
    plainMicrosPerFrame: middle(one => one.plain, 1),
    ratioToReference: middle(one => one.kernel / one.reference, 2),
    speedupOverPlainJs: middle(one => one.plain / one.kernel, 1),
    callsPerCore: Math.floor(CORE_SECOND_MICROS / FRAMES_PER_SECOND / microsPerFrame),
  }
}
