/** A secret that was just made. It is shown here and never again. */
import { Button, CopyButton, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './table.module.css'

/** `children`: what it is for, and that it is shown only here. */
export function ShownOnce(props: { label: string; value: string; onDone(): void; children: ReactNode }) {
  const { label, value, onDone, children } = props
  return (
    <div className="tl-stack" role="status">
      <p>{children}</p>
      <div className={classes.filters}>
        <TextInput
          label={label}
          readOnly
          value={value}
          size="sm"
          styles={{ root: { flex: '1 1 280px' } }}
          onFocus={event => event.currentTarget.select()}
        />
        <CopyButton value={value}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}
        </CopyButton>
        <Button variant="default" onClick={onDone}>
          I have it
        </Button>
      </div>
    </div>
  )
}
