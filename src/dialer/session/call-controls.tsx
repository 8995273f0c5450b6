/** The actions on the call on the line. Each has its key, and gives the reason when it is not possible. */
import { useState } from 'react'
import { useAct, useDesk, usePhone, useView, useWhyNot } from '../desk/hooks.ts'
import { useKey } from '../keys/use-keys.ts'
import { ActionButton } from '../look/action-button.tsx'
import classes from './call-controls.module.css'
import { Keypad } from './keypad.tsx'
import { LevelMeter } from './level-meter.tsx'

export function CallControls() {
  const { conversation } = useView()
  const [keypad, setKeypad] = useState(false)
  const whyNot = useWhyNot()
  const whyKeypad = whyNot('keypad')
  const toggleKeypad = () => {
    if (whyKeypad !== null) return false
    setKeypad(open => !open)
    return true
  }
  useKey('keypad', toggleKeypad)
  const keypadOpen = keypad && conversation !== null
  return (
    <div className="tl-stack">
      <fieldset className={`${classes.plain} ${classes.grid}`} aria-label="Call controls">
        <MuteButton />
        <HoldButton />
        <ActionButton why={whyKeypad} onClick={toggleKeypad} hint="K" variant="default" size="md" pressed={keypadOpen}>
          Keypad
        </ActionButton>
        <HangUpButton />
      </fieldset>
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
