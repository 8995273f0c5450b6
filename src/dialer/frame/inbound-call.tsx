/**
 * The dialog of an inbound call, or of a call that an AI agent hands over. It does not take the focus and does not cover the
 * lanes. If somebody is on the line, the button says that this person is put on hold.
 */
import { IconPhoneIncoming, IconRobot } from '@tabler/icons-react'
import { useEffect } from 'react'
import type { InboundRing } from '../../wire/desk.ts'
import { useDesk, useView, useWhyNot } from '../desk/hooks.ts'
import { useKey } from '../keys/use-keys.ts'
import { ActionButton } from '../look/action-button.tsx'
import { Elapsed } from '../look/elapsed.tsx'
import { PersonName } from '../look/person-name.tsx'
import classes from './inbound-call.module.css'

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
  const handedOver = inbound?.transfer != null
  useEffect(() => {
    document.title = caller === null ? TITLE : `☎ ${caller} ${handedOver ? 'is handed over' : 'is calling'}`
  }, [caller, handedOver])

  if (inbound === null || view.conversation?.callId === inbound.callId) return null
  const held = view.conversation !== null
  const transfer = inbound.transfer ?? null
  const title = transfer === null ? 'Inbound call' : 'The AI hands over'
  const Icon = transfer === null ? IconPhoneIncoming : IconRobot
  return (
    <section role="dialog" aria-label={title} className={classes.card} data-call-id={inbound.callId}>
      <div className={classes.head}>
        <Icon size={20} aria-hidden className={classes.icon} />
        <strong>{inbound.accepted ? 'Connecting …' : title}</strong>
        <Elapsed sinceMs={inbound.sinceMs} />
      </div>
      <Caller inbound={inbound} />
      {transfer === null ? null : (
        <p className={classes.summary} data-testid="summary">
          {transfer.summary === '' ? 'It gave no summary.' : transfer.summary}
        </p>
      )}
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

function Caller({ inbound: { contact, fromShown } }: { inbound: InboundRing }) {
  // A person of the team who tries an AI agent has a name instead of a number.
  const named = contact === null && /\p{L}/u.test(fromShown)
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
        {named ? 'from the browser' : <span className="tl-number">{fromShown}</span>}
      </div>
      {contact === null || contact.lastNote === '' ? null : (
        <p className="tl-small tl-muted">Last note: {contact.lastNote}</p>
      )}
    </div>
  )
}
