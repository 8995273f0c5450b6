/**
 * Asks before somebody leaves a page with unsaved changes: by a link, by the browser's back, or, in the browser's own words, by closing the
 * tab. A step that replaces the address is the page's own, as after saving, and is not asked about.
 */
import { Button } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import classes from './leave-question.module.css'

interface LeaveQuestionProps {
  unsaved: boolean
  /** what is lost, as `this flow` */
  what: string
}

export function LeaveQuestion({ unsaved, what }: LeaveQuestionProps) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ action }) => unsaved && action !== 'REPLACE',
    enableBeforeUnload: () => unsaved,
    withResolver: true,
  })
  return status === 'blocked' ? <Question what={what} onLeave={proceed} onStay={reset} /> : null
}

function Question({ what, onLeave, onStay }: { what: string; onLeave(): void; onStay(): void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className={classes.question} aria-labelledby="leave-title" onCancel={onStay}>
      <h2 id="leave-title">Leave without saving?</h2>
      <p>What you changed in {what} is lost then.</p>
      <div className={classes.buttons}>
        <Button autoFocus onClick={onStay}>
          Stay
        </Button>
        <Button color="danger" onClick={onLeave}>
          Leave without saving
        </Button>
      </div>
    </dialog>
  )
}
