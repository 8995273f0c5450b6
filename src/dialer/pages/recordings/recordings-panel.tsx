/** The recordings of a call or a conference: each with its picture and a player, or in words why it cannot be heard; a hold and the end of it for whoever leads the team. */
import { Button } from '@mantine/core'
import { type Ref, useRef, useState } from 'react'
import { ask } from '../../api.ts'
import { useView } from '../../desk/hooks.ts'
import { SureButton } from '../team/sure-button.tsx'
import { useChange } from '../team/use-change.ts'
import { RECORDINGS, type Recording, usePeaks, useSoundUrl } from './recording-api.ts'
import { FlowOfRecording } from './recording-flow.tsx'
import classes from './recordings.module.css'
import { Transcript } from './transcript.tsx'
import { Waveform } from './waveform.tsx'
import { fileName, keptWords, lengthWords, stateWords } from './words.ts'

/** The recording that the lines of the conversation belong to. */
export interface Playing {
  player: Ref<HTMLAudioElement>
  recordingId: string
  /** position in ms while it plays; null: it does not play */
  onTime(playedMs: number | null): void
}

export function RecordingsPanel({ recordings, playing }: { recordings: Recording[]; playing: Playing | null }) {
  const leads = useView().agent.role !== 'agent'
  if (recordings.length === 0) return null
  return (
    <section className="tl-panel tl-stack" aria-labelledby="recordings-title">
      <h2 id="recordings-title">Recordings</h2>
      <ul className="tl-stack">
        {recordings.map((recording, index) => (
          <li key={recording.id} className={classes.one} data-status={recording.status}>
            <One
              recording={recording}
              label={recordings.length === 1 ? 'Recording' : `Recording ${index + 1}`}
              playing={playing?.recordingId === recording.id ? playing : null}
            />
            {leads && recording.type !== 'voicemail' && recording.status !== 'expired' ? (
              <Deeds recording={recording} />
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

function One({ recording, label, playing }: { recording: Recording; label: string; playing: Playing | null }) {
  const why = stateWords(recording)
  if (why !== null)
    return (
      <p className="tl-muted" role="status">
        {why}
      </p>
    )
  const kept = keptWords(recording)
  return (
    <>
      <Sound recording={recording} label={label} playing={playing} />
      <FlowOfRecording recording={recording} />
      <p className="tl-muted tl-small">
        {[lengthWords(recording), kept].filter(words => words !== '' && words !== null).join(' · ')}
      </p>
    </>
  )
}

function Sound({ recording, label, playing }: { recording: Recording; label: string; playing: Playing | null }) {
  const url = useSoundUrl(recording.id)
  const peaks = usePeaks(recording)
  const own = useRef<HTMLAudioElement | null>(null)
  const [playedMs, setPlayedMs] = useState(0)
  const [trouble, setTrouble] = useState(false)
  const seconds = recording.seconds ?? 0
  if (url.isError || trouble)
    return (
      <p className="tl-muted" role="status">
        The recording cannot be fetched now. Reload the page to try again.
      </p>
    )
  function see(audio: HTMLAudioElement | null): void {
    own.current = audio
    const outer = playing?.player
    if (typeof outer === 'function') outer(audio)
    else if (outer) outer.current = audio
  }
  function seek(ms: number): void {
    setPlayedMs(ms)
    if (own.current !== null) own.current.currentTime = ms / 1_000
  }
  function play(ms: number): void {
    seek(ms)
    void own.current?.play().catch(() => undefined)
  }
  return (
    <>
      {peaks.data ? <Waveform channels={peaks.data} seconds={seconds} playedMs={playedMs} onSeek={seek} /> : null}
      {url.data == null ? null : (
        // biome-ignore lint/a11y/useMediaCaption: what was said stands below in words, as soon as somebody has it written down
        <audio
          ref={see}
          className={classes.player}
          controls
          preload="metadata"
          src={url.data.whole}
          aria-label={label}
          onError={() => setTrouble(true)}
          onTimeUpdate={({ currentTarget }) => {
            setPlayedMs(currentTarget.currentTime * 1_000)
            playing?.onTime(currentTarget.currentTime * 1_000)
          }}
          onEnded={() => playing?.onTime(null)}
        />
      )}
      {url.data == null ? null : <Downloads recording={recording} {...url.data} />}
      <Transcript recording={recording} playedMs={playedMs} onPlay={play} />
    </>
  )
}

function Downloads({ recording, whole, mono }: { recording: Recording; whole: string; mono: string | null }) {
  const name = fileName(recording)
  return (
    <p className={`${classes.downloads} tl-small`}>
      <a href={whole} download={name}>
        {mono === null ? 'Download' : 'Download, two channels'}
      </a>
      {mono === null ? null : (
        <a href={mono} download={`mixed-${name}`}>
          Download, both sides mixed
        </a>
      )}
      {recording.media_type === 'audio/mpeg' ? (
        <span className="tl-muted">MP3; its picture was made of the carrier’s WAV.</span>
      ) : null}
    </p>
  )
}

function Deeds({ recording: { id, legal_hold } }: { recording: Recording }) {
  const change = useChange(RECORDINGS)
  const params = { recordingId: id }
  const hold = () =>
    change.run(
      () => ask('PUT /v1.0/recordings/:recordingId', { params, body: { legal_hold: !legal_hold } }),
      legal_hold ? 'The hold is lifted.' : 'It is kept until the hold is lifted.',
    )
  const remove = () =>
    change.run(() => ask('DELETE /v1.0/recordings/:recordingId', { params }), 'The recording is deleted.')
  return (
    <div className={classes.deeds}>
      <Button variant="default" disabled={change.busy} onClick={() => void hold()}>
        {legal_hold ? 'Lift the legal hold' : 'Legal hold'}
      </Button>
      {legal_hold ? null : (
        <SureButton
          label="Delete the recording"
          question="Delete it for good?"
          disabled={change.busy}
          onSure={() => void remove()}
        >
          Delete
        </SureButton>
      )}
    </div>
  )
}
