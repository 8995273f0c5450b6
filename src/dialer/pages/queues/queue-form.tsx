/** Settings and agents of a queue. Each error of the API stands at its field. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { MemberRow } from '../../../wire/api.ts'
import type { Queue } from '../../../wire/queue.ts'
import { ApiProblem } from '../../api.ts'
import { ActionButton } from '../../look/action-button.tsx'
import type { FieldError } from '../ai/agent-draft.ts'
import classes from '../ai/agent-form.module.css'
import { Choice, FieldsContext, Text, Tick } from '../ai/form-fields.tsx'
import { NotSaved } from '../ai/not-saved.tsx'
import { MemberFields } from './member-fields.tsx'
import { createQueue, saveQueue } from './queue-api.ts'
import { bodyOf, draftOf, NEW_QUEUE, type QueueDraft, ROUTING_WORDS } from './queue-draft.ts'

interface QueueFormProps {
  /** null: a new one */
  queue: Queue | null
  people: readonly MemberRow[]
  readOnly: boolean
  onSaved(queue: Queue): void
}

export function QueueForm({ queue, people, readOnly, onSaved }: QueueFormProps) {
  const queries = useQueryClient()
  // The page asks for live figures again and again; what somebody is writing stays.
  const [draft, setDraft] = useState(() => (queue === null ? NEW_QUEUE : draftOf(queue)))
  const [dirty, setDirty] = useState(queue === null)
  const [errors, setErrors] = useState<readonly FieldError[]>([])
  const saving = useMutation({
    mutationFn: () => {
      const { body, errors: unsendable } = bodyOf(draft)
      if (unsendable.length > 0) throw new ApiProblem(400, 'Some fields are not as they must be.', unsendable)
      return queue === null ? createQueue(body) : saveQueue(queue.id, body)
    },
    onSuccess: async saved => {
      setErrors([])
      setDirty(false)
      setDraft(draftOf(saved))
      onSaved(saved)
      await queries.invalidateQueries({ queryKey: ['queues'] })
    },
    onError: error => setErrors(error instanceof ApiProblem ? error.fields : []),
  })
  const change = (next: Partial<QueueDraft>) => {
    setDraft({ ...draft, ...next })
    setDirty(true)
  }
  const why = saving.isPending ? 'Saving' : dirty ? null : 'Nothing has changed'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (why === null) saving.mutate()
  }
  const parts = { draft, change }
  return (
    <FieldsContext value={{ errors, readOnly }}>
      <form onSubmit={submit} className="tl-stack" aria-label="Queue" noValidate>
        {readOnly ? (
          <p className="tl-panel" role="note">
            You can watch this queue. A supervisor edits it.
          </p>
        ) : null}
        <WhatItIs {...parts} />
        <MemberFields members={draft.members} people={people} onChange={members => change({ members })} />
        <Times {...parts} />
        <WhatIsHeard {...parts} />
        {saving.isError ? <NotSaved problem={saving.error.message} errors={errors} /> : null}
        {readOnly ? null : (
          <div className={classes.saveBar}>
            <ActionButton why={why} onClick={() => saving.mutate()}>
              {queue === null ? 'Create the queue' : 'Save'}
            </ActionButton>
            <span className="tl-small" role="status">
              {queue === null ? 'Not created yet.' : dirty ? 'There are changes that are not saved.' : 'Saved.'}
            </span>
          </div>
        )}
      </form>
    </FieldsContext>
  )
}

interface PartProps {
  draft: QueueDraft
  change(next: Partial<QueueDraft>): void
}

function WhatItIs({ draft, change }: PartProps) {
  return (
    <section className="tl-panel tl-stack" aria-labelledby="what-title">
      <h2 id="what-title">What it is</h2>
      <div className={classes.grid}>
        <Text
          path="name"
          label="Name"
          required
          maxLength={120}
          value={draft.name}
          onChange={name => change({ name })}
        />
        <Text
          path="detail"
          label="What it is for"
          maxLength={500}
          value={draft.detail}
          onChange={detail => change({ detail })}
        />
        <Choice
          path="routing_method"
          label="Who gets the next call"
          value={draft.routingMethod}
          choices={ROUTING_WORDS}
          onChange={routingMethod => change({ routingMethod })}
        />
        <Text
          path="skills"
          label="Skills that a call needs"
          description="separated by commas"
          value={draft.skills}
          onChange={skills => change({ skills })}
        />
        <Text
          path="capacity"
          label="Most callers at once"
          inputMode="decimal"
          value={draft.capacity}
          onChange={capacity => change({ capacity })}
        />
      </div>
    </section>
  )
}

function Times({ draft, change }: PartProps) {
  const time = (path: string, label: string, field: NumberField, description?: string) => (
    <Text
      path={path}
      label={label}
      description={description}
      inputMode="decimal"
      value={draft[field]}
      onChange={value => change({ [field]: value })}
    />
  )
  return (
    <section className="tl-panel tl-stack" aria-labelledby="times-title">
      <h2 id="times-title">Times</h2>
      <div className={classes.grid}>
        {time('offer_timeout', 'Rings at an agent, seconds', 'offerSeconds')}
        {time('wrap_up', 'Pause after a call, seconds', 'wrapUpSeconds')}
        {time('wait_timeout', 'Longest wait, minutes', 'waitMinutes', '0: as long as the call')}
        {time('service_target', 'Answered in time within, seconds', 'targetSeconds')}
        {time('short_abandon', 'Not counted if gone within, seconds', 'shortSeconds')}
      </div>
      <Tick
        label="An agent who lets a call ring out is paused"
        description="Otherwise the next caller rings at an empty chair."
        checked={draft.pauseUnanswered}
        onChange={pauseUnanswered => change({ pauseUnanswered })}
      />
    </section>
  )
}
type NumberField = 'offerSeconds' | 'wrapUpSeconds' | 'waitMinutes' | 'targetSeconds' | 'shortSeconds'

function WhatIsHeard({ draft, change }: PartProps) {
  return (
    <section className="tl-panel tl-stack" aria-labelledby="heard-title">
      <h2 id="heard-title">What is heard while waiting</h2>
      <div className={classes.grid}>
        <Text
          path="announce_every"
          label="Says the place again after, seconds"
          description="0: it is said once"
          inputMode="decimal"
          value={draft.announceSeconds}
          onChange={announceSeconds => change({ announceSeconds })}
        />
        <Text
          path="language"
          label="Language"
          description="as en-US"
          value={draft.language}
          onChange={language => change({ language })}
        />
      </div>
      <Text
        path="music_urls"
        label="Music"
        description="One address in a line. Empty: our own."
        rows={2}
        mono
        value={draft.musicUrls}
        onChange={musicUrls => change({ musicUrls })}
      />
    </section>
  )
}
