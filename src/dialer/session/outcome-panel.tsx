/** One key gives the outcome: for the oldest call without one, or for the person on the line; then it is saved when the call ends. */
import { useState } from 'react'
import { ASKED_FIELDS } from '../../core/campaign/dispositions.ts'
import type { DeskView, LaneContact, OutcomeChoice } from '../../wire/desk.ts'
import { useAct, useView, useWhyNot } from '../desk/hooks.ts'
import { digitOf } from '../keys/registry.ts'
import { useKey } from '../keys/use-keys.ts'
import { ActionButton } from '../look/action-button.tsx'
import { PersonName } from '../look/person-name.tsx'
import { flushOpenDraft, forgetNote } from './kept-notes.ts'
import { type GivenToo, OutcomeForm } from './outcome-form.tsx'
import classes from './outcome-panel.module.css'

/** The call that an outcome would be for. */
function callOf({ pendingOutcomes, conversation }: DeskView) {
  const [owed] = pendingOutcomes
  if (owed !== undefined) return { ...owed, isOver: true }
  return conversation?.kind === 'campaign' ? { ...conversation, isOver: false } : null
}

export function OutcomePanel() {
  const view = useView()
  const act = useAct()
  const whyNot = useWhyNot()
  const [asking, setAsking] = useState<{ callId: string; choice: OutcomeChoice } | null>(null)
  const call = callOf(view)
  const why = whyNot('outcome.saved', call?.callId)

  const give = (outcomeId: string, more: GivenToo = {}) => {
    if (call === null) return
    const { callId, isOver } = call
    void flushOpenDraft()
      .then(() => act({ type: 'outcome.saved', callId, outcomeId, ...more }))
      .then(answer => {
        if (!answer.ok) return
        setAsking(null)
        if (isOver) forgetNote(callId)
      })
  }
  const choose = (choice: OutcomeChoice | undefined) => {
    if (call === null || why !== null || choice === undefined) return false
    if (asksFor(choice, call.contact)) setAsking({ callId: call.callId, choice })
    else give(choice.outcomeId)
    return true
  }
  useKey('digit', event => choose(view.outcomes.find(({ key }) => String(key) === digitOf(event))))
  useKey('outcome-letter', event => choose(view.outcomes.find(({ key }) => key === event.key.toLowerCase())))

  if (view.outcomes.length === 0) return null
  return (
    <section className="tl-panel" aria-label="Outcome">
      <h2>
        {call?.isOver ? (
          <>
            Outcome for <PersonName name={call.contact.name} />
          </>
        ) : (
          'Outcome'
        )}
      </h2>
      {call === null || asking?.callId !== call.callId ? null : (
        <OutcomeForm
          key={`${asking.callId} ${asking.choice.outcomeId}`}
          choice={asking.choice}
          contact={call.contact}
          onGive={more => give(asking.choice.outcomeId, more)}
          onLeave={() => setAsking(null)}
        />
      )}
      <Choices view={view} chosen={call?.chosen?.outcomeId ?? null} why={why} onChoose={choose} />
      {call === null || call.isOver || call.chosen === undefined ? null : (
        <p className="tl-muted tl-small" role="status">
          It is saved when the call ends. Until then another one may be chosen.
        </p>
      )}
    </section>
  )
}

interface ChoicesProps {
  view: DeskView
  chosen: string | null
  why: string | null
  onChoose(choice: OutcomeChoice): void
}

function Choices({ view, chosen, why, onChoose }: ChoicesProps) {
  return (
    <div className={classes.list}>
      {view.outcomes.map(choice => (
        <ActionButton
          key={choice.outcomeId}
          why={why}
          onClick={() => onChoose(choice)}
          variant="default"
          pressed={chosen === choice.outcomeId}
          classNames={{
            root: `${classes.outcome} ${choice.tone ? classes[choice.tone] : ''}`,
            inner: classes.inner,
            label: classes.label,
          }}
          hint={String(choice.key).toUpperCase()}
        >
          {choice.label}
        </ActionButton>
      ))}
    </div>
  )
}

/** A note has its field already; whatever else is asked for and not known needs one. */
function asksFor({ requires = [] }: OutcomeChoice, contact: LaneContact): boolean {
  return requires.includes('time') || ASKED_FIELDS.some(field => requires.includes(field) && !contact[field])
}
