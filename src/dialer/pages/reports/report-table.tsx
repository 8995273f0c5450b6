/** The numbers of a report, what they mean, and the way on when there are none. */
import { Link } from '@tanstack/react-router'
import type { Report } from '../../../wire/report.ts'
import { PersonName } from '../../look/person-name.tsx'
import tables from '../table.module.css'
import { labelWords, valueWords } from './report-words.ts'
import classes from './reports.module.css'

export function ReportTable({ report }: { report: Report }) {
  const { key, figures, rows, total } = report
  const values = (of: Report['total'], rowKey: string) =>
    figures.map((figure, at) => (
      <td key={`${rowKey} ${figure.name}`} className={`tl-number ${classes.number}`}>
        {valueWords(of[at], figure)}
      </td>
    ))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled with the keyboard as well
    <section className={tables.scroll} aria-label={`${report.title}: the numbers`} tabIndex={0}>
      <table className={`${tables.table} ${classes.table}`}>
        <thead>
          <tr>
            <th scope="col">{key}</th>
            {figures.map(({ name, words }) => (
              <th key={name} scope="col" className={classes.number}>
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.key}>
              <th scope="row">
                <PersonName name={labelWords(row.label)} />
              </th>
              {values(row.values, row.key)}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className={classes.total}>
            <th scope="row">All</th>
            {values(total, 'all')}
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

export function Meanings({ figures }: Pick<Report, 'figures'>) {
  return (
    <section className="tl-panel tl-stack" aria-labelledby="meanings-title">
      <h2 id="meanings-title">What the figures mean</h2>
      <dl className={classes.meanings}>
        {figures.map(({ name, words, means }) => (
          <div key={name}>
            <dt>{words}</dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

const NEXT: Partial<Record<Report['name'], { words: string; to: '/campaigns' | '/queues' | '/ai' | '/numbers' }>> = {
  queues: { words: 'Callers wait in a queue: make one and lead a number to it.', to: '/queues' },
  ai: { words: 'Make an AI agent and give it a number or a list.', to: '/ai' },
  numbers: { words: 'Add the numbers that you call from.', to: '/numbers' },
}
const CAMPAIGN = { words: 'Make a campaign and start dialing.', to: '/campaigns' } as const

export function NothingYet({ name }: { name: Report['name'] }) {
  const { words, to } = NEXT[name] ?? CAMPAIGN
  return (
    <p className="tl-muted">
      There is nothing to count in these days. Choose other days above, or: <Link to={to}>{words}</Link>
    </p>
  )
}
