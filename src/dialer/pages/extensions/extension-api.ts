/** Extensions, as their page uses them. */
import type { Sent } from '../../../wire/routes/row.ts'
import type { Routes } from '../../../wire/routes/table.ts'
import { ask } from '../../api.ts'

export type NewExtensionBody = Sent<Routes['POST /v1.0/extensions'], 'body'>

const at = (extensionId: string) => ({ params: { extensionId } })

export const getExtensions = (cursor: string | null) =>
  ask('GET /v1.0/extensions', { query: { limit: 50, cursor: cursor ?? undefined } })
export const makeExtension = (body: NewExtensionBody) => ask('POST /v1.0/extensions', { body })
export const deleteExtension = (id: string) => ask('DELETE /v1.0/extensions/:extensionId', at(id))
export const renewSecret = (id: string) => ask('POST /v1.0/extensions/:extensionId/secret', at(id))
export const getLadder = (callId: string) => ask('GET /v1.0/calls/:callId/ladder', { params: { callId } })
