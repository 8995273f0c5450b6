/**
 * Scores the speech detector and the gate on labelled clips. The terms:
 * - An utterance is a stretch of labelled speech of at least 240 ms. It is missed if the gate was open at no moment of it.
 * - Its onset is the time from its start to the opening; utterances that find the gate open have none.
 * - Its offset is the time from its end to the closing; only utterances that a second without speech follows have one.
 * - A false start is an opening with no speech in the 400 ms before.
 */
import type { GateChange } from '../../src/media/turn/gate.ts'

export interface HeardClip {
  /** one 0 or 1 for each `labelMs` */
  labels: string
  labelMs: number
  /** the network's latest probability at the end of each 20 ms frame */
  probabilities: number[]
  changes: GateChange[]
  /** milliseconds */
  durationMs: number
  segments: [number, number][]
}

export interface Score {
  auc: number
  missedPct: number
  falseStartsPerMin: number
  onsetP50Ms: number
  onsetP90Ms: number
  offsetP50Ms: number
  offsetP90Ms: number
  utterances: number
}

const FRAME_MS = 20
const UTTERANCE_MS = 240
const QUIET_AFTER_MS = 1_000
const SPEECH_BEFORE_MS = 400

export function scoreOf(clips: readonly HeardClip[]): Score {
  const onsets: number[] = []
  const offsets: number[] = []
  let [missed, utterances, falseStarts, quietMs] = [0, 0, 0, 0]
  for (const clip of clips) {
    const open = openTimes(clip)
    for (const [at, [start, end]] of clip.segments.entries()) {
      if (end - start < UTTERANCE_MS) continue
      utterances += 1
      const first = open.find(([from, to]) => from < end && to > start)
      if (first === undefined) missed += 1
      else if (first[0] >= start) onsets.push(first[0] - start)
      const next = clip.segments[at + 1]?.[0] ?? clip.durationMs
      const during = open.find(([from, to]) => from <= end && to > end)
      if (during && next - end >= QUIET_AFTER_MS) offsets.push(during[1] - end)
    }
    falseStarts += open.filter(([from]) => !speaksIn(clip, from - SPEECH_BEFORE_MS, from)).length
    quietMs += [...clip.labels].filter(one => one === '0').length * clip.labelMs
  }
  return {
    auc: round(aucOf(clips), 4),
    missedPct: round((100 * missed) / Math.max(1, utterances), 2),
    falseStartsPerMin: round(falseStarts / Math.max(1e-9, quietMs / 60_000), 2),
    onsetP50Ms: quantile(onsets, 0.5),
    onsetP90Ms: quantile(onsets, 0.9),
    offsetP50Ms: quantile(offsets, 0.5),
    offsetP90Ms: quantile(offsets, 0.9),
    utterances,
  }
}

/** Each opening with its closing; a gate that is open at the end of the clip counts as open up to its end. */
function openTimes({ changes, durationMs }: HeardClip): [number, number][] {
  const found: [number, number][] = []
  for (const change of changes) {
    if (change.type === 'opened') found.push([change.atMs, durationMs])
    else (found.at(-1) as [number, number])[1] = change.atMs
  }
  return found
}

function speaksIn({ segments }: HeardClip, fromMs: number, toMs: number): boolean {
  return segments.some(([start, end]) => start < toMs && end > fromMs)
}

/** How often a labelled moment of speech has a higher probability than one without (ties count half). */
export function aucOf(clips: readonly HeardClip[]): number {
  const moments = clips.flatMap(({ labels, labelMs, probabilities }) =>
    Array.from(labels, (label, at) => ({
      speech: label === '1',
      score: probabilities[Math.min(probabilities.length - 1, Math.floor((at * labelMs) / FRAME_MS))] ?? 0,
    })),
  )
  moments.sort((a, b) => a.score - b.score)
  let [below, won, speech] = [0, 0, 0]
  for (let at = 0; at < moments.length; ) {
    const { score } = moments[at] as { score: number }
    const from = at
    while (moments[at]?.score === score) at += 1
    const withSpeech = moments.slice(from, at).filter(one => one.speech).length
    const without = at - from - withSpeech
    won += withSpeech * (below + without / 2)
    below += without
    speech += withSpeech
  }
  return speech * below === 0 ? Number.NaN : won / (speech * below)
}

export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
