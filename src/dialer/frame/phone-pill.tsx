/** Phone and line in one pill: state, quality with its cause, and the device picker behind it. */
import { Button, NativeSelect, Popover } from '@mantine/core'
import { IconHeadset, IconPhoneOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useDesk, usePhone } from '../desk/hooks.ts'
import { faultWords } from '../phone/faults.ts'
import type { LinePhase, PhoneSnapshot, QualityLevel } from '../phone/port.ts'
import classes from './top-bar.module.css'

const BARS: Record<QualityLevel, number> = { good: 4, fair: 3, poor: 2, bad: 1 }
const LINE_WORDS: Record<LinePhase, string> = {
  closed: 'Line closed',
  opening: 'Line opening',
  open: 'Line open',
  reconnecting: 'Line reconnecting',
  'needs-gesture': 'Line waits for you',
}

export function phoneWords(phone: PhoneSnapshot): string {
  switch (phone.phase.name) {
    case 'off':
      return 'Phone off'
    case 'elsewhere':
      return phone.phase.where === 'tab' ? 'Phone in another tab' : 'Phone in another browser'
    case 'starting':
      return 'Phone starting'
    case 'offline':
    case 'blocked':
      return faultWords(phone.phase.fault).title
    case 'registered':
      return `Phone ready · ${LINE_WORDS[phone.line]}`
  }
}

export function PhonePill() {
  const phone = usePhone()
  const [open, setOpen] = useState(false)
  const up = phone.phase.name === 'registered'
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={300} trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={classes.pill} onClick={() => setOpen(was => !was)} data-testid="phone-pill">
          {up ? <IconHeadset size={16} aria-hidden /> : <IconPhoneOff size={16} aria-hidden />}
          {phoneWords(phone)}
          {up && phone.line === 'open' ? <Bars level={phone.quality.level} /> : null}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Phone">
        <PhoneDetails phone={phone} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Bars({ level }: { level: QualityLevel }) {
  return (
    <span className={classes.bars} data-level={level}>
      {[1, 2, 3, 4].map(bar => (
        <i key={bar} data-on={bar <= BARS[level] || undefined} aria-hidden />
      ))}
      <span className="tl-hidden">quality {level}</span>
    </span>
  )
}

function PhoneDetails({ phone }: { phone: PhoneSnapshot }) {
  const desk = useDesk()
  const { phase } = phone
  return (
    <div className="tl-stack">
      {phase.name === 'registered' ? (
        <p>
          Sound is <strong>{phone.quality.level}</strong>
          {phone.quality.cause === null ? '.' : `: ${phone.quality.cause}.`}
        </p>
      ) : null}
      {phase.name === 'blocked' || phase.name === 'offline' ? <p>{faultWords(phase.fault).fix}</p> : null}
      {phase.name === 'blocked' || phase.name === 'off' ? (
        <Button onClick={() => desk.phone.start()}>Start the phone</Button>
      ) : null}
      {phase.name === 'elsewhere' ? <Button onClick={() => desk.phone.takeOver()}>Use it here</Button> : null}
      <DevicePicker phone={phone} />
    </div>
  )
}

/** Choice of microphone and speaker, also used on the voice page. */
export function DevicePicker({ phone }: { phone: PhoneSnapshot }) {
  const desk = useDesk()
  const { devices } = phone
  if (devices.inputs.length === 0) return <p className="tl-muted">Devices can be chosen when the phone is ready.</p>
  const options = (list: { id: string; label: string }[]) => list.map(({ id, label }) => ({ value: id, label }))
  return (
    <>
      <NativeSelect
        label="Microphone"
        data={options(devices.inputs)}
        value={devices.inputId}
        onChange={event => void desk.phone.setInput(event.currentTarget.value)}
      />
      <NativeSelect
        label="Speaker"
        description={devices.outputSelectable ? undefined : 'This browser always uses the system speaker.'}
        disabled={!devices.outputSelectable}
        data={options(devices.outputs)}
        value={devices.outputId}
        onChange={event => void desk.phone.setOutput(event.currentTarget.value)}
      />
    </>
  )
}
