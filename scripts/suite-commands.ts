/** How one suite is run and counted: a command that passes as a whole, vitest or Playwright. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { ROOT, WORK } from './local/build.ts'

export interface TestFile {
  name: string
  seconds: number
}
export interface Result {
  passed: number
  failed: number
  skipped: number
  /** how long each test file took; empty for a command without test files */
  files: TestFile[]
}
/** Takes the output of a suite: a piece of its standard output or standard error, as it comes. */
export type Write = (text: string) => void

export interface Suite {
  name: string
  /** `write` null: the suite has the terminal for itself */
  run(write: Write | null): Promise<Result>
}

const BIN = path.join(ROOT, 'node_modules', '.bin')

/** A command that passes or fails as a whole. */
export function check(name: string, command: string, args: string[]): Suite {
  return {
    name,
    async run(write) {
      const code = await execute(write, command, args)
      return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, files: [] }
    },
  }
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
}

export function vitest(name: string, config: string, extra: string[] = []): Suite {
  return {
    name,
    async run(write) {
      const file = reportFile(name)
      const times = reportFile(`${name} times`)
      const reporters = ['default', 'json', './scripts/file-times.ts'].map(one => `--reporter=${one}`)
      const args = ['run', '--config', config, ...reporters, `--outputFile.json=${file}`, ...extra]
      const code = await execute(write, 'vitest', args, { TRUNKLINE_FILE_TIMES: times })
      if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, files: [] }
      const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
      return {
        passed: report.numPassedTests,
        // A file that does not even load has no failed tests: the exit code counts too.
        failed: Math.max(report.numFailedTests, code === 0 ? 0 : 1),
        skipped: report.numPendingTests,
        files: existsSync(times) ? (JSON.parse(readFileSync(times, 'utf8')) as TestFile[]) : [],
      }
    },
  }
}

interface PlaywrightReport {
  config: { rootDir: string }
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  suites: PlaywrightSuite[]
}
interface PlaywrightSuite {
  file: string
  suites?: PlaywrightSuite[]
  specs: { tests: { results: { duration: number }[] }[] }[]
}

export function playwright(name: string, config: string): Suite {
  return {
    name,
    async run(write) {
      const file = reportFile(name)
      const code = await execute(write, 'playwright', ['test', '--config', config, '--reporter=list,json'], {
        PLAYWRIGHT_JSON_OUTPUT_FILE: file,
      })
      if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, files: [] }
      const { config: used, stats, suites } = JSON.parse(readFileSync(file, 'utf8')) as PlaywrightReport
      return {
        passed: stats.expected,
        failed: Math.max(stats.unexpected + stats.flaky, code === 0 ? 0 : 1),
        skipped: stats.skipped,
        files: suites.map(suite => ({
          name: path.relative(ROOT, path.join(used.rootDir, suite.file)),
          seconds: secondsOf(suite),
        })),
      }
    },
  }
}

function secondsOf({ specs, suites = [] }: PlaywrightSuite): number {
  const results = specs.flatMap(spec => spec.tests.flatMap(test => test.results))
  const own = results.reduce((sum, { duration }) => sum + duration / 1000, 0)
  return suites.reduce((sum, suite) => sum + secondsOf(suite), own)
}

function reportFile(name: string): string {
  mkdirSync(path.join(WORK, 'reports'), { recursive: true })
  const file = path.join(WORK, 'reports', `${name.replaceAll(' ', '-')}.json`)
  rmSync(file, { force: true })
  return file
}

const running = new Set<ChildProcess>()
/** A run that is stopped leaves nothing behind. */
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    for (const child of running) child.kill(signal)
    process.exit(1)
  })

function execute(
  write: Write | null,
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(path.join(BIN, command), args, {
      cwd: ROOT,
      stdio: write ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, ...env },
    })
    running.add(child)
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', text => write?.(text))
    child.on('error', error => {
      write?.(`${command} did not start: ${error.message}\n`)
      resolve(1)
    })
    // "close" comes after "exit", when both streams have been read to their ends.
    child.on('close', code => {
      running.delete(child)
      resolve(code ?? 1)
    })
  })
}
