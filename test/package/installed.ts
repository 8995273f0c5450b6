/** The package as a stranger gets it: packed, and installed with its dependencies in an empty folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const PACKAGE = path.resolve(import.meta.dirname, '../../packages/phone-network')
const PROGRAM = path.join(import.meta.dirname, 'program')
const INSTALL_MS = 180_000
const READY_MS = 30_000
/** A registry that has not answered by then is taken for absent; `npm install` itself would go on trying for minutes. */
const REGISTRY_MS = 20_000
/** The program that is called uses these; @types/node is for the check of the declarations. */
const BESIDE = ['express@5.1.0', 'twilio@6.2.0', '@types/node@24.10.1']
/**
 * The environment without what npm tells the scripts that it runs: with `npm_config_local_prefix` of this repository a
 * nested `npm install` or `npx` would work on this repository. The registry and the like stay as they are configured.
 */
function outside(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const inherited = /^(npm_config_(local_prefix|call|package)$|npm_package_|npm_lifecycle_|npm_command$|INIT_CWD$)/
  const kept = Object.entries(process.env).filter(([name]) => !inherited.test(name))
  return { ...Object.fromEntries(kept), ...more }
}

export interface Ran {
  code: number | null
  output: string
}

/** Runs a command to its end, at most `limitMs`. */
export function run(command: string, args: string[], cwd: string, limitMs: number): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: outside(), stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
    let output = ''
    const take = (chunk: Buffer): void => {
      output += chunk.toString()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', reject)
    child.on('close', code => {
      clearTimeout(timer)
      resolve({ code, output })
    })
  })
}

export interface Installed {
  folder: string
  /** of the packed file */
  tarballBytes: number
  remove(): void
}

/** Packs and installs. A string says why it cannot be done on this machine: no registry can be reached. */
export async function install(): Promise<Installed | string> {
  const question = ['view', BESIDE[0] ?? '', 'version', '--prefer-offline', '--fetch-retries=0']
  const answer = await run('npm', question, tmpdir(), REGISTRY_MS)
  if (answer.code !== 0) return `no npm registry can be reached: ${answer.output.slice(0, 300)}`
  const folder = mkdtempSync(path.join(tmpdir(), 'phone-network-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const packed = await run('npm', ['pack', '--pack-destination', folder, '--loglevel=error'], PACKAGE, INSTALL_MS)
  const tarball = readdirSync(folder).find(file => file.endsWith('.tgz'))
  if (packed.code !== 0 || tarball === undefined) throw new Error(`npm pack failed:\n${packed.output}`)
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  for (const file of readdirSync(PROGRAM)) copyFileSync(path.join(PROGRAM, file), path.join(folder, file))
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=1', '--loglevel=error']
  const installed = await run('npm', ['install', ...options, `./${tarball}`, ...BESIDE], folder, INSTALL_MS)
  if (installed.code !== 0) {
    remove()
    throw new Error(`npm install failed:\n${installed.output}`)
  }
  return { folder, tarballBytes: statSync(path.join(folder, tarball)).size, remove }
}

/** A program that runs until it is stopped, with everything that it has printed. */
export class Running {
  readonly #child: ChildProcess
  #output = ''

  constructor(command: string, args: string[], cwd: string, env: Record<string, string> = {}) {
    // A group of its own: `npx` starts a shell and that starts the program, and all of them shall end together.
    this.#child = spawn(command, args, {
      cwd,
      env: outside(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString()
      })
    }
  }

  get output(): string {
    return this.#output
  }

  /** The first group of the pattern, as soon as it has been printed. */
  async printed(pattern: RegExp): Promise<string> {
    for (let waitedMs = 0; waitedMs < READY_MS; waitedMs += 50) {
      const found = pattern.exec(this.#output)?.[1]
      if (found !== undefined) return found
      if (this.#child.exitCode !== null) break
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    throw new Error(`${pattern} was not printed; printed was:\n${this.#output}`)
  }

  /** Ends the process and everything that it has started. */
  async stop(): Promise<void> {
    const { pid } = this.#child
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise(resolve => this.#child.once('exit', resolve))
    process.kill(-pid, 'SIGTERM')
    await ended
  }
}
