/** A transfer of the ledger against one row in one object: CPU of workerd per request, in turns in one process. */
import path from 'node:path'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { inParallel } from '../parallel.ts'
import { type Bare, serveBare } from '../workerd.ts'

const AT_ONCE = 16
const TURNS = 8
const WARM = 2_000

export async function benchBilling(transfers: number): Promise<object> {
  const script = await buildWorker(path.join(WORK, 'bench-billing'), 'bench/billing/worker.ts')
  const port = await freePort(5840)
  const actors = { BILLING: 'BillingActor', REFERENCE: 'Reference' }
  const bare = await serveBare({ script, port, actors, vars: {}, inMemory: true })
  try {
    const each = Math.floor(transfers / TURNS)
    await spent(bare, '/reference', WARM, 'warm')
    await spent(bare, '/transfer', WARM, 'warm')
    const cpu = { transfer: 0, reference: 0 }
    let seconds = 0
    for (let turn = 0; turn < TURNS; turn += 1) {
      cpu.reference += (await spent(bare, '/reference', each, `t${turn}`)).cpu
      const one = await spent(bare, '/transfer', each, `t${turn}`)
      cpu.transfer += one.cpu
      seconds += one.seconds
    }
    const count = each * TURNS
    const audit = (await (await fetch(`${bare.url}/audit`)).json()) as { entries: number; sum: number; differing: [] }
    if (audit.entries !== count + WARM || audit.sum !== 0 || audit.differing.length > 0)
      throw new Error(`the ledger does not add up: ${JSON.stringify(audit)}`)
    const micros = (total: number) => Math.round((total * 1e6) / count)
    return {
      transfers: count,
      transfersPerSecond: Math.round(count / seconds),
      microsPerTransfer: micros(cpu.transfer),
      referenceMicros: micros(cpu.reference),
      ratio: Math.round((cpu.transfer / cpu.reference) * 100) / 100,
    }
  } finally {
    bare.stop()
  }
}

async function spent(bare: Bare, route: string, count: number, tag: string): Promise<{ cpu: number; seconds: number }> {
  const [before, started] = [bare.cpuSeconds(), performance.now()]
  const ids = Array.from({ length: count }, (_, index) => `${tag}-${index}`)
  await inParallel(ids, AT_ONCE, async id => {
    const answer = await fetch(`${bare.url}${route}?id=${id}`)
    const text = await answer.text()
    if (!answer.ok || text !== 'null') throw new Error(`${route}: ${answer.status} ${text}`)
  })
  return { cpu: bare.cpuSeconds() - before, seconds: (performance.now() - started) / 1_000 }
}
