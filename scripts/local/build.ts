/**
 * Builds the Worker, for local runs and for `wrangler deploy` alike, and the dialer as static files (only when its
 * sources changed).
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { LOOK_MS, letGo, take } from '../lock.mjs'

export const ROOT = path.resolve(import.meta.dirname, '../..')
export const WORK = path.join(ROOT, '.trunkline')

/** Returns the entry. Its modules stand beside it; what is only reached by `import()` is a module of its own. */
export async function buildWorker(outDir = path.join(WORK, 'worker'), entry = 'src/worker/index.ts'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: { index: path.join(ROOT, entry) },
    outdir: outDir,
    // wrangler.toml knows them by this name.
    chunkNames: 'part-[name]-[hash]',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2024',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['browser', 'module', 'main'],
    external: ['cloudflare:*', 'node:*', ...NODE_MODULES],
    alias: Object.fromEntries(NODE_MODULES.map(name => [name, `node:${name}`])),
    // .wasm is a compiled module, .bin is data; both stay files beside the script.
    loader: { '.wasm': 'copy', '.bin': 'copy' },
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: { js: NODE_REQUIRE },
    // Without `keepNames`: it would run a call at start-up for every function and class.
    minify: true,
    plugins: [leaveOut],
    logLevel: 'error',
  })
  const script = path.join(outDir, 'index.js')
  mkdirSync(outDir, { recursive: true })
  // The entry is written last, so that its reader finds all that it imports. Suites side by side build the same files.
  for (const file of outputFiles.toSorted((a, b) => Number(a.path === script) - Number(b.path === script)))
    writeWhole(file.path, file.contents)
  const built = new Set(outputFiles.map(file => path.basename(file.path)))
  for (const name of readdirSync(outDir)) if (BUILT.test(name) && !built.has(name)) rmSync(path.join(outDir, name))
  return script
}

/**
 * Modules that a library names and our code never runs: workerd parses every module at start-up, the late ones too. A
 * library that comes to need another name of them stops the build.
 */
const LEFT_OUT: { file: RegExp; contents: string }[] = [
  // The messages of zod in 50 languages; we show our own words. English is imported by itself.
  { file: /\/zod\/v4\/locales\/index\.js$/, contents: 'export {}' },
  // Vercel's gateway, for models that are given by name only. Ours are given as objects.
  {
    file: /\/@ai-sdk\/gateway\/dist\/index\.js$/,
    contents: `const none = undefined
      export { none as createGateway, none as gateway }
      export class GatewayError { static isInstance() { return false } }
      export class GatewayAuthenticationError extends GatewayError {}`,
  },
  // jsonwebtoken asks it whether the node of today is newer than that of 2019; workerd's is.
  { file: /\/semver\/index\.js$/, contents: 'module.exports = { satisfies: () => true }' },
  // better-auth's telemetry, which is off, and its own migrations: wrangler applies ours.
  {
    file: /\/@better-auth\/telemetry\/dist\/index\.mjs$/,
    contents: `export const createTelemetry = async () => ({ publish: async () => {} })
      export const getTelemetryAuthConfig = async () => ({})`,
  },
  {
    file: /\/better-auth\/dist\/db\/get-migration\.mjs$/,
    contents: `export async function getMigrations() { throw new Error('wrangler applies the migrations') }`,
  },
]

/**
 * Large data of a library as text that is parsed when somebody first asks: a text costs the start-up little, an object of 150 KB much.
 * The library reads single properties of the whole, so a proxy stands for it.
 */
const LATE_DATA = /\/libphonenumber-js\/metadata\.max\.json\.js$/

async function lateData(file: string): Promise<string> {
  const { default: data } = (await import(pathToFileURL(file).href)) as { default: object }
  return `const text = ${JSON.stringify(JSON.stringify(data))}
    let data
    export default new Proxy({}, {
      get: (_, key) => (data ??= JSON.parse(text))[key],
      has: (_, key) => key in (data ??= JSON.parse(text)),
    })`
}

