/**
 * The inbox of a workspace: who called and reached nobody, in rows. Calls and queues tell it, at least once; it copies the sound of messages,
 * has them turned into words, tells the desks that something has changed, and deletes what is old. What it owes is in its rows, so its
 * alarm goes on after a crash.
 */
import { DurableObject } from 'cloudflare:workers'
import { type Box, GENERAL_BOX } from '../../core/call/voicemail/state.ts'
import { deskId } from '../../core/ids.ts'
import { earliest } from '../../core/machine.ts'
import { deskNameOfCaller } from '../../core/phone-names.ts'
import type { Env } from '../env.ts'
import { migrate } from '../shell/schema.ts'
import { stubFor } from '../stubs.ts'
import type { Boxes, Entry, EntryChange, InboxContract, InboxQuery, NewEntry, SoundPlace } from './contract.ts'
import { callbackId, Entries } from './entries.ts'
import { Greetings } from './greetings.ts'
import { Keeper } from './keeper.ts'
import { News } from './news.ts'
import { INBOX_SCHEMA, UNDO_MS } from './tables.ts'
import { isThere } from './watchers.ts'

/** After a failure of a neighbour. */
const AGAIN_MS = 30_000
/** After the object has died in its work. */
const REPAIR_MS = 5_000
/** Between two runs, however much is due. */
const GAP_MS = 100

export class InboxActor extends DurableObject<Env> implements InboxContract {
  readonly #workspaceId: string
  readonly #entries: Entries
  readonly #greetings: Greetings
  readonly #keeper: Keeper
  readonly #news: News
  #working: Promise<void> | null = null

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { sql } = ctx.storage
    this.#workspaceId = ctx.id.name ?? ''
    migrate(ctx.storage, { actor: INBOX_SCHEMA })
    this.#entries = new Entries(sql)
    this.#greetings = new Greetings(sql)
    this.#news = new News(sql, env, this.#workspaceId)
    this.#keeper = new Keeper(sql, env, this.#workspaceId, this.#entries, this.#news)
  }

  async file(entry: NewEntry): Promise<void> {
    const box = await this.#boxOf(entry.box)
    const { number, ...person } = await this.#personAt(entry.number)
    const filed = this.ctx.storage.transactionSync(() => {
      const isNew = this.#entries.file({ ...entry, number, box }, person)
      if (isNew) this.#news.note(box)
      return isNew
    })
    if (filed) await this.#wake(Date.now())
  }

  async callbackDone(key: string): Promise<void> {
    const entryId = callbackId(key)
    const known = this.#entries.read(entryId, null)
    if (known === null || known.handledMs !== null) return
    this.ctx.storage.transactionSync(() => {
      this.#entries.handle(entryId, 'Trunkline', Date.now())
      this.#news.note(known.box)
    })
    await this.#wake(Date.now())
  }

  async list(query: InboxQuery): Promise<Entry[]> {
    return this.#entries.list(query)
  }
  async read(entryId: string, boxes: Boxes): Promise<Entry | null> {
    return this.#entries.read(entryId, boxes)
  }
  async waiting(boxes: Boxes): Promise<number> {
    return this.#entries.waiting(boxes)
  }

  async change(entryId: string, boxes: Boxes, change: EntryChange, by: string): Promise<Entry | null> {
    const changed = this.ctx.storage.transactionSync(() => {
      const entry = this.#entries.change(entryId, boxes, change, by, Date.now())
      if (entry !== null) this.#news.note(entry.box)
      return entry
    })
    if (changed !== null) await this.#wake(Date.now())
    return changed
  }

  async soundOf(entryId: string, boxes: Boxes): Promise<SoundPlace | null> {
    if (this.#entries.read(entryId, boxes) === null) return null
    const kept = this.#entries.kept(entryId)
    if (kept === null) return null
    if (kept.sound === 'kept' && kept.fileKey !== null) return { is: 'file', key: kept.fileKey, bytes: kept.bytes }
    const atCarrier = kept.sound === 'at-carrier' || kept.sound === 'due'
    if (atCarrier && kept.recordingId !== null) return { is: 'carrier', recordingId: kept.recordingId }
    return { is: 'none', because: kept.sound }
  }

  async greetings(): Promise<{ box: Box; text: string }[]> {
    return this.#greetings.all()
  }
  async greetingOf(box: Box): Promise<string | null> {
    return this.#greetings.of(box)
  }
  async setGreeting(box: Box, text: string): Promise<void> {
    this.#greetings.set(box, text)
  }

  /** It catches everything, because an alarm that throws seven times is gone. */
  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + REPAIR_MS)
    this.#working ??= this.#work()
    await this.#working
  }

  /** Pays what is owed, single flight, and sets the alarm for what comes next. */
  async #work(): Promise<void> {
    let again = false
    try {
      const told = await this.#news.tell()
      const kept = await this.#keeper.work(Date.now())
      const retold = await this.#news.tell()
      again = !told || !kept || !retold
    } catch {
      again = true
      console.error(JSON.stringify({ message: 'the inbox could not finish its work', workspace: this.#workspaceId }))
    } finally {
      this.#working = null
    }
    const now = Date.now()
    const { due, deleted } = this.#entries.nextDue()
    const gone = deleted === null ? null : deleted + UNDO_MS + 1
    // What a neighbour could not do is not asked for at once again; a message whose sound is due does not wait for that.
    const next = earliest([due, again ? now + AGAIN_MS : gone, again ? null : this.#keeper.nextSweep()])
    if (next === null) await this.ctx.storage.deleteAlarm()
    else await this.ctx.storage.setAlarm(Math.max(next, now + GAP_MS))
  }

  async #wake(at: number): Promise<void> {
    const armed = await this.ctx.storage.getAlarm()
    if (armed === null || armed > at) await this.ctx.storage.setAlarm(at)
  }

  /** A step of a flow may name anything, and whoever it names may have left: the team has the message then. */
  async #boxOf(box: Box): Promise<Box> {
    return (await isThere(this.env, this.#workspaceId, box)) ? box : GENERAL_BOX
  }

  /** A colleague who called from their browser has a name, and no number to call back. */
  async #personAt(number: string): Promise<{ number: string; name: string; contactId: string | null }> {
    const colleague = deskNameOfCaller(number)
    if (number === '') return { number, name: '', contactId: null }
    if (colleague !== null) {
      const view = await stubFor(this.env, 'desk', deskId(this.#workspaceId, colleague)).view()
      return { number: '', name: view?.agent.name ?? '', contactId: null }
    }
    const found = await stubFor(this.env, 'workspace', this.#workspaceId)
      .contactByPhone(number)
      .catch(() => null)
    if (found === null) return { number, name: '', contactId: null }
    return { number, name: `${found.firstName} ${found.lastName}`.trim(), contactId: found.contactId }
  }
}
