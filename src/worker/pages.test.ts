import { expect, test } from 'vitest'
import { read } from '../../test/tidy/files.ts'
import { isPage } from './pages.ts'

test('every address of the app is a page, and nothing that could be a file is [D23]', () => {
  const paths = [...read('src/dialer/router.tsx').matchAll(/path: '(\/[^']*)'/g)].map(match => match[1] ?? '')
  expect(paths.length).toBeGreaterThan(5)
  for (const path of paths) expect(isPage(path.replaceAll(/\$\w+/g, 'w_main.c_1f.b7.2')), path).toBe(true)
  for (const path of [
    '/assets/missing.js',
    '/index.js.map',
    '/.dev.vars',
    '/.git/config',
    '/_headers',
    '/sounds/none.wav',
    '/api/none',
    '/twilio/none',
    '//evil.test',
  ])
    expect(isPage(path), path).toBe(false)
})
