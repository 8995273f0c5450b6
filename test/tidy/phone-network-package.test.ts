/** `packages/phone-network` declares what it uses, in the versions that this repository tests it with. */
import path from 'node:path'
import { expect, test } from 'vitest'
import { code, read } from './files.ts'

const HOME = 'packages/phone-network/'

interface Manifest {
  version: string
  license: string
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

const manifestOf = (file: string): Manifest => JSON.parse(read(file)) as Manifest
const own = manifestOf(`${HOME}package.json`)
const root = manifestOf('package.json')

/** `@scope/name/deep/path` and `name/deep/path` without the path. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Every package that the shipped sources name: by import, by `require`, or to find a file of it. */
function packagesOf(file: string): string[] {
  const found = read(file).matchAll(
    /(?:\bfrom|\bimport|\bimport\(|require\(|require\.resolve\(|\.resolve\(|import\.meta\.url\)\()\s*['"]([@a-z][\w@/.-]*)['"]/g,
  )
  return [...found].map(match => match[1] ?? '').filter(name => !name.startsWith('node:'))
}

test('the root has the same exact versions, so that npm ci there installs what the package needs', () => {
  const wanted = { ...root.dependencies, ...root.devDependencies }
  for (const [name, version] of Object.entries(own.dependencies)) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
    expect(wanted[name], name).toBe(version)
  }
})

test('the package depends on what it imports, and on nothing else', () => {
  const shipped = code(`${HOME}src/`).filter(file => !file.endsWith('.test.ts') && !/\/(testing|static)\//.test(file))
  const used = new Set(shipped.flatMap(packagesOf).map(packageOf))
  expect([...used].sort()).toEqual(Object.keys(own.dependencies).sort())
})

test('the changelog has an entry for the version, and the licence is the root’s', () => {
  expect(read(`${HOME}CHANGELOG.md`)).toContain(`## ${own.version}`)
  expect(read(path.join(HOME, 'LICENSE'))).toBe(read('LICENSE'))
  expect(own.license).toBe('MIT')
})
