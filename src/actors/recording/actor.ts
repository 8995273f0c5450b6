/**
 * The recordings of a workspace, in rows. Calls tell it that they begin one, and what their carrier reports, at least once; it copies the sound, has the carrier's deleted, and
 * deletes what is old. What it owes is in its rows, so its alarm goes on after a crash.
 */
import { DurableObject } from 'cloudflare:workers'
import { earliest } from '../../core/machine.ts'
import { isRecordingId, type RecordingStatus } from '../../core/recording/life.ts'
import type { Env } from '../env.ts'
import { migrate } from '../shell/schema.ts'
import type {
  EndFlowShown,
  Heard,
  MayBe,
  OfCall,
  Recording,
  RecordingContract,
  RecordingQuery,
  SoundOf,
  Transcript,
  TranscriptRefusal,
} from './contract.ts'
import { Keeper, type Outside } from './keeper.ts'
import { outsideOf } from './outside.ts'
import { Rows } from './rows.ts'
import { RECORDING_SCHEMA } from './tables.ts'

/** After the object has died in its work. */
const REPAIR_MS = 5_000
/** What can never be heard any more. */
const GONE: readonly RecordingStatus[] = ['expired', 'failed', 'absent']
/** Between two runs, however much is due. */
const GAP_MS = 50

export class RecordingActor extends DurableObject<Env> implements RecordingContract {
  readonly #workspaceId: string
  readonly #rows: Rows
  readonly #keeper: Keeper
  readonly #outside: Outside
  #working: Promise<void> | null = null

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#workspaceId = ctx.id.name ?? ''
    migrate(ctx.storage, { actor: RECORDING_SCHEMA })
    this.#rows = new Rows(ctx.storage.sql)
    this.#outside = outsideOf(env, this.#workspaceId)
    this.#keeper = new Keeper(this.#rows, this.#workspaceId, this.#outside)
  }

  async expect(of: MayBe): Promise<void> {
    this.#rows.expect(of)
    await this.#wake()
  }

  async begin(of: OfCall, recordingId: string, onEndFlowId = ''): Promise<void> {
    if (!isRecordingId(recordingId)) return
    this.#rows.begin(of, recordingId, onEndFlowId)
    await this.expect(of)
  }

  async file(heard: Heard): Promise<void> {
    // A file is named by it.
    if (!isRecordingId(heard.recordingId) || !isRecordingId(heard.carrierId ?? heard.recordingId)) return
    if (this.#rows.file(heard)) await this.#wake()
  }

  async list(query: RecordingQuery): Promise<Recording[]> {
    return this.#rows.list(query, await this.#days())
  }
  async read(recordingId: string): Promise<Recording | null> {
    return this.#rows.read(recordingId, await this.#days())
  }

  async soundOf(recordingId: string): Promise<SoundOf | null> {
    const one = this.#rows.owed(recordingId)
    if (one === null) return null
    const bytes = this.#rows.read(recordingId, 0)?.bytes ?? 0
    if (one.status === 'available' && one.fileKey !== null)
      return { is: 'file', key: one.fileKey, bytes, type: one.type ?? 'audio/wav' }
    const atCarrier = one.status === 'available' || one.status === 'uploading'
    return atCarrier && one.carrierId !== null ? { is: 'carrier', recordingId: one.carrierId } : { is: 'none' }
  }

  async soundOfCall(callId: string): Promise<SoundOf | null> {
    const recordingId = this.#rows.heardOfCall(callId)
    return recordingId === null ? null : this.soundOf(recordingId)
  }

  async peaksOf(recordingId: string): Promise<number[][] | null> {
    return this.#rows.peaks(recordingId)
  }

  async transcribe(recordingId: string, language: string | null): Promise<TranscriptRefusal | null> {
    const known = this.#rows.read(recordingId, 0)
    if (known === null || GONE.includes(known.status)) return 'no-sound'
    if (known.type === 'audio/mpeg') return 'compressed'
    // Nothing is stored here: the carrier's own is heard.
    if (known.status === 'available' && known.sha256 === null) return 'no-sound'
    const spoken = this.#outside.language()
    if (spoken === null) return 'no-service'
    this.#rows.transcripts.want(recordingId, language ?? spoken, Date.now())
    await this.#wake()
    return null
  }

  async transcribeCall(callId: string, language: string | null): Promise<void> {
    for (const recordingId of this.#rows.ofCall(callId)) await this.transcribe(recordingId, language)
  }

  async transcriptOf(recordingId: string): Promise<Transcript | null> {
    const known = this.#rows.transcripts.read(recordingId)
    return known === null ? null : { ...known, lines: this.#rows.transcripts.lines(recordingId) }
  }

  async remove(recordingId: string, by: string): Promise<'done' | 'held' | 'absent'> {
    const known = this.#rows.read(recordingId, 0)
    if (known === null || known.status === 'expired') return 'absent'
    if (known.hold) return 'held'
    this.#rows.expire(recordingId, 'deleted', by, Date.now())
    await this.#wake()
    return 'done'
  }

  async hold(recordingId: string, on: boolean, by: string): Promise<Recording | null> {
    const known = this.#rows.read(recordingId, 0)
    if (known === null || known.status === 'expired') return null
    if (known.hold !== on) this.#rows.hold(recordingId, on, by)
    return this.read(recordingId)
  }

  async endFlowOf(recordingId: string): Promise<EndFlowShown | null> {
    return this.#rows.endFlows.shown(recordingId)
  }

  /** It catches everything, because an alarm that throws seven times is gone. */
  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + REPAIR_MS)
    this.#working ??= this.#work()
    await this.#working
  }

  /** Pays what is owed, single flight, and sets the alarm for what comes next. */
  async #work(): Promise<void> {
    let broken = false
    try {
      await this.#keeper.work(Date.now())
    } catch {
      broken = true
      console.error(JSON.stringify({ message: 'recordings could not be worked on', workspace: this.#workspaceId }))
    } finally {
      this.#working = null
    }
    const now = Date.now()
    const next = earliest([...this.#rows.nextDue(), this.#rows.nextSweep()]) ?? now
    await this.ctx.storage.setAlarm(Math.max(next, now + (broken ? REPAIR_MS : GAP_MS)))
  }

  async #wake(): Promise<void> {
    const next = earliest([...this.#rows.nextDue(), this.#rows.nextSweep()]) ?? Date.now()
    const armed = await this.ctx.storage.getAlarm()
    if (armed === null || armed > next) await this.ctx.storage.setAlarm(next)
  }

  async #days(): Promise<number> {
    return (await this.#outside.policy()).days
  }
}
