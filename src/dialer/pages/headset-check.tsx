/**
 * Checks microphone, speaker and registration of the phone before the first call, which takes about three seconds. Its
 * button is also the click that browsers demand before a page may play sound.
 */
import { Button } from '@mantine/core'
import { IconCheck, IconClock, IconHeadset, IconMicrophone, IconPhone, IconX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useDesk, usePhone, useSnapshot } from '../desk/hooks.ts'
import { faultWords } from '../phone/faults.ts'
import { type MicrophoneLevel, openMicrophoneLevel } from '../phone/microphone-level.ts'
import type { PhoneSnapshot } from '../phone/port.ts'
import classes from './headset-check.module.css'

type StepState = 'waiting' | 'working' | 'done' | 'failed'

/** A speaking voice at a headset passes this; room noise does not. */
const HEARD_RMS = 0.015
const LEVEL_BARS = 12

export function HeadsetCheck({ onDone }: { onDone(withPhone: boolean): void }) {
  const desk = useDesk()
  const phone = usePhone()
  const [started, setStarted] = useState(false)
  const [heard, setHeard] = useState(false)
  const connected = phone.phase.name === 'registered'

  function begin() {
    desk.sounds.play('check')
    desk.phone.start()
    setStarted(true)
  }

  return (
    <main className={classes.page}>
      <section className={classes.card} aria-labelledby="check-title">
        <h1 id="check-title">
          <IconHeadset size={24} aria-hidden /> Headset check
        </h1>
        <p className="tl-muted">Put your headset on. The browser asks for your microphone; choose Allow.</p>
        <ol className={classes.steps}>
          <Step icon={<IconPhone size={20} aria-hidden />} state={phoneStep(phone, started)} title="Phone">
            {phoneWords(phone, started)}
          </Step>
          <Step
            icon={<IconMicrophone size={20} aria-hidden />}
            state={!connected ? 'waiting' : heard ? 'done' : 'working'}
            title="Microphone"
          >
            {connected ? (
              <LevelBar onHeard={() => setHeard(true)} heard={heard} />
            ) : (
              'Say something when the phone is ready.'
            )}
          </Step>
          <Step icon={<IconHeadset size={20} aria-hidden />} state={started ? 'done' : 'waiting'} title="Speaker">
            {started ? (
              <Button variant="default" size="compact-sm" onClick={() => desk.sounds.play('check')}>
                Play the sound again
              </Button>
            ) : (
              'You will hear three tones.'
            )}
          </Step>
        </ol>
        {phone.phase.name === 'blocked' ? (
          <p role="alert" className={classes.fix}>
            {faultWords(phone.phase.fault).fix}
          </p>
        ) : null}
        <Actions started={started} onBegin={begin} onDone={onDone} />
      </section>
    </main>
  )
}

interface ActionsProps {
  started: boolean
  onBegin(): void
  onDone(withPhone: boolean): void
}

function Actions({ started, onBegin, onDone }: ActionsProps) {
  const desk = useDesk()
  const phone = usePhone()
  const { link } = useSnapshot()
  return (
    <div className={classes.actions}>
      {!started || phone.phase.name === 'blocked' || phone.phase.name === 'off' ? (
        <Button size="md" onClick={onBegin} disabled={link.name !== 'open'}>
          {started ? 'Try again' : 'Check my headset'}
        </Button>
      ) : phone.phase.name === 'elsewhere' ? (
        <Button size="md" onClick={() => desk.phone.takeOver()}>
          Use it here
        </Button>
      ) : (
        <Button size="md" onClick={() => onDone(true)} disabled={phone.phase.name !== 'registered'}>
          Continue
        </Button>
      )}
      <Button variant="subtle" onClick={() => onDone(false)}>
        Continue without the phone
      </Button>
    </div>
  )
}

function phoneStep(phone: PhoneSnapshot, started: boolean): StepState {
  if (phone.phase.name === 'registered') return 'done'
  if (phone.phase.name === 'blocked' || phone.phase.name === 'elsewhere') return 'failed'
  return started ? 'working' : 'waiting'
}

function phoneWords(phone: PhoneSnapshot, started: boolean): string {
  switch (phone.phase.name) {
    case 'registered':
      return phone.line === 'open' ? 'Phone ready, line open.' : 'Phone ready.'
    case 'elsewhere':
      return phone.phase.where === 'tab' ? 'The phone is in another tab.' : 'The phone is in another browser.'
    case 'blocked':
    case 'offline':
      return `${faultWords(phone.phase.fault).title}.`
    case 'starting':
      return 'Connecting …'
    case 'off':
      return started ? 'Connecting …' : 'Not connected yet.'
  }
}

const STEP_ICON: Record<StepState, ReactNode> = {
  waiting: <IconClock size={18} aria-hidden />,
  working: <IconClock size={18} aria-hidden />,
  done: <IconCheck size={18} aria-hidden />,
  failed: <IconX size={18} aria-hidden />,
}
const STEP_WORD: Record<StepState, string> = { waiting: 'later', working: 'now', done: 'done', failed: 'failed' }

function Step({
  icon,
  state,
  title,
  children,
}: {
  icon: ReactNode
  state: StepState
  title: string
  children: ReactNode
}) {
  return (
    <li className={classes.step} data-state={state}>
      {icon}
      <div className={classes.words}>
        <h2>{title}</h2>
        <div>{children}</div>
      </div>
      <span className={classes.mark}>
        {STEP_ICON[state]} <span className="tl-small">{STEP_WORD[state]}</span>
      </span>
    </li>
  )
}

/** Draws the level without rendering React 60 times a second. */
function LevelBar({ onHeard, heard }: { onHeard(): void; heard: boolean }) {
  const bar = useRef<HTMLDivElement>(null)
  const report = useRef(onHeard)
  report.current = onHeard
  useEffect(() => {
    let level: MicrophoneLevel | null = null
    let left = false
    let frame = 0
    const draw = () => {
      const rms = level?.rms() ?? 0
      if (rms > HEARD_RMS) report.current()
      const on = Math.min(LEVEL_BARS, Math.round(Math.sqrt(rms * 4) * LEVEL_BARS))
      if (bar.current !== null) bar.current.dataset.level = String(on)
      for (const [index, cell] of [...(bar.current?.children ?? [])].entries())
        cell.toggleAttribute('data-on', index < on)
      frame = requestAnimationFrame(draw)
    }
    void openMicrophoneLevel().then(
      opened => {
        level = opened
        if (left) opened.close()
        else draw()
      },
      () => undefined,
    )
    return () => {
      left = true
      cancelAnimationFrame(frame)
      level?.close()
    }
  }, [])
  return (
    <>
      <div ref={bar} className={classes.level} aria-hidden>
        {Array.from({ length: LEVEL_BARS }, (_, index) => (
          <i key={index} />
        ))}
      </div>
      <span>{heard ? 'We hear you.' : 'Say something.'}</span>
    </>
  )
}
