/**
 * A busy floor under faults: callers come through a queue, and whoever has one hands them to a colleague, to the queue or to a number, again
 * and again, at once or after they have asked first. Targets decline, do not answer, are busy, leave, lose their line; the carrier's requests
 * and callbacks fail, double and come late.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Entry } from '../../packages/phone-network/src/network-log.ts'
import type { DeskView } from '../../src/wire/desk.ts'
import { Random } from '../../test/simulation/random.ts'
import { Consultations } from './consultation.ts'
import { Ear, type Silence } from './ear.ts'
import { type Agent, type Floor, MAIN, openFloor } from './floor.ts'
import { storyOf, traceOf } from './trace.ts'

const AGENTS = 10
const CALLERS = 8
/** When enough were handed over, whoever is then not served for so long is stuck: counted, and hung up. */
const STUCK_MS = 60_000
/** A leg that belongs to a caller must be over so soon after the caller is gone. */
const LEFT_OVER_MS = 1_000
/** Of a hundred transfers to somebody who can be asked first, so many are. */
const ASKED_FIRST = 50
/** A number that hangs up ends the call of whoever it is with so soon after it, or has not ended it. */
const NUMBER_ENDS_MS = 3_000
/** Of silences so long the story is told, of the longest first. */
const LONG_MS = 500
const TRACES_MAX = 40
const STORY_MAX = 60
const FAULTS = [
  { on: 'rest', what: '5xx', probability: 0.03 },
  { on: 'rest', what: '429', probability: 0.02 },
  { on: 'rest', what: 'lost', probability: 0.02 },
  { on: 'rest', what: 'slow', probability: 0.03, ms: 800 },
  { on: 'conference', what: 'duplicate', probability: 0.05 },
  { on: 'conference', what: 'delay', probability: 0.05, ms: 500 },
  { on: 'conference', what: 'drop', probability: 0.01 },
  { on: 'status', what: 'duplicate', probability: 0.05 },
  { on: 'status', what: 'delay', probability: 0.05, ms: 500 },
  { on: 'voice', what: 'duplicate', probability: 0.03 },
]

export async function benchTransfer(transfers: number): Promise<object> {
  const floor = await openFloor(AGENTS)
  try {
    return await new Day(floor, transfers).run()
  } finally {
    await floor.close()
  }
}

class Day {
  readonly #floor: Floor
  readonly #wanted: number
  readonly #luck = new Random(1)
  readonly #ear: Ear
  #transfers = 0
  #attended = 0
  readonly #consultations: Consultations
  #callers = 0
  #numbers = 0
  #legsLeftOver = 0
  #stuck = 0
  #enoughSince: number | null = null
  readonly #ends: Record<string, number> = {}
  /** by CallSid: why the call may end, as soon as somebody outside, or an agent, has ended it */
  readonly #reasons = new Map<string, string>()
  /** by CallSid: when its reason is none any more */
  readonly #untilThen = new Map<string, NodeJS.Timeout>()
  readonly #dropped: string[] = []
  /** of each caller who is on the line: their call's id, and what the network's log has last said of them */
  readonly #stories = new Map<string, { callId: string; entries: Entry[] }>()
  readonly #longest: { ms: number; trace: string }[] = []
  readonly #live = new Map<string, { from: string; over: () => void }>()
  /** by CallSid of a dialled leg: the caller's */
  readonly #parents = new Map<string, string>()
  /** by number that is asked first: the caller's CallSid */
  readonly #asked = new Map<string, string>()

