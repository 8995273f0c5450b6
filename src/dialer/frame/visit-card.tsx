/** A colleague asks this agent about somebody: who hears whom, and the way out. */
import { IconUsersGroup } from '@tabler/icons-react'
import type { DeskView } from '../../wire/desk.ts'
import { useAct, useWhyNot } from '../desk/hooks.ts'
import { ActionButton } from '../look/action-button.tsx'
import { Elapsed } from '../look/elapsed.tsx'
import { PersonName } from '../look/person-name.tsx'
import { MuteButton } from '../session/call-controls.tsx'
import { askedWords } from '../session/consult-words.ts'
import classes from './inbound-call.module.css'

interface VisitCardProps {
  visit: NonNullable<DeskView['visit']>
  person: string
  sinceMs: number
}

export function VisitCard({ visit, person, sinceMs }: VisitCardProps) {
  const act = useAct()
  const whyNot = useWhyNot()
  const { callId, agentName, phase } = visit
  return (
    <section
      role="dialog"
      aria-label="A colleague asks"
      className={classes.card}
      data-call-id={callId}
      data-phase={phase}
    >
      <div className={classes.head}>
        <IconUsersGroup size={20} aria-hidden className={classes.icon} />
        <strong>
          <PersonName name={agentName} /> asks you
        </strong>
        <Elapsed sinceMs={sinceMs} />
      </div>
      <p role="status" className={classes.summary}>
        {askedWords(phase, agentName, person)}
      </p>
      <div className="tl-row">
        <MuteButton />
        <ActionButton
          why={whyNot('visit.leave', callId)}
          onClick={() => void act({ type: 'visit.leave', callId })}
          variant="default"
          size="md"
        >
          Leave
        </ActionButton>
      </div>
    </section>
  )
}
