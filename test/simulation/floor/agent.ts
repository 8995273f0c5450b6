/** An agent of a floor, by the commands of the page: takes callers, hands them on at once or after asking first, and goes home when all is calm. */

import { type Move, PHASES } from '../../../src/core/call/transfer/moves.ts'
import type { DeskState } from '../../../src/core/desk/state.ts'
import type { DeskView } from '../../../src/core/desk/view.ts'
import type { Instructions } from '../../../src/core/instruction/instruction.ts'
import { BUSY_AFTER_MS, routeOffer } from '../../../src/dialer/phone/incoming.ts'
import type { DeskAction } from '../../../src/wire/desk.ts'
import { type Floor, QUEUE } from './floor.ts'
import type { Leg } from './leg.ts'

const AGAIN_MS = 400

export class FloorAgent {
  readonly id: string
  readonly #floor: Floor
  #line: Leg | null = null
  #opening = false
  #commands = 0
  #numbers = 0
  #thinking = false
  #busy = false
  transfers = 0
  consultations = 0

  constructor(floor: Floor, id: string) {
    this.#floor = floor
    this.id = id
    floor.ship('desk', id).committed = () => this.notice()
  }

  get #world() {
    return this.#floor.world
  }

  begin(): void {
    const agent = { userId: this.id, deskId: this.id, name: this.id, role: 'agent' as const, identity: this.id }
    const opened = this.#floor.ship('desk', this.id).call('open', agent)
    if (opened.fate === 'crashed') return this.#world.later(AGAIN_MS, () => this.begin())
    this.notice(50)
    const { faults, random } = this.#world
    if (faults.strikes('line-dropped')) this.#world.later(random.between(2_000, 40_000), () => this.#dropLine())
  }

  notice(afterMs: number | null = null): void {
    if (this.#thinking) return
    this.#thinking = true
    this.#world.later(afterMs ?? this.#world.random.between(150, 2_000), () => {
      this.#thinking = false
      if (!this.#busy) this.#look()
    })
  }

  #look(): void {
    const state = this.#floor.desk(this.id)
    const { random } = this.#world
    this.#settlePhone(state)
    if (state.phone.state !== 'registered') return this.#register()
    if (state.line.state === 'closed' || state.line.state === 'away') return this.#openLine()
    if (state.wrapUp !== null) return this.#do({ type: 'wrap-up.done' })
    if (this.#world.calmSince !== null) return this.#goHome()
    const { inbound, conversation } = state
    if (state.visit && random.chance(0.1)) return this.#do({ type: 'visit.leave', callId: state.visit.of.id })
    if (inbound && !inbound.accepted) {
      const beside = conversation !== null && inbound.transfer == null
      if (!beside && random.chance(0.75)) return this.#do({ type: 'inbound.accept', callId: inbound.callId })
      if (random.chance(0.4)) return this.#decline(inbound.callId)
      return this.notice(4_000)
    }
    if (!conversation) return
    const { callId, transfer } = conversation
    if (transfer?.phase !== undefined) return this.#consults(callId, PHASES[transfer.phase].moves)
    if (transfer) {
      if (random.chance(0.15)) return this.#do({ type: 'call.take-back', callId })
      return this.notice(3_000)
    }
    this.#talks(callId)
  }

  #talks(callId: string): void {
    const { random } = this.#world
    if (random.chance(0.15)) return this.#hangUp(callId)
    if (random.chance(0.2)) return this.notice(random.between(500, 4_000))
    const kind = random.pick(['agent', 'agent', 'agent', 'queue', 'number'] as const)
    this.#numbers += 1
    const to =
      kind === 'queue'
        ? { kind, queueId: QUEUE }
        : kind === 'number'
          ? { kind, number: `+141555${this.id.slice(-1)}${String(this.#numbers).padStart(4, '0')}` }
          : { kind, agentId: random.pick(this.#floor.deskIds.filter(one => one !== this.id)).replace(/^.*\.d_/, '') }
    const askFirst = kind !== 'queue' && random.chance(0.5)
    this.#do({ type: 'call.transfer', callId, to, ...(askFirst ? { askFirst } : {}) }, () => {
      if (askFirst) this.consultations += 1
      else this.transfers += 1
    })
  }

  #consults(callId: string, moves: readonly Move[]): void {
    const { random } = this.#world
    if (moves.length === 0 || random.chance(moves.length === 1 ? 0.85 : 0.3))
      return this.notice(random.between(500, 3_000))
    const move = random.pick([...moves, ...moves.filter(one => one === 'complete')])
    this.#do({ type: `transfer.${move}`, callId } as DeskAction)
  }

  #hangUp(callId: string): void {
    this.#do({ type: 'call.hang-up', callId }, () => {
      for (const leg of this.#floor.carrier.legs.values()) if (leg.callId === callId) leg.mayEnd ??= 'an agent hung up'
    })
  }

  #goHome(): void {
    const { inbound, conversation, visit } = this.#floor.desk(this.id)
    if (visit) this.#do({ type: 'visit.leave', callId: visit.of.id })
    else if (inbound && !inbound.accepted) this.#decline(inbound.callId)
    else if (conversation?.transfer?.phase) this.#do({ type: 'transfer.cancel', callId: conversation.callId })
    else if (conversation) this.#hangUp(conversation.callId)
  }

  #decline(callId: string): void {
    this.#do({ type: 'inbound.decline', callId }, () => {
      for (const leg of this.#calling()) if (leg.callId === callId) this.#floor.carrier.stopsRinging(leg, 'busy')
    })
  }

  #calling(): Leg[] {
    return [...this.#floor.carrier.legs.values()].filter(leg => leg.phone?.deskId === this.id && !leg.phone.taken)
  }

  /** As the page's `IncomingCalls` does after each view. */
  #settlePhone({ inbound }: DeskState): void {
    const calling = this.#calling()
    for (const leg of calling) {
      const route = routeOffer(new Map([['callId', leg.callId]]), { inbound } as DeskView)
      const longMs = this.#world.now - (leg.phone?.sinceMs ?? 0)
      if (route === 'away' || (route === 'busy' && longMs > BUSY_AFTER_MS))
        this.#floor.carrier.stopsRinging(leg, 'busy')
      else if (route === 'ring' && inbound?.accepted) this.#floor.carrier.takes(leg)
    }
    if (calling.length > 0) this.notice()
  }

  #register(): void {
    const tabId = `${this.id}.tab`
    this.#do({ type: 'phone.claim', tabId }, () => this.#do({ type: 'phone.registered', tabId }))
  }

  /** As the browser does: an unanswered command is sent again under the same id. */
  #do(action: DeskAction, accepted: () => void = () => {}): void {
    this.#commands += 1
    this.#send(JSON.stringify({ id: `${this.id}:${this.#commands}`, ...action }), accepted)
  }

  #send(text: string, accepted: () => void): void {
    const ship = this.#floor.ship('desk', this.id)
    this.#busy = true
    const { life } = ship
    let heard = false
    const done = (run: () => void) => () => {
      if (heard) return
      heard = true
      this.#busy = false
      run()
    }
    const again = done(() => this.#world.later(AGAIN_MS, () => this.#send(text, accepted)))
    ship.call('command', text).answer.then(answer => {
      done(() => {
        if ((answer as { type: string }).type === 'accepted') accepted()
        this.notice()
      })()
    }, again)
    // An object that falls over while it answers says nothing at all.
    this.#world.later(5_000, () => (life === ship.life ? undefined : again()))
  }

  #openLine(): void {
    if (this.#opening || (this.#line !== null && this.#line.status !== 'over')) return this.notice(3_000)
    this.#opening = true
    const line = this.#floor.carrier.begin('line', '')
    this.#line = line
    this.#floor
      .ship('desk', this.id)
      .call('openLine', line.sid)
      .answer.then(
        said => this.#opened(line, said as Instructions | null),
        () => this.#failed(line),
      )
    this.#world.later(5_000, () => {
      if (this.#opening && this.#line === line) this.#failed(line)
    })
  }

  #opened(line: Leg, said: Instructions | null): void {
    if (this.#line !== line || !this.#opening) return
    this.#opening = false
    const [first] = said ?? []
    if (first?.kind !== 'join-room') return this.#failed(line)
    line.callId = first.callId
    this.#floor.carrier.brought(line)
    this.notice(3_000)
  }

  /** A 5xx of ours ends the browser's call; the page opens another. */
  #failed(line: Leg): void {
    this.#opening = false
    this.#floor.carrier.end(line, 'fallback')
    this.notice(1_000)
  }

  /** The page is loaded again: what rings in it rings no more. */
  #dropLine(): void {
    if (this.#line !== null) this.#floor.carrier.end(this.#line, 'dropped')
    for (const leg of this.#calling()) this.#floor.carrier.stopsRinging(leg, 'no-answer')
    this.notice(this.#world.random.between(400, 8_000))
  }
}
