/**
 * Builds the package into `dist`. Each source file becomes one JavaScript file at the same place, because worker threads,
 * scripts, people and the page are found by their path from the file that uses them. Type declarations are kept for the
 * two exports and what they refer to. Needs `esbuild` and `typescript`, which the root of the repository has.
 */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'

const HOME = path.dirname(fileURLToPath(import.meta.url))
const SOURCE = path.join(HOME, 'src')
const TARGET = path.join(HOME, 'dist')
/** Used by the repository's own tests and left out of the package. */
const TESTS = /\.test\.ts$|(^|[/\\])testing[/\\]/
/** The files that are copied as they are; Markdown is documentation and stays in `docs`. */
const ASSETS = /\.(json|html|css|js|svg|cjs)$/
const RELATIVE_TS = /((?:from|import)\s*\(?\s*["']\.{1,2}\/[^"']+)\.ts(["'])/g

const sources = readdirSync(SOURCE, { recursive: true }).filter(file => !TESTS.test(file))

rmSync(TARGET, { recursive: true, force: true })
for (const file of sources) {
  const from = path.join(SOURCE, file)
  const to = path.join(TARGET, file)
  if (file.endsWith('.ts')) {
    write(to.replace(/\.ts$/, '.js'), compiled(from))
  } else if (ASSETS.test(file)) {
    mkdirSync(path.dirname(to), { recursive: true })
    copyFileSync(from, to)
  }
}
chmodSync(path.join(TARGET, 'main.js'), 0o755)
declareTypes()

function write(file, text) {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function compiled(file) {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcefile: path.relative(HOME, file),
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  })
  return code.replace(RELATIVE_TS, '$1.js$2')
}

/** TypeScript declares every file; only those are kept that a program sees through the exports. */
function declareTypes() {
  const all = path.join(TARGET, '.types')
  const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  execFileSync(process.execPath, [tsc, '-p', path.join(HOME, 'tsconfig.build.json'), '--outDir', all], {
    stdio: 'inherit',
  })
  const wanted = ['index.d.ts', 'test-network.d.ts']
  const seen = new Set(wanted)
  for (let file = wanted.shift(); file !== undefined; file = wanted.shift()) {
    const text = readFileSync(path.join(all, file), 'utf8')
    write(path.join(TARGET, file), text.replace(RELATIVE_TS, '$1.js$2'))
    for (const [, target] of text.matchAll(/["'](\.{1,2}\/[^"']+)\.ts["']/g)) {
      const next = path.join(path.dirname(file), `${target}.d.ts`)
      if (seen.has(next)) continue
      if (!existsSync(path.join(all, next))) throw new Error(`${file} refers to ${next}, which was not declared`)
      seen.add(next)
      wanted.push(next)
    }
  }
  rmSync(all, { recursive: true })
}
