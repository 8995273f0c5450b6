/** One key gives the outcome: for the person on the line, and then it is saved when the call ends; else for the oldest call without one. */
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

interface Asked {
  callId: string
  contact: LaneContact
  chosen?: { outcomeId: string } | undefined
  isOver: boolean
}

/**
 * The calls that an outcome may be for. A key is for the person on the line, because that is whom the agent has in mind; a call before that one
 * has buttons of its own then.
 */
function callsOf({ pendingOutcomes: [owed], conversation }: DeskView): Asked[] {
  const live = conversation?.kind === 'campaign' && !conversation.provisional
  return [
    ...(live ? [{ ...conversation, isOver: false }] : []),
    ...(owed === undefined ? [] : [{ ...owed, isOver: true }]),
  ]
}

export function OutcomePanel() {
  const view = useView()
  const [call = null, before] = callsOf(view)
  const give = useOutcome(call)
  useKey('digit', event => give.choose(view.outcomes.find(({ key }) => String(key) === digitOf(event))))
  useKey('outcome-letter', event => give.choose(view.outcomes.find(({ key }) => key === event.key.toLowerCase())))

  if (view.outcomes.length === 0) return null
  return (
    <>
      <OutcomeOf call={call} give={give} keys />
      {before === undefined ? null : <OutcomeBefore call={before} />}
    </>
  )
}

/** Of a call that is over while somebody else is on the line. */
function OutcomeBefore({ call }: { call: Asked }) {
  return <OutcomeOf call={call} give={useOutcome(call)} />
}

/** What may be given for a call, and the outcome that asks for something first. */
function useOutcome(call: Asked | null) {
  const act = useAct()
  const whyNot = useWhyNot()
  const [asking, setAsking] = useState<{ callId: string; choice: OutcomeChoice } | null>(null)
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
  return { why, choose, give, asking: asking?.callId === call?.callId ? asking : null, leave: () => setAsking(null) }
}

interface OutcomeOfProps {
  call: Asked | null
  give: ReturnType<typeof useOutcome>
  /** the keys are for this call */
  keys?: true
}

function OutcomeOf({ call, give, keys }: OutcomeOfProps) {
  const view = useView()
  const { asking, why } = give
  return (
    <section className="tl-panel" aria-label={keys ? 'Outcome' : 'Outcome of the call before'}>
      <h2>
        {call?.isOver ? (
          <>
            Outcome for <PersonName name={call.contact.name} />
          </>
        ) : (
          'Outcome'
        )}
      </h2>
      {call === null || asking === null ? null : (
        <OutcomeForm
          key={`${asking.callId} ${asking.choice.outcomeId}`}
          choice={asking.choice}
          contact={call.contact}
          onGive={more => give.give(asking.choice.outcomeId, more)}
          onLeave={give.leave}
        />
      )}
      <Choices view={view} chosen={call?.chosen?.outcomeId ?? null} why={why} keys={keys} onChoose={give.choose} />
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
  keys: true | undefined
  onChoose(choice: OutcomeChoice): void
}

function Choices({ view, chosen, why, keys, onChoose }: ChoicesProps) {
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
          {...(keys ? { hint: String(choice.key).toUpperCase() } : {})}
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
