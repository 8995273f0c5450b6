/** The keypad, which sends tones into the live call. While it is open, digit keys are tones and not outcomes. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useDesk } from '../desk/hooks.ts'
import { digitOf } from '../keys/registry.ts'
import { useKey } from '../keys/use-keys.ts'
import classes from './call-controls.module.css'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
const SENT_SHOWN = 24

export function Keypad() {
  const desk = useDesk()
  const [sent, setSent] = useState('')
  const press = (digit: string) => {
    if (!desk.phone.sendDigits(digit)) return
    setSent(was => (was + digit).slice(-SENT_SHOWN))
  }
  useKey('digit', event => {
    const digit = digitOf(event)
    if (digit === null) return false
    press(digit)
    return true
  })
  useKey('keypad-extra', event => {
    press(event.key)
    return true
  })
  return (
    <fieldset className={classes.plain} aria-label="Keypad">
      <output className={`${classes.sent} tl-number`} aria-label="Digits sent">
        {sent}
      </output>
      <div className={classes.keys}>
        {KEYS.map(key => (
          <Button key={key} variant="default" onClick={() => press(key)} className="tl-number">
            {key}
          </Button>
        ))}
      </div>
    </fieldset>
  )
}
