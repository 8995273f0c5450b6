import { matchesGlob } from 'node:path'
import { expect, test } from 'vitest'
import { OWN_CONFIG, PROJECTS } from '../projects.ts'
import { tracked } from './files.ts'

const TEST_FILE = /\.(test|spec)\.(ts|tsx)$/

function groupsOf(file: string): string[] {
  const inNode = PROJECTS.filter(
    ({ include, exclude = [] }) =>
      include.some(glob => matchesGlob(file, glob)) && !exclude.some(glob => matchesGlob(file, glob)),
  ).map(({ name }) => name)
  const own = OWN_CONFIG.filter(folder => matchesGlob(file, `${folder}/**/*.test.ts`))
  const browser = matchesGlob(file, 'test/browser/*.spec.ts') ? ['browser'] : []
  return [...inNode, ...own, ...browser]
}

test('every test file belongs to exactly one suite', () => {
  const files = tracked().filter(file => TEST_FILE.test(file))
  expect(files.length).toBeGreaterThan(150)
  const wrong = files.map(file => `${file}: ${groupsOf(file).join(', ')}`).filter(line => !/: [a-z/-]+$/.test(line))
  expect(wrong).toEqual([])
})
