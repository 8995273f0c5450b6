/** The book of a workspace: plain rows; its alarm sweeps what is old. Tenants are apart because each has its own object. */
import { DurableObject } from 'cloudflare:workers'
import type { TalkOrder } from '../../core/call/talk/talk.ts'
import type { AiAgent, AiAgentBody } from '../../wire/ai-agent.ts'
import type { Contact } from '../../wire/api.ts'
import type { RehearsalBody, RehearsalState } from '../../wire/scenario.ts'
import type { ConferenceAsk, ConferenceRow, FlowAsk, OutcomeAsk, Outcomes, QueueAsk, QueueRow } from '../books.ts'
import type { Begun, ContactEntry, KeptAnswer, KeyClaim, WorkspaceContract, WorkspaceSettings } from '../contracts.ts'
import type { Env } from '../env.ts'
import type { ContactAsk, NotedOutcome, OptOut, TriedContact } from '../people.ts'
import { migrate } from '../shell/schema.ts'
import { AiBook } from './ai-book.ts'
import { CampaignBook } from './campaign-book.ts'
import { CONFERENCE_SCHEMA, ConferenceBook } from './conference-book.ts'
import { CONTACT_SCHEMA, ContactBook } from './contact-book.ts'
import { FLOW_SCHEMA, FlowBook } from './flow-book.ts'
import { KeyBook } from './key-book.ts'
import { OptOuts } from './opt-outs.ts'
import { OUTCOME_SCHEMA, OutcomeBook } from './outcome-book.ts'
import { QUEUE_SCHEMA, QueueBook } from './queue-book.ts'
import { ScenarioBook } from './scenario-book.ts'
import { SettingsBook } from './settings-book.ts'

export class WorkspaceActor extends DurableObject<Env> implements WorkspaceContract {
  readonly #ai: AiBook
  readonly #campaigns: CampaignBook
  readonly #contacts: ContactBook
  readonly #keys: KeyBook
  readonly #optOuts: OptOuts
  readonly #scenarios: ScenarioBook
  readonly #settings: SettingsBook

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { sql } = ctx.storage
    const lists = { flows: FLOW_SCHEMA, queues: QUEUE_SCHEMA, conferences: CONFERENCE_SCHEMA, outcomes: OUTCOME_SCHEMA }
    migrate(ctx.storage, { contacts: CONTACT_SCHEMA, ...lists })
    this.#ai = new AiBook(sql)
    this.#campaigns = new CampaignBook(sql)
    this.#contacts = new ContactBook(sql)
    this.#keys = new KeyBook(ctx.storage)
    this.#optOuts = new OptOuts(env, ctx.id.name ?? '', this.#contacts)
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
    return this.#ai.order(agentId)
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
  async optOut(optOut: OptOut): Promise<number> {
    return this.#optOuts.add(optOut)
  }
  async liftOptOut(number: string): Promise<void> {
    this.#contacts.lift(number)
  }
  async optOuts() {
    return this.#ai.optOuts()
  }
  async noteCallback(callId: string, phone: string, wanted: string, note: string): Promise<void> {
    this.#ai.noteCallback(callId, phone, wanted, note)
  }
  async flow(ask: FlowAsk): Promise<string | null> {
    return new FlowBook(this.ctx.storage.sql).answerJson(ask, Date.now())
  }
  async queues(ask: QueueAsk): Promise<QueueRow[] | null> {
    return new QueueBook(this.ctx.storage.sql).answer(ask, Date.now())
  }
  async conferences(ask: ConferenceAsk): Promise<ConferenceRow[] | null> {
    return new ConferenceBook(this.ctx.storage.sql, this.ctx.id.name ?? '').answer(ask, Date.now())
  }
  async setProfile(name: string, sellerName: string, sellerNumber: string): Promise<void> {
    this.#settings.setProfile(name, sellerName, sellerNumber)
  }
  async settings(change: Partial<WorkspaceSettings> = {}): Promise<WorkspaceSettings> {
    return this.#settings.change(change)
  }
  async seller(): Promise<{ name: string; number: string }> {
    return this.#settings.seller()
  }
  async saveContacts(entries: ContactEntry[]): Promise<string[]> {
    return this.#optOuts.save(entries)
  }
  async peopleOfList(ask: ContactAsk): Promise<(string | null)[]> {
    return this.#optOuts.peopleOfList(ask)
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
  async noteContact(outcome: NotedOutcome): Promise<boolean> {
    return this.#optOuts.note(outcome)
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
  async outcomes(ask: OutcomeAsk): Promise<Outcomes> {
    return new OutcomeBook(this.ctx.storage.sql).answer(ask)
  }
  async claimKey(key: string, digest: string): Promise<KeyClaim> {
    return this.#keys.claim(key, digest, Date.now())
  }
  async settleKey(key: string, token: string, done: KeptAnswer): Promise<void> {
    await this.#keys.settle(key, token, done, Date.now())
  }
  async releaseKey(key: string, token: string): Promise<void> {
    this.#keys.release(key, token)
  }

  override async alarm(): Promise<void> {
    await this.#keys.sweep(Date.now())
  }
}
