/** The state of a scenario, by a sign and a word, never by colour alone. */
import { IconAlertTriangle, IconCheck, IconCircleDashed, IconPlayerPlay, IconX } from '@tabler/icons-react'
import type { LastRehearsal, Scenario } from '../../../wire/scenario.ts'
import classes from './scenarios.module.css'

type State = LastRehearsal['state'] | 'none'

const SIGNS: Record<State, [typeof IconCheck, string]> = {
  passed: [IconCheck, 'Passed'],
  failed: [IconX, 'Failed'],
  broken: [IconAlertTriangle, 'Could not run'],
  running: [IconPlayerPlay, 'Running'],
  none: [IconCircleDashed, 'Not run yet'],
}

export function StateSign({ state }: { state: State }) {
  const [Icon, words] = SIGNS[state]
  return (
    <span className={classes.state} data-state={state}>
      <Icon size={16} aria-hidden /> {words}
    </span>
  )
}

/** The reason why the last run is out of date; empty: it is not. */
export function ageOf({ last, savedMs }: Scenario, version: number): string {
  if (last === null) return ''
  if (last.version !== version) return `with version ${last.version}, now it is ${version}`
  return savedMs > last.startedMs ? 'before the scenario was changed' : ''
}
