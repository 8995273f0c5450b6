import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './build.ts'

/**
 * SIPp, a SIP test tool of others (Debian's `sip-tester`). It is taken from the PATH, or unpacked into `.trunkline/tools` without being
 * installed, where this is a Debian that reaches its packages.
 */

const FOLDER = path.join(ROOT, '.trunkline', 'tools', 'sipp')
const COMMAND = path.join(FOLDER, 'usr', 'bin', 'sipp')
/** The tool, and those of its libraries that a small Debian does not have. */
const PACKAGES = ['sip-tester', 'libgsl27', 'libgslcblas0', 'libpcap0.8', 'libsctp1', 'libdbus-1-3', 'libncursesw6']
const DOWNLOAD_MS = 60_000

export interface Sipp {
  command: string
  env: Record<string, string>
}

function librariesIn(folder: string): string[] {
  const all = path.join(folder, 'usr', 'lib')
  const machine = existsSync(all) ? readdirSync(all).map(name => path.join(all, name)) : []
  const old = path.join(folder, 'lib')
  return [...machine, ...(existsSync(old) ? readdirSync(old).map(name => path.join(old, name)) : [])]
}

function runs({ command, env }: Sipp): boolean {
  const { stdout, stderr } = spawnSync(command, ['-v'], { env: { ...process.env, ...env }, encoding: 'utf8' })
  return /SIPp v\d/.test(`${stdout}${stderr}`)
}

/** The first line of what went wrong, or null. */
function failure(command: string, args: string[], cwd: string): string | null {
  const { status, error, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: DOWNLOAD_MS })
  if (status === 0) return null
  return error?.message ?? stderr.split('\n').find(line => line.startsWith('E:')) ?? `${command} failed`
}

function unpack(): string | null {
  mkdirSync(FOLDER, { recursive: true })
  let wrong = failure('apt-get', ['download', ...PACKAGES], FOLDER)
  // A new machine has no list of packages yet, and only root may fetch it.
  if (wrong !== null && process.getuid?.() === 0 && failure('apt-get', ['update'], FOLDER) === null) {
    wrong = failure('apt-get', ['download', ...PACKAGES], FOLDER)
  }
  for (const file of readdirSync(FOLDER).filter(name => name.endsWith('.deb'))) {
    wrong ??= failure('dpkg-deb', ['-x', file, '.'], FOLDER)
    rmSync(path.join(FOLDER, file))
  }
  return wrong
}

/** SIPp, or why there is none here. */
export function findSipp(): Sipp | string {
  const installed: Sipp = { command: 'sipp', env: {} }
  if (runs(installed)) return installed
  const wrong = existsSync(COMMAND) ? null : unpack()
  const unpacked: Sipp = { command: COMMAND, env: { LD_LIBRARY_PATH: librariesIn(FOLDER).join(':') } }
  if (wrong === null && runs(unpacked)) return unpacked
  return wrong ?? 'the unpacked sipp does not start'
}
