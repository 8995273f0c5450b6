/** The flow as a picture. A line is drawn from a way out to a step, and is taken away with Delete. */
import {
  Background,
  type Connection,
  Controls,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react'
import { useContext, useMemo } from 'react'
import '@xyflow/react/dist/base.css'
import './canvas.css'
import { FlowContext } from './field-frame.tsx'
import classes from './flow-editor.module.css'
import { heightOf, layoutOf, STEP_WIDTH } from './layout.ts'
import type { Problem } from './problems.ts'
import { type Exit, exitsOf, labelOf, type Step, summaryOf } from './steps.ts'

interface CanvasProps {
  steps: readonly Step[]
  problems: readonly Problem[]
  chosen: string | null
  readOnly: boolean
  onChoose(id: string): void
  /** `to`: null: the way out leads nowhere any more */
  onLead(id: string, exit: string, to: string | null): void
}

interface StepData extends Record<string, unknown> {
  step: Step
  exits: Exit[]
  chosen: boolean
  wrong: string | null
}
type StepNode = Node<StepData, 'step'>

const TYPES = { step: StepBox }

export default function Canvas({ steps, problems, chosen, readOnly, onChoose, onLead }: CanvasProps) {
  const nodes = useMemo(() => nodesOf(steps, problems, chosen), [steps, problems, chosen])
  const edges = useMemo(() => edgesOf(steps), [steps])
  const connect = ({ source, sourceHandle, target }: Connection) => onLead(source, sourceHandle ?? 'next_id', target)
  return (
    <div className={classes.canvas}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={TYPES}
        nodesDraggable={false}
        nodesConnectable={!readOnly}
        edgesReconnectable={false}
        deleteKeyCode={readOnly ? null : 'Delete'}
        onNodesChange={changes => {
          for (const one of changes) if (one.type === 'select' && one.selected) onChoose(one.id)
        }}
        onConnect={connect}
        onBeforeDelete={async ({ edges: gone }) => {
          for (const one of gone) onLead(one.source, one.sourceHandle ?? 'next_id', null)
          // The steps decide what is drawn.
          return false
        }}
        fitView
        fitViewOptions={{ minZoom: 0.5, maxZoom: 1 }}
        minZoom={0.2}
        aria-label="Picture of the flow; the list has the same steps"
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  )
}

function nodesOf(steps: readonly Step[], problems: readonly Problem[], chosen: string | null): StepNode[] {
  const places = layoutOf(steps)
  return steps.map((step, place) => {
    const exits = exitsOf(steps, place)
    const size = { width: STEP_WIDTH, height: heightOf(exits.length) }
    return {
      id: step.id,
      type: 'step' as const,
      position: places[place] ?? { x: 0, y: 0 },
      ...size,
      measured: size,
      handles: handlesOf(exits),
      ariaLabel: `${labelOf(step)}, ${step.id}`,
      deletable: false,
      data: {
        step,
        exits,
        chosen: step.id === chosen,
        wrong: problems.find(one => one.stepId === step.id && !one.odd)?.message ?? null,
      },
    }
  })
}

/** The places of the handles are known, so that lines are drawn at once and stay while the steps change. */
function handlesOf(exits: readonly Exit[]) {
  const size = { width: HANDLE, height: HANDLE }
  const into = { type: 'target' as const, position: Position.Left, x: -HANDLE / 2, y: INTO_Y - HANDLE / 2, ...size }
  const out = exits.map(({ key: id }, at) => ({
    ...{ id, type: 'source' as const, position: Position.Right, ...size },
    ...{ x: STEP_WIDTH - HANDLE / 2, y: heightOf(at) + (heightOf(1) - heightOf(0)) / 2 - HANDLE / 2 },
  }))
  return [into, ...out]
}
const HANDLE = 10
const INTO_Y = 28

function edgesOf(steps: readonly Step[]): Edge[] {
  const known = new Set(steps.map(one => one.id))
  return steps.flatMap((step, place) =>
    exitsOf(steps, place)
      .filter((one): one is Exit & { to: string } => one.to !== null && known.has(one.to))
      .map(({ key, to, implied, label }) => ({
        id: `${step.id} ${key}`,
        source: step.id,
        sourceHandle: key,
        target: to,
        ariaLabel: `${step.id}, ${label}: to ${to}`,
        deletable: !implied,
        ...(implied && { style: { strokeDasharray: '4 4' } }),
      })),
  )
}

function StepBox({ data: { step, exits, chosen, wrong } }: NodeProps<StepNode>) {
  const { known } = useContext(FlowContext)
  return (
    <div className={classes.node} data-chosen={chosen} data-wrong={wrong !== null}>
      <Handle type="target" position={Position.Left} style={{ top: INTO_Y }} />
      <div className={classes.nodeHead}>
        <div className={classes.cut}>
          <strong>{labelOf(step)}</strong> <span className="tl-number tl-muted">{step.id}</span>
        </div>
        <div className={wrong === null ? `${classes.cut} tl-muted` : `${classes.cut} ${classes.wrong}`}>
          {wrong ?? summaryOf(step, known)}
        </div>
      </div>
      {exits.map(one => (
        <div key={one.key} className={classes.exit}>
          {one.label}
          <Handle id={one.key} type="source" position={Position.Right} />
        </div>
      ))}
    </div>
  )
}
