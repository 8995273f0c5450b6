/** Masks, as their pages use them. */
import type { Sent } from '../../../wire/routes/row.ts'
import type { Routes } from '../../../wire/routes/table.ts'
import { ask } from '../../api.ts'

export type NewMaskBody = Sent<Routes['POST /v1.0/masks'], 'body'>
export type MaskChangeBody = Sent<Routes['PUT /v1.0/masks/:maskId'], 'body'>
export type NewSessionBody = Sent<Routes['POST /v1.0/masksessions'], 'body'>

const at = (maskId: string) => ({ params: { maskId } })
const page = (cursor: string | null) => ({ query: { limit: 50, cursor: cursor ?? undefined } })

export const getMasks = (cursor: string | null) => ask('GET /v1.0/masks', page(cursor))
export const getMask = (maskId: string) => ask('GET /v1.0/masks/:maskId', at(maskId))
export const makeMask = (body: NewMaskBody) => ask('POST /v1.0/masks', { body })
export const saveMask = (maskId: string, body: MaskChangeBody) =>
  ask('PUT /v1.0/masks/:maskId', { ...at(maskId), body })
export const deleteMask = (maskId: string) => ask('DELETE /v1.0/masks/:maskId', at(maskId))
export const getCalls = (maskId: string, cursor: string | null) =>
  ask('GET /v1.0/masks/:maskId/interactions', { ...at(maskId), query: { limit: 25, cursor: cursor ?? undefined } })
export const getSessions = (mask_id: string, cursor: string | null) =>
  ask('GET /v1.0/masksessions', { query: { mask_id, ...page(cursor).query } })
export const openSession = (body: NewSessionBody) => ask('POST /v1.0/masksessions', { body })
export const closeSession = (maskSessionId: string) =>
  ask('DELETE /v1.0/masksessions/:maskSessionId', { params: { maskSessionId } })
export const getParticipants = (maskSessionId: string) =>
  ask('GET /v1.0/masksessions/:maskSessionId/participants', { params: { maskSessionId } })
