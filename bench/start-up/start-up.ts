/** The start-up of bare workerd until its first answer: our Worker, the reference and an empty Worker, in turns. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { ROOT, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { ACTORS, varsOf } from '../webhook.ts'
import { serveBare } from '../workerd.ts'

const STARTS = 15

export interface StartUpFigure {
  startupMs: number
  startupCpuMs: number
  startupCpuRangeMs: string
  referenceCpuMs: number
  referenceCpuRangeMs: string
  startupRatio: number
}

interface Start {
  wallMs: number
  cpuMs: number
}

export async function benchStartUp(script: string): Promise<StartUpFigure> {
  const kinds = {
    whole: { script, actors: ACTORS as Record<string, string> },
    reference: { script: await buildReference(), actors: { EMPTY: 'EmptyActor' } },
    empty: { script: writeEmpty(), actors: {} },
  }
  const starts: Record<keyof typeof kinds, Start[]> = { whole: [], reference: [], empty: [] }
  for (let turn = 0; turn < STARTS; turn += 1)
    for (const kind of ['whole', 'reference', 'empty'] as const)
      starts[kind].push(await start(kinds[kind].script, kinds[kind].actors))
  const wall = (kind: keyof typeof kinds) => median(starts[kind].map(({ wallMs }) => wallMs))
  const cpu = (kind: keyof typeof kinds) => starts[kind].map(({ cpuMs }) => cpuMs)
  return {
    startupMs: Math.round(wall('whole') - wall('empty')),
    startupCpuMs: tenths(median(cpu('whole'))),
    startupCpuRangeMs: rangeOf(cpu('whole')),
    referenceCpuMs: tenths(median(cpu('reference'))),
    referenceCpuRangeMs: rangeOf(cpu('reference')),
    startupRatio: Math.round((median(cpu('whole')) / median(cpu('reference'))) * 100) / 100,
  }
}

async function start(script: string, actors: Record<string, string>): Promise<Start> {
  const port = await freePort(5700)
  const url = `http://127.0.0.1:${port}`
  const started = performance.now()
  // Objects in memory: a folder per actor class on a disk costs more than some of what is measured here.
  const bare = await serveBare({ script, port, actors, vars: varsOf(url, url), inMemory: true })
  const taken = { wallMs: performance.now() - started, cpuMs: bare.cpuMs() }
  bare.stop()
  return taken
}

/** As wrangler builds a Worker: one module, and nothing of its libraries left out by hand. */
async function buildReference(): Promise<string> {
  const outfile = path.join(WORK, 'bench', 'reference', 'index.js')
  await build({
    entryPoints: [path.join(ROOT, 'bench/start-up/reference.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*'],
    minify: true,
    logLevel: 'error',
  })
  return outfile
}

function writeEmpty(): string {
  const file = path.join(WORK, 'bench', 'empty', 'index.js')
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, 'export default { fetch: () => new Response("ok") }\n')
  return file
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function rangeOf(values: number[]): string {
  return `${tenths(Math.min(...values))}–${tenths(Math.max(...values))}`
}

const tenths = (value: number) => Math.round(value * 10) / 10
