/** Reports that are sent by themselves: the one on the page can become one, and each can be paused or deleted. */
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { ReportKind, ReportSchedule } from '../../../wire/report.ts'
import { stampText } from '../../desk/time.ts'
import { PersonName } from '../../look/person-name.tsx'
import { ProblemBox } from '../../look/problem-box.tsx'
import tables from '../table.module.css'
import { SureButton } from '../team/sure-button.tsx'
import { useChange } from '../team/use-change.ts'
import { deleteSchedule, getSchedules, makeSchedule, pauseSchedule } from './report-api.ts'
import { RANGE_WORDS, type ReportRange, type ReportSearch } from './report-search.ts'
import { rhythmWords, WEEKDAYS } from './report-words.ts'

interface Props {
  kinds: readonly ReportKind[]
  /** what the page shows */
  search: ReportSearch
  zone: string
}

export function Schedules({ kinds, search, zone }: Props) {
  const schedules = useQuery({ queryKey: ['report-schedules'], queryFn: getSchedules })
  const [open, setOpen] = useState(false)
  const items = schedules.data?.items ?? []
  return (
    <section className="tl-panel tl-stack" aria-labelledby="schedules-title">
      <div className={tables.head}>
        <h2 id="schedules-title">Sent by itself</h2>
        {open ? null : (
          <Button variant="default" onClick={() => setOpen(true)}>
            Send this report by itself
          </Button>
        )}
      </div>
      <p className="tl-muted">
        A report is sent as the event <code>report_ready</code> to every <Link to="/webhooks">webhook</Link> that asks
        for it, with its figures and a link.
      </p>
      {schedules.isError ? (
        <ProblemBox title={schedules.error.message} onRetry={() => void schedules.refetch()} />
      ) : null}
      {open ? <NewSchedule search={search} zone={zone} onDone={() => setOpen(false)} /> : null}
      {items.length === 0 ? null : (
        <div className={tables.scroll}>
          <table className={tables.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Report</th>
                <th scope="col" className={tables.wide}>
                  Next
                </th>
                <th scope="col">Change</th>
              </tr>
            </thead>
            <tbody>
              {items.map(one => (
                <ScheduleRow key={one.id} schedule={one} title={kinds.find(kind => kind.name === one.report)?.title} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function ScheduleRow({ schedule, title }: { schedule: ReportSchedule; title: string | undefined }) {
  const change = useChange('report-schedules')
  const { name, report, range, paused, next_ms: next, sent_ms: sent } = schedule
  return (
    <tr>
      <td>
        <strong>
          <PersonName name={name} />
        </strong>
        <br />
        <span className="tl-muted tl-small">{rhythmWords(schedule)}</span>
      </td>
      <td>
        {title ?? report}, {RANGE_WORDS[range].toLowerCase()}
      </td>
      <td className={tables.wide}>
        {next === null ? 'paused' : stampText(next)}
        {sent === null ? null : <span className="tl-muted tl-small"> · last {stampText(sent)}</span>}
      </td>
      <td>
        <span className={tables.filters}>
          <Button
            size="xs"
            variant="default"
            disabled={change.busy}
            aria-label={`${paused ? 'Go on with' : 'Pause'} ${name}`}
            onClick={() =>
              void change.run(() => pauseSchedule(schedule, !paused), paused ? 'It is sent again.' : 'It is paused.')
            }
          >
            {paused ? 'Go on' : 'Pause'}
          </Button>
          <SureButton
            label={`Delete ${name}`}
            question="Really delete?"
            size="xs"
            disabled={change.busy}
            onSure={() => void change.run(() => deleteSchedule(schedule.id), 'It is deleted.')}
          >
            Delete
          </SureButton>
        </span>
      </td>
    </tr>
  )
}

const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: `${String(hour).padStart(2, '0')}:00`,
}))

function NewSchedule({ search, zone, onDone }: { search: ReportSearch; zone: string; onDone: () => void }) {
  const change = useChange('report-schedules')
  const [name, setName] = useState('')
  const [every, setEvery] = useState<'day' | 'week'>('day')
  const [weekday, setWeekday] = useState('1')
  const [hour, setHour] = useState('8')
  const [range, setRange] = useState<ReportRange>('yesterday')
  async function save(event: FormEvent) {
    event.preventDefault()
    const rhythm = { every, weekday: Number(weekday), hour: Number(hour), time_zone: zone }
    const of = { campaign_id: search.campaign, agent_id: search.agent }
    const body = { name: name.trim(), report: search.report ?? 'calls', range, ...of, ...rhythm }
    if (await change.run(() => makeSchedule(body), 'It is sent by itself from now on.')) onDone()
  }
  return (
    <form className={tables.filters} aria-label="Send this report by itself" onSubmit={event => void save(event)}>
      <TextInput label="Name" value={name} maxLength={80} onChange={event => setName(event.currentTarget.value)} />
      <NativeSelect
        label="Days it is about"
        data={Object.entries(RANGE_WORDS).map(([value, label]) => ({ value, label }))}
        value={range}
        onChange={event => setRange(event.currentTarget.value as ReportRange)}
      />
      <NativeSelect
        label="How often"
        data={[
          { value: 'day', label: 'Each day' },
          { value: 'week', label: 'Each week' },
        ]}
        value={every}
        onChange={event => setEvery(event.currentTarget.value as 'day' | 'week')}
      />
      {every === 'day' ? null : (
        <NativeSelect
          label="On"
          data={WEEKDAYS.map((label, at) => ({ value: String(at), label }))}
          value={weekday}
          onChange={event => setWeekday(event.currentTarget.value)}
        />
      )}
      <NativeSelect
        label={`At, ${zone}`}
        data={HOURS}
        value={hour}
        onChange={event => setHour(event.currentTarget.value)}
      />
      <Button type="submit" disabled={name.trim() === '' || change.busy}>
        Save
      </Button>
      <Button variant="default" onClick={onDone}>
        Cancel
      </Button>
    </form>
  )
}
