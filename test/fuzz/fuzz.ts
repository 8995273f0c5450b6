/**
 * `npm run fuzz [-- --inputs N] [--seed N] [--route PART]`: bad input at every route, webhook and socket. No input makes a server
 * error, each is answered in time, and what is refused changes nothing.
 */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { recordFigure } from '../../scripts/figures.ts'
import { routeTargets } from './routes.ts'
import { type Defect, type Found, fuzz } from './run.ts'
import { fuzzSockets } from './sockets.ts'
import { webhookTargets } from './webhooks.ts'
import { makeWorld } from './world.ts'

const GOAL_PER_ROUTE = 10_000

interface Tally {
  routes: number
  inputs: number
  inputsPerRoute: number
  refused: number
  serverErrors: number
  stateChanges: number
  slow: number
  formless: number
  seconds: number
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { inputs: text, seed: text, route: text, shard: text } })
  const [count, seed] = [Number(values.inputs ?? GOAL_PER_ROUTE), Number(values.seed ?? 11)]
  if (values.route === undefined && values.shard === undefined) return inShards(count, seed)
  const world = await makeWorld(Number(values.shard ?? 0))
  const started = performance.now()
  const found: Found[] = []
  const tally: Tally = { ...NOTHING, inputsPerRoute: count }
  // A shard takes every second target, each with the seed that it has in a whole run.
  const mine = (index: number) => values.shard === undefined || index % SHARDS === Number(values.shard)
  const wanted = (name: string) => values.route === undefined || name.includes(values.route)
  try {
    const targets = [...routeTargets(world.ids), ...webhookTargets(world.url, world.ids)]
    const runs = targets
      .filter(one => wanted(one.name))
      .map((one, index) => ({ name: one.name, run: () => fuzz(world, one, count, seed + index) }))
    const all = [...runs, ...fuzzSockets(world, count, seed).filter(one => wanted(one.name))]
    for (const { name, run } of all.filter((_, index) => mine(index))) {
      const outcome = await run()
      tally.routes += 1
      tally.inputs += outcome.inputs
      tally.refused += outcome.refused
      found.push(...outcome.found)
      const rate = Math.round((outcome.inputs / outcome.milliseconds) * 1_000)
      console.error(`${name}: ${outcome.inputs} inputs, ${outcome.refused} refused, ${rate}/s${wordsOf(outcome.found)}`)
    }
  } finally {
    world.close()
  }
  const has = (...defects: Defect[]) => found.filter(one => defects.includes(one.defect)).length
  tally.serverErrors = has('server-error', 'no-answer') + world.uncaught.length
  tally.stateChanges = has('state-change')
  tally.slow = has('slow')
  tally.formless = has('no-problem', 'no-field')
  tally.seconds = Math.round((performance.now() - started) / 1_000)
  for (const text of world.uncaught.slice(0, 5)) console.error(`uncaught: ${text.slice(0, 600)}`)
  told(tally, seed)
}

function told(tally: Tally, seed: number): void {
  console.log(JSON.stringify({ proof: 'fuzz', seed, ...tally }))
  process.exitCode = tally.serverErrors + tally.stateChanges + tally.slow + tally.formless === 0 ? 0 : 1
}

/** One world uses one processor, so a whole run is made in two of them at once. */
const SHARDS = 2

async function inShards(count: number, seed: number): Promise<void> {
  const started = performance.now()
  const tallies = await Promise.all(Array.from({ length: SHARDS }, (_, shard) => tallyOf(shard, count, seed)))
  const whole = { ...NOTHING, inputsPerRoute: count }
  for (const one of tallies) for (const key of SUMMED) whole[key] += one[key]
  whole.seconds = Math.round((performance.now() - started) / 1_000)
  record(whole, seed)
  told(whole, seed)
}

const SUMMED = ['routes', 'inputs', 'refused', 'serverErrors', 'stateChanges', 'slow', 'formless'] as const

function tallyOf(shard: number, count: number, seed: number): Promise<Tally> {
  const options = ['--inputs', String(count), '--seed', String(seed), '--shard', String(shard)]
  const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString()
  })
  return new Promise((resolve, reject) =>
    child.once('close', code => {
      const line = out.trim().split('\n').at(-1) ?? ''
      if (line.startsWith('{')) resolve(JSON.parse(line) as Tally)
      else reject(new Error(`shard ${shard} ended with ${code} and said nothing`))
    }),
  )
}

const NOTHING: Tally = {
  ...{ routes: 0, inputs: 0, inputsPerRoute: 0, refused: 0, serverErrors: 0, stateChanges: 0, slow: 0, formless: 0 },
  seconds: 0,
}

/** The first of each kind of defect, with what shows it again. */
function wordsOf(found: readonly Found[]): string {
  const kinds = new Map<string, Found[]>()
  for (const one of found) {
    const kind = `${one.defect} ${one.status} ${one.text}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), one])
  }
  return [...kinds].map(([kind, [first, ...more]]) => `\n  ${kind} × ${more.length + 1}\n    ${shown(first)}`).join('')
}

function shown(found: Found | undefined): string {
  if (found === undefined) return ''
  const { method, path, headers, body, as } = found.input
  return `${as}: ${method} ${path.slice(0, 300)} ${JSON.stringify(headers)} ${(body ?? '').slice(0, 500)}`
}

function record(tally: Tally, seed: number): void {
  recordFigure('RELIABILITY', 'fuzz', {
    goal: `≥ ${GOAL_PER_ROUTE} bad inputs for every route, webhook and socket: 0 server errors, 0 changes of the state by a request that was refused, every answer within 5 s`,
    reproduce: `npm run fuzz -- --inputs ${tally.inputsPerRoute} --seed ${seed}`,
    seed,
    values: { ...tally },
    notes: [
      'serverErrors counts answers of 5xx, connections without an answer and exceptions that nobody caught. formless counts refusals that are no problem+json, or that refuse a body with 400 and name no field.',
      'The state is what the lists of the API show. A refused input is sent between two looks at it; what was taken is kept apart.',
    ],
  })
}

await main()
