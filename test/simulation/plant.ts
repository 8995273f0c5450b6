/** Copies the tree, plants one bug, and checks whether the tests catch it. */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exploreAll, TINY } from '../exhaustive/explore.ts'
import type { Planted } from './planted.ts'
import { runPool, TREE } from './pool.ts'

/** The files and folders that the machines and their proofs need, and no others. */
const PARTS = [
  'package.json',
  ...['core', 'sound', 'media', 'wire', 'providers', 'actors', 'dialer/phone'].map(room => `src/${room}`),
  'test/exhaustive',
  'test/simulation',
]

export interface Caught {
  name: string
  by: Planted['by']
  /** the schedules, or states, that were tried until then */
  after: number
  /** null: not caught */
  law: string | null
  seed: number | null
}

/** Every bug of the list, two at a time with a thread each; `caught` hears of them as they end, the answer has their order. */
export async function plantAll(
  bugs: readonly Planted[],
  schedules: number,
  seed: number,
  caught: (one: Caught) => void,
): Promise<Caught[]> {
  const all: Caught[] = []
  let next = 0
  const run = async () => {
    for (let index = next++; index < bugs.length; index = next++) {
      const one = await plantAndRun(bugs[index] as Planted, schedules, seed, 1)
      all[index] = one
      caught(one)
    }
  }
  await Promise.all([run(), run()])
  return all
}

export async function plantAndRun(bug: Planted, schedules: number, seed = 1, threads = 2): Promise<Caught> {
  const root = await mkdtemp(join(tmpdir(), 'trunkline-planted-'))
  try {
    for (const part of PARTS) await cp(join(TREE, part), join(root, part), { recursive: true })
    await symlink(join(TREE, 'node_modules'), join(root, 'node_modules'))
    await plant(root, bug)
    return bug.by === 'exhaustive'
      ? await explore(root, bug, threads)
      : await simulate(root, bug, { schedules, seed, threads })
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

/** Throws unless the text to replace stands there exactly once. */
async function plant(root: string, { name, file, find, replace }: Planted): Promise<void> {
  const path = join(root, file)
  const text = await readFile(path, 'utf8')
  const times = text.split(find).length - 1
  if (times !== 1) throw new Error(`"${name}": its place stands ${times} times in ${file}`)
  await writeFile(
    path,
    text.replace(find, () => replace),
  )
}

async function simulate(
  root: string,
  bug: Planted,
  { schedules, seed, threads }: { schedules: number; seed: number; threads: number },
): Promise<Caught> {
  const mode = bug.by === 'differential' || bug.by === 'floor' ? bug.by : 'laws'
  const result = await runPool({ root, seed, schedules, threads, mode, untilBroken: true })
  const [first] = result.broken
  return {
    name: bug.name,
    by: bug.by,
    after: first ? first.seed - seed + 1 : result.schedules,
    law: first?.law.split('\n')[0] ?? null,
    seed: first?.seed ?? null,
  }
}

async function explore(root: string, bug: Planted, threads: number): Promise<Caught> {
  const { states, broken } = await exploreAll(TINY, join(root, 'test/exhaustive/explore.ts'), threads)
  return { name: bug.name, by: bug.by, after: states, law: broken[0]?.split('\n')[0] ?? null, seed: null }
}
