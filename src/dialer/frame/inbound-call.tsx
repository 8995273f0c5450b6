/**
 * The dialog of an inbound call, of a caller that a queue offers, or of a call that an AI agent hands over. It does not take the focus and does not cover the
 * lanes. If somebody is on the line, the button says that this person is put on hold.
 */
import { IconPhoneIncoming, IconRobot, IconUsersGroup } from '@tabler/icons-react'
import { lazy, Suspense, useEffect } from 'react'
import type { InboundRing } from '../../wire/desk.ts'
import { useDesk, useView, useWhyNot } from '../desk/hooks.ts'
import { clockText } from '../desk/time.ts'
import { useKey } from '../keys/use-keys.ts'
import { ActionButton } from '../look/action-button.tsx'
import { Elapsed } from '../look/elapsed.tsx'
import { PersonName } from '../look/person-name.tsx'
import classes from './inbound-call.module.css'

// Loaded with the first question of a colleague.
const VisitCard = lazy(async () => ({ default: (await import('./visit-card.tsx')).VisitCard }))

const TITLE = 'Trunkline'

export function InboundCall() {
  const desk = useDesk()
  const view = useView()
  const whyNot = useWhyNot()
  const { inbound } = view
  const callId = inbound?.callId
  const why = { accept: whyNot('inbound.accept', callId), decline: whyNot('inbound.decline', callId) }

  const accept = () => {
    if (callId === undefined || why.accept !== null) return false
    void desk.acceptInbound(callId)
    return true
  }
  const decline = () => {
    if (callId === undefined || why.decline !== null) return false
    void desk.declineInbound(callId)
    return true
  }
  useKey('accept', accept)
  useKey('decline', decline)

  const caller = inbound === null ? null : (inbound.contact?.name ?? inbound.fromShown)
  const doing = inbound === null ? '' : kindOf(inbound).doing
  useEffect(() => {
    document.title = caller === null ? TITLE : `☎ ${caller} ${doing}`
  }, [caller, doing])

  if (inbound === null || view.conversation?.callId === inbound.callId) return null
  if (view.visit?.callId === inbound.callId)
    return (
      <Suspense fallback={null}>
        <VisitCard visit={view.visit} person={caller ?? ''} sinceMs={inbound.sinceMs} />
      </Suspense>
    )
  const held = view.conversation !== null
  const { title, Icon } = kindOf(inbound)
  return (
    <section role="dialog" aria-label={title} className={classes.card} data-call-id={inbound.callId}>
      <div className={classes.head}>
        <Icon size={20} aria-hidden className={classes.icon} />
        <strong>{inbound.accepted ? 'Connecting …' : title}</strong>
        <Elapsed sinceMs={inbound.sinceMs} />
      </div>
      <Caller inbound={inbound} />
      <WhereFrom inbound={inbound} />
      <div className="tl-row">
        <ActionButton why={why.accept} onClick={accept} hint="A">
          {held ? 'Hold and answer' : 'Accept'}
        </ActionButton>
        <ActionButton why={why.decline} onClick={decline} hint="D" variant="default">
          Decline
        </ActionButton>
      </div>
    </section>
  )
}

/** Who brings the call: a queue, a colleague, an AI agent or the caller themselves. */
function kindOf({ transfer }: InboundRing) {
  if (transfer == null) return { title: 'Inbound call', Icon: IconPhoneIncoming, doing: 'is calling' }
  const { by, queue } = transfer
  if (by?.asks) return { title: 'A colleague asks', Icon: IconUsersGroup, doing: 'is asked about' }
  if (by?.back) return { title: 'Comes back', Icon: IconUsersGroup, doing: 'comes back' }
  if (by) return { title: 'Handed over', Icon: IconUsersGroup, doing: 'is handed over' }
  if (transfer.flow) return { title: 'Call for you', Icon: IconPhoneIncoming, doing: 'is calling' }
  if (transfer.program) return { title: 'A program calls', Icon: IconRobot, doing: 'is calling' }
  if (queue?.callback) return { title: 'Call back', Icon: IconUsersGroup, doing: 'is called back' }
  if (queue) return { title: 'Queue call', Icon: IconUsersGroup, doing: 'has waited' }
  return { title: 'The AI hands over', Icon: IconRobot, doing: 'is handed over' }
}

function WhereFrom({ inbound: { transfer } }: { inbound: InboundRing }) {
  if (transfer == null) return null
  const { by, queue, summary } = transfer
  if (by)
    return (
      <p className={classes.summary} data-testid="by">
        {by.back ? (
          'You had handed this person over, and nobody has them.'
        ) : by.asks ? (
          <>
            <PersonName name={by.agentName} /> asks you about this person, and speaks with you first.
          </>
        ) : (
          <>
            <PersonName name={by.agentName} /> hands this person over.
          </>
        )}
      </p>
    )
  if (transfer.flow)
    return (
      <p className={classes.summary} data-testid="flow">
        The menu of this number has led the caller to you.
      </p>
    )
  if (transfer.program)
    return (
      <p className={classes.summary} data-testid="program">
        <PersonName name={transfer.program.name} /> calls you with a program.
      </p>
    )
  if (queue)
    return (
      <p className={classes.summary} data-testid="queue">
        {queue.callback
          ? `Asked in ${queue.name} to be called back. Accepting calls them.`
          : `${queue.name}, waited ${clockText(queue.waitedMs)}.`}
      </p>
    )
  return (
    <p className={classes.summary} data-testid="summary">
      {summary === '' ? 'It gave no summary.' : summary}
    </p>
  )
}

function Caller({ inbound: { contact, from, fromShown } }: { inbound: InboundRing }) {
  // A person of the team who tries an AI agent has a name instead of a number.
  const named = contact === null && /\p{L}/u.test(fromShown)
  const whereFrom =
    from === '' ? (
      'the caller shows no number'
    ) : named ? (
      'from the browser'
    ) : (
      <span className="tl-number">{fromShown}</span>
    )
  return (
    <div>
      <div className={classes.name}>
        <PersonName name={contact?.name ?? (named ? fromShown : 'Unknown caller')} />
      </div>
      <div className="tl-muted">
        {contact === null || contact.company === '' ? null : (
          <>
            <PersonName name={contact.company} /> ·{' '}
          </>
        )}
        {whereFrom}
      </div>
      {contact === null || contact.lastNote === '' ? null : (
        <p className="tl-small tl-muted">Last note: {contact.lastNote}</p>
      )}
    </div>
  )
}
