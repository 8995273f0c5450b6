/** Prepares a conversation's entries for the screen: lines, tools with input and result, happenings, sums. */
import type { ConversationEntry, RunningUsage } from '../../../wire/conversation.ts'

export type StoryLine =
  | { kind: 'said'; entry: ConversationEntry; who: 'caller' | 'agent' }
  | { kind: 'tool'; entry: ConversationEntry; name: string; input: string; result: string; tookMs: number | null }
  | { kind: 'note'; entry: ConversationEntry; tone: 'plain' | 'interruption' | 'problem' }

export interface Story {
  lines: StoryLine[]
  /** millionths of a dollar; null: not known yet */
  costMicros: number | null
  heardMs: number
  spokenCharacters: number
  tokens: number
  interruptions: number
  /** with whom the caller speaks now */
  with: 'nobody' | 'ai' | 'asked' | 'colleague' | 'number'
  /** server time at which the recording begins; null: none, or it cannot be placed */
  recordingStartMs: number | null
  /** null: there is no recording to be heard yet */
  recordingSeconds: number | null
  latencies: Stage[]
}

export interface Stage {
  key: 'transcriptionMs' | 'languageMs' | 'speechMs' | 'voiceToVoiceMs'
  words: string
  /** median of the turns that have this stage */
  p50: number
  max: number
  turns: number
}

const STAGES: [Stage['key'], string][] = [
  ['transcriptionMs', 'Transcription'],
  ['languageMs', 'Model'],
  ['speechMs', 'Speech'],
  ['voiceToVoiceMs', 'Voice to voice'],
]
const TOOL_SIGN = ') → '
/** Events that are not lines: the screen shows them as a sum or as the player, or not at all. */
const UNSHOWN = new Set(['usage', 'recording', 'recording-began', 'paused', 'resumed'])
const PROBLEMS = new Set(['failed', 'stream-refused', 'recording-refused', 'last-words'])

/** `running`: the usage so far of a conversation that goes on. */
export function storyOf(entries: readonly ConversationEntry[], running: RunningUsage | null = null): Story {
  const usage = laterOf(last(entries, 'usage')?.data ?? {}, running)
  const began = entries.find(entry => entry.data.word === 'recording-began')
  const ready = entries.findLast(entry => entry.data.word === 'recording' && entry.data.status === 'completed')
  return {
    lines: entries.flatMap(entry => lineOf(entry) ?? []),
    costMicros: numberOf(usage.costMicros),
    heardMs: numberOf(usage.heardMs) ?? 0,
    spokenCharacters: numberOf(usage.spokenCharacters) ?? 0,
    tokens: (numberOf(usage.tokensIn) ?? 0) + (numberOf(usage.tokensOut) ?? 0),
    interruptions: entries.filter(entry => entry.who === 'agent' && entry.interrupted).length,
    with: whoHas(entries),
    recordingStartMs: began?.at ?? null,
    recordingSeconds: ready === undefined ? null : (numberOf(ready.data.seconds) ?? 0),
    latencies: STAGES.flatMap(([key, words]) => stageOf(entries, key, words) ?? []),
  }
}

function last(entries: readonly ConversationEntry[], word: string): ConversationEntry | undefined {
  return entries.findLast(entry => entry.data.word === word)
}

/** Returns the larger usage, which is the newer one, because usage only grows. */
function laterOf(noted: Record<string, unknown>, running: RunningUsage | null): Record<string, unknown> {
  return running === null || (numberOf(noted.costMicros) ?? 0) > running.costMicros ? noted : { ...running }
}

function lineOf(entry: ConversationEntry): StoryLine | null {
  if (entry.who === 'caller' || entry.who === 'agent') return { kind: 'said', entry, who: entry.who }
  if (entry.who === 'tool') return toolOf(entry)
  const word = String(entry.data.word ?? '')
  if (UNSHOWN.has(word)) return null
  const tone = word === 'interrupted' ? 'interruption' : PROBLEMS.has(word) ? 'problem' : 'plain'
  return { kind: 'note', entry, tone }
}

/** The server writes `name(input) → result`, both as JSON and cut at 4,000 characters. */
export function toolOf(entry: ConversationEntry): StoryLine {
  const name = typeof entry.data.name === 'string' ? entry.data.name : (entry.text.split('(', 1)[0] ?? '')
  const rest = entry.text.startsWith(`${name}(`) ? entry.text.slice(name.length + 1) : entry.text
  const split = endOfInput(rest)
  const [input, result] = split === -1 ? [rest, ''] : [rest.slice(0, split), rest.slice(split + 4)]
  return { kind: 'tool', entry, name, input, result, tookMs: numberOf(entry.data.tookMs) }
}

/** Values may contain the arrow, so the input ends at the first arrow before which it is whole JSON. −1: it was cut off. */
function endOfInput(text: string): number {
  for (let at = text.indexOf(TOOL_SIGN); at !== -1; at = text.indexOf(TOOL_SIGN, at + 1)) {
    try {
      JSON.parse(text.slice(0, at))
      return at
    } catch {
      // This arrow is inside a value.
    }
  }
  return -1
}

/** The last event about the line decides. */
function whoHas(entries: readonly ConversationEntry[]): Story['with'] {
  let has: Story['with'] = 'nobody'
  for (const { data } of entries) {
    if (data.word === 'line-opened') has = 'ai'
    if (data.word === 'line-closed' && (has === 'ai' || has === 'asked')) has = 'nobody'
    if (data.word === 'transfer-asked') has = 'asked'
    if (data.word === 'transfer-answered') has = data.answer === 'accepted' ? 'colleague' : 'ai'
    if (data.word === 'handed-back') has = 'nobody'
    if (data.word === 'dialed-on') has = 'number'
  }
  return has
}

function stageOf(entries: readonly ConversationEntry[], key: Stage['key'], words: string): Stage | null {
  const values = entries.flatMap(entry => entry.latency?.[key] ?? []).sort((a, b) => a - b)
  if (values.length === 0) return null
  const p50 = values[Math.floor((values.length - 1) / 2)] ?? 0
  return { key, words, p50, max: values.at(-1) ?? 0, turns: values.length }
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** `$0.0123`: four digits, because one turn costs a tenth of a cent. */
export function moneyText(micros: number): string {
  return `$${(micros / 1_000_000).toFixed(4)}`
}

export const TOOL_TITLES: Record<string, string> = {
  transfer_call: 'Transfers the call',
  end_call: 'Ends the call',
  send_dtmf: 'Presses keys',
  leave_voicemail: 'Leaves a voicemail',
  opt_out: 'Puts the caller on the do-not-call list',
  book_callback: 'Notes a callback',
  lookup_contact: 'Looks up the caller',
  set_variable: 'Remembers a value',
}
