/** Style is a test: purity, sizes, names, and what must never stand in a file. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { CODE, code, ROOT, read, tracked } from './files.ts'

const FILE_LINES_MAX = 400
const FUNCTION_LINES_MAX = 70
const ACTOR_LINES_MAX = 150

test('core and media are pure: no clock, no chance, nothing asynchronous; a voice session only waits for its providers', () => {
  const clocks = 'Date\\.now|Math\\.random|\\bnew Date\\(\\)|crypto\\.|setTimeout|fetch\\('
  const impure = (file: string) =>
    new RegExp(
      file.startsWith('src/media/conversation/') ? clocks : `${clocks}|(?<!')\\basync\\b|\\bawait\\b|\\bPromise\\b`,
    )
  const wrong = [...code('src/core/'), ...code('src/sound/'), ...code('src/media/')]
    .filter(file => !file.endsWith('.test.ts'))
    .filter(file => impure(file).test(withoutComments(read(file))))
  expect(wrong).toEqual([])
})

test('no file is longer than 400 lines, no actor longer than a table of contents', () => {
  const wrong = [
    ...code('src/'),
    ...code('packages/'),
    ...code('test/'),
    ...code('bench/'),
    ...code('scripts/'),
  ].filter(file => {
    const lines = read(file).split('\n').length
    return lines > FILE_LINES_MAX || (/^src\/actors\/[a-z]+\/actor\.ts$/.test(file) && lines > ACTOR_LINES_MAX + 20)
  })
  expect(wrong).toEqual([])
})

test('no function is longer than 70 lines', () => {
  const wrong: string[] = []
  for (const file of [...code('src/'), ...code('packages/'), ...code('bench/'), ...code('scripts/')].filter(
    one => !one.endsWith('.test.ts'),
  )) {
    for (const { name, lines } of functionsOf(read(file)))
      if (lines > FUNCTION_LINES_MAX) wrong.push(`${file}: ${name} has ${lines}`)
  }
  expect(wrong).toEqual([])
})

test('files are kebab-case and named after what they do', () => {
  const banned = /^(utils?|helpers?|manager|service|handlers?)\.(ts|tsx)$/
  const wrong = [...code('src/'), ...code('packages/'), ...code('test/'), ...code('bench/')].filter(file => {
    const name = path.basename(file)
    return banned.test(name) || !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.(ts|tsx|js|mjs)$/.test(name)
  })
  expect(wrong).toEqual([])
})

test('the Worker believes no JSON: what it reads is parsed by a schema', () => {
  const believed = /JSON\.parse\([^\n]*\)\s+as\b/
  const wrong = code('src/worker/').filter(file => believed.test(withoutComments(read(file))))
  expect(wrong).toEqual([])
  expect(believed.test('const agent = JSON.parse(json) as AiAgent')).toBe(true)
})

test('text that becomes a part of an address is made well-formed first, because half a character makes the encoding throw', () => {
  const bare = /encodeURIComponent\((?![^\n]*\.toWellFormed\(\)\))/
  const wrong = [...code('src/worker/'), ...code('src/actors/'), ...code('src/providers/')]
    .filter(file => !file.endsWith('.test.ts'))
    .filter(file => bare.test(withoutComments(read(file))))
  expect(wrong).toEqual([])
  expect(bare.test('encodeURIComponent(token)')).toBe(true)
})

test('every path that the documents name exists', () => {
  const wrong: string[] = []
  for (const file of tracked().filter(one => one.endsWith('.md'))) {
    for (const [, named = ''] of read(file).matchAll(
      /`((?:src|packages|test|docs|bench|scripts|public|migrations)\/[A-Za-z0-9_./-]*[A-Za-z0-9_/])`/g,
    )) {
      if (!existsSync(path.join(ROOT, named))) wrong.push(`${file}: ${named}`)
    }
    for (const [, link = ''] of read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
      if (!existsSync(path.join(ROOT, path.dirname(file), link))) wrong.push(`${file}: ${link}`)
    }
  }
  expect(wrong).toEqual([])
})

test('every document that a comment names exists', () => {
  // Names by their whole path or, in a package, by the path inside it; an address (https://…) is not ours.
  const named = /(?<![\w/.:-])(?:[\w.-]+\/)*[\w-]+\.md\b/g
  const wrong: string[] = []
  for (const file of tracked().filter(one => /^(src|test|scripts|bench|packages)\/.*\.(tsx?|m?js|css)$/.test(one))) {
    const home = /^packages\/[^/]+\//.exec(file)?.[0] ?? ''
    for (const comment of commentsOf(read(file)))
      for (const [name] of comment.matchAll(named))
        if (!existsSync(path.join(ROOT, name)) && !(home && existsSync(path.join(ROOT, home, name))))
          wrong.push(`${file}: ${name}`)
  }
  expect(wrong).toEqual([])
})

test('no machine’s paths, no secrets, nothing unfinished by its own words [S2-36]', () => {
  const patterns: [string, RegExp][] = [
    ['a machine’s path', /(^|[^a-z.])\/(home|Users|root|work)\/[a-z]/m],
    [
      'a secret',
      /(sk_live[_]|AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE[ ]KEY-----|(?:AC|SK)[0-9a-f]{32}(?![0-9a-z]))/,
    ],
    [
      'an unfinished mark',
      new RegExp(`\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|${['XX', 'X'].join('')})\\b`),
    ],
    ['a test that runs alone', new RegExp(`\\b(it|test|describe)\\.${'only'}\\(`)],
  ]
  const wrong: string[] = []
  for (const file of tracked().filter(one => CODE.test(one) || one.endsWith('.md') || one.endsWith('.toml'))) {
    for (const [what, pattern] of patterns) if (pattern.test(read(file))) wrong.push(`${file}: ${what}`)
  }
  expect(wrong).toEqual([])
})

/** Machines whose facts are defined in another file than the state.ts of their folder. */
const FACTS_OF: Record<string, string> = {
  call: 'src/core/call/life/state.ts',
  talk: 'src/core/call/talk/talk.ts',
  flow: 'src/core/call/flow/state.ts',
  crm: 'src/core/call/crm/crm.ts',
}

