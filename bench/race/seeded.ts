/**
 * The shipping actors with shortcuts for opening and removal, for rounds whose opening is not measured: everything is
 * dialled and ringing, and nothing is owed. The state is made by the actors' own commits; only what the opening owes
 * is struck without being done.
 */
import { BatchActor as ShippedBatch } from '../../src/actors/batch/actor.ts'
import { CallActor as ShippedCall } from '../../src/actors/call/actor.ts'
import { DeskActor as ShippedDesk } from '../../src/actors/desk/actor.ts'
import type { CallLinks } from '../../src/core/call/state.ts'
import { roundOf } from '../round.ts'
import { providerIdOf } from './provider-id.ts'

function strike(sql: SqlStorage): void {
  sql.exec('DELETE FROM outbox')
  sql.exec('UPDATE feeds SET cursor = (SELECT MAX(seq) FROM facts), due = 0')
}

export const FORGOTTEN = 'forgotten'

/**
 * Removes the object, its alarm and its memory now, because it would else go to sleep ten seconds later, in the middle
 * of what is measured next.
 */
async function forget(ctx: DurableObjectState): Promise<void> {
  await ctx.storage.deleteAlarm()
  await ctx.storage.deleteAll()
  await ctx.storage.sync()
  ctx.abort(FORGOTTEN)
}

export class BatchActor extends ShippedBatch {
  async seed(batchId: string): Promise<void> {
    const { open } = roundOf(batchId)
    await this.open(open)
    for (const { callId } of open.legs) {
      await this.deliver({ type: 'leg.placed', at: Date.now(), legId: callId }, null)
      await this.deliver({ type: 'leg.rang', at: Date.now(), legId: callId }, null)
    }
    strike(this.ctx.storage.sql)
  }
  async forget(): Promise<void> {
    await forget(this.ctx)
  }
}

export class CallActor extends ShippedCall {
  async seed(batchId: string, callId: string): Promise<void> {
    const { deskId, open } = roundOf(batchId)
    const leg = open.legs.find(one => one.callId === callId)
    if (!leg) return
    const links: CallLinks = { kind: 'single', batchId, campaignId: null, contactId: null, deskId, agentName: 'Ada' }
    const { to, from, name } = leg
    await this.request(links, { to, from, name }, { ringLimitMs: 25_000, amd: 'beside', record: false })
    const providerId = providerIdOf(callId)
    const at = Date.now()
    await this.deliver({ type: 'call.slot-granted', at, notBefore: at, profile: 'custom' }, null)
    await this.deliver({ type: 'call.create-answered', at, providerId, status: 'queued' }, null)
    await this.deliver({ type: 'call.reported', at, providerId, status: 'ringing' }, null)
    strike(this.ctx.storage.sql)
  }
  async forget(): Promise<void> {
    await forget(this.ctx)
  }
}

export class DeskActor extends ShippedDesk {
  async seed(batchId: string): Promise<void> {
    const { agent, opened } = roundOf(batchId)
    await this.open(agent)
    await this.deliver(opened, null)
    strike(this.ctx.storage.sql)
  }
  async forget(): Promise<void> {
    await forget(this.ctx)
  }
}
