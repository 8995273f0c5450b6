/** How one suite is run and counted: a command that passes as a whole, vitest or Playwright. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { ROOT, WORK } from './local/build.ts'
import type { RunReport } from './run-report.ts'

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
  /** which tests failed, one line each with the first line of why */
  failures: string[]
  /** the files of tests that failed, as this suite's `again` takes them. Null: something failed that is no file of tests */
  failedFiles: string[] | null
}
/** Takes the output of a suite: a piece of its standard output or standard error, as it comes. */
export type Write = (text: string) => void

export interface Suite {
  name: string
  /** `write` null: the suite has the terminal for itself */
  run(write: Write | null): Promise<Result>
  /** Runs these files of tests alone. Absent: it has none. */
  again?(files: string[]): Promise<Result>
}

const BIN = path.join(ROOT, 'node_modules', '.bin')

/** A command that passes or fails as a whole. */
export function check(name: string, command: string, args: string[]): Suite {
  return {
    name,
    async run(write) {
      const { ok, how } = await execute(write, command, args)
      return {
        passed: ok ? 1 : 0,
        failed: ok ? 0 : 1,
        skipped: 0,
        files: [],
        failures: ok ? [] : [`${name}: it ${how}`],
        failedFiles: ok ? [] : null,
      }
    },
  }
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

export function vitest(name: string, config: string, extra: string[] = []): Suite {
  const run = async (write: Write | null, only: string[]): Promise<Result> => {
    const file = reportFile(name)
    const rest = reportFile(`${name} files`)
    const reporters = ['default', 'json', './scripts/run-report.ts'].map(one => `--reporter=${one}`)
    const args = ['run', '--config', config, ...reporters, `--outputFile.json=${file}`, ...extra, ...only]
    const ended = await execute(write, 'vitest', args, { TRUNKLINE_RUN_REPORT: rest })
    if (!existsSync(file) || !existsSync(rest)) return noReport(name, ended)
    const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
    const { files, errors } = JSON.parse(readFileSync(rest, 'utf8')) as RunReport
    const failures = [...report.testResults.flatMap(failuresOf), ...errors.map(error => `${name}: ${error}`)]
    return {
      passed: report.numPassedTests,
      // A file that does not even load has no failed tests, and an error may belong to no test: the exit code counts too.
      failed: Math.max(report.numFailedTests, ended.ok ? 0 : 1),
      skipped: report.numPendingTests,
      files,
      failures: named(name, ended, failures),
      failedFiles: filesBehind(
        report.testResults.filter(({ status }) => status === 'failed').map(one => path.relative(ROOT, one.name)),
        errors.length > 0,
        ended,
      ),
    }
  }
  return { name, run: write => run(write, []), again: files => run(null, files) }
}

/** Null: an error belongs to no file, or the run did not end well although no file failed. */
function filesBehind(files: string[], strayError: boolean, { ok }: Ended): string[] | null {
  return strayError || (!ok && files.length === 0) ? null : files
}

interface Ended {
  ok: boolean
  how: string
}

/** A run that failed says so by at least one line. */
function named(name: string, { ok, how }: Ended, failures: string[]): string[] {
  return failures.length === 0 && !ok ? [`${name}: it ${how}, and no test says why`] : failures
}

function failuresOf({ name, status, message, assertionResults }: VitestReport['testResults'][number]): string[] {
  const file = path.relative(ROOT, name)
  const failed = assertionResults.filter(one => one.status === 'failed')
  if (failed.length === 0) return status === 'failed' ? [`${file}: ${firstLine(message)}`] : []
  return failed.map(one => `${file} > ${one.fullName}: ${firstLine(one.failureMessages[0])}`)
}

function firstLine(text = ''): string {
  return (text.split('\n')[0] ?? '').slice(0, 300)
}

function noReport(name: string, { how }: Ended): Result {
  return {
    passed: 0,
    failed: 1,
    skipped: 0,
    files: [],
    failures: [`${name}: it ${how}, without a report`],
    failedFiles: null,
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
  specs: { title: string; ok: boolean; tests: { results: { duration: number; error?: { message?: string } }[] }[] }[]
}

export function playwright(name: string, config: string): Suite {
  const run = async (write: Write | null, only: string[]): Promise<Result> => {
    const file = reportFile(name)
    const ended = await execute(write, 'playwright', ['test', '--config', config, '--reporter=list,json', ...only], {
      PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    })
    if (!existsSync(file)) return noReport(name, ended)
    const { config: used, stats, suites } = JSON.parse(readFileSync(file, 'utf8')) as PlaywrightReport
    return {
      passed: stats.expected,
      failed: Math.max(stats.unexpected + stats.flaky, ended.ok ? 0 : 1),
      skipped: stats.skipped,
      files: suites.map(suite => ({
        name: path.relative(ROOT, path.join(used.rootDir, suite.file)),
        seconds: secondsOf(suite),
      })),
      failures: named(name, ended, suites.flatMap(failedSpecs)),
      failedFiles: filesBehind(
        suites.filter(suite => failedSpecs(suite).length > 0).map(({ file }) => file),
        false,
        ended,
      ),
    }
  }
  return { name, run: write => run(write, []), again: files => run(null, files) }
}

function failedSpecs({ file, specs, suites = [] }: PlaywrightSuite): string[] {
  const failed = specs.filter(({ ok }) => !ok)
  const why = ({ tests }: PlaywrightSuite['specs'][number]) =>
    firstLine(tests.flatMap(({ results }) => results).find(({ error }) => error)?.error?.message)
  return [...failed.map(spec => `${file} > ${spec.title}: ${why(spec)}`), ...suites.flatMap(failedSpecs)]
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
): Promise<Ended> {
  return new Promise(resolve => {
    const child = spawn(path.join(BIN, command), args, {
      cwd: ROOT,
      stdio: write ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, ...env },
    })
    running.add(child)
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', text => write?.(text))
    child.on('error', error => {
      resolve({ ok: false, how: `did not start: ${error.message}` })
    })
    // "close" comes after "exit", when both streams have been read to their ends.
    child.on('close', (code, signal) => {
      running.delete(child)
      // A process that is killed has no code.
      resolve({ ok: code === 0, how: signal === null ? `ended with ${code}` : `was ended by ${signal}` })
    })
  })
}
