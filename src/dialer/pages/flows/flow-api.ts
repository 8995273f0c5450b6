/** Flows, as their pages use them. */
import { ask } from '../../api.ts'
import type { Step } from './steps.ts'

export const getFlow = (flowId: string) => ask('GET /v1.0/flows/:flowId', { params: { flowId } })
export const getVersions = (flowId: string) => ask('GET /v1.0/flows/:flowId/versions', { params: { flowId } })
export const checkSteps = (actions: readonly Step[]) =>
  ask('POST /v1.0/flows/checks', { body: { actions: [...actions] } })
export const deleteFlow = (flowId: string) => ask('DELETE /v1.0/flows/:flowId', { params: { flowId } })
export const rollBack = (flowId: string, version: number) =>
  ask('POST /v1.0/flows/:flowId/rollback', { params: { flowId }, body: { version } })

interface Draft {
  name: string
  detail: string
  steps: readonly Step[]
}

/** Calls get a draft only when it is published. `flowId`: null: a new flow. */
export function saveDraft(flowId: string | null, { name, detail, steps }: Draft) {
  const body = { name, detail, actions: [...steps], publish: false }
  return flowId === null
    ? ask('POST /v1.0/flows', { body })
    : ask('PUT /v1.0/flows/:flowId', { params: { flowId }, body })
}

/** `percent`: null: all calls. */
export const publishFlow = (flowId: string, percent: number | null) =>
  ask('POST /v1.0/flows/:flowId/publish', { params: { flowId }, body: percent === null ? {} : { percent } })
