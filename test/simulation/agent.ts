/** A person at a desk and their browser. They work while faults may strike, and end everything when the world is calm. */
import type { AgentInput } from '../../src/core/desk/state.ts'
import { connect, endDial } from './carrier/inbound.ts'
import type { SimDesk } from './cast.ts'
import type { World } from './world.ts'

export interface Habits {
  campaignIds: string[]
  lines: 1 | 2 | 4
  keeps: number
  hangsUp: number
  holds: number
  skips: number
  dialsSingle: number
  accepts: number
}

export class Agent {
  readonly desk: SimDesk
  readonly #world: World
  readonly #habits: Habits
  #line: { callSid: string; opened: { room: string; callId: string } | null } | null = null
  #tab = 0
  #away = false
  #commands = 0
  #thinking = false

  constructor(world: World, desk: SimDesk, habits: Habits) {
    this.#world = world
    this.desk = desk
    this.#habits = habits
    desk.page = this
  }

  begin(): void {
    const { userId, deskId } = { userId: this.desk.id, deskId: this.desk.id }
    const agent = { userId, deskId, name: '', role: 'agent' as const, identity: userId }
    if (this.desk.open(agent) === 'crashed') return this.#world.later(100, () => this.begin())
    this.#command({ type: 'phone.registered', tabId: this.#tabId })
    this.#plans()
  }

