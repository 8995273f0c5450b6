/** Is this conversation as the scenario wants it? Pure: entries in, differences out. */
import type { ConversationEntry } from '../../../src/wire/conversation.ts'
import type { Expectation, Scenario } from './scenario.ts'

type Kind = 'agent' | 'caller' | 'tool' | 'note'

/** What differed, in words; empty: all as wanted. */
export function judge(scenario: Scenario, entries: ConversationEntry[]): string[] {
  const cursor: Record<Kind, number> = { agent: -1, caller: -1, tool: -1, note: -1 }
  const differences: string[] = []
  for (const wanted of scenario.expect) {
    const kind = kindOf(wanted)
    const at = entries.findIndex((entry, index) => index > cursor[kind] && isIt(wanted, entry))
    if (at < 0) {
      differences.push(`missing: ${JSON.stringify(wanted)}`)
      continue
    }
    cursor[kind] = at
    differences.push(...wrongWith(wanted, entries, at))
  }
  return [...differences, ...absent(scenario, entries), ...endOf(scenario, entries)]
}

function kindOf(wanted: Expectation): Kind {
  if ('agent' in wanted) return 'agent'
  if ('caller' in wanted) return 'caller'
  return 'tool' in wanted ? 'tool' : 'note'
}

function isIt(wanted: Expectation, entry: ConversationEntry): boolean {
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

function wrongWith(wanted: Expectation, entries: ConversationEntry[], at: number): string[] {
  const entry = entries[at] as ConversationEntry
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
  return [
    ...(isWithin(wanted.arguments ?? {}, found) ? [] : [`${wanted.tool} got ${JSON.stringify(found)}`]),
    ...(tookMs > (wanted.withinMs ?? tookMs) ? [`${wanted.tool} took ${tookMs} ms`] : []),
  ]
}

/** What the caller waited for the first sound of this reply: measured by the line where somebody had spoken. */
function waitedFor(entries: ConversationEntry[], at: number): number {
  const entry = entries[at] as ConversationEntry
  const measured = entry.latency?.voiceToVoiceMs ?? null
  if (measured !== null) return measured
  const before = entries.slice(0, at).findLast(one => one.who !== 'tool')
  return (entry.startMs ?? entry.at) - (before?.endMs ?? before?.at ?? entry.at)
}

/** The timeline has a tool as `name(arguments) → result`; either of them may hold the sign that parts them. */
function argumentsOf(entry: ConversationEntry): Record<string, unknown> {
  const text = entry.text.slice(String(entry.data.name).length + 1)
  for (let end = text.indexOf(') → '); end >= 0; end = text.indexOf(') → ', end + 1)) {
    try {
      return JSON.parse(text.slice(0, end)) as Record<string, unknown>
    } catch {
      // The sign was part of the arguments.
    }
  }
  return {}
}

/** Every field of `wanted` is so in `found`; texts without regard to case. */
function isWithin(wanted: Record<string, unknown>, found: Record<string, unknown>): boolean {
  const plain = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : JSON.stringify(value))
  return Object.entries(wanted).every(([name, value]) => plain(value) === plain(found[name]))
}

function absent({ never }: Scenario, entries: ConversationEntry[]): string[] {
  const of = (who: ConversationEntry['who']) => entries.filter(entry => entry.who === who)
  const told = (what: string, list: ConversationEntry[], unwanted: string[]) =>
    unwanted.flatMap(words => (list.some(entry => holds(entry.text, words)) ? [`${what} "${words}"`] : []))
  return [
    ...told('the agent said', of('agent'), never.said),
    ...told('the caller was understood as', of('caller'), never.heard),
    ...never.tools.flatMap(name => (of('tool').some(one => one.data.name === name) ? [`it called ${name}`] : [])),
    ...never.notes.flatMap(word => (entries.some(one => one.data.word === word) ? [`there was "${word}"`] : [])),
  ]
}

function endOf({ end }: Scenario, entries: ConversationEntry[]): string[] {
  const reason = entries.find(entry => entry.data.word === 'closing')?.data.reason ?? 'none'
  return reason === end ? [] : [`it ended by ${String(reason)}, not ${end}`]
}

/** Words in words, whatever stands between them. */
function holds(text: string, part: string): boolean {
  return ` ${simple(text)} `.includes(` ${simple(part)} `)
}

function simple(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
