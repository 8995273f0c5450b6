/** One key saves an outcome for the oldest call without one. */
import { useAct, useView, useWhyNot } from '../desk/hooks.ts'
import { digitOf } from '../keys/registry.ts'
import { useKey } from '../keys/use-keys.ts'
import { ActionButton } from '../look/action-button.tsx'
import { PersonName } from '../look/person-name.tsx'
import { flushOpenDraft, forgetNote } from './kept-notes.ts'
import classes from './outcome-panel.module.css'

export function OutcomePanel() {
  const view = useView()
  const act = useAct()
  const whyNot = useWhyNot()
  const owed = view.pendingOutcomes[0]
  const why = whyNot('outcome.saved', owed?.callId)

  const save = (outcomeId: string) => {
    if (owed === undefined || why !== null) return false
    const { callId } = owed
    void flushOpenDraft()
      .then(() => act({ type: 'outcome.saved', callId, outcomeId }))
      .then(answer => answer.ok && forgetNote(callId))
    return true
  }
  useKey('digit', event => {
    const chosen = view.outcomes.find(({ key }) => String(key) === digitOf(event))
    return chosen === undefined ? false : save(chosen.outcomeId)
  })

  if (view.outcomes.length === 0) return null
  return (
    <section className="tl-panel" aria-label="Outcome">
      <h2>
        {owed === undefined ? (
          'Outcome'
        ) : (
          <>
            Outcome for <PersonName name={owed.contact.name} />
          </>
        )}
      </h2>
      <div className={classes.list}>
        {view.outcomes.map(({ key, outcomeId, label }) => (
          <ActionButton
            key={outcomeId}
            why={why}
            onClick={() => save(outcomeId)}
            variant="default"
            classNames={{ root: classes.outcome, inner: classes.inner, label: classes.label }}
            hint={String(key)}
          >
            {label}
          </ActionButton>
        ))}
      </div>
    </section>
  )
}
