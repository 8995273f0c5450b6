/** A test that cannot fail shows nothing: every test asserts, and no assertion depends on what the product did. */
import { expect, test } from 'vitest'
import { memberOf, rootOf, type Syntax, syntaxOf, testFiles, testsOf, visit } from '../../scripts/test-titles.ts'

const ASSERTS = new Set(['expect', 'expectTypeOf'])

/** Imported functions that assert for the test which calls them, and where they stand. */
const HELPERS: Record<string, string> = {
  hears: 'test/browser/agent.ts',
}

test('every test asserts something', () => {
  const wrong: string[] = []
  for (const file of testFiles()) {
    const functions = functionsOf(syntaxOf(file).tree)
    for (const { body, title, line } of testsOf(file))
      if (!asserts(body, functions)) wrong.push(`${file}:${line} ${title}`)
  }
  expect(wrong).toEqual([])
})

test('no assertion stands inside an if, a choice, a catch or behind && and ||', () => {
  const wrong: string[] = []
  for (const file of testFiles()) {
    const { tree, text } = syntaxOf(file)
    visit(tree, (node, around) => {
      if (!isAssertion(node)) return
      if (conditionOf(node, around)) wrong.push(`${file}:${text.slice(0, node.start).split('\n').length}`)
    })
  }
  expect(wrong).toEqual([])
})

test('no test is over early on a condition: what comes after would not be asserted', () => {
  const wrong: string[] = []
  for (const file of testFiles())
    for (const { body, title, line } of testsOf(file))
      visit(body, (node, around) => {
        if (node.type !== 'ReturnStatement' || around.slice(1).some(outer => /Function/.test(outer.type))) return
        if (around.some(outer => outer.type === 'IfStatement')) wrong.push(`${file}:${line} ${title}`)
      })
  expect(wrong).toEqual([])
})

test('a helper that asserts is one that a test file imports', () => {
  for (const [name, file] of Object.entries(HELPERS))
    expect(asserts(functionsOf(syntaxOf(file).tree).get(name) as Syntax, new Map()), name).toBe(true)
})

/** `expect(…)` or `expect.soft(…)` itself, not the matcher that follows. */
function isAssertion(node: Syntax): boolean {
  if (node.type !== 'CallExpression') return false
  const callee = node.callee as Syntax
  const begins = callee.type === 'MemberExpression' ? (callee.object as Syntax) : callee
  return begins.type === 'Identifier' && ASSERTS.has(begins.name as string) && memberOf(callee) !== 'extend'
}

/** The nearest thing around an assertion that may keep it from running; a function around it ends the search. */
function conditionOf(node: Syntax, around: Syntax[]): Syntax | undefined {
  for (let at = around.length - 1; at >= 0; at -= 1) {
    const [outer, inner] = [around[at] as Syntax, around[at + 1] ?? node]
    if (/Function/.test(outer.type)) return undefined
    const chosen = outer.type === 'IfStatement' || outer.type === 'ConditionalExpression'
    if (chosen && outer.test !== inner) return outer
    if (outer.type === 'LogicalExpression' && outer.right === inner) return outer
    if (outer.type === 'CatchClause' || outer.type === 'SwitchCase') return outer
  }
  return undefined
}

/** The functions and methods of a file, by name. */
function functionsOf(tree: Syntax): Map<string, Syntax> {
  const found = new Map<string, Syntax>()
  const add = (name: unknown, node: unknown) => {
    const body = (node as Syntax | null)?.body
    if (typeof name === 'string' && body) found.set(name, body as Syntax)
  }
  visit(tree, node => {
    if (node.type === 'FunctionDeclaration') add((node.id as Syntax | null)?.name, node)
    if (node.type === 'VariableDeclarator') add((node.id as Syntax).name, node.init)
    if (node.type === 'MethodDefinition') add((node.key as Syntax).name, node.value)
  })
  return found
}

/** Whether a body asserts by itself, by a helper, or by a function of its file that it calls or hands on. */
function asserts(body: Syntax, functions: Map<string, Syntax>, seen = new Set<string>()): boolean {
  let found = false
  const follow = (name: string | null) => {
    if (name === null || seen.has(name)) return
    seen.add(name)
    const named = functions.get(name)
    if (named && asserts(named, functions, seen)) found = true
  }
  visit(body, node => {
    if (node.type !== 'CallExpression') return
    if (isAssertion(node) || HELPERS[rootOf(node.callee as Syntax) ?? ''] !== undefined) found = true
    follow(rootOf(node.callee as Syntax))
    follow(memberOf(node.callee as Syntax))
    for (const given of node.arguments as Syntax[]) if (given.type === 'Identifier') follow(given.name as string)
  })
  return found
}
