/** Running times by the server's clock. They are small components, so that nothing else renders each second. */
import { useServerNow } from '../desk/hooks.ts'
import { clockText, localTimeText, secondsLeft } from '../desk/time.ts'

export function Elapsed({ sinceMs }: { sinceMs: number }) {
  const now = useServerNow(500)
  return <span className="tl-number">{clockText(now - sinceMs)}</span>
}

export function SecondsLeft({ untilMs }: { untilMs: number }) {
  const now = useServerNow(250)
  return (
    <span>
      <span className="tl-number">{secondsLeft(untilMs, now)}</span> s
    </span>
  )
}

/** `09:14 there`; nothing when the zone is unknown. */
export function LocalTime({ timeZone }: { timeZone: string | null }) {
  const now = useServerNow(10_000)
  const text = localTimeText(timeZone, now)
  return text === null ? null : (
    <span>
      <span className="tl-number">{text}</span> there
    </span>
  )
}
