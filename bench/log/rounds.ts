/**
 * Pages of facts for the log, as a team of agents makes them. `round.json` is what one round of the demo wrote (four people, two answers,
 * one conversation with an outcome; the page, the phone network and every actor as shipped), with its ids, people and times as names
 * in braces. Here they are drawn anew for each round.
 */
import roundOfDemo from './round.json' with { type: 'json' }

export const CALLS_PER_ROUND = 4
const AGENTS = 20
const FIRST = [
  'Ann',
  'Bo',
  'Chidi',
  'Dolores',
  'Emre',
  'Fatima',
  'Gus',
  'Hana',
  'Ivo',
  'Jun',
  'Kofi',
  'Lena',
  'Mónica',
  'Noor',
  'Ola',
  'Pia',
]
const LAST = [
  'Abara',
  'Berg',
  'Castillo',
  'Dahl',
  'Eze',
  'Fischer',
  'Gupta',
  'Hoang',
  'Ibarra',
  'Jansen',
  'Kowalski',
  'Lindqvist',
  'Müller',
]
/** A third of the conversations have a note. */
const NOTES = ['', '', 'Call again on Friday after four, asks for the price of the large plan.']

export interface Page {
  source: string
  facts: string
}

/** xorshift32: the same seed, the same rounds. */
function randomOf(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

/** Text with gaps: what stands before each gap, the name of the gap, and at last the rest. */
interface Template {
  source: string
  texts: string[]
  gaps: string[]
}

/** Facts of one source that come one after the other travel in one page. */
const TEMPLATES: Template[] = templates()

function templates(): Template[] {
  const pages: { source: string; facts: unknown[] }[] = []
  for (const { source, ...fact } of roundOfDemo as { source: string }[]) {
    const last = pages.at(-1)
    if (last?.source === source) last.facts.push(fact)
    else pages.push({ source, facts: [fact] })
  }
  return pages.map(({ source, facts }) => {
    // Numbers stand in quotes in the file, because a name in braces is no JSON.
    const text = JSON.stringify(facts).replaceAll(/"(\{(?:t:\d+|seq)\})"/g, '$1')
    const pieces = text.split(/\{((?:t:\d+)|(?:[A-Za-z]+\d*))\}/)
    return { source, texts: pieces.filter((_, n) => n % 2 === 0), gaps: pieces.filter((_, n) => n % 2 === 1) }
  })
}

export class Rounds {
  readonly #seed: number
  readonly #workspaceId: string
  readonly #startMs: number
  readonly #gapMs: number
  /** the last seq of the desks, the rooms and the campaign, which live on */
  readonly #seqs = new Map<string, number>()

  /** Rounds begin at `startMs` and then every `gapMs`. */
  constructor(seed: number, workspaceId: string, startMs: number, gapMs: number) {
    this.#seed = seed
    this.#workspaceId = workspaceId
    this.#startMs = startMs
    this.#gapMs = gapMs
  }

  legOf(round: number, leg: number): string {
    return `${this.#batchOf(round)}.${leg}`
  }

  startOf(round: number): number {
    return Math.round(this.#startMs + round * this.#gapMs)
  }

  agentOf(round: number): string {
    return `agent${String(round % AGENTS).padStart(2, '0')}${'x'.repeat(25)}`
  }

  /** Rounds must be taken in order, because the desks count their facts. */
  pagesOf(round: number): Page[] {
    const at = this.startOf(round)
    const values = this.#valuesOf(round)
    return TEMPLATES.map(({ source: named, texts, gaps }) => {
      const source = named.replaceAll(/\{([a-z]+)\}/g, (_, name: string) => String(values[name]))
      let facts = texts[0] ?? ''
      for (const [n, gap] of gaps.entries()) {
        facts += gap === 'seq' ? this.#nextSeq(source) : gap.startsWith('t:') ? at + Number(gap.slice(2)) : values[gap]
        facts += texts[n + 1]
      }
      return { source, facts }
    })
  }

  #valuesOf(round: number): Record<string, string> {
    const random = randomOf(Math.imul(this.#seed + 1, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b))
    for (let n = 0; n < 8; n += 1) random()
    const hex = (length: number) => {
      let text = ''
      while (text.length < length) text += random().toString(16).padStart(8, '0')
      return text.slice(0, length)
    }
    const agent = this.agentOf(round)
    const values: Record<string, string> = {
      ...{ campaign: `${this.#workspaceId}.c_cc5b3a0acef64ccc986b`, batch: this.#batchOf(round) },
      ...{ desk: `${this.#workspaceId}.d_${agent}`, user: agent, agent: FIRST[round % FIRST.length] ?? '' },
      note: NOTES[round % NOTES.length] ?? '',
    }
    for (let leg = 1; leg <= CALLS_PER_ROUND; leg += 1) {
      const digits = String(2_000_000 + (random() % 8_000_000))
      values[`CA${leg}`] = `CA${hex(32)}`
      values[`contact${leg}`] = `p_${hex(20)}`
      values[`name${leg}`] = `${FIRST[random() % FIRST.length]} ${LAST[random() % LAST.length]}`
      values[`number${leg}`] = `+1415${digits}`
      values[`shown${leg}`] = `+1 415 ${digits.slice(0, 3)} ${digits.slice(3)}`
    }
    for (const id of ['RE1', 'RE2', 'CF1']) values[id] = `${id.slice(0, 2)}${hex(32)}`
    return values
  }

  #batchOf(round: number): string {
    return `${this.#workspaceId}.c_cc5b3a0acef64ccc986b.b${round}`
  }

  #nextSeq(source: string): number {
    const seq = (this.#seqs.get(source) ?? 0) + 1
    this.#seqs.set(source, seq)
    return seq
  }
}
