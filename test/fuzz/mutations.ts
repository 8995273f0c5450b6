/**
 * Bad input, as text: what a mutation makes need not be a value of JavaScript, because duplicate keys, half characters and numbers
 * beyond a double only exist before they are parsed.
 */
import type { Random } from '../simulation/random.ts'

/** Stands for the raw text in a value that is about to be written. */
const HOLE = '@@hole@@'
const MIB = 1024 * 1024

type Kind = (random: Random) => string

/** Raw JSON of each kind. The long ones are made when they are drawn. */
const RAW: Record<string, readonly string[]> = {
  type: ['null', 'true', 'false', '0', '""', '"x"', '[]', '{}', '[[]]', '[null]', '{"a":1}', '["a","a"]', '[{}]'],
  number: [
    ...['-1', '-0', '1e308', '1e309', '-1e309', '9007199254740993', '-9007199254740993', '0.1', '1e-320', '1.5'],
    ...['2147483648', '4294967296', '18446744073709551616', '8640000000000001', '-8640000000000001', '1E400'],
    ...['"1e999"', '"NaN"', '"Infinity"', '"0x10"', '"-1"', '" 7 "', '"٣"'],
  ],
  surrogate: ['"\\ud800"', '"a\\udfffb"', '"\\udc00\\ud800"', '"+1415555014\\ud835"', '["\\ud800"]', '{"\\ud800":1}'],
  control: ['"\\u0000"', '"a\\u0000b"', '"\\u001b[2J"', '"a\\r\\nX-A: b"', '"\\u2028"', '"\\u202e"', '"\\ufeff"'],
  prototype: [
    ...['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"a":1}}}', '{"toString":1,"valueOf":2}'],
    ...['"__proto__"', '"constructor"', '"hasOwnProperty"', '{"length":-1}', '{"then":1}', '{"toJSON":1}'],
  ],
  words: [
    ...['"\' OR 1=1 --"', '"%00"', '"../../etc"', '"<b>&amp;"', '"{firstName}"', '"+14155550140"', '"00014155550140"'],
    ...['"sip:a@b"', '"client:ada"', '"+1"', '"+999999999999999"', '"1.4155550140E+10"', '"(((((((("', '";ext=1"'],
    ...['"9999-12-31T23:59:59.999Z"', '"-271821-04-20T00:00:00Z"', '"Etc/GMT+12"', '"Europe/Nowhere"', '"+02:00"'],
    ...['"w_demo"', '"w_far.c_1"', '"🙂👩‍👩‍👧‍👦"', '"İıßﬃ"', '"\\\\"', '"https://127.0.0.1./"', '"https://[::1]/"'],
  ],
}
const MADE: Record<string, Kind> = {
  deep: random => {
    const depth = random.pick([100, 1_000, 10_000])
    return random.chance(0.5)
      ? `${'['.repeat(depth)}${']'.repeat(depth)}`
      : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  },
  long: random =>
    JSON.stringify(
      random.pick(['a', '\u0000', '7', 'é', '{a}', '🙂']).repeat(random.pick([61, 97, 301, 4_001, 20_001])),
    ),
  many: random =>
    `[${Array.from({ length: random.pick([21, 201, 5_001]) }, () => random.pick(RAW.type ?? [])).join()}]`,
  // One side of the limit of a body or the other.
  mebibyte: random => `"${'a'.repeat(random.pick([MIB - 2_000, MIB + 1]))}"`,
}

function raw(random: Random): string {
  const drawn = random.next()
  if (drawn < 0.002) return (MADE.mebibyte as Kind)(random)
  if (drawn < 0.02) return (MADE.deep as Kind)(random)
  if (drawn < 0.09) return (MADE.long as Kind)(random)
  if (drawn < 0.1) return (MADE.many as Kind)(random)
  return random.pick(random.pick(Object.values(RAW)))
}

/** Every container of a value, with itself. */
function containers(value: unknown, found: (Record<string, unknown> | unknown[])[] = []) {
  if (typeof value !== 'object' || value === null) return found
  found.push(value as Record<string, unknown>)
  for (const inner of Object.values(value)) containers(inner, found)
  return found
}

/** The body with one to three mistakes in it. */
export function mutatedJson(sample: unknown, random: Random): string {
  if (random.chance(0.04)) return broken(JSON.stringify(sample), random)
  if (random.chance(0.03)) return raw(random)
  let text = JSON.stringify(sample)
  for (let more = random.pick([1, 1, 1, 2, 3]); more > 0; more -= 1) text = withMistake(text, random)
  return text
}