  get #tabId(): string {
    return `${this.desk.id}.tab${this.#tab}`
  }

  /** Plans what may interrupt an agent: the network drops, the tab is closed by mistake, a pause, a stop. */
  #plans(): void {
    const { faults, random } = this.#world
    if (faults.strikes('line-dropped')) this.#world.later(random.between(2_000, 20_000), () => this.#dropLine())
    if (faults.strikes('tab-closed')) this.#world.later(random.between(3_000, 20_000), () => this.#closeTab())
    if (random.chance(0.25)) this.#ask(random.between(3_000, 24_000), 'pause')
    if (random.chance(0.25)) this.#ask(random.between(3_000, 24_000), 'stop')
  }

  #ask(ms: number, word: 'pause' | 'stop'): void {
    this.#world.later(ms, () => this.#session(word))
  }

  /** The screen has changed: look at it soon, once. */
  notice(afterMs: number | null = null): void {
    if (this.#thinking) return
    this.#thinking = true
    const { random } = this.#world
    this.#world.later(afterMs ?? random.between(250, 2_500), () => {
      this.#thinking = false
      if (this.#world.calmSince === null) this.#work()
      else this.#goHome()
    })
  }

  #work(): void {
    if (this.#away) return
    const { state } = this.desk
    const { random } = this.#world
    if (state.phone.state !== 'registered') return this.#command({ type: 'phone.registered', tabId: this.#tabId })
    if (state.line.state === 'closed') return this.#openLine()
    if (state.inbound && !state.inbound.accepted && this.#answer(state.inbound.callId)) return
    if (state.conversation) return this.#talk()
    const [owed] = state.pending
    if (owed) {
      if (random.chance(0.25)) return this.#command({ type: 'note.saved', callId: owed.callId, text: 'note' })
      return this.#outcome(owed.callId)
    }
    this.#next()
  }

  #answer(callId: string): boolean {
    const { random, carrier } = this.#world
    if (!random.chance(this.#habits.accepts)) {
      if (!random.chance(0.3)) return false
      this.#command({ type: 'inbound.declined', callId }, () => {
        const call = carrier.byCallId.get(callId)
        if (call) endDial(carrier, call, true)
      })
      return true
    }
    this.#command({ type: 'inbound.accepted', callId }, () =>
      this.#world.later(random.between(100, 700), () => this.#pickUp(callId)),
    )
    return true
  }

  /** The phone takes the call, or stops ringing when the caller comes to the open line. */
  #pickUp(callId: string): void {
    const { carrier } = this.#world
    const { inbound } = this.desk.state
    const call = carrier.byCallId.get(callId)
    if (call === undefined || inbound?.callId !== callId) return
    if (inbound.transfer == null) return connect(carrier, callId)
    if (inbound.pickedUp) return endDial(carrier, call, false)
    this.#world.later(this.#world.random.between(50, 400), () => this.#pickUp(callId))
  }

  #talk(): void {
    const talk = this.desk.state.conversation
    if (!talk) return
    const { random } = this.#world
    const { callId } = talk
    const { keeps, hangsUp, holds } = this.#habits
    if (talk.provisional && random.chance(keeps)) return this.#command({ type: 'call.kept', callId })
    if (random.chance(hangsUp)) return this.#command({ type: 'call.hung-up', callId })
    if (random.chance(holds)) return this.#command({ type: 'call.hold-asked', callId, held: !talk.held })
    if (random.chance(0.1)) return this.#command({ type: 'note.saved', callId, text: 'so far' })
    if (random.chance(0.02)) return this.#command({ type: 'call.do-not-call-asked', callId })
    this.notice(random.between(1_500, 9_000))
  }

  #next(): void {
    const { state } = this.desk
    const { random } = this.#world
    const lane = state.lanes.find(one => one.state === 'ringing' || one.state === 'dialing')
    if (lane && random.chance(this.#habits.skips)) return this.#command({ type: 'lane.skipped', callId: lane.callId })
    if (!state.lease && !state.inbound && random.chance(this.#habits.dialsSingle)) return this.#dialSingle()
    switch (state.session?.state) {
      case 'waiting':
        return this.#session('continue')
      case 'paused':
        return this.#session('resume')
      case undefined:
      case 'stopped':
        return random.chance(0.8) ? this.#session('start') : this.notice(4_000)
      case 'finished':
        return random.chance(0.3) ? this.#session('start') : undefined
      default:
    }
  }

  #session(word: 'start' | 'continue' | 'pause' | 'resume' | 'stop'): void {
    if (this.#away) return
    const { session } = this.desk.state
    const campaignId =
      word === 'start' || !session ? this.#world.random.pick(this.#habits.campaignIds) : session.campaignId
    this.#command({ type: 'session.asked', word, campaignId, lines: this.#habits.lines })
  }

  #dialSingle(): void {
    const batchId = `${this.desk.id}.s${this.#commands}`
    const contact = {
      contactId: null,
      name: '',
      company: '',
      number: `+1888${this.desk.id}${this.#commands}`,
      numberShown: '',
      timeZone: null,
      attempt: 1,
      lastNote: '',
    }
    this.#command({ type: 'single.dialed', callId: `${batchId}.1`, batchId, contact })
  }

  #outcome(callId: string): void {
    const outcomeId = this.#world.random.pick(['interested', 'callback', 'do-not-call'])
    this.#command({ type: 'outcome.saved', callId, outcomeId })
  }

  /** As the browser does: an unanswered command is sent again under the same id. */
  #command(input: AgentInput, after: () => void = () => {}): void {
    this.#commands += 1
    this.#send(input, `command:${this.desk.id}:${this.#commands}`, after)
  }

  #send(input: AgentInput, id: string, after: () => void): void {
    const fate = this.desk.command(input, id)
    if (fate === 'crashed') return this.#world.later(300, () => this.#send(input, id, after))
    if (fate === 'refused') return this.notice(3_000)
    if (this.#world.faults.strikes('command-repeated')) this.#world.later(150, () => this.desk.command(input, id))
    after()
  }

  #openLine(): void {
    const { carrier } = this.#world
    const line = { callSid: carrier.freshSid('CL'), opened: null as { room: string; callId: string } | null }
    this.#line = line
    this.#world.later(120, () => {
      if (this.#line !== line) return
      line.opened = this.desk.openLine(line.callSid)
      // A 5xx of ours ends the browser's call; the page opens another.
      if (line.opened === null) return this.notice(1_000)
      this.#world.later(180, () => {
        const { opened } = line
        if (this.#line === line && opened !== null)
          carrier.conferences.lineJoins(line.callSid, opened.callId, opened.room)
      })
    })
  }

  #leaveLine(): void {
    if (this.#line) this.#world.carrier.conferences.leave(this.#line.callSid)
    this.#line = null
  }

  #dropLine(): void {
    if (this.#away || !this.#line) return
    this.#leaveLine()
    const { random } = this.#world
    if (random.chance(0.8)) this.#world.later(random.between(400, 6_000), () => this.#away || this.#openLine())
  }

  #closeTab(): void {
    this.#away = true
    this.#leaveLine()
    this.#loseTab(this.#tabId)
    this.#tab += 1
    this.#world.later(this.#world.random.between(3_000, 30_000), () => {
      this.#away = false
      this.#command({ type: 'phone.registered', tabId: this.#tabId })
      this.#openLine()
    })
  }

  /** The socket's close is seen by the object itself, also after it fell over. */
  #loseTab(tabId: string): void {
    if (this.desk.command({ type: 'phone.lost', tabId }, `lost:${tabId}`) === 'crashed')
      this.#world.later(200, () => this.#loseTab(tabId))
  }

  /** Calm: everything that is open is brought to its end. */
  #goHome(): void {
    const { state } = this.desk
    const { inbound, conversation, session, pending } = state
    if (inbound && !inbound.accepted) {
      const call = this.#world.carrier.byCallId.get(inbound.callId)
      return this.#command({ type: 'inbound.declined', callId: inbound.callId }, () => {
        if (call) endDial(this.#world.carrier, call, true)
      })
    }
    if (session && session.state !== 'stopped' && session.state !== 'finished') return this.#session('stop')
    const [owed] = pending
    if (owed) return this.#outcome(owed.callId)
    if (conversation) {
      this.#command({ type: 'call.hung-up', callId: conversation.callId })
      return this.notice(5_000)
    }
  }
}
