/** Runs suites, those of a stage side by side, and ends the process with the sum on the last line. */
import { availableParallelism } from 'node:os'
import type { Result, Suite, TestFile } from './suite-commands.ts'

/** Suites that may run side by side. Stages run one after another. */
export interface Stage {
  /** how many of its suites run at one time on a machine with two processors or more */
  atOnce: number
  suites: Suite[]
}

const SLOWEST = 10

/** `npm test -- actors` runs the suites whose name has that word. */
export async function runStages(stages: Stage[]): Promise<never> {
  const words = process.argv.slice(2).filter(argument => !argument.startsWith('-'))
  const wanted = (suite: Suite) => words.length === 0 || words.some(word => suite.name.includes(word))
  const chosen = stages.map(({ atOnce, suites }) => ({ atOnce, suites: suites.filter(wanted) }))
  const alone = chosen.flatMap(({ suites }) => suites).length === 1
  const results: Result[] = []
  for (const stage of chosen) results.push(...(await runStage(stage, alone)))
  printSlowest(results.flatMap(({ files }) => files))
  const sum = (of: 'passed' | 'failed' | 'skipped') => results.reduce((total, result) => total + result[of], 0)
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')]
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exit(failed === 0 && passed > 0 ? 0 : 1)
}

async function runStage({ atOnce, suites }: Stage, alone: boolean): Promise<Result[]> {
  const left = [...suites]
  const results: Result[] = []
  const lane = async () => {
    for (let suite = left.shift(); suite; suite = left.shift()) results.push(await runSuite(suite, alone))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, availableParallelism() > 1 ? atOnce : 1) }, lane))
  return results
}

/** The output of suites that run side by side is kept until the suite ends, and each line names its suite. */
async function runSuite(suite: Suite, alone: boolean): Promise<Result> {
  const started = Date.now()
  console.log(`▶ ${suite.name}`)
  let output = ''
  const result = await suite.run(
    alone
      ? null
      : text => {
          output += text
        },
  )
  const { passed, failed, skipped } = result
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  const lines = output.split('\n').filter((line, at, all) => line !== '' || (all[at - 1] ?? '') !== '')
  for (const line of lines.slice(0, lines.at(-1) === '' ? -1 : undefined)) console.log(`${suite.name} │ ${line}`)
  console.log(`■ ${suite.name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`)
  return result
}

function printSlowest(files: TestFile[]): void {
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST)
  if (slowest.length === 0) return
  console.log('\nThe slowest test files:')
  for (const { name, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`)
}
