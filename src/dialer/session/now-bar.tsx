/** The present state of the session, in one line of fixed height, with the action that comes next. */
import { IconClock, IconPlayerPause, IconUserCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { DeskView } from '../../wire/desk.ts'
import { useAct, useView, useWhyNot } from '../desk/hooks.ts'
import { restWords } from '../desk/words.ts'
import { useKey } from '../keys/use-keys.ts'
import { ActionButton } from '../look/action-button.tsx'
import { Elapsed, SecondsLeft } from '../look/elapsed.tsx'
import { PersonName } from '../look/person-name.tsx'
import { LookIcon } from './lane-look.tsx'
import classes from './now-bar.module.css'

export function NowBar() {
  const view = useView()
  return (
    <section className={classes.bar} aria-label="Now">
      <Now view={view} />
    </section>
  )
}

function Now({ view }: { view: DeskView }) {
  const { conversation, pendingOutcomes, session } = view
  if (conversation?.provisional === true) return <IsItAPerson view={view} />
  if (conversation !== null) return <Talking view={view} />
  if (pendingOutcomes.length > 0 || view.wrapUp !== null) return <WrappingUp view={view} />
  switch (session?.state) {
    case 'starting':
      return <Words icon={<IconClock size={20} aria-hidden />}>Starting …</Words>
    case 'dialing':
      return session.pooled ? (
        <Words icon={<LookIcon look="ringing" size={20} />}>
          {session.restReason === null ? 'You are free. The next person who answers is yours.' : restWords(session)}{' '}
          <Elapsed sinceMs={view.presenceSinceMs} />
        </Words>
      ) : (
        <Words icon={<LookIcon look="ringing" size={20} />}>{dialingWords(view)}</Words>
      )
    case 'paused':
      return <Words icon={<IconPlayerPause size={20} aria-hidden />}>Paused. Space or Resume goes on.</Words>
    case 'resting':
      return (
        <Words icon={<IconClock size={20} aria-hidden />}>
          {restWords(session)}
          {session.restUntilMs === null ? null : (
            <>
              {' Goes on in '}
              <SecondsLeft untilMs={session.restUntilMs} />.
            </>
          )}
        </Words>
      )
    case 'wrap-up':
    case 'waiting':
      return <ContinueRow>Ready for the next round.</ContinueRow>
    default:
      return (
        <Words icon={<IconClock size={20} aria-hidden />}>
          No session is running. <Link to="/">To the start</Link>
        </Words>
      )
  }
}

function dialingWords(view: DeskView): string {
  const live = view.lanes.filter(lane => ['queued', 'dialing', 'ringing'].includes(lane.state)).length
  if (live === 0) return 'Preparing the next call …'
  return live === 1
    ? 'Calling one person. Wait for the tone.'
    : `Calling ${live} people. The first who answers is yours.`
}

/** The agent hears the first answer before detection has a verdict, and decides with one key whether it is a person. */
function IsItAPerson({ view }: { view: DeskView }) {
  const act = useAct()
  const whyNot = useWhyNot()
  const callId = view.conversation?.callId
  const why = whyNot('call.keep', callId)
  const keep = () => {
    if (callId === undefined || why !== null) return false
    void act({ type: 'call.keep', callId })
    return true
  }
  useKey('person', keep)
  return (
    <Words icon={<LookIcon look="live" size={20} />} live>
      <strong>
        <PersonName name={view.conversation?.contact.name ?? ''} />
      </strong>{' '}
      answered: is it a person?
      <ActionButton why={why} onClick={keep} hint="Y">
        Yes, a person
      </ActionButton>
      <span className="tl-muted">X if it is a machine</span>
    </Words>
  )
}

function Talking({ view }: { view: DeskView }) {
  const { conversation } = view
  if (conversation === null) return null
  const ms = conversation.answerToRoomMs
  return (
    <Words icon={<IconUserCheck size={20} aria-hidden />} live={!conversation.held}>
      {conversation.held ? (
        <strong>
          <PersonName name={conversation.contact.name} /> is on hold
        </strong>
      ) : (
        <strong>
          Live with <PersonName name={conversation.contact.name} />
        </strong>
      )}
      <Elapsed sinceMs={conversation.sinceMs} />
      {ms === null ? null : (
        <span className="tl-muted tl-small" title="From their answer to your ear">
          joined in {ms} ms
        </span>
      )}
    </Words>
  )
}

function WrappingUp({ view }: { view: DeskView }) {
  const owed = view.pendingOutcomes[0]
  const clock =
    view.wrapUp === null ? null : view.wrapUp.untilMs === null ? (
      <span className="tl-muted">Clock stopped while you type</span>
    ) : (
      <span>
        Next in <SecondsLeft untilMs={view.wrapUp.untilMs} />
      </span>
    )
  if (owed === undefined && sessionRuns(view)) return <ContinueRow>Wrap-up. {clock}</ContinueRow>
  // The time after a call of a queue has its bar on every page.
  if (owed === undefined) return <Words icon={<IconClock size={20} aria-hidden />}>Wrap-up.</Words>
  return (
    <Words icon={<IconClock size={20} aria-hidden />}>
      <span>
        Choose an outcome for{' '}
        <strong>
          <PersonName name={owed.contact.name} />
        </strong>
        {view.pendingOutcomes.length > 1 ? ` (${view.pendingOutcomes.length} calls wait)` : null}
      </span>
      {clock}
    </Words>
  )
}

/** A session that has ended, or is paused, does not go on by itself. */
export function sessionRuns({ session }: DeskView): boolean {
  return session !== null && !['finished', 'stopped', 'paused'].includes(session.state)
}

function ContinueRow({ children }: { children: ReactNode }) {
  const act = useAct()
  const whyNot = useWhyNot()
  return (
    <Words icon={<IconClock size={20} aria-hidden />}>
      <span>{children}</span>
      <ActionButton
        why={whyNot('session.continue')}
        onClick={() => void act({ type: 'session.continue' })}
        hint="Space"
      >
        Continue
      </ActionButton>
    </Words>
  )
}

function Words({ icon, live, children }: { icon: ReactNode; live?: boolean; children: ReactNode }) {
  return (
    <div className={classes.words} data-live={live || undefined}>
      {icon}
      {children}
    </div>
  )
}
