/**
 * Measures the sound of many calls in one bare workerd, over real sockets, one object per call: loss, order and lateness
 * of frames, and the cost of a frame compared with a socket that is only read.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { encode } from '../../packages/phone-network/src/media/mulaw.ts'
import { Noise } from '../../packages/phone-network/src/media/noise.ts'
import { ROOT } from '../../scripts/local/build.ts'
import type { Bare } from '../workerd.ts'
import { Line, type Mode, pace, serveLines } from './lines.ts'

const FRAME_BYTES = 160
/** The warm-up: objects are made and code is compiled. */
const WARM_SECONDS = 4
const MANY = 4
/** Each way of the comparison, twice in turns. */
const WINDOW_SECONDS = 12
const ROUNDS = 2
const PAUSE_MS = 1_000

export interface MediaFigure {
  calls: number
  seconds: number
  lost: number
  reordered: number
  p99Ms: number
  microsPerFrame: number
  emptyMicrosPerFrame: number
  ratioToEmpty: number
  ratioToEmptyWithAgentAudio: number
  costCalls: number
}

/** `calls` × 60 s for loss and lateness, four times as many for the cost. */
export async function benchMedia(calls: number, seconds = 60): Promise<MediaFigure> {
  const bare = await serveLines()
  try {
    const heard = await hearAll(bare, calls, seconds)
    const cost = await costs(bare, calls * MANY)
    return { calls, seconds, ...heard, ...cost, costCalls: calls * MANY }
  } finally {
    bare.stop()
  }
}

interface Counted {
  frames: number
  lost: number
  reordered: number
  late: number[]
}

async function hearAll(bare: Bare, calls: number, seconds: number) {
  const speech = framesOf(readFileSync(path.join(ROOT, 'test/vad/buzz.bin')))
  const lines = await open(bare, calls, 'hear', 'heard')
  await pace(lines, seconds, (line, frame) => line.frame(speech[frame % speech.length] as Uint8Array, true))
  await pass(PAUSE_MS)
  const counts = await Promise.all(
    lines.map(async line => (await (await fetch(`${bare.url}/count?call=${line.name}`)).json()) as Counted),
  )
  close(lines)
  const late = counts.reduce<number[]>((sum, one) => one.late.map((count, at) => count + (sum[at] ?? 0)), [])
  // Frames sent after the last one that arrived are lost too, so the loss is counted from the frames sent.
  const sent = lines.reduce((sum, line) => sum + line.sent, 0)
  return {
    lost: sent - counts.reduce((sum, one) => sum + one.frames, 0),
    reordered: counts.reduce((sum, one) => sum + one.reordered, 0),
    p99Ms: quantileOf(late, 0.99),
  }
}

async function costs(bare: Bare, calls: number) {
  const found: Record<'empty' | 'hear' | 'speak', number[]> = { empty: [], hear: [], speak: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const mode of ['empty', 'hear', 'speak'] as const) found[mode].push(await costOf(bare, calls, mode, round))
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [empty, hear, speak] = [mean(found.empty), mean(found.hear), mean(found.speak)]
  const rounded = (value: number, digits: number) => Number(value.toFixed(digits))
  return {
    microsPerFrame: rounded(hear, 1),
    emptyMicrosPerFrame: rounded(empty, 1),
    ratioToEmpty: rounded(hear / empty, 2),
    ratioToEmptyWithAgentAudio: rounded(speak / empty, 2),
  }
}

/** CPU microseconds of workerd for each frame that it was sent. */
async function costOf(bare: Bare, calls: number, mode: 'empty' | 'hear' | 'speak', round: number): Promise<number> {
  const lines = await open(bare, calls, mode, `${mode}${round}`)
  const frames = mode === 'speak' ? quietRoom() : framesOf(readFileSync(path.join(ROOT, 'test/vad/buzz.bin')))
  const each = (line: Line, frame: number) => line.frame(frames[frame % frames.length] as Uint8Array, false)
  await pace(lines, WARM_SECONDS, each)
  const sentBefore = lines.reduce((sum, line) => sum + line.sent, 0)
  const soundBefore = lines.reduce((sum, line) => sum + line.soundMs, 0)
  const before = bare.cpuSeconds()
  await pace(lines, WINDOW_SECONDS, each)
  const used = bare.cpuSeconds() - before
  const sent = lines.reduce((sum, line) => sum + line.sent, 0) - sentBefore
  const soundMs = lines.reduce((sum, line) => sum + line.soundMs, 0) - soundBefore
  if (mode === 'speak' && soundMs < calls * WINDOW_SECONDS * 1_000 * 0.95)
    throw new Error(`the agents fell silent: ${Math.round(soundMs / calls)} ms of sound each`)
  close(lines)
  await pass(PAUSE_MS)
  return (used * 1_000_000) / sent
}

async function open(bare: Bare, calls: number, mode: Mode, prefix: string): Promise<Line[]> {
  const lines: Line[] = []
  for (let at = 0; at < calls; at += 1) lines.push(await Line.open(bare, `${prefix}-${at}`, mode))
  return lines
}

function close(lines: Line[]): void {
  for (const line of lines) line.close()
}

function framesOf(mulaw: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.floor(mulaw.length / FRAME_BYTES) }, (_, at) =>
    mulaw.subarray(at * FRAME_BYTES, (at + 1) * FRAME_BYTES),
  )
}

/** Ten seconds without speech, in which no two frames are equal. */
function quietRoom(): Uint8Array[] {
  const noise = new Noise('bench', 0.002)
  return Array.from({ length: 500 }, () => {
    const frame = new Int16Array(FRAME_BYTES)
    return encode(noise.under(frame, frame))
  })
}

function quantileOf(histogram: number[], share: number): number {
  const total = histogram.reduce((sum, count) => sum + count, 0)
  let seen = 0
  for (const [ms, count] of histogram.entries()) {
    seen += count
    if (seen >= total * share) return ms
  }
  return histogram.length
}

function pass(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
