/** Builds what a local run needs: the Worker as one module, the dialer as static files (only when its sources changed). */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

export const ROOT = path.resolve(import.meta.dirname, '../..')
export const WORK = path.join(ROOT, '.trunkline')

/** The same settings as `wrangler deploy`, without its start-up. Returns the file. */
export async function buildWorker(outDir = path.join(WORK, 'worker'), entry = 'src/worker/index.ts'): Promise<string> {
  const outfile = path.join(outDir, 'index.js')
  await build({
    entryPoints: [path.join(ROOT, entry)],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    mainFields: ['browser', 'module', 'main'],
    external: ['cloudflare:*', 'node:*', ...NODE_MODULES],
    alias: Object.fromEntries(NODE_MODULES.map(name => [name, `node:${name}`])),
    // As wrangler's own rules have it: .wasm is a compiled module, .bin is data; both stay files beside the script.
    loader: { '.wasm': 'copy', '.bin': 'copy' },
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: { js: NODE_REQUIRE },
    minify: true,
    keepNames: true,
    logLevel: 'error',
  })
  return outfile
}

export interface WorkerAsset {
  /** as the script imports it */
  name: string
  type: 'CompiledWasm' | 'Data'
  path: string
}

/** The modules beside the built script that it imports; what an older build left there is not among them. */
export function assetsOf(script: string): WorkerAsset[] {
  const names = new Set(
    [...readFileSync(script, 'utf8').matchAll(/["']\.\/([\w.-]+\.(?:wasm|bin))["']/g)].map(match => match[1] ?? ''),
  )
  // A library's text may name a file that was never one of ours.
  const present = [...names].filter(name => existsSync(path.join(path.dirname(script), name)))
  return present.map(name => ({
    name,
    type: name.endsWith('.wasm') ? 'CompiledWasm' : 'Data',
    path: path.join(path.dirname(script), name),
  }))
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

export async function buildDialer(): Promise<void> {
  const stamp = path.join(WORK, 'dialer.sha256')
  const digest = digestOf(['src/dialer', 'src/wire', 'src/core/desk', 'public', 'vite.config.ts', 'package-lock.json'])
  const built = path.join(ROOT, 'dist/dialer/index.html')
  if (existsSync(built) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  const vite = await import('vite')
  await vite.build({
    root: path.join(ROOT, 'src/dialer'),
    configFile: path.join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
  })
  mkdirSync(WORK, { recursive: true })
  writeFileSync(stamp, digest)
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
