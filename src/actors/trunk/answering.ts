/** Who answers each of our numbers. Four tables say it, and a change of one lets go of the others in the same transaction. */
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import type { Route, WorkspaceContract } from '../contracts.ts'
import type { FlowRouteAsk, FlowRoutes } from './flow-routes.ts'
import type { IncomingCalls } from './incoming-calls.ts'
import type { Lead, Leads, NewLead, StepLead } from './leads.ts'
import type { NumberPool } from './number-pool.ts'

const STEPS: readonly NewLead['to'][] = ['queue', 'conference', 'mask', 'extension']

interface Tables {
  calls: IncomingCalls
  flows: FlowRoutes
  leads: Leads
  pool: NumberPool
}

export class Answering {
  readonly #tables: Tables
  readonly #storage: DurableObjectStorage
  readonly #book: () => Pick<WorkspaceContract, 'aiAnswering'>

  /** `book`: an older release kept the numbers of AI agents there alone, so it is asked once about each number. */
  constructor(storage: DurableObjectStorage, tables: Tables, book: () => Pick<WorkspaceContract, 'aiAnswering'>) {
    this.#storage = storage
    this.#tables = tables
    this.#book = book
  }

  async routeOf(number: string, callId: string): Promise<Route> {
    const { flows, leads, pool } = this.#tables
    const flow = flows.toRun(number, callId) ?? leads.toRun(number)
    if (flow !== null) return { to: 'flow', flow }
    const order = await this.#agentOn(number)
    if (order !== null) return { to: 'agent', order }
    const rung = pool.deskOf(number)
    return rung === null ? { to: 'nobody' } : { to: 'desk', ...rung }
  }

  /** In the order in which `routeOf` looks: an older release kept more than one. */
  async leadOf(number: string): Promise<Lead> {
    const { flows, leads, pool } = this.#tables
    const flowId = flows.flowOf(number)
    if (flowId !== null) return { to: 'flow', id: flowId }
    const lead = leads.of(number)
    if (lead !== null) return lead
    const order = await this.#agentOn(number)
    if (order !== null) return { to: 'agent', id: order.agentId }
    const rung = pool.deskOf(number)
    return rung === null ? { to: 'nobody' } : { to: 'desk', id: rung.deskId, unanswered: rung.unanswered }
  }

  /** The number leads there and nowhere else. */
  lead(number: string, lead: NewLead): void {
    const { calls, flows, leads, pool } = this.#tables
    this.#storage.transactionSync(() => {
      this.#letGo(number)
      const rings = lead.to === 'desk' ? lead : { id: null, unanswered: null }
      pool.ring(number, rings.id, rings.unanswered)
      if (lead.to === 'agent') calls.route(number, lead.order)
      if (lead.to === 'flow') flows.answer({ do: 'assign', number, flowId: lead.id }, () => undefined)
      if (STEPS.includes(lead.to)) leads.set(number, lead.to as StepLead, 'id' in lead ? lead.id : '')
    })
  }

  /** False: there is no such number. */
  remove(number: string): boolean {
    return this.#storage.transactionSync(() => {
      this.#letGo(number)
      return this.#tables.pool.remove(number)
    })
  }

  forget(kind: 'flow' | StepLead, id: string): void {
    const { flows, leads, pool } = this.#tables
    this.#storage.transactionSync(() => {
      if (kind === 'flow') flows.release(flows.numbersOf(id))
      else leads.forget(kind, id)
      if (kind === 'queue') pool.forgetQueue(id)
    })
  }

  assignAgent(order: TalkOrder, numbers: string[]): void {
    const { calls, flows, leads } = this.#tables
    this.#storage.transactionSync(() => {
      calls.assign(order, numbers)
      flows.release(numbers)
      leads.release(numbers)
    })
  }

  flowRoute(ask: FlowRouteAsk): string | null {
    const { calls, flows, leads } = this.#tables
    return this.#storage.transactionSync(() =>
      flows.answer(ask, number => {
        calls.forget(number)
        leads.release([number])
      }),
    )
  }

  #letGo(number: string): void {
    const { calls, flows, leads } = this.#tables
    calls.forget(number)
    flows.release([number])
    leads.release([number])
  }

  async #agentOn(number: string): Promise<TalkOrder | null> {
    const { calls } = this.#tables
    const known = calls.agentOn(number)
    return known === undefined ? calls.learn(number, this.#book()) : known
  }
}
