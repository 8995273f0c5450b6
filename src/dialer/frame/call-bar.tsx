/** The bar of the call on other pages: name, duration, and the buttons for mute, hold and hang-up with their keys. */
import { Link, useLocation } from '@tanstack/react-router'
import { useView } from '../desk/hooks.ts'
import { Elapsed } from '../look/elapsed.tsx'
import { PersonName } from '../look/person-name.tsx'
import { HangUpButton, HoldButton, MuteButton } from '../session/call-controls.tsx'
import classes from './call-bar.module.css'

/** Pages that show the whole call themselves. */
const CALL_PAGES = new Set(['/', '/dial', '/campaign'])

export function CallBar() {
  const { conversation } = useView()
  const { pathname } = useLocation()
  if (conversation === null || CALL_PAGES.has(pathname)) return null
  return (
    <section className={classes.bar} aria-label="Call">
      <strong>
        <PersonName name={conversation.contact.name} />
      </strong>
      <Elapsed sinceMs={conversation.sinceMs} />
      <Link to="/">To the call</Link>
      <div className={classes.buttons}>
        <MuteButton />
        <HoldButton />
        <HangUpButton />
      </div>
    </section>
  )
}
