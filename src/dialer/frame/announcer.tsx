/** The polite live region, which announces each change once: winner, inbound call, hold, mute. */
import { useEffect, useRef, useState } from 'react'
import type { DeskView } from '../../wire/desk.ts'
import { announcementFor } from '../desk/cues.ts'
import { useView } from '../desk/hooks.ts'

export function Announcer() {
  const view = useView()
  const before = useRef<DeskView | null>(null)
  const [words, setWords] = useState('')
  useEffect(() => {
    const said = announcementFor(before.current, view)
    before.current = view
    if (said !== null) setWords(said)
  }, [view])
  return (
    <div className="tl-hidden" aria-live="assertive" data-testid="announcer">
      {words}
    </div>
  )
}
