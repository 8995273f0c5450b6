/** What travels: the Worker's code and its start-up, and what a browser loads before the dialer shows itself. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildDialer, buildWorker, ROOT, WORK } from '../scripts/local/build.ts'
import { freePort } from '../scripts/local/ports.ts'
import { ACTORS, varsOf } from './webhook.ts'
import { serveBare } from './workerd.ts'

const STARTS = 7

export interface BundleFigure {
  workerGzKiB: number
  startupMs: number
  dialerJsGzKiB: number
  dialerCssGzKiB: number
}

export async function benchBundle(): Promise<BundleFigure> {
  const script = await buildWorker(path.join(WORK, 'bench'))
  await buildDialer()
  const dialer = path.join(ROOT, 'dist/dialer')
  const html = readFileSync(path.join(dialer, 'index.html'), 'utf8')
  const initial = (pattern: RegExp) => [...html.matchAll(pattern)].map(match => path.join(dialer, match[1] ?? ''))
  return {
    workerGzKiB: gzKiB([script]),
    startupMs: await startup(script),
    dialerJsGzKiB: gzKiB(initial(/(?:src|href)="\/?([^"]+\.js)"/g)),
    dialerCssGzKiB: gzKiB(initial(/href="\/?([^"]+\.css)"/g)),
  }
}

function gzKiB(files: string[]): number {
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0)
  return Math.round((bytes / 1024) * 10) / 10
}

/** From spawn to the first answer, the median, less what an empty Worker needs for the same. */
async function startup(script: string): Promise<number> {
  const empty = path.join(WORK, 'bench', 'empty.js')
  writeFileSync(empty, 'export default { fetch: () => new Response("ok") }\n')
  const [whole, nothing] = [await starts(script, ACTORS), await starts(empty, {})]
  return Math.round(whole - nothing)
}

async function starts(script: string, actors: Record<string, string>): Promise<number> {
  const port = await freePort(5700)
  const url = `http://127.0.0.1:${port}`
  const times: number[] = []
  for (let count = 0; count < STARTS; count += 1) {
    const started = performance.now()
    const bare = await serveBare({ script, port, actors, vars: varsOf(url, url) })
    times.push(performance.now() - started)
    bare.stop()
  }
  return times.sort((a, b) => a - b)[Math.floor(STARTS / 2)] ?? 0
}
