/**
 * Figures that a program has measured, merged into a generated page (docs/RELIABILITY.md, docs/PERFORMANCE.md): each
 * figure is a block of its own between two comments, so that one run replaces only what it has measured.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const GIB = 2 ** 30

export interface Figure {
  /** names the block; a later run under the same name replaces it */
  name: string
  title: string
  /** what anyone can type to measure it again */
  command: string
  seed?: number
  rows: [label: string, value: string | number][]
  /** a paragraph below the table */
  note?: string
}

/** Writes or replaces one block of `page` (a path from the root of the repository). */
export async function writeFigure(page: string, heading: string, figure: Figure): Promise<void> {
  const path = join(ROOT, page)
  const text = await readFile(path, 'utf8').catch(() => opening(heading))
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, merge(text, figure.name, block(figure)))
}

/** The page with this block in the place of the old one of that name, or at its end. */
export function merge(text: string, name: string, block: string): string {
  const [from, to] = [`<!-- figure ${name} -->`, `<!-- end ${name} -->`]
  const marked = `${from}\n${block}\n${to}`
  const start = text.indexOf(from)
  const end = text.indexOf(to)
  if (start === -1 || end < start) return `${text.trimEnd()}\n\n${marked}\n`
  return text.slice(0, start) + marked + text.slice(end + to.length)
}

function opening(heading: string): string {
  return `# ${heading}\n\nGenerated: every figure was written by the command above it. Do not edit by hand.\n`
}

function block({ title, command, seed, rows, note }: Figure): string {
  const where = [`commit \`${commit()}\``, machine(), ...(seed === undefined ? [] : [`seed ${seed}`])].join(' · ')
  const table = rows.map(([label, value]) => `| ${label} | ${typeof value === 'number' ? grouped(value) : value} |`)
  const lines = [`## ${title}`, '', `\`${command}\``, '', where, '', '| | |', '|---|---|', ...table]
  return [...lines, ...(note ? ['', note] : [])].join('\n')
}

function grouped(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 })
}

/** With a `+` when the tree holds more than the commit. */
function commit(): string {
  try {
    const git = (...words: string[]) => execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).trim()
    const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+'
    return git('rev-parse', '--short', 'HEAD') + changed
  } catch {
    // A copy without its history.
    return 'unknown'
  }
}

function machine(): string {
  const [first] = cpus()
  const memory = `${Math.round(totalmem() / GIB)} GiB`
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown CPU'}, ${memory}, node ${process.versions.node}`
}
