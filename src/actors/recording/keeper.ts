/**
 * Pays what is owed for recordings: a copy here, then the end of the carrier's, and both when a recording's days are over. Each step may be done
 * again after a crash: a file has one name, however often it is written, and what is deleted twice is deleted.
 */
import { isConference, isOwnRecording } from '../../core/ids.ts'
import {
  ASKS_MAX,
  afterWord,
  dayFolder,
  expiresAt,
  fileKey,
  isRecordingId,
  LIVE_LOOK_MS,
  LOOKS_MAX,
  lookMs,
} from '../../core/recording/life.ts'
import type { RecordingPolicy } from '../../core/recording/policy.ts'
import { transcriptKey } from '../../core/recording/transcript.ts'
import { type CarrierRecording, isFinal, type Telephony } from '../../providers/telephony/port.ts'
import { copySound } from './copy.ts'
import { type AroundFlows, Ender } from './ender.ts'
import type { Expected, Owed, Rows } from './rows.ts'
import { SWEEP_MS, TOMBSTONE_DAYS } from './tables.ts'
import { type Around, Writer } from './writer.ts'

/** A carrier that stops in the middle of a file must not hold up the others; 400 MB take so long at 10 Mbit/s. */
const COPY_MS = 300_000
/** A Worker has six connections at a time. */
const AT_ONCE = 4
const STALE_AT_ONCE = 100
/** The carrier does not let us in: somebody has to mend the keys. */
const LOCKED_LOOK_MS = 3_600_000
/** Files of nobody can only come of the last days. */
const DAYS_LOOKED_AT = 3
const DAY_MS = 24 * 3_600_000
/** Words after which the carrier does not work on a recording any more. */
const ENDED = ['completed', 'absent', 'failed']

/** What the keeper reaches beyond its rows. */
export interface Outside extends Around, AroundFlows {
  /** null: the workspace has no carrier */
  telephony(): Promise<Telephony | null>
  /** what the workspace has decided about its recordings */
  policy(): Promise<RecordingPolicy>
  /** of what is written down without being asked for; null: no speech service is set up */
  language(): string | null
  /** the carrier's id of a call; null: nobody was reached. */
  call(callId: string): Promise<{ over: boolean; providerId: string | null }>
  /**
   * Tells the call or the room what the carrier has of it; `name`: of this word, so that a repeat is known.
   * @returns the flow that begins when the recording is there; empty: none, or it stands in the row already
   */
  report(of: string, news: Found, name: string): Promise<string>
  /** is the room without this conference of the carrier now? */
  isOver(room: string, conferenceId: string): Promise<boolean>
  /** so long one file may take; absent: as long as a long recording does */
  patienceMs?: number
}

/** What the carrier's list says of a recording. */
export interface Found {
  recordingId: string
  /** the carrier's own id */
  carrierId: string
  status: string
  seconds: number | null
  /** of the carrier; null: it is of a call */
  conferenceId: string | null
}

export class Keeper {
  readonly #rows: Rows
  readonly #workspaceId: string
  readonly #outside: Outside
  readonly #writer: Writer
  readonly #ender: Ender

  constructor(rows: Rows, workspaceId: string, outside: Outside) {
    this.#rows = rows
    this.#workspaceId = workspaceId
    this.#outside = outside
    this.#writer = new Writer(rows.transcripts, workspaceId, outside)
    this.#ender = new Ender(rows, outside)
  }

