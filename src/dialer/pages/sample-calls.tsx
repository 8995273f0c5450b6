/** Rows of an empty call log, for orientation: each says that it is a sample, and none can be opened (S4-18). */
import { clockText } from '../desk/time.ts'
import classes from './table.module.css'

const SAMPLES = [
  { who: 'Amara Osei', number: '+1 415 555 0100', direction: 'outbound', result: 'Connected', talkedMs: 154_000 },
  { who: 'Ben Holt', number: '+1 415 555 0101', direction: 'outbound', result: 'No answer', talkedMs: 0 },
  { who: 'Chloe Marsh', number: '+1 415 555 0102', direction: 'inbound', result: 'Voicemail', talkedMs: 0 },
]

export function SampleCalls() {
  return (
    <>
      <p>
        No calls yet. Start a session or dial a number; every attempt then stands here. These rows are samples, so that
        you see what will stand here. They did not happen.
      </p>
      <div className={classes.scroll}>
        <table className={classes.table} data-sample aria-label="Samples">
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">Number</th>
              <th scope="col">Direction</th>
              <th scope="col">Result</th>
              <th scope="col">Talked</th>
            </tr>
          </thead>
          <tbody>
            {SAMPLES.map(({ who, number, direction, result, talkedMs }) => (
              <tr key={who}>
                <td>{who} (sample)</td>
                <td className="tl-number">{number}</td>
                <td>{direction}</td>
                <td>{result}</td>
                <td className="tl-number">{clockText(talkedMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
