/** Plays the recording of a call. It is fetched whole for seeking, because the carrier does not serve parts of it. */
import { Button } from '@mantine/core'
import { type Ref, useEffect, useState } from 'react'
import { clockText } from '../../desk/time.ts'
import { recordingUrl } from './ai-api.ts'
import classes from './conversation-view.module.css'

/** Longer recordings (about 10 MB and more) are fetched only by a click. */
const BY_ITSELF_SECONDS = 300

interface RecordingPlayerProps {
  ref: Ref<HTMLAudioElement>
  callId: string
  seconds: number
  /** position in ms while the recording plays; null: it does not play */
  onTime(playedMs: number | null): void
}

export function RecordingPlayer({ ref, callId, seconds, onTime }: RecordingPlayerProps) {
  const [wanted, setWanted] = useState(seconds <= BY_ITSELF_SECONDS)
  const { source, trouble } = useSound(callId, wanted)
  if (trouble !== null)
    return (
      <p className="tl-muted" role="status">
        {trouble}
      </p>
    )
  if (source === null)
    return (
      <div>
        <Button variant="default" loading={wanted} onClick={() => setWanted(true)}>
          Load the recording ({clockText(seconds * 1000)})
        </Button>
      </div>
    )
  return (
    // biome-ignore lint/a11y/useMediaCaption: the whole conversation stands below in words
    <audio
      ref={ref}
      className={classes.player}
      controls
      src={source}
      aria-label="Recording"
      onTimeUpdate={({ currentTarget }) => onTime(currentTarget.currentTime * 1000)}
      onEnded={() => onTime(null)}
    />
  )
}

function useSound(callId: string, wanted: boolean): { source: string | null; trouble: string | null } {
  const [source, setSource] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  useEffect(() => {
    if (!wanted) return
    const abort = new AbortController()
    let made: string | null = null
    fetch(recordingUrl(callId), { signal: abort.signal })
      .then(async answer => {
        if (!answer.ok) throw new Error(`recording: ${answer.status}`)
        const sound = await answer.blob()
        if (abort.signal.aborted) return
        made = URL.createObjectURL(sound)
        setSource(made)
      })
      .catch(() => {
        if (!abort.signal.aborted) setTrouble('The recording cannot be fetched now. Reload the page to try again.')
      })
    return () => {
      abort.abort()
      if (made !== null) URL.revokeObjectURL(made)
      setSource(null)
    }
  }, [callId, wanted])
  return { source, trouble }
}
