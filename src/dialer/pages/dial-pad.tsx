/**
 * One number by hand. The number may come with the address (`/dial?phone=…`, or the seed's
 * `/campaign?phone=…&contactId=null&autoStart=false`), but the call starts only by the person's
 * own action (S3-55). While a call is live the keys are tones.
 */
import { Button, TextInput } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { callUnderWay } from '../desk/can.ts'
import { useAct, useView, useWhyNot } from '../desk/hooks.ts'
import { ActionButton } from '../look/action-button.tsx'
import { CallPanels } from '../session/call-panels.tsx'
import { LastTalkPanel } from '../session/do-not-call-button.tsx'
import { LaneStrip } from '../session/lane-strip.tsx'
import { NowBar } from '../session/now-bar.tsx'
import { Colleagues } from './colleagues.tsx'
import classes from './dial-pad.module.css'
import { Directory } from './directory.tsx'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
const PHONE_CHARS_MIN = 3
const PHONE_CHARS_MAX = 40

export function DialPad() {
  const view = useView()
  if (callUnderWay(view)) {
    return (
      <div className="tl-stack">
        <h1 className="tl-hidden">Dial pad</h1>
        <LaneStrip />
        <NowBar />
        <CallPanels />
      </div>
    )
  }
  return (
    <div className="tl-stack">
      <LastTalkPanel />
      <DialForm />
      <Colleagues />
      <Directory />
    </div>
  )
}

function DialForm() {
  const { phone: given } = useSearch({ strict: false })
  const act = useAct()
  const whyNot = useWhyNot()
  const [phone, setPhone] = useState(given ?? '')
  const short = phone.trim().length < PHONE_CHARS_MIN ? 'Type a number first' : null
  const why = whyNot('single.dial') ?? short

  function dial() {
    if (why === null) void act({ type: 'single.dial', phone: phone.trim() })
  }
  function submit(event: FormEvent) {
    event.preventDefault()
    dial()
  }
  return (
    <section className={`${classes.pad} tl-panel tl-stack`} aria-labelledby="dial-title">
      <h1 id="dial-title">Dial a number</h1>
      <form onSubmit={submit} className="tl-stack">
        <TextInput
          label="Phone number"
          description="With country code, like +1 415 555 0101"
          type="tel"
          inputMode="tel"
          autoComplete="off"
          maxLength={PHONE_CHARS_MAX}
          value={phone}
          onChange={event => setPhone(event.currentTarget.value)}
          classNames={{ input: classes.number }}
        />
        <DialKeys onChange={setPhone} />
        <ActionButton why={why} onClick={dial} size="md">
          Call
        </ActionButton>
      </form>
      <p className="tl-muted tl-small">
        A call by hand follows the same rules as a campaign: <Link to="/do-not-call">do-not-call list</Link>, calling
        hours, attempts and limits. <Link to="/calls">Call log</Link>
      </p>
    </section>
  )
}

function DialKeys({ onChange }: { onChange(change: (was: string) => string): void }) {
  return (
    <fieldset className={classes.keys} aria-label="Dial pad">
      {KEYS.map(key => (
        <Button
          key={key}
          type="button"
          variant="default"
          size="md"
          className="tl-number"
          onClick={() => onChange(was => (was + key).slice(0, PHONE_CHARS_MAX))}
        >
          {key}
        </Button>
      ))}
      <Button type="button" variant="default" onClick={() => onChange(was => `+${was.replace(/^\+/, '')}`)}>
        +
      </Button>
      <Button type="button" variant="default" onClick={() => onChange(was => was.slice(0, -1))}>
        Delete
      </Button>
      <Button type="button" variant="default" onClick={() => onChange(() => '')}>
        Clear
      </Button>
    </fieldset>
  )
}
