/** A field for a password in a form that is read when it is sent. What was typed may be looked at. */
import { PasswordInput } from '@mantine/core'

interface PasswordFieldProps {
  name: string
  label: string
  /** it is chosen here, and a browser may propose one; absent: it is the one that the person has */
  isNew?: true
  maxWidth?: number
}

export function PasswordField({ name, label, isNew, maxWidth }: PasswordFieldProps) {
  return (
    <PasswordInput
      name={name}
      label={label}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
      {...(maxWidth === undefined ? {} : { style: { maxWidth } })}
    />
  )
}
