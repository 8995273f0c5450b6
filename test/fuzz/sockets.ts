import type { Outcome } from './run.ts'
import type { World } from './world.ts'
export function fuzzSockets(_world: World, _count: number, _seed: number): { name: string; run(): Promise<Outcome> }[] {
  return []
}
