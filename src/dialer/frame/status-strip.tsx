/**
 * The strip under the top bar. It is always there, so that nothing below it moves. It shows the most serious problem in words,
 * with the action that helps. Mute has a colour of its own, because people forget that they are muted.
 */
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useDesk, usePhone, useSnapshot } from '../desk/hooks.ts'
import { SecondsLeft } from '../look/elapsed.tsx'
import { faultWords } from '../phone/faults.ts'
import classes from './status-strip.module.css'

export function StatusStrip() {
  const desk = useDesk()
  const phone = usePhone()
  const { link, view, clockOffsetMs } = useSnapshot()
  const { phase } = phone

  if (link.name !== 'open') {
    return (
      <Strip tone="problem" action={{ words: 'Try now', run: () => desk.retryLink() }}>
        No connection to the server. Your call goes on; buttons wait.
        {link.name === 'waiting' ? (
          <>
            {' Next try in '}
            <SecondsLeft untilMs={link.retryAtMs + clockOffsetMs} />.
          </>
        ) : null}
      </Strip>
    )
  }
  if (phase.name === 'elsewhere') {
    return (
      <Strip tone="info" action={{ words: 'Use it here', run: () => desk.phone.takeOver() }}>
        {phase.where === 'tab' ? 'The phone is in another tab.' : 'The phone is in another browser.'}
      </Strip>
    )
  }
  if (phase.name === 'blocked' || phase.name === 'offline') {
    const words = faultWords(phase.fault)
    const action = phase.name === 'blocked' ? { words: 'Try again', run: () => desk.phone.start() } : undefined
    return (
      <Strip tone="problem" action={action}>
        <strong>{words.title}.</strong> {words.fix}
      </Strip>
    )
  }
  if (phase.name === 'off') {
    return (
      <Strip tone="info" action={{ words: 'Start the phone', run: () => desk.phone.start() }}>
        The phone is off: you can talk to the AI, but not call people.
      </Strip>
    )
  }
  if (phone.muted) {
    return (
      <Strip tone="muted" action={{ words: 'Unmute', run: () => desk.phone.setMuted(false) }}>
        <strong>You are muted.</strong> {phone.speakingWhileMuted ? 'You are speaking, and nobody hears you.' : null}
      </Strip>
    )
  }
  if (view?.line.state === 'away' && view.line.graceUntilMs !== null) {
    return (
      <Strip tone="problem">
        Your line is coming back. The person on the line is kept for <SecondsLeft untilMs={view.line.graceUntilMs} />.
      </Strip>
    )
  }
  return <Strip tone="calm">{calmWords(phone.line)}</Strip>
}

function calmWords(line: string): string {
  if (line === 'open') return 'Line open. Press ? for the keys.'
  return line === 'reconnecting' ? 'The sound is reconnecting …' : 'Your line is opening …'
}

interface StripProps {
  tone: 'calm' | 'info' | 'problem' | 'muted'
  action?: { words: string; run(): void }
  children: ReactNode
}

function Strip({ tone, action, children }: StripProps) {
  return (
    <div className={classes.strip} data-tone={tone} role={tone === 'problem' ? 'alert' : 'status'}>
      <span className={classes.words}>{children}</span>
      {action === undefined ? null : (
        <Button variant="default" size="compact-sm" className={classes.action} onClick={action.run}>
          {action.words}
        </Button>
      )}
    </div>
  )
}
