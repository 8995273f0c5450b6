import type { Phrase } from './phrase.ts'
import type { Slot } from './slots.ts'

/**
 * How well heard words fit a phrase. The phrase is a net of words; dynamic programming finds the cheapest way through
 * it that explains every heard word (edit distance over a net). Confusions that recognisers make are cheap, other words
 * are expensive.
 */

export interface Fit {
  /** cost of the errors by weight of the phrase: 0 is word for word */
  cost: number
  /** weight of the phrase's words on the way: of two fits of one cost, the one that explains more is meant */
  weight: number
  /** slot → the heard words that fill it */
  slots: Record<string, string[]>
}

interface Edge {
  to: number
  /** null: without a word */
  word: string | null
  slot: string | null
}

export interface Net {
  edges: Edge[][]
  end: number
  /** every word on it */
  words: ReadonlySet<string>
}

/** Depth to which phrases of slots may contain slots. */
const SLOT_DEPTH_MAX = 3
/** From this cost on, the words mean something else. */
export const FIT_MAX = 0.34

const LITTLE = new Set('a an the to i is of my me do you it on at for in with and are we us be'.split(' '))
const EMPTY = new Set(
  'um uh er ah hm well so please okay ok hi hello hey yeah thanks now just oh um actually'.split(' '),
)
const SOUND_ALIKE = new Map([
  ['to', 'two'],
  ['too', 'two'],
  ['for', 'four'],
  ['fore', 'four'],
  ['won', 'one'],
  ['ate', 'eight'],
  ['yeah', 'yes'],
  ['yep', 'yes'],
  ['nope', 'no'],
  ['bye', 'goodbye'],
  ['our', 'hour'],
])
const MISSING_LITTLE = 0.25
const LIKE_WORD = 0.3
const EXTRA_EMPTY = 0.05
const EXTRA_LITTLE = 0.2
const EXTRA_WORD = 0.5

/** Compiles a phrase. Slots that are not known throw. */
export function netOf(phrase: Phrase, slots: Readonly<Record<string, Slot>>): Net {
  const edges: Edge[][] = []
  const place = (): number => edges.push([]) - 1
  const link = (from: number, to: number, word: string | null, slot: string | null): void => {
    edges[from]?.push({ to, word, slot })
  }
  function add(part: Phrase, from: number, slot: string | null, depth: number): number {
    if (part.type === 'word') {
      const to = place()
      link(from, to, part.word, slot)
      return to
    }
    if (part.type === 'all') return part.parts.reduce((at, next) => add(next, at, slot, depth), from)
    if (part.type === 'slot') {
      const filled = slots[part.name]
      if (!filled || depth >= SLOT_DEPTH_MAX) throw new RangeError(`there is no slot {${part.name}}`)
      return add(filled.phrase, from, slot ?? part.name, depth + 1)
    }
    const to = place()
    if (part.type === 'one') for (const each of part.parts) link(add(each, from, slot, depth), to, null, null)
    else {
      // A repetition begins at a node of its own, because nothing else may lead back to `from`.
      const start = place()
      link(from, start, null, null)
      const end = add(part.part, start, slot, depth)
      link(end, to, null, null)
      if (part.type === 'maybe') link(from, to, null, null)
      else link(end, start, null, null)
    }
    return to
  }
  const start = place()
  const end = add(phrase, start, null, 0)
  const words = new Set(edges.flat().flatMap(({ word }) => (word === null ? [] : [word])))
  return { edges, end, words }
}

interface Way {
  cost: number
  weight: number
  /** heard words that fill slots, newest first */
  filled: Filled | null
}
interface Filled {
  slot: string
  word: string
  before: Filled | null
}

function weightOf(word: string): number {
  return LITTLE.has(word) ? 0.4 : 1
}

function likeness(heard: string, wanted: string): number | null {
  if (heard === wanted) return 0
  if (SOUND_ALIKE.get(heard) === wanted || SOUND_ALIKE.get(wanted) === heard) return 0.1
  if (heard.length >= 4 && wanted.length >= 4 && oneEditApart(heard, wanted)) return LIKE_WORD
  return null
}

