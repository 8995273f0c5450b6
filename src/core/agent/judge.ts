/** Compares a conversation with what its scenario wants: entries in, differences out, in words for people. */
import { plainWords } from './plain-words.ts'

/** The fields of a conversation's entries (`src/wire/conversation.ts`) that are judged. */
export interface JudgedEntry {
  at: number
  who: 'caller' | 'agent' | 'tool' | 'system'
  text: string
  /** ms since the epoch */
  startMs: number | null
  endMs: number | null
  interrupted: boolean
  latency: { voiceToVoiceMs: number | null } | null
  /** `word` is the kind of event; a tool has its `name` and `tookMs` */
  data: Record<string, unknown>
}

/** One thing that must happen; those of one kind in this order. */
export type Expectation =
  /** `withinMs`: from the end of the caller's speech, or of what came before, to the first sound; `wordsMax`: so many were heard */
  | { agent: string; withinMs?: number; interrupted?: boolean; wordsMax?: number }
  | { caller: string }
  | { tool: string; arguments?: Record<string, unknown>; withinMs?: number }
  | { note: string; data?: Record<string, unknown> }

export interface Never {
  /** in no sentence of the agent */
  said: string[]
  /** in no turn of the caller, as it was understood */
  heard: string[]
  tools: string[]
  notes: string[]
}

export interface Wanted {
  expect: Expectation[]
  never: Never
  /** why the agent said goodbye; `none`: it did not */
  end: string
}

type Kind = 'agent' | 'caller' | 'tool' | 'note'

/** The differences; empty when the conversation is as wanted. */
export function judge(wanted: Wanted, entries: JudgedEntry[]): string[] {
  const cursor: Record<Kind, number> = { agent: -1, caller: -1, tool: -1, note: -1 }
  const differences: string[] = []
  for (const one of wanted.expect) {
    const kind = kindOf(one)
    const at = entries.findIndex((entry, index) => index > cursor[kind] && isIt(one, entry))
    if (at < 0) {
      differences.push(missing(one))
      continue
    }
    cursor[kind] = at
    differences.push(...wrongWith(one, entries, at))
  }
  return [...differences, ...absent(wanted.never, entries), ...endOf(wanted.end, entries)]
}

function kindOf(wanted: Expectation): Kind {
  if ('agent' in wanted) return 'agent'
  if ('caller' in wanted) return 'caller'
  return 'tool' in wanted ? 'tool' : 'note'
}

function missing(wanted: Expectation): string {
  if ('agent' in wanted) {
    const how = wanted.interrupted === undefined ? '' : wanted.interrupted ? ', interrupted' : ', to its end'
    return `the agent did not say "${wanted.agent}"${how}`
  }
  if ('caller' in wanted) return `the caller was not understood as "${wanted.caller}"`
  if ('tool' in wanted) return `it did not call ${wanted.tool}`
  const data = wanted.data === undefined ? '' : ` with ${JSON.stringify(wanted.data)}`
  return `there was no "${wanted.note}"${data}`
}

function isIt(wanted: Expectation, entry: JudgedEntry): boolean {
  if ('agent' in wanted)
    return (
      entry.who === 'agent' &&
      holds(entry.text, wanted.agent) &&
      (wanted.interrupted ?? entry.interrupted) === entry.interrupted
    )
  if ('caller' in wanted) return entry.who === 'caller' && holds(entry.text, wanted.caller)
  if ('tool' in wanted) return entry.who === 'tool' && entry.data.name === wanted.tool
  return entry.data.word === wanted.note && isWithin(wanted.data ?? {}, entry.data)
}

function wrongWith(wanted: Expectation, entries: JudgedEntry[], at: number): string[] {
  const entry = entries[at] as JudgedEntry
  if ('agent' in wanted) {
    const { withinMs = Number.POSITIVE_INFINITY, wordsMax = Number.POSITIVE_INFINITY } = wanted
    const took = waitedFor(entries, at)
    const count = entry.text.split(/\s+/).length
    return [
      ...(took > withinMs ? [`"${wanted.agent}" came after ${took} ms instead of ${withinMs}`] : []),
      ...(count > wordsMax ? [`"${wanted.agent}": ${count} words were heard, not at most ${wordsMax}`] : []),
    ]
  }
  if (!('tool' in wanted)) return []
  const found = argumentsOf(entry)
  const tookMs = Number(entry.data.tookMs)
  const wantedArguments = wanted.arguments ?? {}
  return [
    ...(isWithin(wantedArguments, found)
      ? []
      : [`${wanted.tool} got ${JSON.stringify(found)} instead of ${JSON.stringify(wantedArguments)}`]),
    ...(tookMs > (wanted.withinMs ?? tookMs)
      ? [`${wanted.tool} took ${tookMs} ms instead of ${String(wanted.withinMs)}`]
      : []),
  ]
}

/** How long the caller waited for the first sound of this reply. The stream has measured it if the caller had spoken. */
function waitedFor(entries: JudgedEntry[], at: number): number {
  const entry = entries[at] as JudgedEntry
  const measured = entry.latency?.voiceToVoiceMs ?? null
  if (measured !== null) return Math.round(measured)
  const before = entries.slice(0, at).findLast(one => one.who !== 'tool')
  return Math.round((entry.startMs ?? entry.at) - (before?.endMs ?? before?.at ?? entry.at))
}

/** The timeline has a tool as `name(arguments) → result`. Both may contain the separator, so each place is tried. */
function argumentsOf(entry: JudgedEntry): Record<string, unknown> {
  const text = entry.text.slice(String(entry.data.name).length + 1)
  for (let end = text.indexOf(') → '); end >= 0; end = text.indexOf(') → ', end + 1)) {
    try {
      return JSON.parse(text.slice(0, end)) as Record<string, unknown>
    } catch {
      // This separator was part of the arguments.
    }
  }
  return {}
}

/** Does `found` have every field of `wanted` with the same value? Texts are compared without case. */
function isWithin(wanted: Record<string, unknown>, found: Record<string, unknown>): boolean {
  const plain = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : JSON.stringify(value))
  return Object.entries(wanted).every(([name, value]) => plain(value) === plain(found[name]))
}

function absent(never: Never, entries: JudgedEntry[]): string[] {
  const of = (who: JudgedEntry['who']) => entries.filter(entry => entry.who === who)
  const told = (what: string, list: JudgedEntry[], unwanted: string[]) =>
    unwanted.flatMap(words => (list.some(entry => holds(entry.text, words)) ? [`${what} "${words}"`] : []))
  return [
    ...told('the agent said', of('agent'), never.said),
    ...told('the caller was understood as', of('caller'), never.heard),
    ...never.tools.flatMap(name => (of('tool').some(one => one.data.name === name) ? [`it called ${name}`] : [])),
    ...never.notes.flatMap(word => (entries.some(one => one.data.word === word) ? [`there was "${word}"`] : [])),
  ]
}

function endOf(end: string, entries: JudgedEntry[]): string[] {
  const reason = entries.find(entry => entry.data.word === 'closing')?.data.reason ?? 'none'
  return reason === end ? [] : [`it ended by ${String(reason)}, not ${end}`]
}

/** Does the text contain these words in this order, without regard to case and punctuation? */
function holds(text: string, part: string): boolean {
  return ` ${plainWords(text)} `.includes(` ${plainWords(part)} `)
}
