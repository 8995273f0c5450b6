/**
 * One conversation on one timeline: the words of each side, tools with input and result, interruptions, times of each stage,
 * cost, and the recording. The AI page and the call page use it, during a call and after it.
 */
import { type ReactNode, type RefObject, useMemo, useRef, useState } from 'react'
import type { ConversationEntry } from '../../../wire/conversation.ts'
import { clockText } from '../../desk/time.ts'
import classes from './conversation-view.module.css'
import { Lines } from './lines.tsx'
import { RecordingPlayer } from './recording-player.tsx'
import { StoryRow } from './story-row.tsx'
import { moneyText, type Stage, type Story, storyOf } from './talk-story.ts'
import type { Followed } from './use-conversation.ts'

/** The player of the page, where it has one. */
export interface SoundBeside {
  player: RefObject<HTMLAudioElement | null>
  playedMs: number | null
}

interface ConversationViewProps {
  callId: string
  followed: Followed
  /** names the box of lines if a page shows several conversations */
  label?: string
  /** absent: the view has a player of its own */
  sound?: SoundBeside | null
  /** false: the page plays the recording, or says why it cannot be heard */
  ownPlayer?: boolean
  /** buttons of the page, shown between the sums and the lines */
  children?: (story: Story) => ReactNode
}

export function ConversationView({
  callId,
  followed,
  label = 'What was said',
  sound = null,
  ownPlayer = true,
  children,
}: ConversationViewProps) {
  const { conversation, interim, link, usage } = followed
  const entries = conversation?.entries ?? NONE
  const story = useMemo(() => storyOf(entries, usage), [entries, usage])
  const own = useRef<HTMLAudioElement>(null)
  const [ownMs, setOwnMs] = useState<number | null>(null)
  const { player, playedMs } = sound ?? { player: own, playedMs: ownMs }
  const firstMs = entries[0]?.at ?? 0

  /** Plays the recording from an entry on; null: there is no recording. */
  const seek =
    story.recordingSeconds === null || story.recordingStartMs === null
      ? null
      : (entry: ConversationEntry) => {
          if (player.current === null) return
          player.current.currentTime = Math.max(0, (startOf(entry) - (story.recordingStartMs ?? 0)) / 1000)
          void player.current.play().catch(() => undefined)
        }
  const nowSeq = playedMs === null ? null : seqAt(entries, (story.recordingStartMs ?? 0) + playedMs)
  return (
    <div className="tl-stack" data-testid="conversation">
      <Sums story={story} live={link === 'open' || link === 'connecting'} />
      {story.recordingSeconds === null || sound !== null || !ownPlayer ? null : (
        <RecordingPlayer ref={own} callId={callId} seconds={story.recordingSeconds} onTime={setOwnMs} />
      )}
      {children?.(story)}
      {link === 'lost' ? <p className="tl-small">The live words were lost for a moment; connecting again …</p> : null}
      <Lines count={story.lines.length} interim={interim} label={label}>
        {story.lines.map(line => (
          <StoryRow
            key={line.entry.seq}
            line={line}
            offsetText={clockText(startOf(line.entry) - firstMs)}
            now={line.entry.seq === nowSeq}
            onSeek={seek}
          />
        ))}
      </Lines>
      <Latencies stages={story.latencies} />
    </div>
  )
}

const NONE: ConversationEntry[] = []

function startOf(entry: ConversationEntry): number {
  return entry.startMs ?? entry.at
}

/** The last spoken line that has begun at this server time. */
function seqAt(entries: readonly ConversationEntry[], atMs: number): number | null {
  const said = entries.filter(entry => entry.who === 'caller' || entry.who === 'agent')
  return said.findLast(entry => startOf(entry) <= atMs)?.seq ?? null
}

const WITH: Record<Story['with'], string> = {
  nobody: 'Nobody is on the line',
  ai: 'The AI talks',
  asked: 'A colleague is being asked',
  colleague: 'A colleague has the call',
  number: 'Connected to another number',
}

function Sums({ story, live }: { story: Story; live: boolean }) {
  const sums: [string, string][] = [
    ['Now', live ? WITH[story.with] : 'Over'],
    ['Cost', story.costMicros === null ? (live ? 'nothing yet' : 'not counted') : moneyText(story.costMicros)],
    ['Interruptions', String(story.interruptions)],
  ]
  if (story.costMicros !== null)
    sums.push(['Heard', clockText(story.heardMs)], ['Spoken', `${story.spokenCharacters} characters`])
  if (story.tokens > 0) sums.push(['Model', `${story.tokens} tokens`])
  return (
    <dl className={classes.sums}>
      {sums.map(([words, value]) => (
        <div key={words}>
          <dt>{words}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Median and maximum of each stage. The bar is the median relative to the largest maximum. */
function Latencies({ stages }: { stages: Stage[] }) {
  if (stages.length === 0) return null
  const longest = Math.max(...stages.map(stage => stage.max), 1)
  return (
    <table className={classes.stages}>
      <caption className="tl-hidden">How long each stage of a turn takes</caption>
      <thead>
        <tr>
          <th scope="col">Stage</th>
          <th scope="col">Middle</th>
          <th scope="col">Slowest</th>
          <th scope="col" className={classes.barColumn}>
            <span className="tl-hidden">Bar</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {stages.map(({ key, words, p50, max }) => (
          <tr key={key}>
            <th scope="row">{words}</th>
            <td className="tl-number">{Math.round(p50)} ms</td>
            <td className="tl-number">{Math.round(max)} ms</td>
            <td className={classes.barColumn}>
              <meter min={0} max={longest} value={p50} aria-label={`${words}: ${Math.round(p50)} ms`} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
