/** Builds and starts the trainer, a C program without libraries. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'

const SOURCES = path.join(import.meta.dirname, 'c')

export function hasProgram(name: 'cc' | 'espeak-ng'): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** `real`: float to train, double to check derivatives. Returns the program's path. */
export function buildTrainer(folder: string, real: 'float' | 'double' = 'float'): string {
  mkdirSync(folder, { recursive: true })
  const program = path.join(folder, `trainer-${real}`)
  const files = readdirSync(SOURCES)
    .filter(name => name.endsWith('.c'))
    .map(name => path.join(SOURCES, name))
  execFileSync('cc', ['-O3', '-march=native', '-Wall', '-Wextra', `-DREAL=${real}`, '-o', program, ...files, '-lm'])
  return program
}
