import { expect, test } from 'vitest'
import { read } from '../../test/tidy/files.ts'
import { isPage, movedPage } from './pages.ts'

/** The paths of the app's router, with an id where one stands. */
const PATHS = [...read('src/dialer/router.tsx').matchAll(/path: '(\/[^']*)'/g)].map(([, path = '']) =>
  path.replaceAll(/\$\w+/g, 'w_main.c_1f.b7.2'),
)

test('every address of the app is a page, and nothing that could be a file is [D23]', () => {
  expect(PATHS.length).toBeGreaterThan(5)
  for (const path of PATHS) expect(isPage(`/app${path}`), path).toBe(true)
  expect(isPage('/app')).toBe(true)
  for (const path of [
    '/apple',
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
    expect([isPage(path), movedPage(path)], path).toEqual([false, null])
})

/** Pages that came after the API had taken the names at the root: no link of before leads to them. */
const NEWER = [
  '/billing',
  '/campaigns',
  '/conferences',
  '/extensions',
  '/flows',
  '/imports',
  '/inbox',
  '/invitation',
  '/live',
  '/masks',
  '/numbers',
  '/queues',
  '/reports',
  '/webhooks',
]

test('an address of before leads to the same page, and never to another host [S3-55]', () => {
  const before = PATHS.filter(one => one !== '/' && !NEWER.some(newer => one.startsWith(newer)))
  for (const path of before) expect(movedPage(path), path).toBe(`/app${path}`)
  for (const path of ['//evil.test/calls', '/\\evil.test', '/evil']) expect(movedPage(path), path).toBeNull()
  expect(movedPage('/calls//evil.test')).toBe('/app/calls//evil.test')
})
