import path from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The file of a worker thread, by its path from the module `from` (its `import.meta.url`). In the repository Node runs
 * the sources (`.ts`); in an installed package it would refuse to strip their types, and the built files are `.js`.
 */
export function workerFile(from: string, name: string): string {
  const caller = fileURLToPath(from)
  return path.resolve(path.dirname(caller), name + path.extname(caller))
}
