/** A reporter of vitest: how long each test file took with its hooks, as JSON in the file that TRUNKLINE_FILE_TIMES names. */
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'
import type { TestFile } from './suite-commands.ts'

export default class FileTimes implements Reporter {
  readonly #files: TestFile[] = []

  onTestModuleEnd(module: TestModule): void {
    const { collectDuration, duration } = module.diagnostic()
    this.#files.push({ name: module.relativeModuleId, seconds: (collectDuration + duration) / 1000 })
  }

  onTestRunEnd(): void {
    const file = process.env.TRUNKLINE_FILE_TIMES
    if (file) writeFileSync(file, JSON.stringify(this.#files))
  }
}
