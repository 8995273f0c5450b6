// Plain JavaScript for any node >= 20: the first command in a fresh clone must be able to run before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { LOOK_MS, letGo, pause, take } from './lock.mjs'

export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const STAMP = path.join(ROOT, 'node_modules', '.trunkline-lock')
/** The id of the process that installs. It stands outside of node_modules, which npm ci deletes. */
const INSTALLING = path.join(ROOT, '.trunkline', 'installing')

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(path.join(ROOT, 'package-lock.json')))
    .digest('hex')
}

function isInstalled() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockDigest()
}

/** Installs exactly what the lockfile says, when it has not been installed yet. Of several that want it at once one does, and the others wait. */
export function ensureInstalled() {
  if (isInstalled()) return
  for (let told = false; !take(INSTALLING); pause(LOOK_MS)) {
    if (!told) console.log(`another process installs the dependencies: waiting for it (${INSTALLING} says so) …`)
    told = true
  }
  try {
    if (!isInstalled()) install()
  } finally {
    letGo(INSTALLING)
  }
}

function install() {
  console.log('installing dependencies (once) …')
  const npm = process.env.npm_execpath
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  const done = spawnSync(command, [...args, 'ci', '--loglevel=error', '--no-fund', '--no-audit'], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  if (done.status !== 0) {
    console.error('npm ci failed: see above. Trunkline needs the npm registry once.')
    letGo(INSTALLING)
    process.exit(done.status ?? 1)
  }
  writeFileSync(STAMP, lockDigest())
}

/** Node 24 comes by npm on Linux and Windows; elsewhere this process must be new enough itself. */
export function nodeBinary() {
  const shipped = path.join(ROOT, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(shipped)) return shipped
  const major = Number(process.versions.node.split('.')[0])
  if (major >= 23) return process.execPath
  console.error(
    `Trunkline needs node 24 here (this is ${process.versions.node}). Install it from nodejs.org or with your version manager.`,
  )
  process.exit(1)
}

/** Runs a script of ours with the right node, passes signals on, and ends as it ended. */
export function run(script, args) {
  ensureInstalled()
  const node = nodeBinary()
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', path.join(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${path.join(ROOT, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
    },
  })
  // The terminal sends Ctrl-C to the whole group; a lone kill comes to us only.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}
