import { expect, test } from 'vitest'
import { REPEATED_MAX, repeatFailed } from './repeat-failed.ts'
import type { Result } from './suite-commands.ts'

const PASSED: Result = { passed: 4, failed: 0, skipped: 0, files: [], failures: [], failedFiles: [] }
const failedIn = (...files: string[]): Result => ({
  ...PASSED,
  failed: files.length,
  failures: files.map(file => `${file} > it rings: late`),
  failedFiles: files,
})

/** A suite that failed with this result, and gives these results when it is asked again. */
function ran(result: Result, ...again: Result[]) {
  const asked: string[][] = []
  const suite = {
    name: 'browser',
    run: () => Promise.resolve(result),
    again(files: string[]) {
      asked.push(files)
      const next = again.shift()
      return next ? Promise.resolve(next) : Promise.reject(new Error('nobody asks a second time'))
    },
  }
  return { suite, result: { ...result }, asked }
}

test('a file that passes alone is unsteady and no failure', async () => {
  const one = ran(failedIn('desk.spec.ts'), PASSED)
  expect(await repeatFailed([one])).toEqual(['desk.spec.ts > it rings: late'])
  expect(one.asked).toEqual([['desk.spec.ts']])
  expect(one.result).toMatchObject({ passed: 5, failed: 0, failures: [] })
})

test('a file that fails again has failed', async () => {
  const one = ran(failedIn('desk.spec.ts'), failedIn('desk.spec.ts'))
  expect(await repeatFailed([one])).toEqual([])
  expect(one.result).toMatchObject({ failed: 1, failures: ['desk.spec.ts > it rings: late'] })
})

test('a file in which nothing ran the second time has failed', async () => {
  const one = ran(failedIn('desk.spec.ts'), { ...PASSED, passed: 0 })
  expect(await repeatFailed([one])).toEqual([])
  expect(one.result.failed).toBe(1)
})

test('a broken run is not repeated: too many files, or an error of no file', async () => {
  const many = ran(failedIn(...Array.from({ length: REPEATED_MAX + 1 }, (_, n) => `${n}.spec.ts`)))
  const crashed = ran({ ...failedIn('a.spec.ts'), failedFiles: null })
  expect(await repeatFailed([many])).toEqual([])
  expect(await repeatFailed([crashed])).toEqual([])
  expect([many.asked, crashed.asked, many.result.failed]).toEqual([[], [], REPEATED_MAX + 1])
})
