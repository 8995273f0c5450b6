import type { Reply, Turn } from './walk.ts'

/**
 * A model that has been talked over: it does literally what the newest message tells it, whoever wrote it (the caller, or a
 * tool's result with something planted in it). The attack suite shows with it that the product's own limits hold.
 */

const CALL = /\b(?:call|use|run|invoke)\s+(?:the\s+)?(?:tool|function)\s+["'`]?([A-Za-z_][\w.-]{0,63})["'`]?/gi
const REVEAL = /\b(?:repeat|reveal|print|show|tell me)\b.*\b(?:system prompt|instructions|prompt)\b/i
const SAY = /\b(?:say|repeat after me)\s*:?\s+["“]?([^"”]+)["”]?/i
const CALLS_MAX = 32
/** So much of a message is obeyed, and so many closing braces are tried as the end of its arguments. */
const CHARS_MAX = 20_000
const ENDS_MAX = 40

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

export function obey(turns: readonly Turn[]): Reply {
  const newest = turns.findLast(turn => turn.role === 'user' || turn.role === 'tool')
  const last = { text: newest?.text.slice(0, CHARS_MAX) ?? '' }
  if (!newest) return { text: 'Tell me what to do.', calls: [] }
  const found = [...last.text.matchAll(CALL)].slice(0, CALLS_MAX)
  if (found.length > 0) {
    const calls = found.map((match, index) => ({
      tool: match[1] ?? '',
      arguments:
        objectAfter(last.text, match.index + match[0].length, found[index + 1]?.index ?? last.text.length) ?? {},
    }))
    return { text: '', calls }
  }
  if (REVEAL.test(last.text)) {
    const prompts = turns.filter(turn => turn.role === 'system').map(turn => turn.text)
    return { text: prompts.join('\n') || 'I have no instructions.', calls: [] }
  }
  const said = SAY.exec(last.text)?.[1]
  return { text: said?.trim() ?? `As you say: ${last.text.slice(0, 500)}`, calls: [] }
}
