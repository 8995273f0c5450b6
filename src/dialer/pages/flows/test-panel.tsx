/** A test call in virtual time: what the caller hears, and a keypad. No phone is used and nothing leaves the page. */
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { CallerAct, Line } from '../../../core/flow/scenario/words.ts'
import { clockText } from '../../desk/time.ts'
import classes from './flow-editor.module.css'
import type { Step } from './steps.ts'
import { playTest, type TestRun, type TestSettings } from './test-run.ts'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
const OTHERS: { value: TestSettings['others']; label: string }[] = [
  { value: 'answer', label: 'whoever is rung answers' },
  { value: 'no-answer', label: 'nobody answers' },
  { value: 'busy', label: 'everybody is busy' },
]
const SPEAKS_MS = 5_000

interface TestPanelProps {
  steps: readonly Step[]
  /** the other flows of the workspace, which a step may run */
  flows: TestSettings['flows']
}

export default function TestPanel({ steps, flows }: TestPanelProps) {
  const [on, setOn] = useState(false)
  const [acts, setActs] = useState<readonly CallerAct[]>([])
  const [others, setOthers] = useState<TestSettings['others']>('answer')
  const [at, setAt] = useState(() => localText(new Date()))
  const atMs = new Date(at).getTime()
  const run = useMemo(
    () => (on && Number.isFinite(atMs) ? playTest(steps, acts, { at: atMs, others, flows }) : null),
    [on, steps, acts, others, atMs, flows],
  )
  const act = (one: CallerAct) => setActs([...acts, one])
  return (
    <section className="tl-panel tl-stack" aria-labelledby="test-title">
      <h2 id="test-title">Test call</h2>
      <div className={classes.line}>
        <TextInput
          label="When it is"
          type="datetime-local"
          value={at}
          onChange={event => setAt(event.currentTarget.value)}
        />
        <NativeSelect
          label="The others"
          value={others}
          data={OTHERS}
          onChange={event => setOthers(event.currentTarget.value as TestSettings['others'])}
        />
      </div>
      <div className="tl-row">
        <Button
          variant={on ? 'default' : 'filled'}
          onClick={() => {
            setOn(true)
            setActs([])
          }}
        >
          {on ? 'Begin again' : 'Call the flow'}
        </Button>
        {acts.length === 0 ? null : (
          <Button variant="default" onClick={() => setActs(acts.slice(0, -1))}>
            Take the last act back
          </Button>
        )}
      </div>
      {run === null ? null : <Transcript run={run} />}
      {run === null ? null : <CallerKeys key={acts.length} run={run} onAct={act} />}
    </section>
  )
}

function Transcript({ run }: { run: TestRun }) {
  if (run.because !== null) return <p role="alert">{run.because}</p>
  return (
    <ol className={classes.heard} aria-label="What happens" aria-live="polite">
      {run.lines.map((line, at) => (
        <li key={at} data-kind={line.kind}>
          <span className="tl-number tl-muted">{clockText(line.atMs)}</span>
          <span className={line.kind === 'hears' ? undefined : 'tl-muted'}>{wordsOf(line)}</span>
        </li>
      ))}
    </ol>
  )
}

function wordsOf({ kind, words }: Line): string {
  switch (kind) {
    case 'hears':
      return `“${words}”`
    case 'step':
      return `step ${words}`
    case 'asks':
      return `asks: ${words}`
    case 'does':
      return `the caller: ${words}`
    case 'ends':
      return `the flow ends: ${words}`
    default:
      return words
  }
}

function CallerKeys({ run, onAct }: { run: TestRun; onAct(act: CallerAct): void }) {
  const [keys, setKeys] = useState('')
  if (run.because !== null) return null
  if (run.waitsFor === null) return <p role="status">The call is over.</p>
  const press = (key: string) => (run.oneKey ? onAct({ keys: key }) : setKeys(keys + key))
  return (
    <div className="tl-stack">
      <p role="status">
        {run.waitsFor === 'keys' ? 'The flow waits for a key.' : 'The flow waits for the caller.'}{' '}
        {keys === '' ? null : <span className="tl-number">{keys}</span>}
      </p>
      {run.waitsFor === 'keys' ? (
        <fieldset className={`${classes.group} ${classes.keys}`}>
          <legend className="tl-hidden">Keypad of the caller</legend>
          {KEYS.map(key => (
            <Button key={key} variant="default" aria-label={`Press ${key}`} onClick={() => press(key)}>
              {key}
            </Button>
          ))}
        </fieldset>
      ) : null}
      <div className="tl-row">
        {keys === '' ? null : <Button onClick={() => onAct({ keys })}>Send the keys</Button>}
        {run.waitsFor === 'message' ? (
          <Button variant="default" onClick={() => onAct({ speaksMs: SPEAKS_MS })}>
            Speak for 5 s
          </Button>
        ) : null}
        <Button variant="default" onClick={() => onAct({ silent: true })}>
          Do nothing
        </Button>
        <Button variant="default" onClick={() => onAct({ hangsUpAfterMs: 0 })}>
          Hang up as the caller
        </Button>
      </div>
    </div>
  )
}

/** As a field of date and time has it, in the zone of the browser. */
function localText(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}
