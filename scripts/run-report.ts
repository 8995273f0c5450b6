/**
 * A reporter of vitest that writes what the JSON reporter leaves out: how long each test file took with its hooks, and the errors
 * that belong to no test (a promise that nobody waits for, a worker that ended). Such an error fails the run while every test
 * passes. It is JSON in the file that TRUNKLINE_RUN_REPORT names.
 */
import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'
import type { TestFile } from './suite-commands.ts'

export interface RunReport {
  files: TestFile[]
  /** one line each: the error, and the first place of its stack in this repository */
  errors: string[]
}

export default class RunReporter implements Reporter {
  readonly #files: TestFile[] = []

  onTestModuleEnd(module: TestModule): void {
    const { collectDuration, duration } = module.diagnostic()
    this.#files.push({ name: module.relativeModuleId, seconds: (collectDuration + duration) / 1000 })
  }

  onTestRunEnd(_modules: unknown, unhandled: readonly SerializedError[]): void {
    const file = process.env.TRUNKLINE_RUN_REPORT
    const report: RunReport = { files: this.#files, errors: unhandled.map(inOneLine) }
    if (file) writeFileSync(file, JSON.stringify(report))
  }
}

function inOneLine({ name = 'Error', message, stack = '' }: SerializedError): string {
  const place = stack.split('\n').find(line => /^\s*at /.test(line) && !line.includes('node_modules'))
  return `${name}: ${message}${place ? ` (${place.trim()})` : ''}`.replaceAll('\n', ' ').slice(0, 600)
}