test('every fact of a machine has an emitter and a reader [S3-51]', () => {
  const wrong: string[] = []
  const sources = code('src/')
    .filter(file => !file.endsWith('.test.ts'))
    .map(file => [file, read(file)] as const)
  for (const machine of ['batch', 'call', 'talk', 'flow', 'crm', 'desk', 'campaign', 'room', 'turn']) {
    const file = FACTS_OF[machine] ?? `src/core/${machine}/state.ts`
    const union = /export type \w*Fact\w* =[\s\S]*?\n {0,4}\)/.exec(read(file))?.[0] ?? ''
    const types = [...union.matchAll(/type: '([a-z-]+)'/g)].map(match => match[1] ?? '')
    expect(types.length, file).toBeGreaterThan(3)
    for (const type of types) {
      const uses = sources.reduce((sum, [, text]) => sum + text.split(`'${type}'`).length - 1, 0)
      // its name in the vocabulary, where it is made, where it is read, and whom it is about, if it is stored
      if (uses < (machine === 'turn' ? 3 : 4)) wrong.push(`${machine}: ${type}`)
    }
  }
  expect(wrong).toEqual([])
})

test('nothing is exported that nobody reads, not even its own file [S3-57]', () => {
  const texts = tracked()
    .filter(file => /\.(tsx?|m?js)$/.test(file))
    .map(file => [file, read(file)] as const)
  const times = new Map<string, number>()
  for (const [, text] of texts)
    for (const word of text.match(/\b[A-Za-z_]\w+/g) ?? []) times.set(word, (times.get(word) ?? 0) + 1)
  const wrong: string[] = []
  for (const [file, text] of texts.filter(([name]) => name.startsWith('src/') && !name.includes('.test.')))
    for (const [, name = ''] of text.matchAll(
      /^export (?:async )?(?:function\*?|const|class|interface|type|enum) (\w+)/gm,
    ))
      if (times.get(name) === 1) wrong.push(`${file}: ${name}`)
  expect(wrong).toEqual([])
})

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\/\/.*$/gm, '')
}

/** The comments of a file. A line comment begins behind a space or at the start of the line, unlike the `//` of an address. */
function commentsOf(text: string): string[] {
  return text.match(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm) ?? []
}

/** Functions and methods by indentation: our formatter closes a block at the column where it was opened. */
function functionsOf(text: string): { name: string; lines: number }[] {
  const lines = text.split('\n')
  const found: { name: string; lines: number }[] = []
  lines.forEach((line, index) => {
    const opened =
      /^(\s*)(?:export )?(?:default )?(?:async )?(?:function\*? (\w+)|(?:(?:static |override |async |get |set )*)(#?\w+)\(.*\).*)\s*.*\{$/.exec(
        line,
      )
    if (!opened || /^\s*(if|for|while|switch|return|else|catch)\b/.test(line)) return
    const end = lines.findIndex((other, at) => at > index && other.startsWith(`${opened[1]}}`))
    if (end > 0) found.push({ name: opened[2] ?? opened[3] ?? 'function', lines: end - index + 1 })
  })
  return found
}
