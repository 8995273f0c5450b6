/** One to four lanes, always as many boxes as lines, so that nothing moves when a leg comes or goes. */
import type { Lane } from '../../wire/desk.ts'
import { useAct, useServerNow, useView, useWhyNot } from '../desk/hooks.ts'
import { ordinal } from '../desk/time.ts'
import { laneLook, laneWord, queuedWords, reasonWords } from '../desk/words.ts'
import { useKey } from '../keys/use-keys.ts'
import { ActionButton } from '../look/action-button.tsx'
import { Elapsed, LocalTime } from '../look/elapsed.tsx'
import { withoutTurns } from '../look/name-text.ts'
import { PersonName } from '../look/person-name.tsx'
import { LookIcon } from './lane-look.tsx'
import classes from './lane-strip.module.css'

const laneId = (index: number) => `lane-${index + 1}`

export function LaneStrip() {
  const { session, lanes } = useView()
  useLaneKeys(lanes)
  // Of shared lines an agent sees whoever has come to them.
  const boxes = Math.max(lanes.length, session?.pooled ? 1 : (session?.lines ?? 0))
  if (boxes === 0) return null
  return (
    <div className={classes.strip} data-lanes={boxes}>
      {Array.from({ length: boxes }, (_, index) => {
        const lane = lanes[index]
        return lane === undefined ? (
          <EmptyLane key={index} index={index} />
        ) : (
          <LaneBox key={lane.callId} index={index} lane={lane} />
        )
      })}
    </div>
  )
}

/** Shift+digit moves the focus to a lane; S skips the lane with the focus, else the first one that can be skipped. */
function useLaneKeys(lanes: Lane[]) {
  const act = useAct()
  const whyNot = useWhyNot()
  useKey('lane', event => {
    const box = document.getElementById(laneId(Number(event.code.slice(-1)) - 1))
    box?.focus()
    return box !== null
  })
  useKey('skip', () => {
    const focused = document.activeElement?.closest('[data-call-id]')?.getAttribute('data-call-id')
    const chosen = lanes.find(lane => lane.callId === focused)
    const lane = chosen ?? lanes.find(one => whyNot('lane.skip', one.callId) === null)
    if (lane === undefined || whyNot('lane.skip', lane.callId) !== null) return false
    void act({ type: 'lane.skip', callId: lane.callId })
    return true
  })
}

function EmptyLane({ index }: { index: number }) {
  return (
    <fieldset id={laneId(index)} tabIndex={-1} aria-label={`Lane ${index + 1}: free`} className={classes.lane}>
      <span className="tl-muted">Lane {index + 1}: free</span>
    </fieldset>
  )
}

function LaneBox({ index, lane }: { index: number; lane: Lane }) {
  const act = useAct()
  const whyNot = useWhyNot()
  const { conversation } = useView()
  const held = conversation?.callId === lane.callId && conversation.held
  const look = laneLook(lane.state)
  const reason = reasonWords(lane)
  const { contact } = lane
  const over = lane.state === 'ended' || lane.state === 'released'
  const why = whyNot('lane.skip', lane.callId)
  return (
    <fieldset
      id={laneId(index)}
      tabIndex={-1}
      aria-label={`Lane ${index + 1}: ${withoutTurns(contact.name)}`}
      className={classes.lane}
      data-look={look}
      data-state={lane.state}
      data-call-id={lane.callId}
    >
      <div className={classes.state} data-look={look}>
        <LookIcon look={look} />
        <strong>{lane.state === 'queued' ? <QueuedWord untilMs={lane.untilMs} /> : laneWord(lane, held)}</strong>
        {over ? null : <Elapsed sinceMs={lane.sinceMs} />}
      </div>
      <div className={classes.name}>
        <PersonName name={contact.name} cut />
      </div>
      <div className={classes.line}>
        <PersonName name={contact.company} cut />
      </div>
      <div className={`${classes.line} ${classes.where}`}>
        <span className="tl-number">{contact.numberShown}</span> <LocalTime timeZone={contact.timeZone} />
      </div>
      <div className={`${classes.line} tl-small`}>
        {ordinal(contact.attempt)} try · from <span className="tl-number">{lane.from}</span>
      </div>
      <div className={classes.foot}>
        {reason === null ? (
          why === null ? (
            <ActionButton
              why={why}
              size="compact-sm"
              variant="default"
              label={`Skip ${withoutTurns(contact.name)}`}
              onClick={() => void act({ type: 'lane.skip', callId: lane.callId })}
            >
              Skip
            </ActionButton>
          ) : null
        ) : (
          <span className="tl-small">{reason}</span>
        )}
      </div>
    </fieldset>
  )
}

function QueuedWord({ untilMs }: { untilMs: number | null }) {
  const now = useServerNow(250)
  return <>{queuedWords(untilMs, now)}</>
}
