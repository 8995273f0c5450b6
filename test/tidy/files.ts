/** The files of this repository, as git sees them. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '../..')

export function tracked(): string[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return list.split('\n').filter(file => file !== '' && existsSync(path.join(ROOT, file)))
}

export function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
}

export const CODE = /\.(ts|tsx|js|mjs)$/

export function code(under = ''): string[] {
  return tracked().filter(file => CODE.test(file) && file.startsWith(under))
}

/** Relative imports of a file, as paths of the repository. */
export function importsOf(file: string): { target: string; types: boolean }[] {
  const found: { target: string; types: boolean }[] = []
  for (const match of read(file).matchAll(
    /^(?:import|export)( type)?[^'"\n]*?(?:from )?['"]([^'"]+)['"]|^\} from ['"]([^'"]+)['"]/gm,
  )) {
    const target = match[2] ?? match[3] ?? ''
    const resolved = target.startsWith('.') ? path.join(path.dirname(file), target) : target
    found.push({ target: resolved, types: match[1] !== undefined })
  }
  return found
}
