/** What was said in a recording, line by line; a line plays it from there. Until somebody has it written down, there is a button. */
import { Button } from '@mantine/core'
import { useMemo } from 'react'
import type { ConversationEntry } from '../../../wire/conversation.ts'
import type { RecordingTranscript } from '../../../wire/recording.ts'
import { ask } from '../../api.ts'
import { clockText } from '../../desk/time.ts'
import { Lines } from '../ai/lines.tsx'
import { StoryRow } from '../ai/story-row.tsx'
import { useChange } from '../team/use-change.ts'
import { type Recording, TRANSCRIPTS, useTranscript } from './recording-api.ts'
import { transcriptWords } from './words.ts'

interface TranscriptProps {
  recording: Recording
  /** of the sound, in ms */
  playedMs: number
  onPlay(ms: number): void
}

export function Transcript({ recording, playedMs, onPlay }: TranscriptProps) {
  const { data } = useTranscript(recording.id)
  const change = useChange(TRANSCRIPTS)
  const entries = useMemo(() => (data?.lines ?? []).map(entryOf), [data])
  if (data === undefined) return null
  const isAsked = data.status !== 'none' && data.status !== 'failed'
  // The inbox has its messages written down by itself.
  const mayAsk = recording.type !== 'voicemail' && recording.media_type === 'audio/wav'
  const now = playedMs === 0 ? -1 : entries.findLastIndex(({ startMs }) => (startMs ?? 0) <= playedMs)
  const begin = () =>
    change.run(
      () => ask('POST /v1.0/recordings/:recordingId/transcribe', { params: { recordingId: recording.id }, body: {} }),
      'The recording is being written down.',
    )
  return (
    <>
      <p className="tl-muted tl-small" role="status">
        {transcriptWords(data, recording)}
      </p>
      {isAsked || !mayAsk ? null : (
        <div>
          <Button variant="default" disabled={change.busy} onClick={() => void begin()}>
            {data.status === 'failed' ? 'Try again' : 'Write it down'}
          </Button>
        </div>
      )}
      {entries.length === 0 ? null : (
        <Lines count={entries.length} interim="" label="What was said in the recording">
          {entries.map((entry, at) => (
            <StoryRow
              key={entry.seq}
              line={{ kind: 'said', entry, who: entry.who === 'caller' ? 'caller' : 'agent' }}
              names={NAMES[recording.type]}
              offsetText={clockText(entry.startMs ?? 0)}
              now={at === now}
              onSeek={({ startMs }) => onPlay(startMs ?? 0)}
            />
          ))}
        </Lines>
      )}
    </>
  )
}

/** Of a call, as the sides of the picture are called; a conference has one side with everybody. */
const NAMES = {
  call: { caller: 'First', agent: 'Second' },
  conference: { caller: 'Somebody', agent: 'Somebody' },
  voicemail: { caller: 'Caller', agent: 'Agent' },
}

/** A line as the conversation of an AI agent has it, with times of the recording. */
function entryOf(
  { side, start_ms, end_ms, text }: RecordingTranscript['lines'][number],
  seq: number,
): ConversationEntry {
  return {
    ...{
      seq,
      at: start_ms,
      sessionId: null,
      who: side === 1 ? 'caller' : 'agent',
      text,
      startMs: start_ms,
      endMs: end_ms,
    },
    ...{ confidence: null, interrupted: false, latency: null, data: {} },
  }
}
