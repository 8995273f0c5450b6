import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ROOT, read } from './files.ts'

const RECIPES = [
  'provider',
  'carrier',
  'verb of TwiML to the phone network',
  'actor',
  'command of the desk',
  'screen',
  'route to the API',
  'verb of flows',
]

/** Text between backticks that looks like a path: it has a slash, or is a file of the root. */
const PATH = /`(\.?[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_.-]+)+|[A-Za-z-]+\.(?:md|json|toml))`/g

test('every recipe of CONTRIBUTING.md names files, and every path that it names exists', () => {
  const text = read('CONTRIBUTING.md')
  const sections = text.slice(text.indexOf('## Recipes')).split(/^### /m).slice(1)
  expect(sections.map(section => section.split('\n')[0]?.replace(/^Add an? /, ''))).toEqual(RECIPES)
  for (const section of sections)
    expect([...section.matchAll(PATH)].length, section.split('\n')[0]).toBeGreaterThanOrEqual(4)
  const named = [...text.matchAll(PATH)].map(([, one = '']) => one)
  expect(named.filter(one => !existsSync(path.join(ROOT, one)))).toEqual([])
})
