/** Verdicts of one object with a long do-not-call list: CPU of workerd for each, and the memory that the list takes. */
import path from 'node:path'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { type Bare, serveBare } from '../workerd.ts'

const LISTED_AT_ONCE = 20_000
const ASKED_AT_ONCE = 5_000
const WINDOWS = 8

export interface ClearanceFigure {
  listed: number
  verdictsPerSecond: number
  microsPerVerdict: number
  microsPerVerdictQ1: number
  microsPerVerdictQ3: number
  objectMiB: number
}

export async function benchClearance(listed: number): Promise<ClearanceFigure> {
  const script = await buildWorker(path.join(WORK, 'bench-clearance'), 'bench/clearance/worker.ts')
  const bare = await serveBare({ script, port: await freePort(5900), actors: { GATE: 'Gate' }, vars: {} })
  try {
    let added = 0
    for (let from = 0; from < listed; from += LISTED_AT_ONCE)
      added += Number(await ask(bare, `/list?from=${from}&count=${Math.min(LISTED_AT_ONCE, listed - from)}`))
    // A new process has none of the garbage that filling the list has made: what it grows by is the object's.
    await bare.kill()
    await bare.restart()
    await ask(bare, '/')
    const before = bare.residentMiB()
    const windows: number[] = []
    for (let turn = 0; turn < WINDOWS; turn += 1) {
      const cpu = bare.cpuMs()
      const { refused } = (await ask(bare, `/judge?count=${ASKED_AT_ONCE}`)) as { refused: number }
      if (refused < ASKED_AT_ONCE / 4)
        throw new Error(`only ${refused} of ${ASKED_AT_ONCE} were refused: the list is not asked`)
      windows.push(((bare.cpuMs() - cpu) * 1_000) / ASKED_AT_ONCE)
    }
    windows.sort((a, b) => a - b)
    const at = (share: number) => Math.round((windows[Math.floor(share * (WINDOWS - 1))] ?? 0) * 10) / 10
    return {
      listed: added,
      verdictsPerSecond: Math.round(1e6 / at(0.5)),
      microsPerVerdict: at(0.5),
      microsPerVerdictQ1: at(0.25),
      microsPerVerdictQ3: at(0.75),
      objectMiB: Math.max(0, Math.round(bare.residentMiB() - before)),
    }
  } finally {
    bare.stop()
  }
}

async function ask(bare: Bare, route: string): Promise<unknown> {
  const answer = await fetch(`${bare.url}${route}`)
  if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
