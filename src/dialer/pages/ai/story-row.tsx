/** One line of a conversation. Who speaks is said by a word and the edge, never by colour alone. */
import { IconAlertTriangle, IconHandStop, IconInfoCircle, IconTool } from '@tabler/icons-react'
import type { ConversationEntry } from '../../../wire/conversation.ts'
import classes from './conversation-view.module.css'
import { type StoryLine, TOOL_TITLES } from './talk-story.ts'

interface StoryRowProps {
  line: StoryLine
  offsetText: string
  /** the recording is at this line */
  now: boolean
  onSeek: ((entry: ConversationEntry) => void) | null
  /** who the two sides are; absent: a caller and an AI agent */
  names?: { caller: string; agent: string }
}

const NAMES = { caller: 'Caller', agent: 'AI' }

export function StoryRow({ line, offsetText, now, onSeek, names = NAMES }: StoryRowProps) {
  return (
    <li className={classes.line} data-kind={line.kind === 'said' ? line.who : line.kind} data-now={now || undefined}>
      <span className="tl-number tl-muted tl-small">{offsetText}</span>
      {line.kind === 'said' ? <Said line={line} onSeek={onSeek} names={names} /> : null}
      {line.kind === 'tool' ? <Tool line={line} /> : null}
      {line.kind === 'note' ? <Note line={line} /> : null}
    </li>
  )
}

interface SaidProps {
  line: Extract<StoryLine, { kind: 'said' }>
  onSeek: StoryRowProps['onSeek']
  names: typeof NAMES
}

function Said({ line, onSeek, names }: SaidProps) {
  const { entry, who } = line
  const text = entry.text === '' ? '(these words were erased)' : entry.text
  const voiceToVoice = entry.latency?.voiceToVoiceMs
  return (
    <div className={classes.said}>
      <span className={classes.who}>{names[who]}</span>
      <div>
        {onSeek === null ? (
          <span>{text}</span>
        ) : (
          <button type="button" className={classes.seek} onClick={() => onSeek(entry)} title="Play from here">
            {text}
          </button>
        )}
        {entry.interrupted ? <span className={classes.cut}> — interrupted</span> : null}
        {voiceToVoice == null ? null : (
          <span className={`${classes.timing} tl-number`} title={stagesText(entry)}>
            {' '}
            {Math.round(voiceToVoice)} ms
            <span className="tl-hidden"> from the caller's last word to this answer</span>
          </span>
        )}
      </div>
    </div>
  )
}

function stagesText({ latency }: ConversationEntry): string {
  const of = (ms: number | null | undefined) => (ms == null ? 'none' : `${Math.round(ms)} ms`)
  return `transcription ${of(latency?.transcriptionMs)}, model ${of(latency?.languageMs)}, speech ${of(latency?.speechMs)}`
}

function Tool({ line: { name, input, result, tookMs } }: { line: Extract<StoryLine, { kind: 'tool' }> }) {
  return (
    <div>
      <span className={classes.note}>
        <IconTool size={16} aria-hidden /> {TOOL_TITLES[name] ?? 'Uses a tool'} <code>{name}</code>
        {tookMs === null ? null : <span className={`${classes.timing} tl-number`}>{Math.round(tookMs)} ms</span>}
      </span>
      <dl className={classes.tool}>
        <dt>In</dt>
        <dd>
          <code>{input}</code>
        </dd>
        <dt>Out</dt>
        <dd>
          <code>{result === '' ? 'nothing' : result}</code>
        </dd>
      </dl>
    </div>
  )
}

function Note({ line: { entry, tone } }: { line: Extract<StoryLine, { kind: 'note' }> }) {
  const Icon = tone === 'problem' ? IconAlertTriangle : tone === 'interruption' ? IconHandStop : IconInfoCircle
  return (
    <span className={classes.note} data-tone={tone}>
      <Icon size={16} aria-hidden />{' '}
      {entry.data.word === 'whispered' ? `${entry.data.by ?? 'A supervisor'} whispers: ` : null}
      {entry.text}
      {typeof entry.data.ability === 'string' ? `: ${entry.data.ability} (${String(entry.data.kind)})` : null}
    </span>
  )
}
