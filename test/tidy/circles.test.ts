/** Circles of value imports in the phone network, and the independence of its TwiML verbs. */
import path from 'node:path'
import { expect, test } from 'vitest'
import { code, read } from './files.ts'

const HOME = 'packages/phone-network/src/'
const VERBS = `${HOME}engine/verbs/`

/**
 * The relative imports that exist at run time. `import type` is left out, and so is a list in which every name is
 * marked `type`: TypeScript erases both.
 */
function valueImportsOf(file: string): string[] {
  const text = read(file)
  const found: string[] = []
  for (const [, clause = '', target = ''] of text.matchAll(
    /^(?:import|export)\s+(?!type\s)([^'"]*?)\s*from\s+['"](\.[^'"]+)['"]/gm,
  )) {
    const names = /^\{([\s\S]*)\}$/.exec(clause.trim())?.[1]?.split(',') ?? null
    const erased = names?.every(name => name.trim() === '' || name.trim().startsWith('type ')) ?? false
    if (!erased) found.push(target)
  }
  for (const [, target = ''] of text.matchAll(/^import\s+['"](\.[^'"]+)['"]/gm)) found.push(target)
  for (const [, target = ''] of text.matchAll(/\bimport\(\s*['"](\.[^'"]+)['"]\s*\)/g)) found.push(target)
  return found.map(target => path.join(path.dirname(file), target))
}

function graphOf(files: string[]): Map<string, string[]> {
  const known = new Set(files)
  return new Map(files.map(file => [file, valueImportsOf(file).filter(target => known.has(target))]))
}

/** The strongly connected components of more than one file (Tarjan 1972). */
function circlesOf(graph: ReadonlyMap<string, string[]>): string[][] {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const circles: string[][] = []
  const visit = (file: string): number => {
    const index = order.size
    order.set(file, index)
    low.set(file, index)
    stack.push(file)
    for (const next of graph.get(file) ?? []) {
      const seen = order.get(next)
      if (seen === undefined) low.set(file, Math.min(low.get(file) ?? index, visit(next)))
      else if (stack.includes(next)) low.set(file, Math.min(low.get(file) ?? index, seen))
    }
    if (low.get(file) === index) {
      const circle = stack.splice(stack.indexOf(file))
      if (circle.length > 1) circles.push(circle.sort())
    }
    return low.get(file) ?? index
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return circles
}

test('the search finds a circle, and no more than the circle', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', ['e']],
    ['e', []],
  ])
  expect(circlesOf(graph)).toEqual([['a', 'b', 'c']])
})

test('the phone network has no circle of value imports', () => {
  const graph = graphOf(code(HOME).filter(file => !file.endsWith('.test.ts')))
  expect(graph.get(`${HOME}engine/engine.ts`)?.length, 'the imports are read').toBeGreaterThan(10)
  expect(circlesOf(graph)).toEqual([])
})

test('a TwiML verb knows no other verb: only the table imports them', () => {
  const wrong = code(VERBS)
    .filter(file => file !== `${VERBS}table.ts` && !file.endsWith('.test.ts'))
    .flatMap(file =>
      valueImportsOf(file)
        .filter(target => target.startsWith(VERBS))
        .map(target => `${file} → ${target}`),
    )
  const tables = code(HOME).flatMap(file =>
    valueImportsOf(file)
      .filter(target => target.startsWith(VERBS) && target !== `${VERBS}table.ts` && file !== `${VERBS}table.ts`)
      .map(target => `${file} → ${target}`),
  )
  expect([...wrong, ...tables]).toEqual([])
})