  constructor(floor: Floor, wanted: number) {
    this.#floor = floor
    this.#wanted = wanted
    this.#consultations = new Consultations(this.#luck, agent => this.#loseLine(agent))
    this.#ear = new Ear(
      floor.stage.network.control.world().conferences,
      callSid => this.#parents.get(callSid) ?? null,
      silence => this.#silent(silence),
    )
  }

  get #control() {
    return this.#floor.stage.network.control
  }
  get #busy(): boolean {
    return this.#transfers < this.#wanted
  }

  async run(): Promise<object> {
    const stop = this.#control.subscribe(entry => this.#note(entry))
    for (const fault of FAULTS) this.#control.addFault({ ...fault, next: null })
    for (const agent of this.#floor.agents) this.#attend(agent)
    const started = performance.now()
    const watch = setInterval(() => this.#letGo(), 1_000)
    await Promise.all(Array.from({ length: CALLERS }, () => this.#call()))
    await pause(LEFT_OVER_MS)
    stop()
    clearInterval(watch)
    const silences = this.#ear.silences.map(({ from, to }) => to - from).toSorted((a, b) => a - b)
    for (const { trace } of this.#longest) console.error(trace)
    if (this.#dropped.length > 0) console.error(this.#dropped.join('\n'))
    return {
      transfers: this.#transfers,
      dropped: this.#dropped.length,
      silenceP95Ms: Math.round(silences[Math.floor(silences.length * 0.95)] ?? 0),
      silenceMaxMs: Math.round(silences.at(-1) ?? 0),
      legsLeftOver: this.#legsLeftOver,
      stuck: this.#stuck,
      attended: this.#attended,
      ...this.#consultations.moves,
      callers: this.#callers,
      ends: Object.entries(this.#ends)
        .map(([why, times]) => `${why} ${times}`)
        .join(', '),
      seconds: Math.round((performance.now() - started) / 1_000),
    }
  }

  #silent(silence: Silence): void {
    const ms = silence.to - silence.from
    if (ms < LONG_MS) return
    this.#longest.push({ ms, trace: traceOf(silence, this.#control.log()) })
    this.#longest.sort((a, b) => b.ms - a.ms)
    this.#longest.splice(TRACES_MAX)
  }

  /** Callers, one after another, until enough were handed over. */
  async #call(): Promise<void> {
    while (this.#busy) {
      this.#callers += 1
      const from = `+1415557${String(this.#callers).padStart(4, '0')}`
      const script = { kind: 'human', acts: [{ pauseMs: 3_600_000 }] }
      const callSid = this.#control.dial(from, MAIN, script)
      this.#ear.follow(callSid)
      this.#stories.set(callSid, { callId: '', entries: [] })
      await new Promise<void>(over => this.#live.set(callSid, { from, over }))
    }
  }

  /** Nobody waits for ever for the end of the bench. */
  #letGo(): void {
    if (this.#busy) return
    this.#enoughSince ??= performance.now()
    if (performance.now() - this.#enoughSince < STUCK_MS) return
    for (const callSid of this.#live.keys()) {
      if (this.#reasons.get(callSid) === 'stuck') continue
      this.#stuck += 1
      void this.#tellStuck(callSid)
      this.#reasons.set(callSid, 'stuck')
      this.#control.hangUpCall(callSid)
    }
  }

  /** Prints who has this caller according to the network's log, the call's timeline and the agents' screens. */
  async #tellStuck(callSid: string): Promise<void> {
    const { callId, entries } = this.#stories.get(callSid) ?? { callId: '', entries: [] }
    const story = storyOf(callSid, entries)
    const call = await this.#floor.read(`/api/calls/${callId}`)
    const shown = this.#floor.agents.filter(({ view }) => {
      const { conversation, inbound, visit } = view ?? {}
      return [conversation, inbound, visit].some(one => one?.callId === callId)
    })
    console.error(
      `stuck: ${callSid} ${callId}\n${story}\n${JSON.stringify(call)}\n${JSON.stringify(shown.map(one => one.view))}`,
    )
  }

  #note(entry: Entry): void {
    this.#ear.hear(entry)
    this.#remember(entry)
    if (entry.kind === 'call-created' && entry.direction === 'outbound-dial') {
      const parent = this.#control.world().calls.find(one => one.sid === entry.callSid)?.parentSid ?? null
      if (parent !== null && this.#live.has(parent)) this.#parents.set(entry.callSid, parent)
    }
    // A number that is asked first has a call of its own.
    if (entry.kind === 'call-created' && entry.direction === 'outbound-api') {
      const to = this.#control.world().calls.find(one => one.sid === entry.callSid)?.to ?? ''
      const caller = this.#asked.get(to)
      if (caller !== undefined) this.#parents.set(entry.callSid, caller)
    }
    if (entry.kind === 'twiml-received' && entry.verbs.includes('Record')) this.#reasons.set(entry.callSid, 'voicemail')
    if (entry.kind !== 'call-ended') return
    const parent = this.#parents.get(entry.callSid)
    // A number that was reached and hangs up ends the call of whoever was with it.
    if (parent !== undefined && entry.status === 'completed') this.#numberHungUp(parent)
    this.#parents.delete(entry.callSid)
    const caller = this.#live.get(entry.callSid)
    if (caller !== undefined) void this.#gone(entry.callSid, caller)
  }

  /** Keeps the last entries about each caller, because the network's own log is shorter than the time after which one counts as stuck. */
  #remember(entry: Entry): void {
    const callSid =
      'callSid' in entry ? entry.callSid : (/CA[0-9a-f]{32}/.exec('path' in entry ? entry.path : '')?.[0] ?? null)
    const story = callSid === null ? undefined : this.#stories.get(callSid)
    if (story === undefined) return
    story.entries.push(entry)
    story.entries.splice(0, story.entries.length - STORY_MAX)
    if (entry.kind === 'webhook')
      story.callId = /w_demo\.call_\w+/.exec(`${entry.url} ${entry.response}`)?.[0] ?? story.callId
  }

  /** A reason for a short time only: the caller may be with an agent still, and what ends their call later is something else. */
  #numberHungUp(caller: string): void {
    const reason = 'the number hung up'
    clearTimeout(this.#untilThen.get(caller))
    this.#reasons.set(caller, reason)
    const timer = setTimeout(() => {
      if (this.#live.has(caller) && this.#reasons.get(caller) === reason) this.#reasons.delete(caller)
    }, NUMBER_ENDS_MS)
    this.#untilThen.set(caller, timer.unref())
  }

  async #gone(callSid: string, { over }: { over: () => void }): Promise<void> {
    const reason = this.#reasons.get(callSid)
    this.#ends[reason ?? 'dropped'] = (this.#ends[reason ?? 'dropped'] ?? 0) + 1
    if (reason === undefined)
      this.#dropped.push(
        `${callSid} ended: ${JSON.stringify(
          this.#control
            .log()
            .filter(one => 'callSid' in one && one.callSid === callSid)
            .slice(-12),
        )}`,
      )
    this.#live.delete(callSid)
    if (reason !== 'stuck') this.#stories.delete(callSid)
    await pause(LEFT_OVER_MS)
    const mine = new Set([...this.#parents].filter(([, parent]) => parent === callSid).map(([sid]) => sid))
    this.#legsLeftOver += this.#control.world().calls.filter(one => mine.has(one.sid) && one.endedAt === null).length
    over()
  }

  /** An agent answers what rings, talks for a moment, and hands the person on. */
  #attend(agent: Agent): void {
    let ringing = ''
    let talking = ''
    agent.changed = view => {
      const { inbound, conversation, line } = view
      if ((line.state === 'closed' || line.state === 'away') && view.visit === undefined) void this.#lineAgain(agent)
      const ring = inbound !== null && !inbound.accepted ? `${inbound.callId}:${inbound.sinceMs}` : ''
      if (ring !== ringing && ring !== '' && inbound !== null) void this.#answer(agent, inbound)
      ringing = ring
      // After a lost line the agent is with the person again, and goes on.
      const free = conversation !== null && conversation.transfer === undefined && line.state === 'open'
      const talk = free ? `${conversation.callId}:${conversation.stayed ?? ''}:${line.sinceMs}` : ''
      if (free && talk !== talking) void this.#talk(agent, conversation.callId)
      talking = talk
      this.#consultations.look(agent, view)
      if (view.wrapUp !== null) void agent.do({ type: 'wrap-up.done' })
    }
    if (agent.view !== null) agent.changed(agent.view)
  }

  async #lineAgain(agent: Agent): Promise<void> {
    const lost = agent.lineSid
    await pause(300 + this.#luck.between(0, 1_999))
    if (agent.lineSid !== lost || agent.view?.line.state === 'open') return
    agent.openLine()
  }

  async #answer(agent: Agent, { callId, transfer }: NonNullable<DeskView['inbound']>): Promise<void> {
    await pause(100 + this.#luck.between(0, 599))
    const dice = this.#luck.between(0, 99)
    const asked = transfer?.by != null
    // A queue goes on offering until somebody takes the call; only colleagues are let down.
    if (asked && dice < 12) return void agent.do({ type: 'inbound.decline', callId })
    if (asked && dice < 17) return
    await agent.do({ type: 'inbound.accept', callId })
  }

  async #talk(agent: Agent, callId: string): Promise<void> {
    await pause(200 + this.#luck.between(0, 799))
    const { conversation } = agent.view ?? {}
    if (conversation?.callId !== callId || conversation.transfer !== undefined) return
    const dice = this.#luck.between(0, 99)
    const callSid = this.#sidOf(conversation.contact.number)
    if (dice < 4) return void this.#loseLine(agent)
    if (!this.#busy || dice < 9) return this.#end(agent, callId, callSid, dice)
    const to = this.#target(agent)
    const askFirst = to.kind !== 'queue' && this.#luck.between(0, 99) < ASKED_FIRST
    if (askFirst && to.kind === 'number') this.#asked.set(to.number, callSid)
    const refused = await agent.do({ type: 'call.transfer', callId, to, ...(askFirst ? { askFirst } : {}) })
    if (refused !== '') return void this.#talk(agent, callId)
    this.#transfers += 1
    // From here on the phases of the consultation say what the agent does.
    if (askFirst) {
      this.#attended += 1
      return
    }
    if (this.#luck.between(0, 99) < 8) {
      await pause(this.#luck.between(0, 1_499))
      await agent.do({ type: 'call.take-back', callId })
    }
  }

  #sidOf(number: string): string {
    return [...this.#live].find(([, { from }]) => from === number)?.[0] ?? ''
  }

  #end(agent: Agent, callId: string, callSid: string, dice: number): void {
    if (dice % 2 === 0) {
      this.#reasons.set(callSid, 'the agent hung up')
      void agent.do({ type: 'call.hang-up', callId })
    } else {
      this.#reasons.set(callSid, 'the caller hung up')
      this.#control.hangUpCall(callSid)
    }
  }

  #loseLine(agent: Agent): void {
    try {
      this.#control.hangUpCall(agent.lineSid)
    } catch {
      // It is gone already.
    }
  }

  #target(agent: Agent) {
    const dice = this.#luck.between(0, 99)
    if (dice < 15) return { kind: 'queue' as const, queueId: this.#floor.queueId }
    if (dice < 40) return { kind: 'number' as const, number: this.#somebody() }
    const others = this.#floor.agents.filter(one => one !== agent)
    return { kind: 'agent' as const, agentId: this.#luck.pick(others).userId }
  }

  /** A number that answers, is busy, declines, or rings for a while in vain. */
  #somebody(): string {
    this.#numbers += 1
    const number = `+1415558${String(this.#numbers).padStart(4, '0')}`
    const kind = this.#luck.pick(['human', 'human', 'busy', 'reject', 'unreachable'])
    const script = { kind, answerMs: 500, acts: [{ pauseMs: 800 + this.#luck.between(0, 4_999) }, { hangUp: true }] }
    this.#control.definePeople([{ number, name: 'Somebody', company: '', timeZone: null, script }])
    return number
  }
}
