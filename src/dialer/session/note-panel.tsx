/** Notes of the call on the line or of the call that waits for its outcome. N goes in, Esc goes out. */
import { Textarea } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useDesk } from '../desk/hooks.ts'
import { NOTE_CHARS_MAX } from '../desk/limits.ts'
import { useKey } from '../keys/use-keys.ts'
import { keepNote, keptNote, setOpenDraft } from './kept-notes.ts'
import { NoteDraft, type NoteState } from './note-draft.ts'

const WORDS: Record<NoteState, string> = {
  empty: 'Saved as you type',
  typing: 'Typing …',
  saving: 'Saving …',
  saved: 'Saved',
  'not-saved': 'Not saved yet: kept in this browser, trying again',
}

interface NotePanelProps {
  callId: string | null
  /** the note at the desk; undefined: unknown */
  savedNote: string | undefined
}

/** Makes one draft per call, with its state for the words under the field. */
function useNoteDraft(callId: string | null, savedNote: string | undefined) {
  const desk = useDesk()
  const [draft, setDraft] = useState<NoteDraft | null>(null)
  const [text, setText] = useState('')
  const [state, setState] = useState<NoteState>('empty')

  // The desk's text is used only when the call is opened, so `savedNote` is no dependency.
  useEffect(() => {
    if (callId === null) return
    const made = new NoteDraft(
      {
        save: async value => {
          // Not `act`, because a refusal would raise a notice for each key; the words under the field report it.
          const answer = await desk.saveNote(callId, value)
          return answer.ok
        },
        keep: value => keepNote(callId, value),
        onState: setState,
        setTimer: (run, ms) => window.setTimeout(run, ms),
        clearTimer: timer => window.clearTimeout(timer),
      },
      keptNote(callId),
      savedNote ?? null,
    )
    setDraft(made)
    setText(made.text)
    setState(made.state === 'typing' ? 'saved' : made.state)
    setOpenDraft(made)
    return () => {
      setOpenDraft(null)
      made.close()
    }
  }, [callId, desk])
  return { draft, text, setText, state }
}

/** Needs the call id as React key, because another call has another draft. */
export function NotePanel({ callId, savedNote }: NotePanelProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  const { draft, text, setText, state } = useNoteDraft(callId, savedNote)

  useKey('notes', () => {
    if (callId === null) return false
    field.current?.focus()
    return true
  })

  return (
    <section className="tl-panel" aria-label="Notes">
      <Textarea
        ref={field}
        label="Notes"
        description={callId === null ? 'Notes open when somebody is on the line.' : WORDS[state]}
        inputWrapperOrder={['label', 'input', 'description']}
        rows={3}
        disabled={callId === null}
        maxLength={NOTE_CHARS_MAX}
        value={text}
        onChange={event => {
          setText(event.currentTarget.value)
          draft?.typed(event.currentTarget.value)
        }}
        onBlur={() => void draft?.flush()}
        onKeyDown={event => {
          if (event.key !== 'Escape') return
          // An Escape that leaves the field must not count as the first of "Esc Esc".
          event.nativeEvent.stopImmediatePropagation()
          event.stopPropagation()
          event.currentTarget.blur()
        }}
      />
    </section>
  )
}
