/** One big button after a reload, because the browser may play no sound until somebody clicks. */
import { Button } from '@mantine/core'
import { useDesk, usePhone, useView } from '../desk/hooks.ts'
import { PersonName } from '../look/person-name.tsx'
import classes from './rejoin-curtain.module.css'

export function RejoinCurtain() {
  const desk = useDesk()
  const phone = usePhone()
  const { conversation } = useView()
  if (phone.line !== 'needs-gesture') return null
  return (
    <div className={classes.curtain} role="dialog" aria-modal="true" aria-label="Sound is off">
      <p>
        {conversation === null ? null : (
          <>
            <PersonName name={conversation.contact.name} /> is on the line.{' '}
          </>
        )}
        The browser keeps the sound off until you click.
      </p>
      <Button size="xl" autoFocus onClick={() => desk.phone.rejoin()}>
        {conversation === null ? 'Turn the sound on' : 'Rejoin the call'}
      </Button>
    </div>
  )
}
