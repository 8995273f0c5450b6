/** The editor of one flow: canvas or list, palette, form of the chosen step, test call, versions. */
import { SegmentedControl, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import type { Flow } from '../../../wire/flow.ts'
import { LeaveQuestion } from '../../look/leave-question.tsx'
import { NotSaved } from '../ai/not-saved.tsx'
import { FlowContext } from './field-frame.tsx'
import classes from './flow-editor.module.css'
import { Palette } from './palette.tsx'
import type { Problem } from './problems.ts'
import { PublishBar } from './publish-bar.tsx'
import { StepForm } from './step-form.tsx'
import { StepList } from './step-list.tsx'
import { type Known, newStep, type Step, withExit } from './steps.ts'
import { type FlowContent, useFlowDraft } from './use-flow-draft.ts'
import { VersionsPanel } from './versions-panel.tsx'

const Canvas = lazy(() => import('./canvas.tsx'))
const TestPanel = lazy(() => import('./test-panel.tsx'))

interface FlowEditorProps {
  /** null: a new one */
  flow: Flow | null
  readOnly: boolean
  known: Known
  /** the other flows, by id */
  others: Readonly<Record<string, readonly Step[]>>
  onSaved(flow: Flow): void
  /** another content than the one at hand */
  onBack(flow: Flow): void
}

export function FlowEditor({ flow, readOnly, known, others, onSaved, onBack }: FlowEditorProps) {
  const draft = useFlowDraft(flow, onSaved)
  const { content, problems, chosen, choose, edit } = draft
  const narrow = useMediaQuery('(max-width: 720px)', window.innerWidth <= 720)
  const form = useRef<HTMLDivElement>(null)
  const { steps } = content
  const step = steps.find(one => one.id === chosen) ?? steps[0]
  return (
    <FlowContext value={{ steps, readOnly, known }}>
      <LeaveQuestion unsaved={!readOnly && draft.unsaved} what="this flow" />
      <div className="tl-stack">
        {readOnly ? (
          <p className="tl-panel" role="note">
            You can read this flow and call it for a test. A supervisor edits it.
          </p>
        ) : null}
        <NameFields {...{ content, edit, readOnly }} />
        <div className={classes.editor}>
          <StepsView
            {...{ steps, problems, readOnly, narrow }}
            chosen={step?.id ?? null}
            onChoose={id => {
              choose(id)
              if (narrow) requestAnimationFrame(() => form.current?.scrollIntoView())
            }}
            onLead={(id, exit, to) => draft.change(id, one => withExit(one, exit, to), null)}
          />
          <div className={classes.form} ref={form}>
            {step === undefined ? null : (
              <StepForm
                step={step}
                problems={problems}
                onChange={(change, about) => draft.change(step.id, change, about)}
                onRename={id => draft.rename(step.id, id)}
                onMove={by => draft.move(step.id, by)}
                onRemove={() => draft.remove(step.id)}
              />
            )}
          </div>
          <div className={classes.rest}>
            {readOnly ? null : <Palette onAdd={verb => draft.add(newStep(verb, steps), step?.id ?? null)} />}
            <Late words="Loading the test call …">
              <TestPanel steps={steps} flows={others} />
            </Late>
            {flow === null ? null : <VersionsPanel {...{ flow, readOnly, onBack }} />}
          </div>
        </div>
        <ProblemList problems={problems} onChoose={choose} />
        {draft.failure === null ? null : <NotSaved problem={draft.failure.message} errors={draft.failure.fields} />}
        {readOnly ? null : (
          <PublishBar
            flow={flow}
            dirty={draft.dirty}
            busy={draft.busy}
            errors={problems.filter(one => !one.odd).length}
            canUndo={draft.canUndo}
            onUndo={draft.undo}
            onSave={draft.save}
            onPublish={draft.publish}
          />
        )}
      </div>
    </FlowContext>
  )
}

interface StepsViewProps {
  steps: readonly Step[]
  problems: readonly Problem[]
  chosen: string | null
  readOnly: boolean
  /** no room for a canvas */
  narrow: boolean
  onChoose(id: string): void
  onLead(id: string, exit: string, to: string | null): void
}

function StepsView({ narrow, onLead, readOnly, ...shared }: StepsViewProps) {
  const [view, setView] = useState('canvas')
  return (
    <div className={classes.view}>
      {narrow ? null : (
        <SegmentedControl
          aria-label="View of the steps"
          value={view}
          data={[
            { value: 'canvas', label: 'Canvas' },
            { value: 'list', label: 'List' },
          ]}
          onChange={setView}
        />
      )}
      {narrow || view === 'list' ? (
        <StepList {...shared} />
      ) : (
        <Late words="Loading the canvas …">
          <Canvas {...shared} readOnly={readOnly} onLead={onLead} />
        </Late>
      )}
    </div>
  )
}

function Late({ words, children }: { words: string; children: ReactNode }) {
  return <Suspense fallback={<p className="tl-muted">{words}</p>}>{children}</Suspense>
}

interface NameFieldsProps {
  content: FlowContent
  readOnly: boolean
  edit(change: Partial<FlowContent>, about: string | null): void
}

function NameFields({ content, readOnly, edit }: NameFieldsProps) {
  return (
    <div className={classes.line}>
      <TextInput
        label="Name of the flow"
        required
        maxLength={120}
        readOnly={readOnly}
        value={content.name}
        onChange={event => edit({ name: event.currentTarget.value }, 'name')}
      />
      <TextInput
        label="What it is for"
        maxLength={500}
        readOnly={readOnly}
        value={content.detail}
        onChange={event => edit({ detail: event.currentTarget.value }, 'detail')}
      />
    </div>
  )
}

/** Everything that the check says, in one place: a press goes to the step. */
function ProblemList({ problems, onChoose }: { problems: readonly Problem[]; onChoose(id: string): void }) {
  if (problems.length === 0) return null
  return (
    <section className="tl-panel tl-stack" aria-labelledby="problems-title">
      <h2 id="problems-title">What the check says</h2>
      <ul className={classes.steps}>
        {problems.map(({ stepId, field, message, odd }) => (
          <li key={`${stepId} ${field} ${message}`}>
            {stepId === null ? null : (
              <button type="button" onClick={() => onChoose(stepId)}>
                {stepId}
                {field === null ? '' : `, ${field}`}
              </button>
            )}
            <span className={odd ? 'tl-muted' : classes.wrong}>
              {odd ? 'Odd: ' : ''}
              {message}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
