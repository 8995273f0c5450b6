/** The numbers that calls are made from. One that the carrier refuses stands aside, with the reason. */
import { useQuery } from '@tanstack/react-query'
import { ProblemBox } from '../../look/problem-box.tsx'
import { getNumbers } from '../ai/ai-api.ts'
import classes from '../table.module.css'
import { SureButton } from './sure-button.tsx'
import { removeNumber } from './team-api.ts'
import { useChange } from './use-change.ts'

export function NumbersTable({ admin }: { admin: boolean }) {
  const numbers = useQuery({ queryKey: ['numbers'], queryFn: getNumbers })
  const change = useChange('numbers')
  return (
    <section className="tl-panel tl-stack" aria-labelledby="numbers-title">
      <h2 id="numbers-title">Numbers</h2>
      {numbers.isError ? <ProblemBox title={numbers.error.message} onRetry={() => void numbers.refetch()} /> : null}
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Number</th>
              <th scope="col">Name</th>
              <th scope="col">State</th>
              <th scope="col">Calls now</th>
              {admin ? <th scope="col">Change</th> : null}
            </tr>
          </thead>
          <tbody>
            {(numbers.data?.items ?? []).map(({ number, name, status, refusedBecause, inFlight, inFlightCap }) => (
              <tr key={number}>
                <td className="tl-number">{number}</td>
                <td>{name === '' ? <span className="tl-muted">none</span> : name}</td>
                <td>
                  {refusedBecause === null ? (
                    status
                  ) : (
                    <span className={classes.follow}>Set aside: {refusedBecause}</span>
                  )}
                </td>
                <td className="tl-number">
                  {inFlight} of {inFlightCap}
                </td>
                {admin ? (
                  <td>
                    <SureButton
                      label={`Remove ${number}`}
                      question="Really remove?"
                      disabled={change.busy}
                      onSure={() => void change.run(() => removeNumber(number), `${number} is removed.`)}
                    >
                      Remove
                    </SureButton>
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
