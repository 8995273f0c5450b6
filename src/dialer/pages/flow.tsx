/** The page of one flow. */
import { Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Flow } from '../../wire/flow.ts'
import { useView } from '../desk/hooks.ts'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { getAgents } from './ai/ai-api.ts'
import { deleteFlow, getFlow } from './flows/flow-api.ts'
import { FlowEditor } from './flows/flow-editor.tsx'
import { stepsIn } from './flows/steps.ts'
import { getFlows } from './numbers/number-api.ts'
import { getQueues } from './queues/queue-api.ts'
import classes from './table.module.css'
import { SureButton } from './team/sure-button.tsx'
import { useChange } from './team/use-change.ts'

const route = getRouteApi('/desk/frame/flows/$flowId')
/** the place of the id in the address of a new flow */
const NEW = 'new'

export function FlowScreen() {
  const { flowId } = route.useParams()
  const navigate = route.useNavigate()
  const queries = useQueryClient()
  const { agent } = useView()
  const [editors, setEditors] = useState(0)
  const fresh = flowId === NEW
  // What somebody edits is not replaced by an answer that comes meanwhile.
  const flow = useQuery({
    queryKey: ['flow', flowId],
    queryFn: () => getFlow(flowId),
    enabled: !fresh,
    refetchOnWindowFocus: false,
  })
  const { known, others } = useKnown(flowId)
  const readOnly = agent.role === 'agent'
  const saved = (next: Flow) => {
    queries.setQueryData(['flow', next.id], next)
    if (fresh) void navigate({ params: { flowId: next.id }, replace: true })
  }
  // The editor is made again, because the version brought back replaces what was edited.
  const broughtBack = (next: Flow) => {
    saved(next)
    setEditors(count => count + 1)
  }
  const data = fresh ? null : flow.data
  return (
    <div className="tl-stack">
      <Link to="/flows">← All flows</Link>
      {flow.isLoading ? <Loader size="sm" role="status" aria-label="Loading the flow" /> : null}
      {flow.isError ? <ProblemBox title={flow.error.message} onRetry={() => void flow.refetch()} /> : null}
      {data === undefined ? null : (
        <>
          <div className={classes.head}>
            <h1>{data === null ? 'New flow' : <PersonName name={data.name} />}</h1>
            {data === null || readOnly ? null : (
              <DeleteFlow flow={data} onDone={() => void navigate({ to: '/flows', replace: true })} />
            )}
          </div>
          <FlowEditor
            key={`${flowId} ${editors}`}
            flow={data}
            readOnly={readOnly}
            known={known}
            others={others}
            onSaved={saved}
            onBack={broughtBack}
          />
        </>
      )}
    </div>
  )
}

function DeleteFlow({ flow, onDone }: { flow: Flow; onDone(): void }) {
  const change = useChange('flows', 'numbers')
  const remove = async () => {
    if (await change.run(() => deleteFlow(flow.id), `${flow.name} is removed.`)) onDone()
  }
  return (
    <SureButton
      label={`Delete ${flow.name}`}
      question="Really delete?"
      disabled={change.busy}
      onSure={() => void remove()}
    >
      Delete
    </SureButton>
  )
}

/** Queues, flows and AI agents, which options of steps name by id. */
function useKnown(flowId: string) {
  const queues = useQuery({ queryKey: ['queues'], queryFn: getQueues })
  const flows = useQuery({ queryKey: ['flows'], queryFn: getFlows })
  const agents = useQuery({ queryKey: ['ai-agents'], queryFn: getAgents })
  // A flow that runs itself never ends.
  const rest = (flows.data?.items ?? []).filter(one => one.id !== flowId)
  const named = (all: { id: string; name: string }[]) => all.map(one => ({ value: one.id, label: one.name }))
  const talkers = (agents.data?.items ?? []).map(one => ({ value: one.agentId, label: one.body.name }))
  const known = {
    queue_id: named(queues.data?.items ?? []),
    flow_id: named(rest),
    agent_id: talkers,
    assistance_id: talkers,
  }
  const { data } = flows
  const others = useMemo(
    () =>
      Object.fromEntries(
        (data?.items ?? []).filter(one => one.id !== flowId).map(one => [one.id, stepsIn(one.actions)]),
      ),
    [data, flowId],
  )
  return { known, others }
}
