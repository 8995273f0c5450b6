/**
 * A report as a picture, for whoever looks rather than reads. uPlot draws on a canvas, which says nothing to a screen reader, so the picture has
 * words and the table below it has the numbers.
 */
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Report } from '../../../wire/report.ts'
import { labelWords, pictureWords, valueWords } from './report-words.ts'
import classes from './reports.module.css'

const HEIGHT = 240
/** What a label below the picture needs. */
const LABEL_WIDTH = 92
const SERIES = ['--tl-accent', '--tl-machine']
const LIMIT = '--tl-danger-ink'

export default function ReportChart({ report }: { report: Report }) {
  const place = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  const [at, setAt] = useState<number | null>(null)
  const drawn = report.chart.map(name => report.figures.findIndex(figure => figure.name === name))
  const labels = report.rows.map(row => row.label)
  const numbers = drawn.map(figure => report.rows.map(row => numberOf(row.values[figure])))
  const limit = report.chart.includes('abandon_rate') ? report.abandon_limit : null
  // Whatever is drawn, and the scheme whose colours it has.
  const key = JSON.stringify([labels, numbers, limit, scheme])
  useEffect(() => {
    const box = place.current
    if (box === null) return
    const plot = plotIn(box, labels, numbers, limit, setAt)
    const watch = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: HEIGHT }))
    watch.observe(box)
    return () => {
      watch.disconnect()
      plot.destroy()
    }
  }, [key])
  const names = drawn.map(figure => report.figures[figure]?.words ?? '')
  return (
    <figure className={classes.chart}>
      <div
        ref={place}
        role="img"
        aria-label={pictureWords(names.join(' and '), labels, numbers[0] ?? [])}
        style={{ minHeight: HEIGHT }}
      />
      <figcaption className={classes.legend}>
        {names.map((name, series) => (
          <span key={name} className={classes.series} data-series={series}>
            {name}
          </span>
        ))}
        {limit === null ? null : (
          <span className={classes.series} data-series="limit">
            Limit {limit} %{report.abandon_limit_partial ? ' of some campaigns; others may have a stricter one' : ''}
          </span>
        )}
        {at === null ? null : <span className="tl-muted">{pointWords(report, drawn, at)}</span>}
      </figcaption>
    </figure>
  )
}

function pointWords({ rows, figures }: Report, drawn: number[], at: number): string {
  const row = rows[at]
  if (row === undefined) return ''
  const values = drawn.map(figure => {
    const known = figures[figure]
    return known === undefined ? '' : `${known.words} ${valueWords(row.values[figure], known)}`
  })
  return `${labelWords(row.label)}: ${values.join(', ')}`
}

function plotIn(
  box: HTMLElement,
  labels: readonly string[],
  numbers: readonly (number | null)[][],
  limit: number | null,
  setAt: (at: number | null) => void,
): uPlot {
  const styles = getComputedStyle(document.documentElement)
  const colour = (name: string) => styles.getPropertyValue(name).trim()
  const bars = uPlot.paths.bars?.({ size: [0.6, 48], align: 0 })
  const grid = { stroke: colour('--tl-line'), width: 1 }
  const text = { stroke: colour('--tl-muted'), font: `12px ${getComputedStyle(document.body).fontFamily}`, grid }
  const series: uPlot.Series[] = numbers.map((_, index) => {
    const stroke = colour(SERIES[index] ?? LIMIT)
    // The second one is a line over the bars, so that both can be seen.
    return index === 0 && bars !== undefined
      ? { stroke, fill: stroke, paths: bars, points: { show: false } }
      : { stroke, width: 2, points: { size: 6 } }
  })
  const most = Math.max(1, limit ?? 0, ...numbers.flat().map(value => value ?? 0))
  const limits = limit === null ? [] : [labels.map(() => limit)]
  const line: uPlot.Series[] =
    limit === null ? [] : [{ stroke: colour(LIMIT), width: 2, dash: [6, 4], points: { show: false } }]
  return new uPlot(
    {
      ...{ width: box.clientWidth, height: HEIGHT, legend: { show: false } },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: {
        x: { time: false, range: [-0.5, Math.max(0, labels.length - 1) + 0.5] },
        y: { range: [0, most * 1.1] },
      },
      axes: [
        {
          ...text,
          splits: ({ width }) => {
            const step = Math.max(1, Math.ceil((labels.length * LABEL_WIDTH) / width))
            return labels.flatMap((_, index) => (index % step === 0 ? [index] : []))
          },
          values: (_, splits) => splits.map(split => labelWords(labels[split] ?? '')),
        },
        text,
      ],
      series: [{}, ...series, ...line],
      hooks: { setCursor: [({ cursor }) => setAt(cursor.idx ?? null)] },
    },
    [labels.map((_, index) => index), ...numbers, ...limits],
    box,
  )
}

function numberOf(value: number | string | null | undefined): number | null {
  return typeof value === 'number' ? value : null
}
