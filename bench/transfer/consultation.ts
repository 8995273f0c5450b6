/** The acts of both agents of a consultation. Dice choose one in each phase, among those that the table of moves allows. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Move, PHASES, type Phase } from '../../src/core/call/transfer/moves.ts'
import type { DeskView } from '../../src/core/desk/view.ts'
import type { DeskAction } from '../../src/wire/desk.ts'
import type { Random } from '../../test/simulation/random.ts'
import type { Agent } from './floor.ts'

/** Of a hundred times that an agent acts in this phase; the rest, they talk on and act later. */
const SHARES: Record<Phase, Partial<Record<Move, number>>> = {
  ringing: { cancel: 8 },
  joining: { cancel: 8 },
  asking: { swap: 25, merge: 20, complete: 35, cancel: 10 },
  swapped: { swap: 30, merge: 20, complete: 35, cancel: 10 },
  merged: { complete: 65, cancel: 25 },
  parting: {},
}
const ACTION: Record<Move, 'transfer.swap' | 'transfer.merge' | 'transfer.complete' | 'transfer.cancel'> = {
  swap: 'transfer.swap',
  merge: 'transfer.merge',
  complete: 'transfer.complete',
  cancel: 'transfer.cancel',
}
/** So often of a hundred an agent who is asked leaves again. */
const LEAVES = 6

export class Consultations {
  readonly #luck: Random
  readonly #loseLine: (agent: Agent) => void
  /** moves that were accepted */
  readonly moves: Record<Move, number> = { swap: 0, merge: 0, complete: 0, cancel: 0 }
  /** by agent: the phase in which they act already */
  readonly #acting = new Map<Agent, string>()
  readonly #visits = new Map<Agent, string>()

  constructor(luck: Random, loseLine: (agent: Agent) => void) {
    this.#luck = luck
    this.#loseLine = loseLine
  }

  look(agent: Agent, { conversation, visit }: DeskView): void {
    const { transferId = '', phase, sinceMs = 0 } = conversation?.transfer ?? {}
    const now = phase === undefined ? '' : `${transferId}:${phase}:${sinceMs}`
    if (now !== '' && now !== this.#acting.get(agent) && phase !== undefined && conversation !== null)
      void this.#act(agent, conversation.callId, phase, now)
    this.#acting.set(agent, now)
    const there = visit === undefined ? '' : visit.callId
    if (there !== '' && there !== this.#visits.get(agent) && this.#luck.between(0, 99) < LEAVES)
      void this.#leave(agent, there)
    this.#visits.set(agent, there)
  }

  async #act(agent: Agent, callId: string, phase: Phase, now: string): Promise<void> {
    await pause(200 + this.#luck.between(0, 999))
    if (this.#acting.get(agent) !== now) return
    const dice = this.#luck.between(0, 99)
    if (phase !== 'parting' && dice >= 97) return this.#loseLine(agent)
    const move = drawn(phase, dice)
    if (move !== null && (await this.#moves(agent, callId, move))) return
    // An agent who is rung answers by themselves. In a conversation the dice are thrown again after a while.
    if (phase === 'asking' || phase === 'swapped' || phase === 'merged') await this.#act(agent, callId, phase, now)
  }

  async #moves(agent: Agent, callId: string, move: Move): Promise<boolean> {
    const refused = await agent.do({ type: ACTION[move], callId } as DeskAction)
    if (refused === '') this.moves[move] += 1
    return refused === ''
  }

  async #leave(agent: Agent, callId: string): Promise<void> {
    await pause(500 + this.#luck.between(0, 1_499))
    await agent.do({ type: 'visit.leave', callId })
  }
}

function drawn(phase: Phase, dice: number): Move | null {
  let sum = 0
  for (const move of PHASES[phase].moves) {
    sum += SHARES[phase][move] ?? 0
    if (dice < sum) return move
  }
  return null
}
