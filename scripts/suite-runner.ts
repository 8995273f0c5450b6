/** Runs suites, those of a stage side by side, and ends the process with the sum on the last line. */
import { availableParallelism } from 'node:os'
import { type Ran, repeatFailed } from './repeat-failed.ts'
import type { Result, Suite, TestFile } from './suite-commands.ts'

/** Suites that may run side by side. Stages run one after another. */
export interface Stage {
  /** how many of its suites run at one time on a machine with two processors or more */
  atOnce: number
  /** What failed here is run once more, alone (`repeatFailed`). Absent: these suites give the same result each time. */
  inRealTime?: true
  suites: Suite[]
}

const SLOWEST = 10

/** `npm test -- actors` runs the suites whose name has that word. */
export async function runStages(stages: Stage[]): Promise<never> {
  const words = process.argv.slice(2).filter(argument => !argument.startsWith('-'))
  const wanted = (suite: Suite) => words.length === 0 || words.some(word => suite.name.includes(word))
  const results: Result[] = []
  const mayRepeat: Ran[] = []
  for (const { suites, ...stage } of stages) {
    const done = await runStage({ ...stage, suites: suites.filter(wanted) })
    if (stage.inRealTime) mayRepeat.push(...done)
    results.push(...done.map(({ result }) => result))
  }
  const unsteady = await repeatFailed(mayRepeat)
  printSlowest(results.flatMap(({ files }) => files))
  const sum = (of: 'passed' | 'failed' | 'skipped') => results.reduce((total, result) => total + result[of], 0)
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')]
  const failures = results.flatMap(result => result.failures)
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map(one => `  ${one}`).join('\n')}`)
  if (unsteady.length > 0)
    console.log(`\nUnsteady (failed, then passed alone):\n${unsteady.map(one => `  ${one}`).join('\n')}`)
  if (skipped > 0) console.log(`\n${skipped} skipped`)
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exit(failed === 0 && passed > 0 ? 0 : 1)
}

async function runStage({ atOnce, suites }: Stage): Promise<Ran[]> {
  const left = [...suites]
  const lanes = availableParallelism() > 1 ? Math.min(atOnce, suites.length) : 1
  const results: Ran[] = []
  const lane = async () => {
    for (let suite = left.shift(); suite; suite = left.shift())
      results.push({ suite, result: await runSuite(suite, lanes === 1) })
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}

/** The output of suites that run side by side is kept until the suite ends, and each line then names its suite. */
async function runSuite(suite: Suite, alone: boolean): Promise<Result> {
  const started = Date.now()
  console.log(`▶ ${suite.name}`)
  let output = ''
  const keep = (text: string) => {
    output += text
  }
  const result = await suite.run(alone ? null : keep)
  const { passed, failed, skipped } = result
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  for (const line of output.trim().split('\n')) if (line !== '') console.log(`${suite.name} │ ${line}`)
  console.log(`■ ${suite.name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`)
  return result
}

function printSlowest(files: TestFile[]): void {
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST)
  if (slowest.length === 0) return
  console.log('\nThe slowest test files:')
  for (const { name, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`)
}
