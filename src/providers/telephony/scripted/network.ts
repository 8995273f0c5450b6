/**
 * The scripted carrier: calls, conferences and recordings in memory. It has no clock: every request carries its time, and
 * what is due by then happens first, in order. Webhooks wait in `unsent` until the owner of the network delivers them.
 */
import type { Step } from './instructions.ts'
import { RoomTapes } from './room-tapes.ts'
import type { Answer, CallWord, Fields, Operation, Person, Present, Recorded, Tape, Trouble, Wanted } from './wire.ts'

const OVER: readonly CallWord[] = ['done', 'busy', 'unanswered', 'failed', 'stopped']

const NOBODY: Person = { does: 'rings', afterMs: 0, talksMs: null }
const DIALS_AFTER_MS = 10
const RINGS_AFTER_MS = 100
/** The oldest calls are forgotten beyond this number, so that a long local run stays small. */
const CALLS_MAX = 10_000

interface Call {
  id: string
  wanted: Wanted
  word: CallWord
  madeAtMs: number
  answeredAtMs: number | null
  room: { conferenceId: string; events: string; held: boolean; muted: boolean; as: Present['as'] } | null
  /** in the room: everybody, nobody, or the id of the only call that does */
  heardBy: string
  recordingId: string | null
}

export interface Unsent {
  url: string
  body: Record<string, unknown>
  /** the answer is a document, which this call performs; null: it is no question */
  asks: string | null
}

export class ScriptedNetwork {
  readonly #calls = new Map<string, Call>()
  readonly #people = new Map<string, Person>()
  readonly #troubles: { operation: Operation; trouble: Trouble; times: number }[] = []
  readonly #recordings = new Map<string, Recorded>()
  readonly #roomTapes = new RoomTapes(this.#recordings, (url, body) => this.#tell(url, body))
  readonly #conferences = new Map<string, string>()
  readonly #due: { atMs: number; callId: string; act: () => void }[] = []
  /** webhooks that are not delivered yet, oldest first */
  readonly unsent: Unsent[] = []
  /** operations that reached the carrier, whatever came of them */
  readonly requests: Operation[] = []
  /** steps that a call was told to perform, by the carrier's id */
  readonly performed = new Map<string, Step[]>()
  #nowMs = 0
  #made = 0
  #told = 0

  person(number: string, person: Partial<Person>): void {
    this.#people.set(number, { ...NOBODY, ...person })
  }

  /** The next `times` requests of this kind meet this trouble. */
  fail(operation: Operation, trouble: Trouble, times = 1): void {
    this.#troubles.push({ operation, trouble, times })
  }

  /** Lets everything happen that is due by `atMs`. Time never goes back. */
  pass(atMs: number): void {
    for (;;) {
      const next = this.#due.filter(one => one.atMs <= atMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined) break
      this.#due.splice(this.#due.indexOf(next), 1)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.act()
    }
    this.#nowMs = Math.max(this.#nowMs, atMs)
  }

  /** A request to the carrier. Null: no answer came, and whether it was performed depends on the trouble. */
  request(operation: Operation, fields: Fields, atMs: number): Answer | null {
    this.pass(atMs)
    this.requests.push(operation)
    const trouble = this.#troubleOf(operation)
    if (trouble === null) return this.#perform(operation, fields)
    switch (trouble.answer) {
      case 'refused':
        return { ok: false, error: 'refused', code: trouble.code }
      case 'slow-down':
        return { ok: false, error: 'slow-down', waitMs: trouble.waitMs }
      case 'none':
        if (trouble.performed) this.#perform(operation, fields)
        return null
    }
  }

