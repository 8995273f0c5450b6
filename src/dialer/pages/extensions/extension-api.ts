/** Extensions, as their page uses them. */
import type { Sent } from '../../../wire/routes/row.ts'
import type { Routes } from '../../../wire/routes/table.ts'
import { ask } from '../../api.ts'
import type { Choices } from '../numbers/number-api.ts'

export type NewExtensionBody = Sent<Routes['POST /v1.0/extensions'], 'body'>

const at = (extensionId: string) => ({ params: { extensionId } })

export const getExtensions = (cursor: string | null) =>
  ask('GET /v1.0/extensions', { query: { limit: 50, cursor: cursor ?? undefined } })
export const makeExtension = (body: NewExtensionBody) => ask('POST /v1.0/extensions', { body })
export const deleteExtension = (id: string) => ask('DELETE /v1.0/extensions/:extensionId', at(id))
export const renewSecret = (id: string) => ask('POST /v1.0/extensions/:extensionId/secret', at(id))
export const changeExtension = (id: string, body: Sent<Routes['PUT /v1.0/extensions/:extensionId'], 'body'>) =>
  ask('PUT /v1.0/extensions/:extensionId', { ...at(id), body })

export const getCarrierPhones = () => ask('GET /v1.0/carrier_phones', {})
export const switchCarrierPhones = (enabled: boolean) => ask('PUT /v1.0/carrier_phones', { body: { enabled } })

export type NewTrunkBody = Sent<Routes['POST /v1.0/trunks'], 'body'>
const ofTrunk = (trunkId: string) => ({ params: { trunkId } })
export const getTrunks = (cursor: string | null) =>
  ask('GET /v1.0/trunks', { query: { limit: 50, cursor: cursor ?? undefined } })
export const makeTrunk = (body: NewTrunkBody) => ask('POST /v1.0/trunks', { body })
export const deleteTrunk = (id: string) => ask('DELETE /v1.0/trunks/:trunkId', ofTrunk(id))
export const renewTrunk = (id: string) => ask('POST /v1.0/trunks/:trunkId/secret', ofTrunk(id))

/** What an extension may lead to. */
export async function getChoices(): Promise<Choices> {
  const page = { query: { limit: 200 } }
  const [flows, queues, conferences, agents] = await Promise.all([
    ask('GET /v1.0/flows', page),
    ask('GET /v1.0/queues', page),
    ask('GET /v1.0/conferences', page),
    ask('GET /api/ai/agents', {}),
  ])
  const nobody = { people: [], extensions: [] }
  return { flows: flows.items, queues: queues.items, conferences: conferences.items, agents: agents.items, ...nobody }
}

export const getLadder = (callId: string) => ask('GET /v1.0/calls/:callId/ladder', { params: { callId } })
