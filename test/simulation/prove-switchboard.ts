/** The part of the long proof about queues, transfers and consultations: all orders of small worlds of each, and what was planted in them. */
import { recordFigure } from '../../scripts/figures.ts'
import { PLANTED_ATTENDED, SMALL_ATTENDED } from '../exhaustive/attended-planted.ts'
import { exploreAttended } from '../exhaustive/explore-attended.ts'
import { exploreQueue } from '../exhaustive/explore-queue.ts'
import { exploreTransfer } from '../exhaustive/explore-transfer.ts'
import { PLANTED_QUEUES, SMALL_QUEUES } from '../exhaustive/queue-planted.ts'
import { PLANTED_TRANSFERS, SMALL_TRANSFERS } from '../exhaustive/transfer-planted.ts'

const NONE = { declines: 0, losses: 0, breaks: 0, strikes: 0 }
const QUEUES = [
  ...SMALL_QUEUES,
  { ...NONE, callers: 2, desks: 2 },
  { ...NONE, callers: 2, desks: 1, losses: 1, strikes: 1 },
]
const TRANSFERS = [
  ...SMALL_TRANSFERS,
  {
    transfers: 2,
    declines: 1,
    losses: 1,
    strikes: 1,
    takeBacks: 1,
    refusals: 1,
    targets: ['desk', 'number', 'queue'] as const,
  },
]
const ONCE = { declines: 1, losses: 1, ownLosses: 1, strikes: 1, refusals: 1, lostWords: 1, hangUps: 1 }
/** A consultation with every mishap once, beside the small ones. */
const CONSULTATIONS = [
  ...SMALL_ATTENDED,
  { ...ONCE, target: 'desk' as const, asks: 1, moves: 1 },
  { ...ONCE, target: 'number' as const, asks: 1, moves: 1 },
]
/** A planted defect is found long before. */
const PLANTED_STATES_MAX = 20_000

export interface SwitchboardProof {
  queueStates: number
  queueViolations: number
  queuePlanted: number
  queueCaught: number
  transferStates: number
  transferViolations: number
  transferPlanted: number
  transferCaught: number
  consultStates: number
  consultTransitions: number
  consultViolations: number
  consultPlanted: number
  consultCaught: number
}

export function proveSwitchboard(): SwitchboardProof {
  const queues = QUEUES.map(world => exploreQueue(world))
  const transfers = TRANSFERS.map(world => exploreTransfer(world))
  const consultations = CONSULTATIONS.map(world => exploreAttended(world))
  for (const { violations } of [...queues, ...transfers, ...consultations])
    for (const law of violations) console.log(law)
  const queuesCaught = Object.entries(PLANTED_QUEUES).filter(([name, machine]) =>
    caught(name, SMALL_QUEUES, world => exploreQueue(world, machine, PLANTED_STATES_MAX)),
  )
  const transfersCaught = Object.entries(PLANTED_TRANSFERS).filter(([name, machine]) =>
    caught(name, SMALL_TRANSFERS, world => exploreTransfer(world, machine, PLANTED_STATES_MAX)),
  )
  const consultationsCaught = Object.entries(PLANTED_ATTENDED).filter(([name, machine]) =>
    caught(name, SMALL_ATTENDED, world => exploreAttended(world, machine, PLANTED_STATES_MAX)),
  )
  return {
    queueStates: total(queues, one => one.states),
    queueViolations: total(queues, one => one.violations.length),
    queuePlanted: Object.keys(PLANTED_QUEUES).length,
    queueCaught: queuesCaught.length,
    transferStates: total(transfers, one => one.states),
    transferViolations: total(transfers, one => one.violations.length),
    transferPlanted: Object.keys(PLANTED_TRANSFERS).length,
    transferCaught: transfersCaught.length,
    consultStates: total(consultations, one => one.states),
    consultTransitions: total(consultations, one => one.transitions),
    consultViolations: total(consultations, one => one.violations.length),
    consultPlanted: Object.keys(PLANTED_ATTENDED).length,
    consultCaught: consultationsCaught.length,
  }
}

function caught<World>(
  name: string,
  worlds: readonly World[],
  run: (world: World) => { violations: string[] },
): boolean {
  const found = worlds.some(world => run(world).violations.length > 0)
  if (!found) console.log(`NOT CAUGHT: ${name}`)
  return found
}

function total<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0)
}

/** Violations, and planted defects that were not found. */
export function missedBy(proof: SwitchboardProof): number {
  const planted = proof.queuePlanted + proof.transferPlanted + proof.consultPlanted
  const caught = proof.queueCaught + proof.transferCaught + proof.consultCaught
  return proof.queueViolations + proof.transferViolations + proof.consultViolations + planted - caught
}

export function writeSwitchboard(proof: SwitchboardProof, reproduce: string): void {
  recordFigure('RELIABILITY', 'switchboard', {
    goal: 'queues, transfers and consultations in all orders of answers, declines, lost lines, hang-ups, slow messages and refused requests: nothing broken, every planted defect caught',
    reproduce,
    seed: null,
    values: {
      'states of queues': proof.queueStates,
      'violations in queues': proof.queueViolations,
      'planted in queues': proof.queuePlanted,
      'caught in queues': proof.queueCaught,
      'states of transfers': proof.transferStates,
      'violations in transfers': proof.transferViolations,
      'planted in transfers': proof.transferPlanted,
      'caught in transfers': proof.transferCaught,
      'states of consultations': proof.consultStates,
      'transitions of consultations': proof.consultTransitions,
      'violations in consultations': proof.consultViolations,
      'planted in consultations': proof.consultPlanted,
      'caught in consultations': proof.consultCaught,
    },
  })
}
