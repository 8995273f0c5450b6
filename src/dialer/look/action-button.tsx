/**
 * A button for an action of the desk. It is never hidden. When the action is not possible, it stays in the tab order and gives
 * the reason on hover, on focus and to a screen reader.
 */
import { Button, type ButtonProps, Kbd, Tooltip } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { type Reason, WAITING } from '../desk/can.ts'
import classes from './action-button.module.css'

interface ActionButtonProps extends Omit<ButtonProps, 'onClick'> {
  /** null: possible now */
  why: Reason
  onClick(): void
  /** the key that does the same */
  hint?: string
  pressed?: boolean
  label?: string
  children: ReactNode
}

export function ActionButton({ why, onClick, hint, pressed, label, children, ...rest }: ActionButtonProps) {
  const id = useId()
  const waiting = why === WAITING
  return (
    <Tooltip label={why} disabled={why === null}>
      <Button
        {...rest}
        data-waiting={waiting || undefined}
        className={classes.button}
        aria-disabled={why === null ? undefined : true}
        data-disabled={why === null || waiting ? undefined : true}
        aria-busy={waiting || undefined}
        aria-pressed={pressed}
        aria-label={label}
        aria-describedby={why === null ? undefined : id}
        aria-keyshortcuts={hint}
        onClick={why === null ? onClick : undefined}
        rightSection={
          hint === undefined ? undefined : (
            <Kbd aria-hidden size="xs" className={classes.key}>
              {hint}
            </Kbd>
          )
        }
      >
        {children}
        {why === null ? null : (
          <span id={id} hidden>
            {why}
          </span>
        )}
      </Button>
    </Tooltip>
  )
}