const leaveOut: Plugin = {
  name: 'leave-out',
  setup(bundle) {
    for (const { file, contents } of LEFT_OUT) bundle.onLoad({ filter: file }, () => ({ contents, loader: 'js' }))
    bundle.onLoad({ filter: LATE_DATA }, async ({ path: file }) => ({ contents: await lateData(file), loader: 'js' }))
  },
}

const BUILT = /\.(?:js|wasm|bin)$/

/** A reader sees the old file or the new one, never half of it. */
function writeWhole(file: string, contents: Uint8Array): void {
  if (existsSync(file) && readFileSync(file).equals(contents)) return
  const partial = `${file}.${process.pid}`
  writeFileSync(partial, contents)
  renameSync(partial, file)
}

export interface WorkerModule {
  /** as the others import it */
  name: string
  type: 'ESModule' | 'CompiledWasm' | 'Data'
  path: string
}

/** The built script and every module that it imports, directly or not, at its start or later. */
export function modulesOf(script: string): WorkerModule[] {
  const folder = path.dirname(script)
  const names = new Set([path.basename(script)])
  for (const name of names) {
    if (!name.endsWith('.js')) continue
    // A library's text may name a file that was never one of ours.
    for (const [, imported = ''] of readFileSync(path.join(folder, name), 'utf8').matchAll(
      /["']\.\/([\w.-]+\.(?:js|wasm|bin))["']/g,
    ))
      if (existsSync(path.join(folder, imported))) names.add(imported)
  }
  return [...names].map(name => ({ name, type: typeOf(name), path: path.join(folder, name) }))
}

function typeOf(name: string): WorkerModule['type'] {
  if (name.endsWith('.wasm')) return 'CompiledWasm'
  return name.endsWith('.bin') ? 'Data' : 'ESModule'
}

/** CommonJS dependencies (twilio, jsonwebtoken) ask for node's modules by `require`; workerd has them as imports. */
const NODE_MODULES = [
  'crypto',
  'util',
  'buffer',
  'stream',
  'events',
  'url',
  'querystring',
  'http',
  'https',
  'fs',
  'path',
  'os',
  'tls',
  'net',
  'assert',
  'zlib',
  'string_decoder',
]
const NODE_REQUIRE =
  "import { createRequire as trunklineRequire } from 'node:module'; const require = trunklineRequire('/');"

/** Of several that want it at once one builds, because the builder empties the folder first; the others wait and find it done. */
export async function buildDialer(): Promise<void> {
  const stamp = path.join(WORK, 'dialer.sha256')
  const digest = digestOf(['src/dialer', 'src/wire', 'src/core', 'public', 'vite.config.ts', 'package-lock.json'])
  const built = path.join(ROOT, 'dist/dialer/index.html')
  const isDone = () => existsSync(built) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest
  const lock = path.join(WORK, 'building-dialer')
  for (; !isDone(); await setTimeout(LOOK_MS)) {
    if (!take(lock)) continue
    try {
      if (!isDone()) await viteBuild()
      mkdirSync(WORK, { recursive: true })
      writeFileSync(stamp, digest)
    } finally {
      letGo(lock)
    }
  }
}

async function viteBuild(): Promise<void> {
  const vite = await import('vite')
  // Vite takes the environment of whoever calls it: under a test runner it would build the development form of React, a third larger.
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    await vite.build({
      root: path.join(ROOT, 'src/dialer'),
      configFile: path.join(ROOT, 'vite.config.ts'),
      logLevel: 'warn',
    })
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

function digestOf(places: string[]): string {
  const hash = createHash('sha256')
  for (const place of places)
    for (const file of filesIn(path.join(ROOT, place))) hash.update(file).update(readFileSync(file))
  return hash.digest('hex')
}

function filesIn(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place]
  return readdirSync(place, { withFileTypes: true })
    .sort((a, b) => a.name.localeCompare(b.name))
    .flatMap(entry => filesIn(path.join(place, entry.name)))
}
