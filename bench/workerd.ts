/**
 * Bare `workerd serve`: no proxy in front, and its own CPU is readable. `wrangler dev` is no target for load: it answered 387 requests
 * a second where bare workerd answered 10,000 or more (measured, the same Worker), because everything goes through a Node proxy.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { modulesOf } from '../scripts/local/build.ts'

/** Kernel ticks per second of /proc (always 100 for user space on Linux). */
const TICKS = 100
/** Linux: a file system in memory. */
const RAM = '/dev/shm'

export interface BareOptions {
  /** the built module */
  script: string
  port: number
  /** binding → class, each its own SQLite namespace */
  actors: Record<string, string>
  vars: Record<string, string>
  /** the objects' disk in memory where the system has it: figures of CPU then do not wait for fsync */
  inMemory?: boolean
  /** the most that JavaScript may hold, MiB: what is only garbage is then no part of the memory, and what grows ends the process */
  heapMiB?: number
  /** is given what workerd and the Worker write as errors; absent: it is printed */
  log?: (text: string) => void
}

export interface Bare {
  url: string
  readonly pid: number
  /** CPU seconds used so far, user and system */
  cpuSeconds(): number
  /** CPU milliseconds of the threads that live, finer than `cpuSeconds` (which counts in steps of 10 ms) */
  cpuMs(): number
  /** milliseconds in which its threads were ready to run and other processes had the cores */
  waitedMs(): number
  /** memory of the process now, MiB */
  residentMiB(): number
  /** kill -9 of this process, by its id; resolves when it is gone. The disk stays */
  kill(): Promise<void>
  /** after `kill`: a new process on the same disk */
  restart(): Promise<void>
  /** kills, and removes the disk */
  stop(): void
}

export async function serveBare(options: BareOptions): Promise<Bare> {
  const folder = mkdtempSync(path.join(options.inMemory && existsSync(RAM) ? RAM : tmpdir(), 'trunkline-bench-'))
  mkdirSync(path.join(folder, 'disk'))
  for (const module of modulesOf(options.script)) copyFileSync(module.path, path.join(folder, module.name))
  writeFileSync(path.join(folder, 'config.capnp'), configOf(options, path.join(folder, 'disk')))
  const url = `http://127.0.0.1:${options.port}`
  let child = await start(folder, url, options.log)
  return {
    url,
    get pid() {
      return child.pid ?? 0
    },
    cpuSeconds: () => cpuOf(child.pid ?? 0),
    cpuMs: () => scheduledMsOf(child.pid ?? 0, 0),
    waitedMs: () => scheduledMsOf(child.pid ?? 0, 1),
    residentMiB: () => residentOf(child.pid ?? 0),
    async kill() {
      const gone = new Promise(resolve => child.once('exit', resolve))
      expected.add(child)
      child.kill('SIGKILL')
      await gone
    },
    async restart() {
      child = await start(folder, url, options.log)
    },
    stop() {
      expected.add(child)
      child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function start(folder: string, url: string, log?: (text: string) => void): Promise<ChildProcess> {
  const workerd = createRequire(import.meta.url)('workerd') as { default: string }
  const child = spawn(workerd.default, ['serve', '--experimental', path.join(folder, 'config.capnp')], {
    stdio: ['ignore', 'ignore', log ? 'pipe' : 'inherit'],
  })
  if (log) child.stderr?.setEncoding('utf8').on('data', log)
  await listening(child, url)
  child.once('exit', (code, signal) => {
    if (expected.has(child)) return
    // Every request to it would wait or fail from here on.
    console.error(`workerd ended by itself: code ${code}, signal ${signal}`)
    process.exit(1)
  })
  return child
}

/** How workerd's configuration calls a module of each type. */
const FIELD = { ESModule: 'esModule', CompiledWasm: 'wasm', Data: 'data' }

/** Processes that we end ourselves, whose exit is expected. */
const expected = new WeakSet<ChildProcess>()

function configOf(options: BareOptions, disk: string): string {
  const actors = Object.entries(options.actors)
  const bindings = [
    ...actors.map(([name, type]) => `(name = "${name}", durableObjectNamespace = "${type}")`),
    ...Object.entries(options.vars).map(([name, value]) => `(name = "${name}", text = ${JSON.stringify(value)})`),
  ]
  const modules = modulesOf(options.script).map(
    ({ name, type }) => `(name = "${name}", ${FIELD[type]} = embed "${name}")`,
  )
  const flags =
    options.heapMiB === undefined ? [] : [`--max-old-space-size=${options.heapMiB}`, '--max-semi-space-size=1']
  const namespaces = actors.map(([, type]) => `(className = "${type}", uniqueKey = "${type}", enableSql = true)`)
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = ${JSON.stringify(flags)},
  services = [
    (name = "main", worker = .main),
    (name = "disk", disk = (path = "${disk}", writable = true)),
    (name = "internet", network = (allow = ["local", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${options.port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [${modules.join(', ')}],
  compatibilityDate = "2026-10-20",
  bindings = [${bindings.join(', ')}],
  durableObjectNamespaces = [${namespaces.join(', ')}],
  durableObjectStorage = (localDisk = "disk"),
  globalOutbound = "internet",
);
`
}

async function listening(child: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (child.exitCode !== null) throw new Error(`workerd ended with ${child.exitCode}`)
    const answered = await fetch(`${url}/healthz`).then(
      () => true,
      () => false,
    )
    if (answered) return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  throw new Error('workerd did not listen within 10 s')
}

function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** The scheduler's own count, in nanoseconds, of each thread: `which` 0 is the time on a core, 1 the time of waiting for one. */
function scheduledMsOf(pid: number, which: 0 | 1): number {
  const nanos = readdirSync(`/proc/${pid}/task`).map(thread =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[which]),
  )
  return nanos.reduce((sum, one) => sum + one, 0) / 1e6
}

function residentOf(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return Math.round((pages * 4096) / 2 ** 20)
}
