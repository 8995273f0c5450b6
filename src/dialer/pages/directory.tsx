/** The team's phones that are no desk: who has which extension, and whether a phone is there. */
import { phoneWords, unreachableWords, useDirectory } from '../desk/colleagues.ts'
import { useAct, useWhyNot } from '../desk/hooks.ts'
import { ActionButton } from '../look/action-button.tsx'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import classes from './dial-pad.module.css'

export function Directory() {
  const directory = useDirectory()
  const act = useAct()
  const whyNot = useWhyNot()
  const all = directory.data?.items ?? []
  if (directory.isSuccess && all.length === 0) return null
  return (
    <section className={`${classes.pad} tl-panel tl-stack`} aria-labelledby="directory-title">
      <h2 id="directory-title">Extensions</h2>
      {directory.isError ? (
        <ProblemBox title={directory.error.message} onRetry={() => void directory.refetch()} />
      ) : null}
      <ul className={classes.colleagues} aria-label="Extensions">
        {all.map(one => (
          <li key={one.extension}>
            <span>
              <span className="tl-number">{one.extension}</span> <PersonName name={one.name} />{' '}
              <span className="tl-muted">{phoneWords(one)}</span>
            </span>
            <ActionButton
              why={unreachableWords(one) ?? whyNot('single.dial')}
              onClick={() => void act({ type: 'single.dial', phone: one.extension })}
              variant="default"
              size="compact-sm"
              label={`Call extension ${one.extension}`}
            >
              Call
            </ActionButton>
          </li>
        ))}
      </ul>
      {directory.data?.next ? <p className="tl-muted tl-small">The first 200 are shown; any can be dialled.</p> : null}
    </section>
  )
}
