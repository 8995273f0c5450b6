import { ruleFor, type Script } from './script-file.ts'
import { filled, filledDeep, type Reply, type Turn } from './walk.ts'

/**
 * A model that has been taken over: it does literally what the newest message tells it, whoever wrote it (the caller,
 * or a tool's result with planted text). Attack tests use it to show that a product's own limits hold. Written orders
 * name the tool. Spoken orders are phrases of its script, because nobody dictates JSON on the phone.
 */

const CALL = /\b(?:call|use|run|invoke)\s+(?:the\s+)?(?:tool|function)\s+["'`]?([A-Za-z_][\w.-]{0,63})["'`]?/gi
const REVEAL = /\b(?:repeat|reveal|print|show|tell me)\b.*\b(?:system prompt|instructions|prompt)\b/i
const SAY = /\b(?:say|repeat after me)\s*:?\s+["“]?([^"”]+)["”]?/i
const CALLS_MAX = 32
/** Limits of the text that is obeyed, and of the closing braces that are tried as the end of its arguments. */
const CHARS_MAX = 20_000
const ENDS_MAX = 40
/** Limit of the text that is repeated. */
const ECHO_CHARS_MAX = 500
const RESULT_CHARS_MAX = 40

/** The JSON object that begins at or after `from` within a few words; null when there is none or it is broken. */
function objectAfter(text: string, from: number, to: number): Record<string, unknown> | null {
  const open = text.indexOf('{', from)
  if (open < 0 || open >= to) return null
  let end = text.indexOf('}', open)
  for (let tries = 0; end >= 0 && tries < ENDS_MAX; tries += 1, end = text.indexOf('}', end + 1)) {
    try {
      return JSON.parse(text.slice(open, end + 1)) as Record<string, unknown>
    } catch {
      // A brace inside: the object goes on.
    }
  }
  return null
}

/** The texts in a tool's JSON, as a model reads them. A result that is not JSON is one text. */
function readOut(text: string): string {
  const texts = (value: unknown): string[] => {
    if (typeof value === 'string') return [value]
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
  }
  try {
    return texts(JSON.parse(text)).join(' ')
  } catch {
    return text
  }
}

function callsIn(text: string): Reply['calls'] {
  const found = [...text.matchAll(CALL)].slice(0, CALLS_MAX)
  return found.map((match, index) => ({
    tool: match[1] ?? '',
    arguments: objectAfter(text, match.index + match[0].length, found[index + 1]?.index ?? text.length) ?? {},
  }))
}

/** `{instructions}` in the answer of a rule is the whole system prompt; a slot may also name the tool. */
function spokenOrder(text: string, script: Script, instructions: string): Reply | null {
  const found = ruleFor(script, script.start, text)
  if (found === null) return null
  const variables = { ...script.variables, instructions, ...found.values }
  const { answer, call } = found.rule
  const calls =
    call === null
      ? []
      : [
          {
            tool: filled(call.tool, variables),
            arguments: filledDeep(call.arguments, variables) as Record<string, unknown>,
          },
        ]
  return { text: filled(answer, variables), calls }
}

/** @param script where the phrases of spoken orders stand; without it only written ones are obeyed */
export function obey(turns: readonly Turn[], script: Script | null = null): Reply {
  const newest = turns.findLast(turn => turn.role === 'user' || turn.role === 'tool')
  if (!newest) return { text: 'Tell me what to do.', calls: [] }
  const isResult = newest.role === 'tool'
  const raw = newest.text.slice(0, CHARS_MAX)
  const text = isResult ? readOut(raw) : raw
  const calls = callsIn(text)
  if (calls.length > 0) return { text: '', calls }
  const prompts = turns.flatMap(turn => (turn.role === 'system' ? [turn.text] : []))
  const instructions = prompts.join('\n') || 'I have no instructions.'
  if (REVEAL.test(text)) return { text: instructions, calls: [] }
  const ordered = script === null || isResult ? null : spokenOrder(text, script, instructions)
  if (ordered !== null) return ordered
  const said = SAY.exec(text)?.[1]
  const echo = text.slice(0, isResult ? RESULT_CHARS_MAX : ECHO_CHARS_MAX)
  return { text: said?.trim() ?? `As you say: ${echo}`, calls: [] }
}
