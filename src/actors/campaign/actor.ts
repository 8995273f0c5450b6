/** One campaign: its contacts (rows) and the sessions of its agents. */
import { DurableObject } from 'cloudflare:workers'
import type { BatchFact } from '../../core/batch/state.ts'
import { campaign } from '../../core/campaign/campaign.ts'
import { campaignLane } from '../../core/campaign/lane.ts'
import type {
  CampaignEffect,
  CampaignFact,
  CampaignInput,
  CampaignSettings,
  CampaignState,
} from '../../core/campaign/state.ts'
import type { Tallies } from '../../core/pool/pool.ts'
import type { CampaignContract, CampaignMessage, CampaignRead, NewContact } from '../contracts.ts'
import type { Env } from '../env.ts'
import { logFeed } from '../feeds.ts'
import { neighboursOf } from '../neighbours.ts'
import { platformOf } from '../shell/platform.ts'
import { Shell, type StoredFact } from '../shell/shell.ts'
import { floorOf, talliesOf } from './pace.ts'
import { carryOut } from './performer.ts'
import {
  addContacts,
  CAMPAIGN_SCHEMA,
  contactsHeld,
  contactsLeft,
  contactsTotal,
  project,
  removeContacts,
} from './tables.ts'

export class CampaignActor extends DurableObject<Env> implements CampaignContract {
  readonly #campaignId: string
  readonly #shell: Shell<CampaignState, CampaignInput, CampaignFact, CampaignEffect>

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const near = neighboursOf(env)
    this.#campaignId = ctx.id.name ?? ''
    const platform = platformOf(ctx)
    this.#shell = new Shell(platform, {
      machine: campaign,
      schema: CAMPAIGN_SCHEMA,
      project,
      laneOf: campaignLane,
      performer: carryOut(near, this.#campaignId, platform.store.sql, () => this.#shell.state),
      feedOf: name => (name === 'log' ? logFeed(near, campaign, this.#campaignId) : null),
    })
  }

  async configure(settings: CampaignSettings): Promise<boolean> {
    this.#shell.outbox.addFeed('log')
    const committed = this.#shell.commit({
      type: 'campaign.configured',
      at: this.#shell.now(),
      campaignId: this.#campaignId,
      settings,
      ...this.#tallies(),
    })
    return !committed?.refused
  }

  async addContacts(contacts: NewContact[]): Promise<{ added: number; dropped: string[] }> {
    return addContacts(this.#shell.journal.sql, contacts)
  }

  async removeContacts(ids: string[]): Promise<string[]> {
    return removeContacts(this.#shell.journal.sql, ids)
  }

  async deliver(input: CampaignMessage, inputId: string | null): Promise<boolean> {
    if (this.#shell.state.settings === null) return false
    const left = contactsLeft(this.#shell.journal.sql)
    const { type } = input
    const counts = type === 'outcome.saved' || type === 'wrap-up.ended' || type === 'seat.answered'
    const counted = counts ? { ...input, left } : input
    return !this.#shell.commit({ ...counted, ...this.#tallies() }, inputId)?.refused
  }

  async hearBatch(batchId: string, facts: StoredFact<BatchFact>[]): Promise<void> {
    const at = this.#shell.now()
    const left = contactsLeft(this.#shell.journal.sql)
    const known = { at, batchId, left, ...this.#tallies() }
    this.#shell.hear(batchId, facts, fresh => ({ type: 'batch.reported', facts: fresh, ...known }))
  }

  #tallies(): { tallies?: Tallies } {
    const { journal, state } = this.#shell
    return state.settings?.pooled || state.pools?.length ? { tallies: talliesOf(journal.sql, this.#shell.now()) } : {}
  }

  async read(): Promise<CampaignRead> {
    const { sql } = this.#shell.journal
    const tallies = talliesOf(sql, this.#shell.now())
    const { answered, abandoned } = tallies.month
    const people = { left: contactsLeft(sql), held: contactsHeld(sql), total: contactsTotal(sql) }
    const { state } = this.#shell
    return { state, ...people, answered, abandoned, floor: floorOf(state, tallies) }
  }

  async inspect() {
    return this.#shell.inspect()
  }

  override async alarm(): Promise<void> {
    await this.#shell.wake(at => ({ type: 'clock.struck', at, ...this.#tallies() }))
  }
}
