/** Native RPC with one row against itty-durable with its own persistence: CPU of workerd per call, in one process. */
import path from 'node:path'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { inParallel } from '../parallel.ts'
import { type Bare, serveBare } from '../workerd.ts'

const OBJECTS = 100
const AT_ONCE = 16
const TURNS = 4

export interface IttyFigure {
  calls: number
  microsRpc: number
  microsItty: number
  ratio: number
}

export async function benchItty(calls: number): Promise<IttyFigure> {
  const script = await buildWorker(path.join(WORK, 'bench-itty'), 'bench/itty/worker.ts')
  const port = await freePort(5800)
  const bare = await serveBare({ script, port, actors: { NATIVE: 'Native', ITTY: 'Itty' }, vars: {}, inMemory: true })
  try {
    await both(bare, 2_000)
    const spent = { rpc: 0, itty: 0 }
    // They take turns, so that load from other processes slows both.
    for (let turn = 0; turn < TURNS; turn += 1) {
      spent.rpc += await cpu(bare, '/rpc', calls / TURNS)
      spent.itty += await cpu(bare, '/itty', calls / TURNS)
    }
    const [microsRpc, microsItty] = [(spent.rpc * 1e6) / calls, (spent.itty * 1e6) / calls]
    return {
      calls,
      microsRpc: Math.round(microsRpc),
      microsItty: Math.round(microsItty),
      ratio: Math.round((microsItty / microsRpc) * 100) / 100,
    }
  } finally {
    bare.stop()
  }
}

async function both(bare: Bare, calls: number): Promise<void> {
  await cpu(bare, '/rpc', calls)
  await cpu(bare, '/itty', calls)
}

async function cpu(bare: Bare, route: string, calls: number): Promise<number> {
  const before = bare.cpuSeconds()
  const ids = Array.from({ length: calls }, (_, index) => index % OBJECTS)
  await inParallel(ids, AT_ONCE, async id => {
    const answer = await fetch(`${bare.url}${route}?id=o${id}`)
    const text = await answer.text()
    if (!answer.ok || !/^\d+$/.test(text)) throw new Error(`${route}: ${answer.status} ${text}`)
  })
  return bare.cpuSeconds() - before
}