function oneEditApart(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  const [a, b] = one.length >= other.length ? [one, other] : [other, one]
  return a.slice(at + 1) === b.slice(a.length === b.length ? at + 1 : at)
}

function better(way: Way, than: Way | undefined): boolean {
  return than === undefined || way.cost < than.cost - 1e-9 || (way.cost < than.cost + 1e-9 && way.weight > than.weight)
}

/** Nodes that are reached without a heard word: by empty edges, and by leaving words of the phrase out. */
function settle(net: Net, ways: (Way | undefined)[]): void {
  const todo = ways.flatMap((way, place) => (way ? [place] : []))
  for (let at = todo.shift(); at !== undefined; at = todo.shift()) {
    const way = ways[at] as Way
    for (const { to, word, slot } of net.edges[at] ?? []) {
      // A word of a slot must have been heard.
      if (word !== null && slot !== null) continue
      const missing = word === null ? 0 : weightOf(word) < 1 ? MISSING_LITTLE : 1
      const next = {
        cost: way.cost + missing,
        weight: way.weight + (word === null ? 0 : weightOf(word)),
        filled: way.filled,
      }
      // A way around a loop is never cheaper than the value that is already there, so this ends.
      if (!better(next, ways[to])) continue
      ways[to] = next
      todo.push(to)
    }
  }
}

function extra(word: string): number {
  if (EMPTY.has(word)) return EXTRA_EMPTY
  return LITTLE.has(word) ? EXTRA_LITTLE : EXTRA_WORD
}

/** A heard word with the words of a vocabulary that it may stand for. */
export interface Sighting {
  word: string
  likes: readonly string[]
}

/** Results are cached for all phrases of a script. */
export function sightings(words: readonly string[], vocabulary: ReadonlySet<string>): Sighting[] {
  return words.map(word => ({ word, likes: [...vocabulary].filter(known => likeness(word, known) !== null) }))
}

/**
 * Whether these words may fit the net at all. Words that the net does not have cost at least `EXTRA_WORD` each. The
 * check is cheap, and when it says no, that is certain.
 */
export function mayFit(net: Net, heard: readonly Sighting[]): boolean {
  let strange = 0
  let weight = 0
  for (const { word, likes } of heard) {
    if (likes.some(like => net.words.has(like))) weight += 1
    else strange += extra(word)
  }
  return strange <= FIT_MAX * Math.max(1, weight)
}

/** The best fit of all heard words to the phrase; null when none is better than `FIT_MAX`. */
export function fit(net: Net, words: readonly string[]): Fit | null {
  if (words.length === 0) return null
  let ways: (Way | undefined)[] = new Array(net.edges.length)
  ways[0] = { cost: 0, weight: 0, filled: null }
  settle(net, ways)
  for (const word of words) {
    const next: (Way | undefined)[] = new Array(net.edges.length)
    for (const [place, way] of ways.entries()) {
      if (!way) continue
      const passed = { ...way, cost: way.cost + extra(word) }
      if (better(passed, next[place])) next[place] = passed
      for (const edge of net.edges[place] ?? []) {
        if (edge.word === null) continue
        const unlike = likeness(word, edge.word) ?? (edge.slot === null ? 1 : null)
        if (unlike === null) continue
        const filled = edge.slot === null ? way.filled : { slot: edge.slot, word: edge.word, before: way.filled }
        const taken = { cost: way.cost + unlike, weight: way.weight + weightOf(edge.word), filled }
        if (better(taken, next[edge.to])) next[edge.to] = taken
      }
    }
    settle(net, next)
    ways = next
  }
  const best = ways[net.end]
  if (!best || best.weight === 0) return null
  const cost = best.cost / Math.max(1, best.weight)
  if (cost > FIT_MAX) return null
  const slots: Record<string, string[]> = {}
  for (let filled = best.filled; filled; filled = filled.before) {
    const list = slots[filled.slot] ?? []
    slots[filled.slot] = [filled.word, ...list]
  }
  return { cost, weight: best.weight, slots }
}
