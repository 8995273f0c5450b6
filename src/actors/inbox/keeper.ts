/** Copies the sound of new messages, has it turned into words, and deletes what is old, here, in our files and at the carrier. */
import { storageOf, telephonyOf } from '../../providers/registry.ts'
import { isFinal } from '../../providers/telephony/port.ts'
import { spokenLanguage, transcriptionOf } from '../../providers/voice-registry.ts'
import { readWav, soundMs } from '../../sound/wav-reading.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'
import type { Entries, Kept } from './entries.ts'
import type { News } from './news.ts'
import { fetchSound, keepSound, keyOf, wordsOf } from './sound.ts'
import { SWEEP_MS } from './tables.ts'

const DAY_MS = 24 * 3_600_000
const AT_ONCE = 5
const STALE_AT_ONCE = 50
/** A recording that the carrier does not give is asked for again after these times, and then it is lost. */
const WAITS_MS = [5_000, 30_000, 120_000, 600_000, 3_600_000, 6 * 3_600_000]
/** What has less sound than this is no message. */
const MESSAGE_MS_MIN = 1_000

export class Keeper {
  readonly #sql: SqlStorage
  readonly #env: Env
  readonly #workspaceId: string
  readonly #entries: Entries
  readonly #news: News

  constructor(sql: SqlStorage, env: Env, workspaceId: string, entries: Entries, news: News) {
    this.#sql = sql
    this.#env = env
    this.#workspaceId = workspaceId
    this.#entries = entries
    this.#news = news
  }

  /** False: something could not be deleted, and is tried again. */
  async work(now: number): Promise<boolean> {
    for (const one of this.#entries.dueBy(now, AT_ONCE)) await this.#fetch(one, now)
    const swept = now >= (this.nextSweep() ?? 0)
    if (!(await this.#removeStale(now))) return false
    if (swept) this.#sql.exec('INSERT OR REPLACE INTO sweeps (id, next_at, changes) VALUES (1, ?, 0)', now + SWEEP_MS)
    return true
  }

  /** Null: nothing has been looked for yet. */
  nextSweep(): number | null {
    const [row] = this.#sql.exec('SELECT next_at FROM sweeps').toArray()
    return row === undefined ? null : Number(row.next_at)
  }

  async #fetch(one: Kept, now: number): Promise<void> {
    const { entryId, recordingId } = one
    try {
      const telephony = await telephonyOf(this.#env, this.#workspaceId)
      const sound = recordingId === null || telephony === null ? null : await fetchSound(telephony, recordingId)
      if (sound === null) return this.#again(one, now)
      const wav = readWav(sound)
      if (wav !== null && soundMs(wav) < MESSAGE_MS_MIN) {
        if (recordingId !== null) await telephony?.removeRecording(recordingId)
        this.#entries.isEmpty(entryId)
        return this.#told(entryId)
      }
      const storage = storageOf(this.#env)
      if (storage === null) this.#entries.sound(entryId, 'at-carrier')
      else {
        const key = keyOf(this.#workspaceId, entryId, one.atMs)
        await keepSound(storage, key, sound)
        this.#entries.sound(entryId, 'kept', { key, bytes: sound.length })
      }
      this.#told(entryId)
      await this.#words(entryId, wav)
      this.#entries.due(entryId, null)
      this.#told(entryId)
    } catch {
      console.error(JSON.stringify({ message: 'the sound of a message could not be kept', entry: entryId }))
      this.#again(one, now)
    }
  }

  async #words(entryId: string, wav: ReturnType<typeof readWav>): Promise<void> {
    const transcription = transcriptionOf(this.#env)
    if (transcription === null) return this.#entries.transcript(entryId, 'no-provider', '')
    if (wav === null) return this.#entries.transcript(entryId, 'failed', '')
    try {
      const text = await wordsOf(transcription, wav, spokenLanguage(this.#env))
      this.#entries.transcript(entryId, text === '' ? 'empty' : 'done', text)
    } catch {
      this.#entries.transcript(entryId, 'failed', '')
    }
  }

  #again({ entryId, tries }: Kept, now: number): void {
    const waitMs = WAITS_MS[tries]
    this.#entries.due(entryId, waitMs === undefined ? null : now + waitMs)
    if (waitMs !== undefined) return
    this.#entries.sound(entryId, 'lost')
    this.#entries.transcript(entryId, 'failed', '')
    this.#told(entryId)
  }

  #told(entryId: string): void {
    const entry = this.#entries.read(entryId, null)
    if (entry !== null) this.#news.note(entry.box)
  }

  /** The row goes last: a sound that could not be deleted is tried again. */
  async #removeStale(now: number): Promise<boolean> {
    const days = await this.#days()
    let all = true
    for (const one of this.#entries.stale(now, days * DAY_MS, STALE_AT_ONCE)) {
      if (await this.#removeSound(one)) this.#entries.remove(one.entryId)
      else all = false
    }
    return all
  }

  async #days(): Promise<number> {
    const { voicemailDays } = await stubFor(this.#env, 'workspace', this.#workspaceId).settings()
    return voicemailDays
  }

  async #removeSound({ recordingId, fileKey }: Kept): Promise<boolean> {
    if (fileKey !== null) {
      const gone = await storageOf(this.#env)?.delete([fileKey])
      if (gone !== undefined && !gone.ok) return false
    }
    if (recordingId === null) return true
    const telephony = await telephonyOf(this.#env, this.#workspaceId)
    if (telephony === null) return true
    const answer = await telephony.removeRecording(recordingId)
    // What the carrier refuses for good does not come back either.
    return answer.ok || isFinal(answer.failure)
  }
}
