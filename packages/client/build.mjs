/** Builds the package into `dist`: each source as JavaScript, with its types. Needs `typescript`, which the root of the repository has. */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const HOME = path.dirname(fileURLToPath(import.meta.url))
const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

rmSync(path.join(HOME, 'dist'), { recursive: true, force: true })
execFileSync(process.execPath, [tsc, '-p', path.join(HOME, 'tsconfig.build.json')], { stdio: 'inherit' })
