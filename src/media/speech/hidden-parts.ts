/**
 * Takes out of a model's text, while it streams in, what is not meant for the caller: thoughts, tool calls that were written as
 * text, and control tokens. The result does not depend on how the text is cut into pieces on its way here.
 */

export interface HiddenParts {
  /** Adds a piece of the text. Returns what the caller may hear of it, and of pieces that had to wait for it. */
  push(piece: string): string
  /** The text is over. A hidden part without an end stays hidden. */
  flush(): string
}

/** The names that models and their servers give to parts between `<name>` and `</name>`. */
const NAMES = [
  'analysis',
  'function',
  'function_call',
  'function_calls',
  'inner_monologue',
  'invoke',
  'reasoning',
  'reflection',
  'scratchpad',
  'think',
  'thinking',
  'thought',
  'thoughts',
  'tool',
  'tool_call',
  'tool_calls',
  'tool_code',
  'tool_response',
  'tool_result',
  'tool_use',
]
/** A longer tag is text: a sign for "less than". */
const TAG_CHARS_MAX = 200

/** Attributes may follow the name: `<function=book>`, `<invoke name="book">`. */
const TAG = new RegExp(`^<(/?)(${NAMES.join('|')})(?:[\\s=/][^<>]{0,${TAG_CHARS_MAX}})?>`, 'i')
/** `<|im_end|>` */
const TOKEN = /^<\|[^<>|]{0,40}\|>/
const TAG_BEGUN = new RegExp(`^</?(?:${NAMES.join('|')})[\\s=/][^<>]*$`, 'i')
const TOKEN_BEGUN = /^<\|[^<>|]{0,40}\|?$/

export function createHiddenParts(): HiddenParts {
  let text = ''
  /** the part that we are in, and how many of its name are open */
  let inside: { name: string; depth: number } | null = null

  /** Takes the tag at the start of the text; false: it is none. */
  const takeTag = (): boolean => {
    const token = TOKEN.exec(text)
    const tag = TAG.exec(text)
    const taken = token ?? tag
    if (taken === null) return false
    text = text.slice(taken[0].length)
    if (tag === null || taken === token) return true
    const [, close, name = ''] = tag
    inside = entered(inside, name.toLowerCase(), close === '/')
    return true
  }
  const read = (): string => {
    let heard = ''
    while (text !== '') {
      const at = text.indexOf('<')
      const before = at < 0 ? text : text.slice(0, at)
      if (inside === null) heard += before
      text = text.slice(before.length)
      if (text === '' || takeTag()) continue
      if (mayBecomeTag(text)) break
      if (inside === null) heard += '<'
      text = text.slice(1)
    }
    return heard
  }
  return {
    push(piece) {
      text += piece
      return read()
    },
    flush() {
      // "a < b" is text; half a tag is none.
      const rest = inside === null && text === '<' ? text : ''
      text = ''
      inside = null
      return rest
    },
  }
}

type Inside = { name: string; depth: number } | null

function entered(inside: Inside, name: string, close: boolean): Inside {
  if (inside === null) return close ? null : { name, depth: 1 }
  if (inside.name !== name) return inside
  const depth = inside.depth + (close ? -1 : 1)
  return depth === 0 ? null : { name, depth }
}

function mayBecomeTag(text: string): boolean {
  const word = /^<\/?([a-z_]*)$/i.exec(text)?.[1]?.toLowerCase()
  if (word !== undefined) return NAMES.some(name => name.startsWith(word))
  return (text.length <= TAG_CHARS_MAX && TAG_BEGUN.test(text)) || TOKEN_BEGUN.test(text)
}
