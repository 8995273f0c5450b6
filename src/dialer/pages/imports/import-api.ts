/** How the pages of imports ask. */
import type { ShownImport } from '../../../wire/import.ts'
import { ask, sendFile, urlOf } from '../../api.ts'
import type { Field, Verdict } from './import-words.ts'

export const getImports = (cursor: string | null) =>
  ask('GET /api/imports', { query: { cursor: cursor ?? undefined, limit: 50 } })
export const getImport = (importId: string) => ask('GET /api/imports/:importId', { params: { importId } })
export const getRows = (importId: string, verdict: Verdict | null, cursor: string | null) =>
  ask('GET /api/imports/:importId/rows', {
    params: { importId },
    query: { verdict: verdict ?? undefined, cursor: cursor ?? undefined },
  })
export const beginImport = (name: string) => ask('POST /api/imports', { body: { name } })
export const sendList = (importId: string, file: Blob) =>
  sendFile('PUT /api/imports/:importId/file', { importId }, file)
export const saveSettings = (
  importId: string,
  body: { country: string; columns: (Field | null)[]; header: boolean },
): Promise<ShownImport> => ask('PUT /api/imports/:importId/settings', { params: { importId }, body })
export const fixRow = (importId: string, row: number, cells: string[]) =>
  ask('PUT /api/imports/:importId/rows/:row', { params: { importId, row: String(row) }, body: { cells } })
export const commit = (importId: string) => ask('POST /api/imports/:importId/commit', { params: { importId } })
export const undo = (importId: string) => ask('POST /api/imports/:importId/undo', { params: { importId } })
export const forget = (importId: string) => ask('DELETE /api/imports/:importId', { params: { importId } })
export const fillCampaign = (importId: string, campaignId: string) =>
  ask('POST /api/imports/:importId/campaigns', { params: { importId }, body: { campaignId } })
export const errorsAddress = (importId: string) =>
  urlOf('GET /api/imports/:importId/errors.csv', { params: { importId } })
export const contactsAddress = () => urlOf('GET /api/contacts.csv')
