/** The rules under which this workspace calls people. */
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiProblem, ask } from '../../api.ts'
import { useDesk } from '../../desk/hooks.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import classes from '../table.module.css'

const PROFILES = [
  { value: 'us-consumer', label: 'United States, consumers' },
  { value: 'us-business', label: 'United States, businesses' },
  { value: 'uk', label: 'United Kingdom' },
  { value: 'eu', label: 'European Union' },
  { value: 'custom', label: 'Our own rules' },
] as const
type Profile = (typeof PROFILES)[number]['value']
type Rules = Awaited<ReturnType<typeof getRules>>
const getRules = () => ask('GET /api/clearance/rules')
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

export function Rules({ edits }: { edits: boolean }) {
  const rules = useQuery({ queryKey: ['clearance-rules'], queryFn: getRules })
  return (
    <section className="tl-panel tl-stack" aria-labelledby="rules-title">
      <h2 id="rules-title">Calling rules</h2>
      {rules.isError ? <ProblemBox title={rules.error.message} onRetry={() => void rules.refetch()} /> : null}
      {rules.data === undefined ? null : (
        <>
          <RuleFacts rules={rules.data} />
          {edits ? <RulesForm key={JSON.stringify(rules.data)} rules={rules.data} /> : null}
        </>
      )}
    </section>
  )
}

function RuleFacts({ rules }: { rules: Rules }) {
  const { caps, countries, country, hours, premium, limits } = rules
  const capWords = [
    caps.gapMs === null ? null : `${Math.round(caps.gapMs / 60_000)} min between calls`,
    caps.day === null ? null : `${caps.day} a day`,
    caps.week === null ? null : `${caps.week} a week`,
    caps.month === null ? null : `${caps.month} in thirty days`,
  ].filter(words => words !== null)
  return (
    <dl className={classes.facts}>
      <Fact name="Rules">{PROFILES.find(one => one.value === rules.profile)?.label}</Fact>
      <Fact name="Countries">{(countries.length === 0 ? [country] : countries).join(', ')}</Fact>
      <Fact name="Premium numbers">{premium ? 'called' : 'not called'}</Fact>
      <Fact name="Hours at the called party">{hours.map(windowWords).join('; ')}</Fact>
      <Fact name="Calls to one number">{capWords.length === 0 ? 'no cap' : capWords.join(', ')}</Fact>
      <Fact name="At once">{limits.workspace.atOnce ?? 'no limit'}</Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function windowWords({ days, fromMinute, toMinute }: Rules['hours'][number]): string {
  const clock = (minute: number) => `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`
  const names = days.length === 7 ? 'every day' : days.map(day => DAYS[day]).join(' ')
  return fromMinute === 0 && toMinute === 1_440
    ? `${names}, at any hour`
    : `${names} ${clock(fromMinute)} to ${clock(toMinute)}`
}

function RulesForm({ rules }: { rules: Rules }) {
  const { store } = useDesk()
  const queries = useQueryClient()
  const [draft, setDraft] = useState<Draft>({
    profile: rules.profile,
    country: rules.country,
    countries: rules.countries.join(', '),
    premium: rules.premium,
  })
  const change = (part: Partial<Draft>) => setDraft(was => ({ ...was, ...part }))
  const save = useMutation({
    mutationFn: () => ask('PUT /api/clearance/rules', { body: bodyOf(draft, rules) }),
    onSuccess: async () => {
      store.notify('info', 'The rules hold from the next call on.')
      await queries.invalidateQueries({ queryKey: ['clearance-rules'] })
    },
  })
  const problem = (field: string) =>
    save.error instanceof ApiProblem ? save.error.fields.find(one => one.field.startsWith(field))?.message : undefined
  return (
    <form
      className="tl-stack"
      onSubmit={event => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <DraftFields draft={draft} onChange={change} problem={problem} />
      {save.isError && !(save.error instanceof ApiProblem && save.error.fields.length > 0) ? (
        <ProblemBox title={save.error.message} />
      ) : null}
      <div>
        <Button type="submit" loading={save.isPending}>
          Save the rules
        </Button>
      </div>
    </form>
  )
}

interface Draft {
  profile: Profile
  country: string
  countries: string
  premium: boolean
}

function bodyOf({ profile, country, countries, premium }: Draft, { limits, centsPerMinute, ...rules }: Rules) {
  const list = countries.split(/[\s,;]+/).filter(code => code !== '')
  const { hours, caps, consentFor } = rules
  // Rules of one's own are kept as they are; the API sets them.
  const own = profile === 'custom' && rules.profile === 'custom' ? { hours, caps, consentFor } : {}
  return { profile, country, countries: list, premium, limits, centsPerMinute, ...own }
}

interface FieldsProps {
  draft: Draft
  onChange(part: Partial<Draft>): void
  problem(field: string): string | undefined
}
function DraftFields({ draft, onChange, problem }: FieldsProps) {
  return (
    <>
      <div className={classes.filters}>
        <NativeSelect
          label="Profile"
          data={[...PROFILES]}
          value={draft.profile}
          onChange={event => onChange({ profile: event.currentTarget.value as Profile })}
        />
        <TextInput
          label="Own country"
          maxLength={2}
          value={draft.country}
          onChange={event => onChange({ country: event.currentTarget.value.toUpperCase() })}
          error={problem('country')}
        />
        <TextInput
          label="Countries that may be called"
          placeholder="only the own country"
          value={draft.countries}
          onChange={event => onChange({ countries: event.currentTarget.value.toUpperCase() })}
          error={problem('countries')}
        />
      </div>
      <Checkbox
        label="Premium, shared-cost and satellite numbers may be called"
        checked={draft.premium}
        onChange={event => onChange({ premium: event.currentTarget.checked })}
      />
    </>
  )
}
