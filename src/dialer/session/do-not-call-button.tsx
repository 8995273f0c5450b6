/** One press for a person who asks not to be called again: in the conversation, and after it. Only a supervisor takes it back. */
import { Link } from '@tanstack/react-router'
import { useAct, useDesk, useServerNow, useView, useWhyNot } from '../desk/hooks.ts'
import { useKey } from '../keys/use-keys.ts'
import { ActionButton } from '../look/action-button.tsx'
import { isolated } from '../look/name-text.ts'
import { PersonName } from '../look/person-name.tsx'
import classes from './do-not-call-button.module.css'

/** After this time the last call is looked up in the log. */
const SHOWN_MS = 15 * 60_000
const LOOK_MS = 15_000

export function DoNotCallButton() {
  const { conversation, lastTalk } = useView()
  const { store } = useDesk()
  const act = useAct()
  const whyNot = useWhyNot()
  const talk = conversation ?? lastTalk
  const callId = talk?.callId
  const why = whyNot('call.do-not-call', callId)
  const ask = () => {
    if (talk === null || callId === undefined || why !== null) return false
    void act({ type: 'call.do-not-call', callId }).then(answer => {
      if (answer.ok) store.notify('info', `${talk.contact.numberShown} is on the do-not-call list.`)
    })
    return true
  }
  useKey('do-not-call', ask)
  // After the call somebody else may be on the screen, so the button says whom it is about.
  const about = conversation === null && talk !== null ? `: ${isolated(talk.contact.name)}` : ''
  const listed = talk?.doNotCall === true
  return (
    <ActionButton why={why} onClick={ask} hint="Shift+D" variant="default" size="md" fullWidth pressed={listed}>
      {`${listed ? 'On the do-not-call list' : 'Do not call again'}${about}`}
    </ActionButton>
  )
}

/** The conversation that ended last, where no call panels show it. */
export function LastTalkPanel() {
  const { lastTalk } = useView()
  const nowMs = useServerNow(LOOK_MS)
  if (lastTalk === null || nowMs - lastTalk.endedMs > SHOWN_MS) return null
  const { callId, contact } = lastTalk
  return (
    <section className={`tl-panel ${classes.last}`} aria-label="Last call">
      <p className={classes.who}>
        <span className="tl-muted">Last call: </span>
        <Link to="/calls/$callId" params={{ callId }}>
          <PersonName name={contact.name} />
        </Link>
        {contact.name === contact.numberShown ? null : <span className="tl-number"> {contact.numberShown}</span>}
      </p>
      <div className={classes.button}>
        <DoNotCallButton />
      </div>
    </section>
  )
}
