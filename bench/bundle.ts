/** What travels: the Worker's code and its start-up, and what a browser loads before the dialer shows itself. */
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
