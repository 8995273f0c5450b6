/**
 * An inbound ring beside whatever goes on: a dialog that takes neither focus nor lanes. With somebody on the line the
 * button says what really happens: that person is put on hold.
 */
import { IconPhoneIncoming } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useDesk, useView, useWhyNot } from '../desk/hooks.ts'
import { useKey } from '../keys/use-keys.ts'
import { ActionButton } from '../look/action-button.tsx'
import { Elapsed } from '../look/elapsed.tsx'
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
  useEffect(() => {
    document.title = caller === null ? TITLE : `☎ ${caller} is calling`
  }, [caller])

  if (inbound === null || view.conversation?.callId === inbound.callId) return null
  const held = view.conversation !== null
  return (
    <section role="dialog" aria-label="Inbound call" className={classes.card} data-call-id={inbound.callId}>
      <div className={classes.head}>
        <IconPhoneIncoming size={20} aria-hidden className={classes.icon} />
        <strong>{inbound.accepted ? 'Connecting …' : 'Inbound call'}</strong>
        <Elapsed sinceMs={inbound.sinceMs} />
      </div>
      <div>
        <div className={classes.name}>{inbound.contact?.name ?? 'Unknown caller'}</div>
        <div className="tl-muted">
          {inbound.contact === null || inbound.contact.company === '' ? null : `${inbound.contact.company} · `}
          <span className="tl-number">{inbound.fromShown}</span>
        </div>
        {inbound.contact === null || inbound.contact.lastNote === '' ? null : (
          <p className="tl-small tl-muted">Last note: {inbound.contact.lastNote}</p>
        )}
      </div>
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
