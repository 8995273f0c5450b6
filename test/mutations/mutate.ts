/** Deletes one behaviour at a time in a copy of the checkout, and runs the test that claims to show it. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path, { matchesGlob } from 'node:path'
import { testsOf } from '../../scripts/test-titles.ts'
import { OWN_CONFIG, PROJECTS } from '../projects.ts'
import { ROOT, tracked } from '../tidy/files.ts'
import type { Mutation } from './row.ts'

export interface Mutated {
  mutation: Mutation
  /** the test fails without the behaviour, and passes with it */
  caught: boolean
  because: string
}

const RUN_LIMIT_MS = 180_000

/** Runs all of them, one after the other. Throws when a place or a test of the table is gone. */
export async function mutateAll(
  mutations: readonly Mutation[],
  told: (one: Mutated) => void = () => {},
): Promise<Mutated[]> {
  const wrong = mutations.flatMap(one => wrongWith(one) ?? [])
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  const copy = copyOfTree()
  try {
    const whole = new Map<string, number>()
    const all: Mutated[] = []
    for (const mutation of mutations) {
      const one = await mutate(copy, mutation, whole)
      all.push(one)
      told(one)
    }
    return all
  } finally {
    rmSync(copy, { recursive: true })
  }
}

/** What is wrong with a row; null: its place is there once, and its test exists and claims the requirement. */
export function wrongWith({ id, file, find, test, title }: Mutation): string | null {
  const places = readFileSync(path.join(ROOT, file), 'utf8').split(find).length - 1
  if (places !== 1) return `${id}: ${file} has ${places} places for ${JSON.stringify(find)}`
  const named = testsOf(test).filter(one => one.title?.startsWith(title))
  if (named.length !== 1) return `${id}: ${test} has ${named.length} tests that begin with "${title}"`
  return named[0]?.ids.includes(id) ? null : `${id}: "${named[0]?.title}" of ${test} does not claim it`
}

async function mutate(copy: string, mutation: Mutation, whole: Map<string, number>): Promise<Mutated> {
  const { file, find, replace, test, title } = mutation
  const name = `${test}: ${title}`
  // Without a change the test passes, or its failure would show nothing.
  if (!whole.has(name)) whole.set(name, (await run(copy, test, title)).failed)
  if (whole.get(name) !== 0) return { mutation, caught: false, because: 'the test fails without a mutation' }
  const place = path.join(copy, file)
  const before = readFileSync(place, 'utf8')
  writeFileSync(
    place,
    before.replace(find, () => replace),
  )
  try {
    const { failed, passed } = await run(copy, test, title)
    return { mutation, caught: failed > 0, because: `${failed} failed, ${passed} passed` }
  } finally {
    writeFileSync(place, before)
  }
}

/** The tracked files, and the installed packages by a link. */
function copyOfTree(): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'mutated-'))
  for (const file of tracked()) {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true })
    cpSync(path.join(ROOT, file), path.join(copy, file))
  }
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'))
  return copy
}

/** Runs the tests of one title. A file that cannot even be loaded throws: it would look like a test that has failed. */
async function run(copy: string, test: string, title: string): Promise<{ failed: number; passed: number }> {
  const pattern = title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/%[sij]/g, '.*')
  const report = path.join(copy, 'report.json')
  rmSync(report, { force: true })
  const vitest = path.join(copy, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', ...suiteOf(test), test, '-t', pattern, '--reporter=json', `--outputFile=${report}`]
  await new Promise<void>(resolve => {
    const env = { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false' }
    execFile(process.execPath, args, { cwd: copy, env, timeout: RUN_LIMIT_MS, maxBuffer: 2 ** 26 }, () => resolve())
  })
  const { numFailedTests, numPassedTests } = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>
  const [failed, passed] = [numFailedTests ?? 0, numPassedTests ?? 0]
  if (failed + passed === 0) throw new Error(`no test of ${test} ran under the name "${title}"`)
  return { failed, passed }
}

function suiteOf(test: string): string[] {
  const own = OWN_CONFIG.find(folder => matchesGlob(test, `${folder}/**/*.test.ts`))
  if (own !== undefined) return ['--root', '.', '-c', `${own}/vitest.config.ts`]
  const project = PROJECTS.find(({ include }) => include.some(glob => matchesGlob(test, glob)))
  return project ? ['--project', project.name] : []
}
