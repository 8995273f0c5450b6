/** The actions on the call on the line. Each has its key, and gives the reason when it is not possible. */
import { lazy, Suspense, useState } from 'react'
import { useAct, useDesk, usePhone, useView, useWhyNot } from '../desk/hooks.ts'
import { useKey } from '../keys/use-keys.ts'
import { ActionButton } from '../look/action-button.tsx'
import classes from './call-controls.module.css'
import { DoNotCallButton } from './do-not-call-button.tsx'
import { Keypad } from './keypad.tsx'
import { LevelMeter } from './level-meter.tsx'
import { RecordingPause } from './recording-pause.tsx'

// Loaded with the first hand-over, because the first download is paid by everybody.
const TransferPanel = lazy(async () => ({ default: (await import('./transfer-panel.tsx')).TransferPanel }))
const TransferState = lazy(async () => ({ default: (await import('./transfer-panel.tsx')).TransferState }))

export function CallControls() {
  const { conversation } = useView()
  const [open, setOpen] = useState<'keypad' | 'transfer' | null>(null)
  const whyNot = useWhyNot()
  const whyKeypad = whyNot('keypad')
  const toggleKeypad = () => {
    if (whyKeypad !== null) return false
    setOpen(now => (now === 'keypad' ? null : 'keypad'))
    return true
  }
  useKey('keypad', toggleKeypad)
  const whyTransfer = whyNot('call.transfer', conversation?.callId)
  const toggleTransfer = () => {
    if (whyTransfer !== null) return false
    setOpen(now => (now === 'transfer' ? null : 'transfer'))
    return true
  }
  useKey('transfer', toggleTransfer)
  const keypadOpen = open === 'keypad' && conversation !== null
  const transferOpen = open === 'transfer' && conversation !== null && conversation.transfer === undefined
  return (
    <div className="tl-stack">
      <fieldset className={`${classes.plain} ${classes.grid}`} aria-label="Call controls">
        <MuteButton />
        <HoldButton />
        <ActionButton why={whyKeypad} onClick={toggleKeypad} hint="K" variant="default" size="md" pressed={keypadOpen}>
          Keypad
        </ActionButton>
        <ActionButton
          why={whyTransfer}
          onClick={toggleTransfer}
          hint="T"
          variant="default"
          size="md"
          pressed={transferOpen}
        >
          Hand over
        </ActionButton>
        <HangUpButton />
      </fieldset>
      <Suspense fallback={null}>
        {conversation?.transfer || conversation?.stayed ? <TransferState /> : null}
        {transferOpen ? <TransferPanel onDone={() => setOpen(null)} /> : null}
      </Suspense>
      {conversation === null ? null : <RecordingPause key={conversation.callId} callId={conversation.callId} />}
      <DoNotCallButton />
      {conversation === null ? null : <LevelMeter />}
      {keypadOpen ? <Keypad /> : null}
    </div>
  )
}

export function MuteButton() {
  const desk = useDesk()
  const { muted } = usePhone()
  const whyNot = useWhyNot()
  const why = whyNot('mute.changed')
  const toggle = () => {
    // The microphone can always be muted, also without a connection to the server.
    if (why !== null && why !== 'No connection to the server') return false
    desk.phone.setMuted(!muted)
    return true
  }
  useKey('mute', toggle)
  return (
    <ActionButton
      why={why === 'No connection to the server' ? null : why}
      onClick={toggle}
      hint="M"
      variant={muted ? 'filled' : 'default'}
      color={muted ? 'danger' : undefined}
      size="md"
      pressed={muted}
    >
      {muted ? 'Unmute' : 'Mute'}
    </ActionButton>
  )
}

export function HoldButton() {
  const { conversation } = useView()
  const act = useAct()
  const whyNot = useWhyNot()
  const held = conversation?.held === true
  const callId = conversation?.callId
  const action = held ? 'call.unhold' : 'call.hold'
  const why = whyNot(action, callId)
  const toggle = () => {
    if (callId === undefined || why !== null) return false
    void act({ type: action, callId })
    return true
  }
  useKey('hold', toggle)
  return (
    <ActionButton why={why} onClick={toggle} hint="H" variant={held ? 'filled' : 'default'} size="md" pressed={held}>
      {held ? 'Take off hold' : 'Hold'}
    </ActionButton>
  )
}

export function HangUpButton() {
  const { conversation } = useView()
  const act = useAct()
  const whyNot = useWhyNot()
  const callId = conversation?.callId
  const why = whyNot('call.hang-up', callId)
  const hangUp = () => {
    if (callId === undefined || why !== null) return false
    void act({ type: 'call.hang-up', callId })
    return true
  }
  useKey('hang-up', hangUp)
  return (
    <ActionButton why={why} onClick={hangUp} hint="X" color="danger" size="md">
      Hang up
    </ActionButton>
  )
}
