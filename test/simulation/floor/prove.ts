/** The part of the long proof about floors: schedules on the shipping actors, and the bugs that are planted in them. */
import { recordFigure } from '../../../scripts/figures.ts'
import { plantAll } from '../plant.ts'
import { runPool } from '../pool.ts'
import { PLANTED_FLOORS } from './planted.ts'

const FLOORS = 2_000
const PLANTED_MAX = 1_000

export interface FloorProof {
  floors: number
  floorCallers: number
  floorTransfers: number
  floorConsultations: number
  floorViolations: number
  floorPlanted: number
  floorCaught: number
}

export async function proveFloors(seed: number): Promise<FloorProof> {
  const done = await runPool({ seed, schedules: FLOORS, mode: 'floor' })
  for (const { seed: broken, law } of done.broken) console.log(`floor ${broken}: ${law}`)
  const caught = await plantAll(PLANTED_FLOORS, PLANTED_MAX, seed, one => {
    if (one.law === null) console.log(`NOT CAUGHT: ${one.name}`)
  })
  return {
    floors: done.schedules,
    floorCallers: done.legs,
    floorTransfers: done.transfers,
    floorConsultations: done.consultations,
    floorViolations: done.violations,
    floorPlanted: caught.length,
    floorCaught: caught.filter(one => one.law !== null).length,
  }
}

export function missedByFloors({ floorViolations, floorPlanted, floorCaught }: FloorProof): number {
  return floorViolations + floorPlanted - floorCaught
}

export function writeFloors(proof: FloorProof, reproduce: string, seed: number): void {
  recordFigure('RELIABILITY', 'floors', {
    goal: 'a queue, three desks and their callers on the shipping actors in virtual time, with transfers at once and after asking first, lost and doubled callbacks, failing requests, lost messages and killed actors: nobody dropped, silent for more than 2 s, or kept for nobody; every planted bug caught',
    reproduce,
    seed,
    values: {
      floors: proof.floors,
      callers: proof.floorCallers,
      'transfers at once': proof.floorTransfers,
      consultations: proof.floorConsultations,
      violations: proof.floorViolations,
      planted: proof.floorPlanted,
      caught: proof.floorCaught,
    },
    notes: [
      'There are no doubles of these actors, so there is nothing to compare facts with: the laws judge what the carrier really does, and what is left at the end. The laws about time hold while no fault of the machinery has struck.',
    ],
  })
}
