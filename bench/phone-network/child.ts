/** Runs the network in a process of its own and measures its CPU time. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export const pass = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** How many cores the process (`legs-network.ts`) uses during `ms`. */
export async function cpuShare(child: ChildProcess, ms: number): Promise<number> {
  const ask = async (): Promise<{ cpuMs: number; atMs: number }> => {
    child.send('cpu')
    return (await once(child, 'message'))[0]
  }
  const from = await ask()
  await pass(ms)
  const to = await ask()
  return (to.cpuMs - from.cpuMs) / (to.atMs - from.atMs)
}
