/** The suites of this repository and how to count them. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { ROOT, WORK } from './local/build.ts'

export interface Count {
  passed: number
  failed: number
  skipped: number
}
export interface Suite {
  name: string
  run(): Promise<Count>
}

const BIN = path.join(ROOT, 'node_modules', '.bin')

function execute(command: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(path.join(BIN, command), args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } })
    child.on('error', () => resolve(1))
    child.on('exit', code => resolve(code ?? 1))
  })
}

/** A command that passes or fails as a whole. */
function check(name: string, command: string, args: string[]): Suite {
  return {
    name,
    async run() {
      const code = await execute(command, args)
      return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
    },
  }
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numFailedTestSuites: number
}

function vitest(name: string, config: string, extra: string[] = []): Suite {
  return {
    name,
    async run() {
      const file = reportFile(name)
      const code = await execute('vitest', [
        'run',
        '--config',
        config,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
        ...extra,
      ])
      if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
      const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
      // A file that does not even load has no failed tests: the exit code counts too.
      const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1)
      return { passed: report.numPassedTests, failed, skipped: report.numPendingTests }
    },
  }
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
}

function playwright(name: string, config: string): Suite {
  return {
    name,
    async run() {
      const file = reportFile(name)
      const code = await execute('playwright', ['test', '--config', config, '--reporter=list,json'], {
        PLAYWRIGHT_JSON_OUTPUT_FILE: file,
      })
      if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
      const { stats } = JSON.parse(readFileSync(file, 'utf8')) as PlaywrightReport
      const failed = Math.max(stats.unexpected + stats.flaky, code === 0 ? 0 : 1)
      return { passed: stats.expected, failed, skipped: stats.skipped }
    },
  }
}

function reportFile(name: string): string {
  mkdirSync(path.join(WORK, 'reports'), { recursive: true })
  const file = path.join(WORK, 'reports', `${name.replaceAll(' ', '-')}.json`)
  rmSync(file, { force: true })
  return file
}

export const FAST: Suite[] = [
  check('format and lint', 'biome', ['check', '--diagnostic-level=error', '.']),
  check('types', 'tsc', ['-p', 'tsconfig.json', '--noEmit']),
  check('types of the Worker', 'tsc', ['-p', 'tsconfig.worker.json', '--noEmit']),
  check('types of the pure core', 'tsc', ['-p', 'tsconfig.core.json', '--noEmit']),
  check('types of the browser', 'tsc', ['-p', 'tsconfig.dialer.json', '--noEmit']),
  vitest('core and style', 'vitest.config.ts', ['src', 'test/exhaustive', 'test/stories', 'test/tidy', 'scripts']),
]
const REST: Suite[] = [
  vitest('phone network and simulation', 'vitest.config.ts', [
    'packages/phone-network/src',
    'test/simulation',
    'test/contract',
    'test/vad',
    'test/package',
  ]),
  vitest('actors in workerd', 'test/actors/vitest.config.ts'),
  vitest('providers in workerd', 'test/workerd/vitest.config.ts'),
  vitest('AI on the phone', 'test/voice/vitest.config.ts'),
  playwright('browser', 'test/browser/playwright.config.ts'),
]
export const ALL: Suite[] = [...FAST, ...REST]

/** Runs suites one after another (they share two cores) and ends the process with the sum on the last line. */
export async function runSuites(suites: Suite[]): Promise<never> {
  const wanted = process.argv.slice(2).filter(argument => !argument.startsWith('-'))
  const chosen = wanted.length === 0 ? suites : suites.filter(suite => wanted.some(word => suite.name.includes(word)))
  const sum: Count = { passed: 0, failed: 0, skipped: 0 }
  for (const suite of chosen) {
    const started = Date.now()
    console.log(`\n▶ ${suite.name}`)
    const count = await suite.run()
    console.log(
      `  ${suite.name}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped in ${((Date.now() - started) / 1000).toFixed(1)} s`,
    )
    sum.passed += count.passed
    sum.failed += count.failed
    sum.skipped += count.skipped
  }
  console.log(`\n${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`)
  process.exit(sum.failed === 0 && sum.passed > 0 ? 0 : 1)
}
