/** How loud a recording is from its beginning to its end, a band for each side. A click, or a key, goes to a place in it. */
import { type KeyboardEvent, type PointerEvent, useMemo } from 'react'
import { clockText } from '../../desk/time.ts'
import classes from './recordings.module.css'
import { outline, SIDES, silences } from './words.ts'

interface WaveformProps {
  channels: number[][]
  seconds: number
  playedMs: number
  onSeek(ms: number): void
}

const STEP_MS = 5_000

export function Waveform({ channels, seconds, playedMs, onSeek }: WaveformProps) {
  const bands = useMemo(() => channels.map(outline), [channels])
  const silent = useMemo(() => silences(channels, seconds), [channels, seconds])
  const lengthMs = seconds * 1_000
  const to = (ms: number) => onSeek(Math.max(0, Math.min(lengthMs, ms)))
  function point({ clientX, currentTarget }: PointerEvent<HTMLDivElement>): void {
    const { left, width } = currentTarget.getBoundingClientRect()
    to(((clientX - left) / Math.max(1, width)) * lengthMs)
  }
  function key(event: KeyboardEvent): void {
    const ways: Record<string, number> = {
      ArrowLeft: playedMs - STEP_MS,
      ArrowRight: playedMs + STEP_MS,
      Home: 0,
      End: lengthMs,
    }
    const ms = ways[event.key]
    if (ms === undefined) return
    event.preventDefault()
    to(ms)
  }
  return (
    <div
      role="slider"
      tabIndex={0}
      className={classes.waveform}
      aria-label="Place in the sound"
      aria-valuemin={0}
      aria-valuemax={Math.round(seconds)}
      aria-valuenow={Math.round(playedMs / 1_000)}
      aria-valuetext={`${clockText(playedMs)} of ${clockText(lengthMs)}`}
      onPointerDown={point}
      onKeyDown={key}
    >
      {bands.map((band, side) => (
        <div key={side} className={classes.band}>
          {bands.length > 1 ? <span className={classes.side}>{SIDES[side]}</span> : null}
          <svg viewBox={`0 0 ${channels[side]?.length ?? 1} 100`} preserveAspectRatio="none" aria-hidden="true">
            <path d={band} vectorEffect="non-scaling-stroke" />
          </svg>
        </div>
      ))}
      {silent.map(({ from, to: end }) => (
        <span
          key={from}
          className={classes.silence}
          style={{ left: `${from * 100}%`, width: `${(end - from) * 100}%` }}
          title="Nothing was recorded here: the recording was paused, or the line was silent"
        />
      ))}
      <span className={classes.needle} style={{ left: `${lengthMs === 0 ? 0 : (playedMs / lengthMs) * 100}%` }} />
    </div>
  )
}
