/**
 * Writes recordings down, one piece at a time, and goes on after a crash where it was: a piece is told to the call, and then it is stored with the place of the
 * next one. A piece that is done again is told under the same name, so the call says it once.
 */
import type { SaidLine, TranscriptWord } from '../../core/call/recording/recording.ts'
import { dayFolder } from '../../core/recording/life.ts'
import {
  byTime,
  LINES_MAX,
  PIECE_SECONDS,
  TEXT_CHARS_MAX,
  type TranscriptLine,
  transcriptKey,
} from '../../core/recording/transcript.ts'
import { type FileStorage, sha256Of } from '../../providers/storage/port.ts'
import type { Transcription } from '../../providers/transcription/port.ts'
import { cutOf } from '../../sound/stretches.ts'
import { channelsIn, HEAD_BYTES_MAX, type WavHead, wavHead } from '../../sound/wav-head.ts'
import { linesOf } from './speech.ts'
import type { Transcripts, Writing } from './transcripts.ts'

/** What the writer reaches beyond its rows. */
export interface Around {
  storage(): FileStorage | null
  /** null: no speech service is set up */
  transcription(): Transcription | null
  /** the call of the recording is told; a repeat under the same name changes nothing */
  tell(callId: string, word: TranscriptNews, name: string): Promise<void>
}
export interface TranscriptNews {
  recordingId: string
  status: TranscriptWord
  lines: SaidLine[]
  /** of the sound that was heard, when it is done */
  seconds?: number
}

/** A file that is not there, or is none that can be read, is never written down. */
class Unreadable extends Error {}

export class Writer {
  readonly #rows: Transcripts
  readonly #workspaceId: string
  readonly #around: Around

  constructor(rows: Transcripts, workspaceId: string, around: Around) {
    this.#rows = rows
    this.#workspaceId = workspaceId
    this.#around = around
  }

  /** Writes one piece of one recording down. Never rejects. */
  async work(now: number): Promise<void> {
    const one = this.#rows.due(now)
    if (one === null) return
    try {
      await this.#piece(one, now)
    } catch (error) {
      console.error(JSON.stringify({ message: 'a recording could not be written down', recording: one.recordingId }))
      if (!(error instanceof Unreadable) && this.#rows.again(one, now)) return
      await this.#giveUp(one, now)
    }
  }

  async #piece(one: Writing, now: number): Promise<void> {
    const [storage, transcription] = [this.#around.storage(), this.#around.transcription()]
    if (storage === null || transcription === null) throw new Unreadable('nobody can hear it')
    const head = wavHead(await read(storage, one.fileKey, 0, HEAD_BYTES_MAX), one.bytes)
    if (head === null) throw new Unreadable('it is no file that can be read')
    if (one.place === 0) await this.#tell(one, 'began', 'progressing')
    const { lines: known, characters } = this.#rows.size(one.recordingId)
    const isLong = known >= LINES_MAX || characters >= TEXT_CHARS_MAX
    const seconds = Math.ceil(Math.min(one.place, head.frames) / head.hz)
    if (one.place >= head.frames || isLong)
      return this.#finish(one, storage, isLong && one.place < head.frames, seconds)
    const channels = await pieceOf(storage, one, head)
    const isLast = one.place + (channels[0]?.length ?? 0) >= head.frames
    const length = isLast ? (channels[0]?.length ?? 0) : cutOf(channels, head.hz)
    // A file that is shorter than its head says would never end.
    if (length === 0) throw new Unreadable('it has no more sound')
    const atMs = (one.place * 1_000) / head.hz
    const heard = channels.map((samples, at) =>
      linesOf(transcription, { samples: samples.subarray(0, length), hz: head.hz, atMs, side: at + 1 }, one.language),
    )
    const lines = byTime((await Promise.all(heard)).flat())
    if (lines.length > 0) await this.#tell(one, String(one.place), 'progressing', lines)
    this.#rows.wrote(one, lines, one.place + length, now)
  }

  /** The file is there before its lines are no rows any more. */
  async #finish(
    { recordingId, language, atMs, ...one }: Writing,
    storage: FileStorage,
    cut: boolean,
    seconds: number,
  ): Promise<void> {
    const key = transcriptKey(dayFolder(this.#workspaceId, atMs), recordingId)
    const text = JSON.stringify({ recordingId, language, cut, lines: this.#rows.lines(recordingId) })
    const body = new TextEncoder().encode(text)
    this.#rows.keeps(recordingId, key)
    const file = { key, body, bytes: body.length, sha256: await sha256Of(body), type: 'application/json' }
    const put = await storage.put(file)
    if (!put.ok) throw new Error(put.failure.kind)
    await this.#tell({ recordingId, ...one }, 'done', 'done', [], seconds)
    this.#rows.done(recordingId, cut)
  }

  async #giveUp(one: Writing, now: number): Promise<void> {
    this.#rows.failed(one.recordingId)
    // The row says it as well.
    await this.#tell(one, `failed-${one.asked}-${now}`, 'failed').catch(() => undefined)
  }

  async #tell(
    { recordingId, callId }: Pick<Writing, 'recordingId' | 'callId'>,
    name: string,
    status: TranscriptWord,
    lines: readonly TranscriptLine[] = [],
    seconds: number | null = null,
  ): Promise<void> {
    const length = seconds === null ? {} : { seconds }
    const said = lines.map(({ side, startMs }) => ({ side, startMs }))
    await this.#around.tell(
      callId,
      { recordingId, status, lines: said, ...length },
      `transcript:${recordingId}:${name}`,
    )
  }
}

async function pieceOf(storage: FileStorage, one: Writing, head: WavHead): Promise<Int16Array[]> {
  const frame = 2 * head.channels
  const frames = Math.min(PIECE_SECONDS * head.hz, head.frames - one.place)
  const bytes = await read(storage, one.fileKey, head.dataAt + one.place * frame, frames * frame)
  return channelsIn(bytes, head.channels).slice(0, 2)
}

async function read(storage: FileStorage, key: string, from: number, bytes: number): Promise<Uint8Array> {
  const found = await storage.get(key, { from, bytes })
  if (found.ok) return new Uint8Array(await new Response(found.value.body as BodyInit).arrayBuffer())
  if (found.failure.kind === 'absent' || found.failure.kind === 'range') throw new Unreadable(found.failure.kind)
  throw new Error(found.failure.kind)
}
