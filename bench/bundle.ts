/** Measures the size of the Worker's code, its start-up, and the size of the files that a browser loads to show the dialer. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildDialer, buildWorker, modulesOf, ROOT, WORK } from '../scripts/local/build.ts'
import { benchStartUp, type StartUpFigure } from './start-up/start-up.ts'

export interface BundleFigure extends StartUpFigure {
  workerGzKiB: number
  dialerJsGzKiB: number
  dialerCssGzKiB: number
}

export async function benchBundle(): Promise<BundleFigure> {
  const script = await buildWorker(path.join(WORK, 'bench', 'worker'))
  await buildDialer()
  const dialer = path.join(ROOT, 'dist/dialer')
  const html = readFileSync(path.join(dialer, 'index.html'), 'utf8')
  const initial = (pattern: RegExp) => [...html.matchAll(pattern)].map(match => path.join(dialer, match[1] ?? ''))
  return {
    workerGzKiB: gzKiB(modulesOf(script).flatMap(module => (module.type === 'ESModule' ? [module.path] : []))),
    ...(await benchStartUp(script)),
    dialerJsGzKiB: gzKiB(initial(/(?:src|href)="\/?([^"]+\.js)"/g)),
    dialerCssGzKiB: gzKiB(initial(/href="\/?([^"]+\.css)"/g)),
  }
}

function gzKiB(files: string[]): number {
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0)
  return Math.round((bytes / 1024) * 10) / 10
}