  /** Somebody calls the workspace. Returns the carrier's id of the call. */
  bring(from: string, to: string, events: string, atMs: number): string {
    this.pass(atMs)
    const call = this.#make({
      to,
      from,
      asks: events,
      events,
      ringLimitMs: 60_000,
      record: null,
      detect: 'off',
      digits: null,
    })
    this.#report(call, 'ringing')
    this.#tell(events, { event: 'brought', call: call.id, from, to }, call.id)
    return call.id
  }

  /** The person on the call leaves a message of this length, after a step that asks for one. */
  leaveMessage(id: string, seconds: number, atMs: number): void {
    this.pass(atMs)
    const call = this.#calls.get(id)
    const tape = this.performed.get(id)?.findLast(step => step.do === 'tape')
    if (!call || isOver(call) || tape?.do !== 'tape') return
    const recordingId = `rec_${this.#recordings.size + 1}`
    const kept = { ended: true, of: id, message: true, seconds, name: null }
    this.#recordings.set(recordingId, { startedAtMs: this.#nowMs, ...kept })
    const event = { event: 'recording', call: id, recording: recordingId, state: 'stored', seconds, message: true }
    this.#tell(tape.events, event)
  }

  answer(id: string, atMs: number): void {
    this.pass(atMs)
    const call = this.#calls.get(id)
    if (call && !isOver(call) && call.answeredAtMs === null) this.#answer(call)
  }

  hangUp(id: string, atMs: number): void {
    this.pass(atMs)
    const call = this.#calls.get(id)
    if (call && !isOver(call)) this.#end(call, call.answeredAtMs === null ? 'stopped' : 'done', true)
  }

  /** Detection has listened. */
  judge(id: string, verdict: 'person' | 'machine', atMs: number): void {
    this.pass(atMs)
    const call = this.#calls.get(id)
    if (call && call.wanted.detect !== 'off') this.#tell(call.wanted.asks, { event: 'verdict', call: id, verdict })
  }

  /** The call performs a document that it was answered with. */
  perform(id: string, steps: Step[]): void {
    const call = this.#calls.get(id)
    if (!call || isOver(call)) return
    this.performed.set(id, [...(this.performed.get(id) ?? []), ...steps])
    for (const step of steps) {
      if (step.do === 'join') this.#join(call, step)
      else if (step.do === 'end' || step.do === 'decline') this.#end(call, step.do === 'end' ? 'done' : 'busy')
    }
  }

  /** The newest call that rings, or comes from, this number. */
  newestOf(number: string): string | null {
    const has = ({ wanted: { to, from } }: Call) => to === number || from === number
    return [...this.#calls.values()].findLast(has)?.id ?? null
  }

  #troubleOf(operation: Operation): Trouble | null {
    const at = this.#troubles.findIndex(one => one.operation === operation)
    const found = this.#troubles[at]
    if (found === undefined) return null
    found.times -= 1
    if (found.times <= 0) this.#troubles.splice(at, 1)
    return found.trouble
  }

  #perform(operation: Operation, fields: Fields): Answer {
    if (operation === 'create') return this.#answerOf(this.#place(fields.wanted))
    if (operation === 'list') return this.#list(fields)
    if (operation === 'who-is-in') return this.#whoIsIn(fields.room ?? '')
    if (operation === 'sound') {
      const recording = this.#recordings.get(fields.id ?? '')
      return recording?.ended ? { ok: true } : GONE
    }
    if (operation === 'erase') return this.#recordings.delete(fields.id ?? '') ? { ok: true } : GONE
    if (operation === 'room-tapes') return { ok: true, tapes: this.#roomTapes.of(fields.conferenceId ?? '') }
    if (operation === 'room-tape-end')
      return this.#roomTapes.end(fields.conferenceId ?? '', this.#nowMs) ? { ok: true } : GONE
    const call = this.#calls.get(fields.id ?? '')
    if (call === undefined) return GONE
    if (operation === 'read') return this.#answerOf(call)
    if (operation === 'tapes') return { ok: true, tapes: this.#tapes(call.id) }
    if (operation === 'messages') return { ok: true, messages: this.#messages(call.id) }
    if (isOver(call)) return GONE
    switch (operation) {
      case 'stop':
        if (call.answeredAtMs === null) this.#end(call, 'stopped')
        return this.#answerOf(call)
      case 'end':
        this.#end(call, 'done')
        return this.#answerOf(call)
      case 'ask-again':
        if (call.answeredAtMs === null) return GONE
        call.wanted = { ...call.wanted, asks: fields.asks ?? call.wanted.asks }
        this.#ask(call)
        return this.#answerOf(call)
      case 'tape':
        return call.answeredAtMs === null ? GONE : this.#tape(call, fields.name ?? null)
      case 'tape-end':
        return this.#tapeOver(call) ? { ok: true } : GONE
      case 'tape-pause':
        return this.#recordings.get(call.recordingId ?? '')?.ended === false ? { ok: true } : GONE
      case 'copy':
        return call.answeredAtMs === null || isOver(call) ? GONE : { ok: true }
      case 'copy-end':
        return { ok: true }
      default:
        return this.#inRoom(operation, call, fields)
    }
  }

  #inRoom(operation: 'hold' | 'mute' | 'voice' | 'remove' | 'announce', call: Call, fields: Fields): Answer {
    const { room } = call
    if (room === null || room.conferenceId !== fields.conferenceId) return GONE
    const asks = fields.asks ?? ''
    if (operation === 'announce') this.#tell(asks, { event: 'announcement', call: call.id }, call.id)
    else if (operation === 'remove') this.#leave(call)
    else if (operation === 'voice') return this.#voice(call, room, fields)
    else if (operation === 'mute') {
      room.muted = fields.muted ?? false
      const event = fields.muted ? 'muted' : 'unmuted'
      this.#tell(room.events, { event, call: call.id, conference: room.conferenceId })
    } else {
      room.held = fields.held ?? false
      const event = fields.held ? 'held' : 'unheld'
      this.#tell(room.events, { event, call: call.id, conference: room.conferenceId })
      if (fields.held) this.#tell(asks, { event: 'hold-sound', call: call.id }, call.id)
    }
    return { ok: true }
  }

  /** A call that is on hold, or in another room, is nobody whom one may speak to alone. */
  #voice(call: Call, room: NonNullable<Call['room']>, { muted = false, only = null }: Fields): Answer {
    const party = only === null ? null : this.#calls.get(only)?.room
    if (party !== null && (party?.conferenceId !== room.conferenceId || party.held)) return COACHED_REFUSED
    call.heardBy = muted ? 'nobody' : (only ?? 'all')
    room.muted = muted
    this.#tell(room.events, { event: muted ? 'muted' : 'unmuted', call: call.id, conference: room.conferenceId })
    return { ok: true }
  }

  /** Who hears this call in its room. */
  heardBy(id: string): string {
    return this.#calls.get(id)?.heardBy ?? 'nobody'
  }

  #place(wanted: Wanted | undefined): Call {
    if (wanted === undefined) throw new Error('a create says what is wanted')
    const call = this.#make(wanted)
    const person = this.#people.get(wanted.to) ?? NOBODY
    this.#later(call, DIALS_AFTER_MS, () => this.#report(call, 'dialing'))
    this.#later(call, RINGS_AFTER_MS, () => this.#report(call, 'ringing'))
    this.#later(call, wanted.ringLimitMs, () => call.answeredAtMs === null && this.#end(call, 'unanswered'))
    if (person.does === 'rings') return call
    this.#later(call, RINGS_AFTER_MS + person.afterMs, () => {
      if (person.does !== 'answers') return this.#end(call, person.does === 'busy' ? 'busy' : 'failed')
      this.#answer(call)
      if (person.talksMs !== null) this.#later(call, person.talksMs, () => this.#end(call, 'done', true))
    })
    return call
  }

  #make(wanted: Wanted): Call {
    this.#made += 1
    const id = `sc_${this.#made}`
    const call: Call = {
      id,
      wanted,
      word: 'waiting',
      madeAtMs: this.#nowMs,
      answeredAtMs: null,
      room: null,
      heardBy: 'all',
      recordingId: null,
    }
    this.#calls.set(id, call)
    const oldest = this.#calls.keys().next().value
    if (this.#calls.size > CALLS_MAX && oldest !== undefined) this.#calls.delete(oldest)
    return call
  }

  #later(call: Call, ms: number, act: () => unknown): void {
    this.#due.push({ atMs: this.#nowMs + ms, callId: call.id, act: () => void (isOver(call) || act()) })
  }

  #answer(call: Call): void {
    call.answeredAtMs = this.#nowMs
    this.#report(call, 'talking')
    this.#ask(call)
    if (call.wanted.record !== null) this.#tape(call, call.wanted.record)
  }

  #ask(call: Call): void {
    this.#tell(call.wanted.asks, { event: 'ask', call: call.id }, call.id)
  }

  #join(call: Call, { room, as, events, manner }: Extract<Step, { do: 'join' }>): void {
    const conferenceId = this.#conferences.get(room) ?? `sr_${this.#conferences.size + 1}`
    this.#conferences.set(room, conferenceId)
    call.room = { conferenceId, events, held: false, muted: manner?.muted ?? false, as }
    call.heardBy = manner?.muted ? 'nobody' : 'all'
    this.#tell(events, { event: 'joined', call: call.id, conference: conferenceId, as })
    this.#roomTapes.joined(
      conferenceId,
      this.#present(conferenceId).length,
      manner?.recorded ? events : null,
      this.#nowMs,
    )
  }

  #present(conferenceId: string): Present[] {
    return [...this.#calls.values()].flatMap(({ id, room: place }): Present[] => {
      if (place === null || place.conferenceId !== conferenceId) return []
      return [{ id, as: place.as, muted: place.muted, held: place.held }]
    })
  }

  #whoIsIn(room: string): Answer {
    const conference = this.#conferences.get(room)
    const present = conference === undefined ? [] : this.#present(conference)
    return conference === undefined || present.length === 0 ? { ok: true } : { ok: true, conference, present }
  }

  #leave(call: Call): void {
    if (call.room === null) return
    const { events, conferenceId } = call.room
    call.room = null
    this.#tell(events, { event: 'left', call: call.id, conference: conferenceId })
    this.#roomTapes.left(conferenceId, this.#present(conferenceId).length, this.#nowMs)
  }

  #tape(call: Call, name: string | null): Answer {
    const recordingId = `rec_${this.#recordings.size + 1}`
    const fresh = { ended: false, of: call.id, message: false, seconds: 0, name }
    this.#recordings.set(recordingId, { startedAtMs: this.#nowMs, ...fresh })
    call.recordingId = recordingId
    this.#tellTape(call, { name, state: 'running' })
    return { ok: true, recording: recordingId }
  }

  #messages(callId: string): { id: string; seconds: number }[] {
    return this.#tapes(callId).filter(({ message }) => message)
  }

  #tapes(callId: string): Tape[] {
    return [...this.#recordings].flatMap(([id, one]) => (one.of === callId ? [{ ...one, id }] : []))
  }

  #end(call: Call, word: CallWord, byThem = false): void {
    this.#leave(call)
    this.#report(call, word, byThem)
    this.#tapeOver(call)
  }

  /** False: none runs. */
  #tapeOver(call: Call): boolean {
    const recording = this.#recordings.get(call.recordingId ?? '')
    if (recording === undefined || recording.ended) return false
    recording.ended = true
    recording.seconds = Math.round((this.#nowMs - recording.startedAtMs) / 1000)
    this.#tellTape(call, { name: recording.name, state: 'stored', seconds: recording.seconds })
    return true
  }

  #tellTape(call: Call, more: object): void {
    this.#tell(call.wanted.events, { event: 'recording', call: call.id, recording: call.recordingId, ...more })
  }

  #report(call: Call, word: CallWord, byThem = false): void {
    call.word = word
    this.#tell(call.wanted.events, { event: 'status', call: call.id, status: word, byThem })
  }

  #tell(url: string, body: Record<string, unknown>, asks: string | null = null): void {
    this.#told += 1
    this.unsent.push({ url, body: { ...body, number: this.#told }, asks })
  }

  #list({ to, from, sinceMs = 0 }: Fields): Answer {
    const found = [...this.#calls.values()].findLast(
      ({ wanted, madeAtMs }) => wanted.to === to && wanted.from === from && madeAtMs >= sinceMs,
    )
    return found ? this.#answerOf(found) : { ok: true }
  }

  #answerOf({ id, word }: Call): Answer {
    return { ok: true, call: { id, status: word } }
  }
}

const GONE: Answer = { ok: false, error: 'gone' }
const COACHED_REFUSED: Answer = { ok: false, error: 'refused', code: 409 }

function isOver(call: Call): boolean {
  return OVER.includes(call.word)
}
