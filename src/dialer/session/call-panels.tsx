/** Three panels in fixed places: the person and the controls, the script, notes and outcome. */
import { lazy, Suspense } from 'react'
import { mergeValues } from '../../core/campaign/script.ts'
import type { DeskView, LaneContact } from '../../wire/desk.ts'
import { useView } from '../desk/hooks.ts'
import { ordinal } from '../desk/time.ts'
import { LocalTime } from '../look/elapsed.tsx'
import { PersonName } from '../look/person-name.tsx'
import { CallControls } from './call-controls.tsx'
import classes from './call-panels.module.css'
import { NotePanel } from './note-panel.tsx'
import { OutcomePanel } from './outcome-panel.tsx'
import { fillScript } from './script.ts'
import { ScriptBlocks } from './script-blocks.tsx'

/** Only a call by hand can lead into a conference of ours. */
const OwnConference = lazy(() => import('../pages/conferences/own-conference.tsx'))

export function CallPanels() {
  const { conversation } = useView()
  return (
    <div className="tl-stack">
      <Panels />
      {conversation?.kind === 'single' ? (
        <Suspense fallback={null}>
          <OwnConference callId={conversation.callId} />
        </Suspense>
      ) : null}
    </div>
  )
}

function Panels() {
  const view = useView()
  const owed = view.pendingOutcomes[0]
  const contact = view.conversation?.contact ?? owed?.contact ?? null
  const callId = view.conversation?.callId ?? owed?.callId ?? null
  return (
    <div className={classes.panels}>
      <section className="tl-panel tl-stack" aria-label="Contact">
        {contact === null ? <Nobody /> : <ContactCard contact={contact} />}
        <CallControls />
      </section>
      <section className="tl-panel tl-stack" aria-label="Script">
        <h2>Script</h2>
        {view.scriptBlocks !== undefined && contact !== null ? (
          <ScriptBlocks
            key={callId ?? 'none'}
            blocks={view.scriptBlocks}
            values={mergeValues(contact, view.agent.name, view.session?.name ?? '')}
          />
        ) : (
          <p className={classes.script}>
            {view.script === '' ? withoutScript(view) : fillScript(view.script, contact, view.agent.name)}
          </p>
        )}
      </section>
      <div className="tl-stack">
        <NotePanel key={callId ?? 'none'} callId={callId} savedNote={view.conversation?.note ?? owed?.note} />
        <OutcomePanel />
      </div>
    </div>
  )
}

function withoutScript({ scriptBlocks }: DeskView): string {
  return scriptBlocks === undefined ? 'There is no script for this call.' : 'The script begins when somebody is here.'
}

function Nobody() {
  return (
    <div className={classes.contact}>
      <h2>Nobody on the line</h2>
      <p className="tl-muted">The person who answers first appears here.</p>
    </div>
  )
}

function ContactCard({ contact }: { contact: LaneContact }) {
  return (
    <div className={classes.contact}>
      <h2 className={classes.name}>
        <PersonName name={contact.name} />
      </h2>
      <p>{contact.company}</p>
      <p className={`${classes.number} tl-number`}>{contact.numberShown}</p>
      <p className="tl-muted">
        {ordinal(contact.attempt)} try{contact.timeZone === null ? '' : ' · '}
        <LocalTime timeZone={contact.timeZone} />
      </p>
      {contact.lastNote === '' ? null : (
        <p>
          <span className="tl-muted">Last note:</span> {contact.lastNote}
        </p>
      )}
    </div>
  )
}
