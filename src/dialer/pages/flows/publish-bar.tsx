/** Saves the draft, and lets calls have it: all of them, or a share. */
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Flow } from '../../../wire/flow.ts'
import { ActionButton } from '../../look/action-button.tsx'
import classes from '../ai/agent-form.module.css'

interface PublishBarProps {
  /** null: it was never saved */
  flow: Flow | null
  dirty: boolean
  busy: boolean
  /** of the check */
  errors: number
  canUndo: boolean
  onUndo(): void
  onSave(): void
  /** null: all calls */
  onPublish(percent: number | null): void
}

export function PublishBar({ flow, dirty, busy, errors, canUndo, onUndo, onSave, onPublish }: PublishBarProps) {
  const [share, setShare] = useState('')
  const percent = share.trim() === '' ? null : Number(share)
  const shareWrong = percent !== null && !(Number.isInteger(percent) && percent >= 1 && percent <= 99)
  const whySave = busy ? 'Saving' : dirty ? null : 'Nothing has changed'
  const whyPublish =
    flow === null || dirty ? 'Save the draft first' : busy ? 'Saving' : shareWrong ? 'A share is 1 to 99 %' : null
  return (
    <div className={classes.saveBar}>
      <ActionButton variant="default" why={canUndo ? null : 'There is nothing to undo'} onClick={onUndo}>
        Undo
      </ActionButton>
      <ActionButton variant="default" why={whySave} onClick={onSave}>
        Save the draft
      </ActionButton>
      <TextInput
        aria-label="Share of the calls, %"
        placeholder="100 %"
        inputMode="numeric"
        w={80}
        value={share}
        error={shareWrong}
        onChange={event => setShare(event.currentTarget.value)}
      />
      <ActionButton why={whyPublish} onClick={() => onPublish(percent)}>
        Publish
      </ActionButton>
      <span className="tl-small" role="status">
        {stateWords(flow, dirty)}
        {errors === 0 ? '' : ` ${errors} ${errors === 1 ? 'thing is' : 'things are'} wrong.`}
      </span>
    </div>
  )
}

function stateWords(flow: Flow | null, dirty: boolean): string {
  const saved = dirty ? 'There are changes that are not saved.' : 'The draft is saved.'
  if (flow === null) return 'Not saved yet.'
  if (flow.version === 0) return `${saved} Calls do not get it yet.`
  const canary = flow.canary === null ? '' : `, ${flow.canary.percent} % version ${flow.canary.version}`
  return `${saved} Calls get version ${flow.version}${canary}.`
}
