/** A button for what cannot be taken back: it asks once, in its own place. */
import { Button } from '@mantine/core'
import { useState } from 'react'

interface SureButtonProps {
  /** what is done, as `Remove Bo` */
  label: string
  children: string
  /** the question, as `Really remove?` */
  question: string
  disabled: boolean
  /** in a row of small buttons */
  size?: 'xs'
  onSure(): void
}

export function SureButton({ label, children, question, disabled, size, onSure }: SureButtonProps) {
  const [asked, setAsked] = useState(false)
  if (!asked)
    return (
      <Button variant="default" size={size} aria-label={label} disabled={disabled} onClick={() => setAsked(true)}>
        {children}
      </Button>
    )
  return (
    <span className="tl-row">
      <Button
        color="danger"
        size={size}
        aria-label={`${question} ${label}`}
        disabled={disabled}
        onClick={() => {
          setAsked(false)
          onSure()
        }}
      >
        {question}
      </Button>
      <Button variant="default" size={size} aria-label={`No, do not: ${label}`} onClick={() => setAsked(false)}>
        No
      </Button>
    </span>
  )
}