  async work(now: number): Promise<void> {
    const due = this.#rows.dueBy(now, AT_ONCE).map(one => this.#pay(one, now))
    // One piece of one recording at a time: a copy does not wait long for it.
    await Promise.all([...due, this.#writer.work(now), this.#ender.work(now)])
    for (const one of this.#rows.expectedBy(now, AT_ONCE)) await this.#look(one, now)
    if (now >= (this.#rows.nextSweep() ?? 0)) await this.#sweep(now)
  }

  async #pay(one: Owed, now: number): Promise<void> {
    try {
      if (one.status === 'uploading') await this.#copy(one, now)
      else if (one.status === 'expired') await this.#remove(one, now)
      else if (one.status === 'available' && one.fileKey !== null) await this.#erase(one, now)
      else this.#rows.settled(one.recordingId)
    } catch {
      console.error(JSON.stringify({ message: 'a recording could not be kept', recording: one.recordingId }))
      this.#rows.again(one, now)
    }
  }

  async #copy(one: Owed, now: number): Promise<void> {
    const [telephony, storage] = [await this.#outside.telephony(), this.#outside.storage()]
    if (storage === null) return this.#rows.leftAtCarrier(one.recordingId, now)
    if (telephony === null || one.carrierId === null) return this.#rows.again(one, now)
    const policy = await this.#outside.policy()
    const keyOf = (type: string) => fileKey(this.#workspaceId, one.atMs, one.recordingId, type)
    // Of a conference the carrier has one channel, with everybody.
    const form = isConference(one.callId) ? { ...policy, channels: 1 as const } : policy
    const copying = copySound({ telephony, recordingId: one.carrierId, form }, storage, keyOf)
    // A copy that was given up may end all the same, and the recording may be deleted by then.
    const cleared = copying.then(made => {
      const isGone = this.#rows.owed(one.recordingId)?.status === 'expired'
      return made.is === 'stored' && isGone ? storage.delete([made.file.key]) : null
    })
    cleared.catch(() => undefined)
    const copy = await within(this.#outside.patienceMs ?? COPY_MS, copying)
    if (copy.is === 'not-there' && one.tries >= ASKS_MAX) return this.#rows.failed(one.recordingId)
    if (copy.is !== 'stored') return this.#rows.again(one, now)
    const language = policy.transcripts === 'all' && copy.file.type === 'audio/wav' ? this.#outside.language() : null
    if (this.#rows.stored(one.recordingId, copy.file, now, language)) await this.#erase({ ...one, tries: 0 }, now)
  }

  /** Only a copy that was read back comes here. */
  async #erase(one: Owed, now: number): Promise<void> {
    if (await this.#erasedAtCarrier(one)) this.#rows.settled(one.recordingId)
    else this.#rows.again(one, now)
  }

  async #erasedAtCarrier({ recordingId, carrierId, atCarrier }: Owed): Promise<boolean> {
    if (!atCarrier || carrierId === null) return true
    const telephony = await this.#outside.telephony()
    if (telephony === null) return false
    const answer = await telephony.removeRecording(carrierId)
    // What the carrier refuses for good does not come back either.
    if (!answer.ok && !isFinal(answer.failure)) return false
    this.#rows.erased(recordingId)
    return true
  }

  /** A copy that was on its way when it was deleted has one of two names. */
  async #remove(one: Owed, now: number): Promise<void> {
    const { recordingId, atMs, fileKey: key } = one
    const names = ['audio/wav', 'audio/mpeg'].map(type => fileKey(this.#workspaceId, atMs, recordingId, type))
    const words = transcriptKey(dayFolder(this.#workspaceId, atMs), recordingId)
    const gone = await this.#outside.storage()?.delete([...(key === null ? names : [key]), words])
    const erased = await this.#erasedAtCarrier(one)
    if (erased && (gone === undefined || gone.ok)) this.#rows.settled(recordingId)
    else this.#rows.again(one, now)
  }

  /** The carrier says what it has of a call whose reports may be lost. */
  async #look(one: Expected, now: number): Promise<void> {
    const { key, looks } = one
    const later = (count: number) => this.#rows.lookLater(key, count, now + lookMs(count))
    try {
      const { over, providerId } = await this.#at(one)
      if (!over) return this.#rows.lookLater(key, looks, now + LIVE_LOOK_MS)
      const telephony = await this.#outside.telephony()
      if (providerId === null || telephony === null || looks >= LOOKS_MAX) return this.#looked(one)
      const isRoom = one.conferenceId !== undefined
      const answer = await (isRoom ? telephony.recordingsOfRoom(providerId) : telephony.recordingsOf(providerId))
      // With wrong keys nothing is learned; they are mended by people, whenever that is.
      if (!answer.ok && answer.failure.kind === 'refused' && answer.failure.locked)
        return this.#rows.lookLater(key, looks, now + LOCKED_LOOK_MS)
      if (!answer.ok && !isFinal(answer.failure)) return later(looks + 1)
      const found = answer.ok ? answer.value : []
      for (const each of found) if (!each.message) await this.#found(one, each)
      // It is asked once more after a first answer, because the carrier may not have listed it yet.
      // A room may be recorded again meanwhile, so of a conference only the answer counts.
      const isOpen = isRoom ? found.some(each => !ENDED.includes(each.status)) : this.#rows.isOpen(one.callId)
      if (isOpen || (found.length === 0 && looks === 0)) later(looks + 1)
      else this.#looked(one)
    } catch {
      later(looks + 1)
    }
  }

  async #at({ callId, conferenceId }: Expected): Promise<{ over: boolean; providerId: string | null }> {
    if (conferenceId === undefined) return this.#outside.call(callId)
    return { over: await this.#outside.isOver(callId, conferenceId), providerId: conferenceId }
  }

  /**
   * Its reports would have named it. Where they are lost, the carrier's list has the order in which they began. The call or the room hears
   * of it as if it had been reported, because its bill and its flow come of that; a repeat of what it knows changes nothing there.
   */
  async #found(of: Expected, { recordingId: carrierId, status: word, seconds }: CarrierRecording): Promise<void> {
    if (!isRecordingId(carrierId)) return
    const known = this.#rows.linked(carrierId)
    const recordingId = known?.recordingId ?? this.#rows.waiting(of.callId) ?? carrierId
    const isNews = ENDED.includes(word) && (known === null || afterWord(known.status, word) !== null)
    const news = { recordingId, carrierId, status: word, seconds, conferenceId: of.conferenceId ?? null }
    const onEndFlowId = isNews ? await this.#outside.report(of.callId, news, `found:${carrierId}:${word}`) : ''
    this.#rows.file({ ...of, recordingId, carrierId, word, seconds, onEndFlowId })
  }

  #looked({ callId, key }: Expected): void {
    this.#rows.neverBegan(callId)
    this.#rows.looked(key)
  }

  async #sweep(now: number): Promise<void> {
    const { days } = await this.#outside.policy()
    const stale = this.#rows.stale(now, days, STALE_AT_ONCE)
    for (const recordingId of stale) this.#rows.expire(recordingId, 'days', '', now)
    this.#rows.forget(now - expiresAt(0, TOMBSTONE_DAYS))
    await this.#removeNobodys(now)
    this.#rows.swept(stale.length === STALE_AT_ONCE ? now : now + SWEEP_MS)
  }

  /** Voicemail has its files in the same folders. */
  async #removeNobodys(now: number): Promise<void> {
    const storage = this.#outside.storage()
    if (storage === null) return
    for (let day = 0; day < DAYS_LOOKED_AT; day += 1) {
      const folder = dayFolder(this.#workspaceId, now - day * DAY_MS)
      let cursor: string | null = null
      do {
        const page = await storage.list(folder, cursor)
        if (!page.ok) return
        const owned = ({ key }: { key: string }) => this.#rows.hasFile(key, nameIn(key, folder))
        const messages = ({ key }: { key: string }) => isMessage(nameIn(key, folder), this.#workspaceId)
        const nobodys = page.value.items.filter(file => !messages(file) && !owned(file))
        await storage.delete(nobodys.map(({ key }) => key))
        cursor = page.value.next
      } while (cursor !== null)
    }
  }
}

/** Rejects when it takes longer. Its timer ends with it, or it would keep the object awake. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('too late')), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function nameIn(key: string, folder: string): string {
  return key.slice(folder.length).replace(/\.\w+$/, '')
}

/** The name of a message begins with its workspace, and is no name of a recording. */
function isMessage(name: string, workspaceId: string): boolean {
  return name.startsWith(workspaceId) && !isOwnRecording(name)
}
