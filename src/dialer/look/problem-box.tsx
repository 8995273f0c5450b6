/** A box that names a problem and offers an action that helps. */
import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './problem-box.module.css'

export function ProblemBox({ title, children, onRetry }: { title: string; children?: ReactNode; onRetry?(): void }) {
  return (
    <div className={classes.box} role="alert">
      <IconAlertTriangle size={20} aria-hidden className={classes.icon} />
      <div className="tl-stack">
        <strong>{title}</strong>
        {children === undefined ? null : <div>{children}</div>}
        {onRetry === undefined ? null : (
          <div>
            <Button variant="default" onClick={onRetry}>
              Try again
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}
