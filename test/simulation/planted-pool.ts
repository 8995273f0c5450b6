/** Bugs planted into what agents have who share the lines of a campaign. */
import type { Planted } from './planted.ts'

export const POOL_BUGS: Planted[] = [
  {
    name: 'the word of a desk that overtakes its seat is lost',
    file: 'src/core/batch/decide.ts',
    find: "      if (early === 'left') this.seatLeft(seat.seatId)\n      if (early === 'paused')",
    replace: "      if (early === 'paused')",
    by: 'simulation',
  },
  {
    name: 'whoever is free shortest gets the person',
    file: 'src/core/batch/decide.ts',
    find: 'return this.live?.seats.find(seat => seat.legId === null && !seat.paused) ?? null',
    replace: 'return this.live?.seats.findLast(seat => seat.legId === null && !seat.paused) ?? null',
    by: 'simulation',
  },
  {
    name: 'a seat that is wanted back stays when its person was a machine',
    file: 'src/core/batch/decide.ts',
    find: "if (seat.withdrawn && seat.legId === null) this.returnSeat(seat, 'withdrawn')",
    replace: "if (seat.withdrawn && seat.legId === null && seat.paused) this.returnSeat(seat, 'withdrawn')",
    by: 'simulation',
  },
  {
    name: 'lines beyond the limit are cut before they have rung long enough',
    file: 'src/core/batch/decide.ts',
    find: 'leg.rangAt !== null && this.at >= leg.rangAt + ringOutMs)',
    replace: 'leg.rangAt !== null)',
    by: 'exhaustive',
  },
  {
    name: 'a seat that was given back answers the next question of the pool',
    file: 'src/core/desk/decide.ts',
    find: ' && (!shared || lease.askId === askId)',
    replace: '',
    by: 'simulation',
  },
  {
    name: 'agents finish while somebody is on a line who may come back to the list',
    file: 'src/core/campaign/pool-decide.ts',
    find: 'if (d.left > 0 || pools.some(pool => pool.legs.length > 0)) return',
    replace: 'if (d.left > 0) return',
    by: 'simulation',
  },
  {
    name: 'an agent who begins elsewhere keeps a seat in the pool',
    file: 'src/core/desk/agent.ts',
    find: ' && startedIn !== campaignId ? { leaves: startedIn } : {}',
    replace: ' && startedIn === campaignId ? { leaves: startedIn } : {}',
    by: 'simulation',
  },
  {
    name: 'a pool that rests wakes for ever',
    file: 'src/core/campaign/pool-decide.ts',
    find: "if (pool.restUntilMs !== null && d.at >= pool.restUntilMs) d.add({ type: 'pool-woken', at: d.at, batchId })",
    replace: '',
    by: 'simulation',
  },
  {
    name: 'an empty pool is never closed',
    file: 'src/core/campaign/pool-decide.ts',
    find: 'if (seats.length > 0 || legs.length > 0 || askId !== null) return false',
    replace: 'if (seats.length >= 0) return false',
    by: 'simulation',
  },
  {
    name: 'the lines of a pool have no people',
    file: 'src/actors/batch/actor.ts',
    find: '      saveLegs(journal.sql, joining)\n',
    replace: '',
    by: 'differential',
  },
]
