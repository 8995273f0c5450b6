/** Checks which folder may import which. A folder not named here is not checked. A wrong import fails with its file. */
import { expect, test } from 'vitest'
import { code, importsOf, read } from './files.ts'

/** From → the places it may import from, besides its own folder. */
const MAY: Record<string, string[]> = {
  'src/core/': [],
  'src/sound/': [],
  'src/wire/': ['src/core/'],
  'src/media/': ['src/core/', 'src/sound/'],
  // A conversation uses providers through their ports and knows no adapter.
  'src/media/conversation/': [
    'src/core/',
    'src/sound/',
    'src/media/',
    'src/providers/*/port.ts',
    'src/providers/failure.ts',
  ],
  'src/providers/': ['src/core/', 'src/sound/', 'src/media/'],
  'src/actors/': ['src/core/', 'src/sound/', 'src/wire/', 'src/media/', 'src/providers/'],
  'src/worker/': ['src/core/', 'src/wire/', 'src/providers/', 'src/actors/'],
  'src/dialer/': ['src/wire/', 'src/core/ids.ts'],
  // The editor of flows makes its forms from the verbs table and plays flows in the page (decision 039).
  'src/dialer/pages/campaigns/': [
    'src/dialer/',
    'src/wire/',
    'src/core/campaign/',
    'src/core/clearance/',
    'src/core/ids.ts',
  ],
  'src/dialer/session/': ['src/dialer/', 'src/wire/', 'src/core/campaign/', 'src/core/ids.ts'],
  'src/dialer/pages/flows/': ['src/dialer/', 'src/wire/', 'src/core/flow/', 'src/core/ids.ts'],
  // The live stream uses the connection that the published client has, so that there is one (decision 057).
  'src/dialer/pages/events/': [
    'src/dialer/',
    'src/wire/',
    'src/core/ids.ts',
    'packages/client/src/event-connection.ts',
  ],
  // It stands alone: its own files and its own packages, so that anybody may use it.
  'packages/phone-network/': [],
  // What a program installs has nothing of ours behind it.
  'packages/client/': [],
}
/** Packages that only these places may use. */
const OWNED: Record<string, string[]> = {
  zod: ['src/wire/', 'src/providers/', 'src/worker/'],
  hono: ['src/worker/'],
  twilio: ['src/providers/telephony/twilio/', 'packages/phone-network/', 'test/'],
  'cloudflare:workers': ['src/actors/', 'src/worker/', 'test/', 'bench/'],
  ai: ['src/providers/language/'],
  '@ai-sdk': ['src/providers/language/'],
  'workers-ai-provider': ['src/providers/language/'],
  'itty-durable': ['src/actors/profile/'],
  jose: ['src/providers/google/'],
  uplot: ['src/dialer/pages/reports/'],
  uqr: ['src/dialer/pages/second-factor/'],
  '@twilio/voice-sdk': ['src/dialer/phone/', 'test/'],
}

/** The narrowest row that a file falls under. */
function rulesOf(file: string): string | undefined {
  return Object.keys(MAY)
    .filter(from => file.startsWith(from))
    .sort((a, b) => b.length - a.length)[0]
}

function isIn(target: string, place: string): boolean {
  const [before = '', after = ''] = place.split('*')
  return target.startsWith(before) && (after === '' || target.endsWith(after))
}

test('imports go one way', () => {
  const wrong: string[] = []
  for (const [from, may] of Object.entries(MAY)) {
    for (const file of code(from).filter(one => !one.endsWith('.test.ts') && rulesOf(one) === from)) {
      for (const { target } of importsOf(file)) {
        if (!/^(src|packages|test|bench|scripts)\//.test(target)) continue
        if (!target.startsWith(from) && !may.some(place => isIn(target, place))) wrong.push(`${file} → ${target}`)
      }
    }
  }
  expect(wrong).toEqual([])
})

test('adapters are reached through the registry, except by the routes that speak their vendor’s webhooks', () => {
  const wrong = code('src/actors/').flatMap(file =>
    importsOf(file)
      .filter(({ target }) => /^src\/providers\/[^/]+\/[^/]+\//.test(target))
      .map(({ target }) => `${file} → ${target}`),
  )
  expect(wrong).toEqual([])
})

test('packages stay in their rooms', () => {
  const wrong: string[] = []
  for (const file of [...code('src/'), ...code('packages/')].filter(one => !one.endsWith('.test.ts'))) {
    for (const { target } of importsOf(file)) {
      const owner = Object.keys(OWNED).find(name => target === name || target.startsWith(`${name}/`))
      if (owner && !OWNED[owner]?.some(place => file.startsWith(place))) wrong.push(`${file} → ${target}`)
    }
  }
  expect(wrong).toEqual([])
})

test('the dialer takes types and constants of the wire, never a schema', () => {
  const product = code('src/dialer/').filter(file => !file.endsWith('.test.ts'))
  const wrong = product.flatMap(file =>
    importsOf(file)
      .filter(({ target, types }) => target.startsWith('src/wire/') && !types)
      .map(({ target }) => `${file} → ${target}`),
  )
  expect(wrong).toEqual([])
})

/** Adapters may ask the outside world, and the page asks its own Worker. All other code speaks to actors. */
const MAY_FETCH = ['src/providers/', 'src/dialer/']
/** The platform's own function, called or handed on: not a method of that name, a type, or a word in quotes. */
const FETCH = /(?<![\w.#'"`-]|typeof |async )fetch(?= ?[(,)\n;])/

test('only adapters and the page call fetch', () => {
  const wrong = code('src/')
    .filter(file => !file.endsWith('.test.ts') && !MAY_FETCH.some(place => file.startsWith(place)))
    .filter(file =>
      read(file)
        .split('\n')
        .some(line => FETCH.test(line.replace(/^\s*(\/\/|\*|\/\*\*).*/, ''))),
    )
  expect(wrong).toEqual([])
  expect(FETCH.test(read('src/providers/http.ts'))).toBe(true)
})
