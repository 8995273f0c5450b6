/**
 * Every test of the repository as it stands in its file: title, the ids that end the title, and its syntax. What a test shows
 * is written in its title, `a busy leg counts as rejected [S3-31]`; a page of claims and the rules about tests read the same list.
 */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseAst } from 'vite'
import { ROOT } from './local/build.ts'

/** A node of the syntax tree, read by the names of its fields. */
export interface Syntax {
  type: string
  start: number
  end: number
  [field: string]: unknown
}

export interface WrittenTest {
  file: string
  line: number
  /** As written; a title that is computed has none. */
  title: string | null
  ids: string[]
  body: Syntax
}

/** What declares a test; the others are ours: `twice` runs one under two stages. */
const DECLARES = new Set(['test', 'it', 'twice'])
/** Members of `test` that declare none. */
const NO_TEST = new Set(['describe', 'beforeAll', 'afterAll', 'beforeEach', 'afterEach', 'step', 'use', 'extend'])
/** `… [S3-31 S4-2]`, or several brackets. */
const IDS = /(?: \[[SCD]\d[^\]]*\])+$/

export function testFiles(): string[] {
  return globSync(
    ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'packages/*/src/**/*.test.ts', 'test/**/*.{test,spec}.ts'],
    { cwd: ROOT },
  ).sort()
}

export function syntaxOf(file: string): { tree: Syntax; text: string } {
  const text = readFileSync(path.join(ROOT, file), 'utf8')
  return { tree: parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }) as unknown as Syntax, text }
}

/** The tests of a file, in their order. */
export function testsOf(file: string): WrittenTest[] {
  const { tree, text } = syntaxOf(file)
  const found: WrittenTest[] = []
  visit(tree, node => {
    if (node.type !== 'CallExpression') return
    const callee = node.callee as Syntax
    if (!DECLARES.has(rootOf(callee) ?? '') || NO_TEST.has(memberOf(callee) ?? '')) return
    const given = node.arguments as Syntax[]
    const body = given.findLast(one => one.type === 'ArrowFunctionExpression' || one.type === 'FunctionExpression')
    if (!body || given.length < 2) return
    const title = titleOf(given[0] as Syntax, text)
    const ids = IDS.exec(title ?? '')?.[0].match(/[^[\] ]+/g) ?? []
    found.push({ file, line: text.slice(0, node.start).split('\n').length, title, ids, body })
  })
  return found
}

/** Calls `see` with every node below, and with the nodes around it, the nearest last. */
export function visit(node: Syntax, see: (node: Syntax, around: Syntax[]) => void, around: Syntax[] = []): void {
  see(node, around)
  const inside = [...around, node]
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const one of value) if (isSyntax(one)) visit(one, see, inside)
    } else if (isSyntax(value)) visit(value, see, inside)
  }
}

/** The name that a chain of members and calls begins with: `expect` of `expect.soft(a).not.toBe(b)`. */
export function rootOf(callee: Syntax): string | null {
  if (callee.type === 'Identifier') return callee.name as string
  if (callee.type === 'MemberExpression') return rootOf(callee.object as Syntax)
  if (callee.type === 'CallExpression') return rootOf(callee.callee as Syntax)
  if (callee.type === 'TaggedTemplateExpression') return rootOf(callee.tag as Syntax)
  return null
}

/** The last member of a callee: `each` of `test.each`. */
export function memberOf(callee: Syntax): string | null {
  return callee.type === 'MemberExpression' ? ((callee.property as Syntax).name as string) : null
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && typeof (value as Syntax).type === 'string'
}

function titleOf(node: Syntax, text: string): string | null {
  if (node.type === 'Literal') return String(node.value)
  return node.type === 'TemplateLiteral' ? text.slice(node.start + 1, node.end - 1) : null
}
