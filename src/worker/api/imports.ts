/** Imports: the way of a list into the book. */
import type { Env } from '../../actors/env.ts'
import type { Begun, Import } from '../../actors/import/contract.ts'
import { FILE_BYTES_MAX } from '../../actors/import/tables.ts'
import { stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import { type ImportId, importId as importIdOf } from '../../core/ids.ts'
import type { ShownImport } from '../../wire/import.ts'
import { importRoutes } from '../../wire/routes/imports.ts'
import { importPages } from '../../wire/routes/pages.ts'
import { csvLine, csvResponse } from '../csv.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { requireCampaign } from './campaign-book.ts'
import { countryOf } from './contacts.ts'

interface By {
  env: Env
  member: Caller
}
const listOf = ({ env, member }: By) => stubFor(env, 'import', member.workspaceId)
const missing = () => new Refusal(404, 'There is no such import.')

/** An object is made by asking for it, so the list is asked first. */
async function importOf(by: By, importId: ImportId) {
  if (!(await listOf(by).has(importId))) throw missing()
  return stubFor(by.env, 'import', importId)
}

function shown(one: Import): ShownImport {
  const { by: _, upTo: __, ...rest } = one
  return rest
}
async function shownOf(by: By, importId: ImportId): Promise<ShownImport> {
  const found = await (await importOf(by, importId)).read()
  if (found === null) throw missing()
  return shown(found)
}

/** @throws Refusal unless the work has begun */
function mustBegin(begun: Begun, what: string): void {
  if (begun === 'gone') throw missing()
  if (begun === 'busy') throw new Refusal(409, 'Something is going on with this import. Wait until it is done.')
  if (begun === 'phase') throw new Refusal(409, what)
}

const PAGE = 500
const ERRORS = ['refused', 'duplicate'] as const

export const imports = bind(importRoutes, {
  async 'GET /api/imports'(by) {
    const { limit, cursor } = by.query
    const { workspaceId } = by.member
    const last = importPages.after(cursor)
    const ids = await listOf(by).listed(last && { ...last, id: `${workspaceId}.${last.id}` }, limit)
    const found = await Promise.all(ids.map(id => stubFor(by.env, 'import', id).read()))
    const items = found.flatMap(one => (one === null ? [] : [shown(one)]))
    const places = items.map(one => ({ changedMs: one.madeMs, id: one.importId.slice(workspaceId.length + 1) }))
    return { items, next: importPages.next(places, limit) }
  },

  async 'POST /api/imports'(by) {
    const { env, member, body } = by
    const id = importIdOf(member.workspaceId, unique())
    const country = body.country ?? (await countryOf(env, member.workspaceId))
    if (!(await listOf(by).enlist(id)))
      throw new Refusal(422, 'This workspace has as many imports as it may have. Forget some of them first.')
    const settings = { country, columns: body.columns ?? null, header: body.header ?? null }
    return shown(await stubFor(env, 'import', id).make(body.name, member.name, settings, body.upTo))
  },

  async 'GET /api/imports/:importId'(by) {
    return shownOf(by, by.params.importId)
  },

  async 'DELETE /api/imports/:importId'(by) {
    const { importId } = by.params
    if (!(await (await importOf(by, importId)).forget()))
      throw new Refusal(409, 'Something is going on with this import. Wait until it is done.')
    await listOf(by).strike(importId)
    return { message: 'deleted' }
  },

  async 'PUT /api/imports/:importId/file'(by) {
    const { c, params } = by
    const one = await importOf(by, params.importId)
    const { body } = c.req.raw
    if (Number(c.req.header('Content-Length') ?? 0) > FILE_BYTES_MAX)
      throw new Refusal(413, `The file is larger than ${FILE_BYTES_MAX / 1024 / 1024} MiB.`)
    if (body === null) throw new Refusal(400, 'There is no file.', [{ field: 'body', message: 'is empty' }])
    const received = await one.receive(body)
    if (received === 'gone') throw missing()
    if (received === 'busy') throw new Refusal(409, 'This import has a file already, or is reading one.')
    const now = await shownOf(by, params.importId)
    if (now.phase === 'failed' && now.problem !== null)
      throw new Refusal(422, 'The file cannot be read.', [{ field: 'body', message: now.problem }])
    return now
  },

  async 'PUT /api/imports/:importId/settings'(by) {
    const { importId } = by.params
    const begun = await (await importOf(by, importId)).recheck(by.body)
    mustBegin(begun, 'There is no file yet, or its people are imported already.')
    return shownOf(by, importId)
  },

  async 'GET /api/imports/:importId/rows'(by) {
    const { verdict = null, cursor, limit } = by.query
    const after = Number(cursor?.slice('rows~'.length) ?? 0)
    const items = await (await importOf(by, by.params.importId)).rows({ verdict, after, limit })
    const last = items.length === limit ? items.at(-1) : undefined
    return { items, next: last === undefined ? null : `rows~${last.n}` }
  },

  async 'PUT /api/imports/:importId/rows/:row'(by) {
    const { importId, row } = by.params
    const fixed = await (await importOf(by, importId)).fix(Number(row), by.body.cells)
    if (fixed === null) throw new Refusal(404, 'There is no such row, or it is saved already.')
    if (fixed === 'busy') throw new Refusal(409, 'Something is going on with this import. Wait until it is done.')
    return fixed
  },

  async 'POST /api/imports/:importId/commit'(by) {
    const { importId } = by.params
    mustBegin(await (await importOf(by, importId)).begin({ do: 'commit' }), 'There is no list to import yet.')
    return shownOf(by, importId)
  },

  async 'POST /api/imports/:importId/campaigns'(by) {
    const { importId } = by.params
    const one = await importOf(by, importId)
    const { campaignId } = await requireCampaign(by.env, by.member.workspaceId, by.body.campaignId)
    mustBegin(await one.begin({ do: 'fill', campaignId }), 'Import the list first.')
    return shownOf(by, importId)
  },

  async 'POST /api/imports/:importId/undo'(by) {
    const { importId } = by.params
    mustBegin(await (await importOf(by, importId)).begin({ do: 'undo' }), 'Nobody of this list is imported.')
    return shownOf(by, importId)
  },

  async 'GET /api/imports/:importId/errors.csv'(by) {
    const { importId } = by.params
    const { first, header } = await shownOf(by, importId)
    return csvResponse(errorLines(by.env, importId, header === true ? first : []))
  },
})

async function* errorLines(env: Env, importId: ImportId, header: string[]): AsyncGenerator<string> {
  yield csvLine(['row', 'verdict', 'field', 'what is wrong', ...header])
  for (const verdict of ERRORS) {
    for (let after = 0; ; ) {
      const rows = await stubFor(env, 'import', importId).rows({ verdict, after, limit: PAGE })
      yield rows.map(one => csvLine([one.n, one.verdict, one.field, one.message, ...one.cells])).join('')
      const last = rows.length === PAGE ? rows.at(-1) : undefined
      if (last === undefined) break
      after = last.n
    }
  }
}
