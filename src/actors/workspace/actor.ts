/**
 * The book of a workspace: its profile, contacts, campaigns and idempotency keys. Plain rows; its alarm sweeps what is
 * old. Tenants are apart because each has its own object.
 */
import { DurableObject } from 'cloudflare:workers'
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import { type AiAgent, type AiAgentBody, talkOrderOf } from '../../wire/ai-agent.ts'
import type { Contact } from '../../wire/api.ts'
import type { RehearsalBody, RehearsalState } from '../../wire/scenario.ts'
import type { Begun, ContactEntry, KeptAnswer, KeyClaim, WorkspaceContract, WorkspaceSettings } from '../contracts.ts'
import type { Env } from '../env.ts'
import type { TriedContact } from '../people.ts'
import { migrate } from '../shell/schema.ts'
import { stubFor } from '../stubs.ts'
import { AiBook } from './ai-book.ts'
import { CampaignBook } from './campaign-book.ts'
import { CONTACT_SCHEMA, ContactBook } from './contact-book.ts'
import { KeyBook } from './key-book.ts'
import { ScenarioBook } from './scenario-book.ts'
import { SettingsBook } from './settings-book.ts'

const SWEEP_MS = 3_600_000
/** The outcome that also lists the number. */
const DO_NOT_CALL = 'do-not-call'

export class WorkspaceActor extends DurableObject<Env> implements WorkspaceContract {
  readonly #ai: AiBook
  readonly #campaigns: CampaignBook
  readonly #contacts: ContactBook
  readonly #keys: KeyBook
  readonly #scenarios: ScenarioBook
  readonly #settings: SettingsBook

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { sql } = ctx.storage
    migrate(ctx.storage, { contacts: CONTACT_SCHEMA })
    this.#ai = new AiBook(sql)
    this.#campaigns = new CampaignBook(sql)
    this.#contacts = new ContactBook(sql)
    this.#keys = new KeyBook(sql)
    this.#scenarios = new ScenarioBook(sql)
    this.#settings = new SettingsBook(sql)
  }

  async saveAiAgent(agentId: string, body: AiAgentBody, by: string): Promise<number | null> {
    return this.#ai.save(agentId, body, by)
  }
  async aiAgent(agentId: string, version: number | null = null): Promise<string | null> {
    const agent = this.#ai.read(agentId, version)
    return agent ? JSON.stringify(agent satisfies AiAgent) : null
  }
  async aiAgents(): Promise<string> {
    return JSON.stringify(this.#ai.list())
  }
  async aiVersions(agentId: string, limit: number): Promise<string> {
    return JSON.stringify(this.#ai.versions(agentId, limit))
  }
  async assignAiNumbers(agentId: string, numbers: string[]): Promise<void> {
    this.#ai.assign(agentId, numbers)
  }
  async releaseAiNumber(number: string): Promise<void> {
    this.#ai.release(number)
  }
  async aiAnswering(number: string): Promise<TalkOrder | null> {
    return this.#ai.answering(number)
  }
  async aiOrder(agentId: string): Promise<TalkOrder | null> {
    const agent = this.#ai.read(agentId)
    return agent ? talkOrderOf(agent) : null
  }
  async scenarios(agentId: string): Promise<string> {
    return JSON.stringify(this.#scenarios.list(agentId))
  }
  async saveScenario(agentId: string, name: string, body: string, by: string): Promise<boolean> {
    return this.#scenarios.save(agentId, name, JSON.parse(body) as RehearsalBody, by)
  }
  async removeScenario(agentId: string, name: string): Promise<{ runId: string | null } | null> {
    return this.#scenarios.remove(agentId, name)
  }
  async beginRehearsal(agentId: string, name: string, runId: string, version: number): Promise<Begun> {
    return this.#scenarios.begin(agentId, name, runId, version)
  }
  async hasRehearsal(runId: string): Promise<boolean> {
    return this.#scenarios.hasRun(runId)
  }
  async rehearsalEnded(runId: string, state: RehearsalState, endedMs: number): Promise<void> {
    this.#scenarios.ended(runId, state, endedMs)
  }
  async optOut(number: string, because: string, by = because): Promise<void> {
    // The list comes first: if it does not answer, whoever asked is told and asks again.
    const entries = [{ number, campaignId: null, area: false, source: because, by, note: '' }]
    await stubFor(this.env, 'trunk', this.ctx.id.name ?? '').changeList({ do: 'add', entries })
    this.#contacts.markOptedOut(number)
  }
  async optOuts() {
    return this.#ai.optOuts()
  }
  async noteCallback(callId: string, phone: string, wanted: string, note: string): Promise<void> {
    this.#ai.noteCallback(callId, phone, wanted, note)
  }

  async setProfile(name: string, sellerName: string, sellerNumber: string): Promise<void> {
    this.#settings.setProfile(name, sellerName, sellerNumber)
  }
  async settings(): Promise<WorkspaceSettings> {
    return this.#settings.read()
  }
  async changeSettings(settings: Partial<WorkspaceSettings>): Promise<void> {
    this.#settings.change(settings)
  }
  async seller(): Promise<{ name: string; number: string }> {
    return this.#settings.seller()
  }
  async saveContacts(entries: ContactEntry[]): Promise<void> {
    this.#contacts.save(entries)
  }
  async contacts(ids: string[]): Promise<Contact[]> {
    return this.#contacts.read(ids)
  }
  async listContacts(after: string | null, limit: number): Promise<Contact[]> {
    return this.#contacts.list(after, limit)
  }
  async contactByPhone(phone: string): Promise<Contact | null> {
    return this.#contacts.byPhone(phone)
  }
  async noteContact(id: string, result: string, note: string, at: number, by = 'agent', call = ''): Promise<boolean> {
    const [contact] = this.#contacts.read([id])
    if (contact === undefined) return false
    if (result === DO_NOT_CALL) await this.optOut(contact.phone, 'outcome of a call', by)
    return this.#contacts.note(id, result, note, at, call)
  }
  async countAttempt(contactId: string, callId: string, at: number): Promise<void> {
    this.#contacts.countAttempt(contactId, callId, at)
  }
  async contactTried(tried: TriedContact): Promise<void> {
    this.#contacts.tried(tried)
  }

  async saveCampaign(campaignId: string, name: string, lines: number): Promise<void> {
    this.#campaigns.save(campaignId, name, lines)
  }
  async hasCampaign(campaignId: string): Promise<boolean> {
    return this.#campaigns.has(campaignId)
  }
  async campaigns() {
    return this.#campaigns.list()
  }
  async claimKey(key: string, digest: string): Promise<KeyClaim> {
    const answer = this.#keys.claim(key, digest, Date.now())
    if (answer.is === 'claimed') await this.#sweepSoon()
    return answer
  }
  async settleKey(key: string, token: string, done: KeptAnswer): Promise<void> {
    this.#keys.settle(key, token, done, Date.now())
    await this.#sweepSoon()
  }
  async releaseKey(key: string, token: string): Promise<void> {
    this.#keys.release(key, token)
  }
  async #sweepSoon(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + SWEEP_MS)
  }

  override async alarm(): Promise<void> {
    if (this.#keys.sweep(Date.now())) await this.ctx.storage.setAlarm(Date.now() + SWEEP_MS)
  }
}
