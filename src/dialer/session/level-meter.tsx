/** How loud both sides of the call are (S3-46). It is drawn without rendering React ten times a second. */
import { useEffect, useRef } from 'react'
import { useDesk } from '../desk/hooks.ts'
import classes from './level-meter.module.css'

const READ_MS = 100
/** Speech has a small energy; the root spreads it over the meter. */
const shown = (rms: number) => Math.min(1, Math.sqrt(rms * 4))

export function LevelMeter() {
  const { phone } = useDesk()
  const [theirs, ours] = [useRef<HTMLMeterElement>(null), useRef<HTMLMeterElement>(null)]
  useEffect(() => {
    const timer = setInterval(() => {
      const levels = phone.levels()
      if (theirs.current !== null) theirs.current.value = shown(levels.in)
      if (ours.current !== null) ours.current.value = shown(levels.out)
    }, READ_MS)
    return () => clearInterval(timer)
  }, [phone, theirs, ours])
  return (
    <fieldset className={classes.meters} aria-label="Loudness">
      <label>
        They <meter ref={theirs} min={0} max={1} aria-label="They" />
      </label>
      <label>
        You <meter ref={ours} min={0} max={1} aria-label="You" />
      </label>
    </fieldset>
  )
}
