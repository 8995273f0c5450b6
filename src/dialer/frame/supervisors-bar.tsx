/** On every page of the agent: who of the team listens to their call, and who hears whom. */
import { IconEar } from '@tabler/icons-react'
import { useView } from '../desk/hooks.ts'
import { PersonName } from '../look/person-name.tsx'
import classes from './supervisors-bar.module.css'

const WORDS = {
  listen: 'listens',
  whisper: 'speaks to you alone',
  barge: 'speaks to you both',
}

export function SupervisorsBar() {
  const supervisors = useView().conversation?.supervisors ?? []
  if (supervisors.length === 0) return null
  return (
    <section className={classes.bar} aria-label="Supervisors" role="status">
      <IconEar size={18} aria-hidden />
      {supervisors.map(({ supervisionId, name, mode }) => (
        <span key={supervisionId}>
          <strong>
            <PersonName name={name} />
          </strong>{' '}
          {WORDS[mode]}
        </span>
      ))}
    </section>
  )
}
