/** Flows, their versions, and the numbers that lead to them. */
import type { FlowAsk, FlowRow } from '../../actors/books.ts'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { uniqueWith } from '../../actors/unique.ts'
import type { Action } from '../../core/flow/flow.ts'
import { diffOf, type FlowVersion } from '../../core/flow/versions.ts'
import type { Flow } from '../../wire/flow.ts'
import { flowRoutes } from '../../wire/routes/flows.ts'
import { flowPages } from '../../wire/routes/pages.ts'
import type { Caller } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { checkedFlow, checkedWithBook, requireFlow } from './flow-check.ts'

interface By {
  env: Env
  member: Pick<Caller, 'workspaceId'>
}
const noFlow = () => new Refusal(404, 'There is no such flow.')

/** Null: there is no such thing. */
export async function askFlows<T>({ env, member }: By, ask: FlowAsk): Promise<T | null> {
  const json = await stubFor(env, 'workspace', member.workspaceId).flow(ask)
  return json === null ? null : (JSON.parse(json) satisfies unknown as T)
}

/** The trunk keeps what calls get of a flow, so it is told of every change of that. */
async function published(by: By, row: FlowRow | null): Promise<FlowRow> {
  if (row === null) throw noFlow()
  const all = (await askFlows<FlowVersion[]>(by, { do: 'versions', flowId: row.flowId })) ?? []
  const out = all.filter(({ version }) => version === row.published || version === row.canary?.version)
  const book = { draft: [], versions: out, published: row.published, canary: row.canary }
  await stubFor(by.env, 'trunk', by.member.workspaceId).flowRoute({
    do: 'keep',
    flowId: row.flowId,
    bookJson: JSON.stringify(book),
  })
  return row
}

function shown(row: FlowRow, warnings: Flow['warnings'] = []): Flow {
  return {
    id: row.flowId,
    type: 'flow',
    name: row.name,
    detail: row.detail,
    actions: JSON.parse(row.draftJson) satisfies unknown as Flow['actions'],
    version: row.published,
    canary: row.canary,
    warnings,
    tm_create: new Date(row.madeMs).toISOString(),
    tm_update: new Date(row.changedMs).toISOString(),
  }
}

async function read(by: By, flowId: string): Promise<FlowRow> {
  const row = await askFlows<FlowRow>(by, { do: 'read', flowId })
  if (row === null) throw noFlow()
  return row
}

export const flows = bind(flowRoutes, {
  async 'GET /v1.0/flows'(by) {
    const { cursor, limit } = by.query
    const rows = (await askFlows<FlowRow[]>(by, { do: 'list', after: flowPages.after(cursor), limit })) ?? []
    const places = rows.map(({ changedMs, flowId: id }) => ({ changedMs, id }))
    return { items: rows.map(row => shown(row)), next: flowPages.next(places, limit) }
  },

  async 'POST /v1.0/flows'(by) {
    const { name, detail, actions, publish } = by.body
    const { actions: checked, warnings } = await requireFlow(by, actions)
    const flowId = uniqueWith('fl_')
    const change = { name, detail, actionsJson: JSON.stringify(checked) }
    const row = await askFlows<FlowRow>(by, { do: 'create', flowId, change, by: by.member.name })
    if (row === null) throw new Refusal(422, 'This workspace has as many flows as it may have.')
    return shown(publish ? await published(by, await askFlows(by, { do: 'publish', flowId })) : row, warnings)
  },

  async 'POST /v1.0/flows/checks'(by) {
    const { errors, warnings } = await checkedWithBook(by, by.body.actions)
    return { errors, warnings }
  },

  async 'GET /v1.0/flows/:flowId'(by) {
    const row = await read(by, by.params.flowId)
    return shown(row, checkedFlow(JSON.parse(row.draftJson) satisfies unknown as Action[]).warnings)
  },

  async 'PUT /v1.0/flows/:flowId'(by) {
    const { flowId } = by.params
    const { name, detail, actions, publish } = by.body
    const checked = actions === undefined ? null : await requireFlow(by, actions)
    const change = {
      ...(name === undefined ? {} : { name }),
      ...(detail === undefined ? {} : { detail }),
      ...(checked === null ? {} : { actionsJson: JSON.stringify(checked.actions) }),
    }
    const row = await askFlows<FlowRow>(by, { do: 'change', flowId, change, by: by.member.name })
    if (row === null) throw noFlow()
    const out = publish && checked !== null ? await published(by, await askFlows(by, { do: 'publish', flowId })) : row
    return shown(out, checked?.warnings)
  },

  async 'DELETE /v1.0/flows/:flowId'(by) {
    const { flowId } = by.params
    if ((await askFlows(by, { do: 'remove', flowId })) === null) throw noFlow()
    const trunk = stubFor(by.env, 'trunk', by.member.workspaceId)
    await trunk.flowRoute({ do: 'keep', flowId, bookJson: null })
    await trunk.leadNowhere('flow', flowId)
    return { message: 'removed' }
  },

  async 'POST /v1.0/flows/:flowId/publish'(by) {
    const { flowId } = by.params
    await requireFlow(by, JSON.parse((await read(by, flowId)).draftJson) satisfies unknown as Action[])
    const { percent } = by.body
    if (percent === undefined) return shown(await published(by, await askFlows(by, { do: 'publish', flowId })))
    const row = await askFlows<FlowRow>(by, { do: 'canary', flowId, percent })
    if (row === null)
      throw new Refusal(409, 'A share of the calls needs a version that the others get. Publish it whole first.')
    return shown(await published(by, row))
  },

  async 'POST /v1.0/flows/:flowId/rollback'(by) {
    const { flowId } = by.params
    await read(by, flowId)
    const row = await askFlows<FlowRow>(by, { do: 'roll-back', flowId, version: by.body.version })
    if (row === null)
      throw new Refusal(404, 'There is no such version.', [{ field: 'version', message: 'there is no such version' }])
    return shown(await published(by, row))
  },

  async 'GET /v1.0/flows/:flowId/versions'(by) {
    const { flowId } = by.params
    const versions = await askFlows<FlowVersion[]>(by, { do: 'versions', flowId })
    if (versions === null) throw noFlow()
    const items = versions.map((one, index) => ({
      version: one.version,
      tm_create: new Date(one.at).toISOString(),
      rolledBackTo: one.rolledBackTo ?? null,
      changes: diffOf(versions[index + 1]?.actions ?? [], one.actions),
    }))
    return { items, next: null }
  },
})