function withMistake(text: string, random: Random): string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return text
  }
  // A mistake that was made before may be as deep as the stack.
  if (text.length > 20_000) return text
  const target = random.pick([value, ...containers(value)])
  if (typeof target !== 'object' || target === null) return raw(random)
  const keys = Object.keys(target)
  const holder = target as Record<string, unknown>
  const key = keys.length > 0 ? random.pick(keys) : null
  const way = random.next()
  if (key === null || way < 0.1) {
    if (Array.isArray(target)) target.push(HOLE)
    else Object.defineProperty(target, random.pick(KEYS), { value: HOLE, enumerable: true, configurable: true })
  } else if (way < 0.18) delete holder[key]
  else if (way < 0.3 && !Array.isArray(target)) {
    // The same key twice: the first one is a hole, and the parser keeps the last.
    const name = `${JSON.stringify(key)}:`
    return JSON.stringify(value).replace(name, () => `${name}${raw(random)},${name}`)
  } else holder[key] = HOLE
  return JSON.stringify(value).replace(JSON.stringify(HOLE), () => raw(random))
}

const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', '', 'id', 'workspaceId', 'role', '\u0000', '\ud800']

/** Text that is no JSON, or only nearly. */
function broken(text: string, random: Random): string {
  const at = random.between(0, text.length)
  return random.pick([
    '',
    ' ',
    'null',
    'undefined',
    '\ufeff{}',
    '{"a":1,}',
    "{'a':1}",
    '{"a":01}',
    '{"a":NaN}',
    '[1,2',
    '"\\x"',
    text.slice(0, at),
    `${text}${text}`,
    `${text.slice(0, at)}\u0000${text.slice(at)}`,
    'a=1&b=2',
  ])
}

const ODD_PARTS = [
  ...['%00', '%ff', '%', '%2e%2e%2f%2e%2e', '..', '__proto__', 'constructor', '-1', '1e999', '%20', '%0d%0aX:%20a'],
  ...[
    '%ed%a0%80',
    '%F0%9F%99%82',
    "'%20OR%201=1",
    'w_demo',
    'w_far.call_1',
    'w_demo.call_',
    'w_demo.c_none',
    '*',
    ':id',
  ],
  ...[
    'w_demo.d_ada',
    'w_demo.log_2026-11',
    'w_demo.c_1.b1.1',
    '%2B14155550009',
    'null',
    'undefined',
    '%5B%5D',
    '%7B%7D',
  ],
]

/** One part of a path, or one value of a query, as no caller of good will writes it. It is encoded already. */
export function oddPart(random: Random): string {
  if (random.chance(0.05)) return 'a'.repeat(random.pick([49, 97, 257, 4_000]))
  if (random.chance(0.3)) return encoded(raw(random))
  return random.pick(ODD_PARTS)
}

function encoded(text: string): string {
  const bare = text.slice(0, 3_000).toWellFormed()
  return encodeURIComponent(bare)
}

/** A query with values that are odd, doubled, unknown or gone. */
export function oddQuery(sample: Record<string, string>, random: Random): string {
  const pairs = Object.entries(sample).map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
  const name = Object.keys(sample).length > 0 ? random.pick(Object.keys(sample)) : 'limit'
  const odd = `${random.pick([name, name, 'limit', 'cursor', '__proto__', 'a[]', 'q%5B%5D', '%00'])}=${oddPart(random)}`
  if (random.chance(0.3)) return [...pairs, odd].join('&')
  if (random.chance(0.1)) return [...pairs, ...pairs].join('&')
  if (random.chance(0.1)) return pairs.slice(1).join('&')
  return [...pairs.filter(pair => !pair.startsWith(`${name}=`)), odd].join('&')
}

/** A form of a webhook with one to three mistakes; `text` is what is sent, `fields` what a strict reader finds in it. */
export function mutatedForm(
  sample: Record<string, string>,
  random: Random,
): { text: string; fields: Record<string, string> } {
  const fields: Record<string, string> = { ...sample }
  for (let more = random.pick([1, 1, 2, 3]); more > 0; more -= 1) {
    const key = random.pick(Object.keys(sample))
    const way = random.next()
    if (way < 0.2) delete fields[key]
    else fields[way < 0.3 ? random.pick(['x', 'constructor', 'toString', 'AccountSid']) : key] = oddText(random)
  }
  const text = Object.entries(fields).map(
    ([key, value]) => `${encoded(key)}=${encodeURIComponent(value.toWellFormed())}`,
  )
  const wellFormed = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, value.toWellFormed()]))
  if (random.chance(0.03)) text.push(random.pick(['a=%', 'a=%ff', '%ff=a', text[0] ?? '', '__proto__=1', '=', '&&&']))
  return { text: text.join('&'), fields: wellFormed }
}

function oddText(random: Random): string {
  const text = random.chance(0.5) ? random.pick(RAW.words ?? []) : raw(random)
  // The words are JSON strings, all but the last two kinds of which are short.
  return text.startsWith('"') && text.length < 30_000 ? String(JSON.parse(text)) : text.slice(0, 20_000)
}
