/** Rebuilds when a source changes; changes within a moment of each other count once. */
import { watch } from 'node:fs'
import path from 'node:path'
import { ROOT } from './build.ts'

const SETTLE_MS = 150

export function onChange(folder: string, rebuild: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  watch(path.join(ROOT, folder), { recursive: true }, () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running.then(rebuild).catch(error => console.error(error instanceof Error ? error.message : error))
    }, SETTLE_MS)
  })
}
