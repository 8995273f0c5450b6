import type { Turn } from '../dialogue/walk.ts'
import { type Fields, fieldsOf, oneOf, RealtimeError, textOf } from './realtime-error.ts'

/** The items of a realtime conversation, and the turns that a script makes of them. */

export const ITEMS_MAX = 2_000

export interface Item {
  id: string
  type: 'message' | 'function_call' | 'function_call_output'
  role: Turn['role']
  /** the words: said, heard or written; of a call its result */
  text: string
  /** how the words came: as sound, or written */
  spoken: boolean
  /** of an answer: its sound that was sent */
  ms: number
  /** of a call */
  call: { name: string; id: string; arguments: string } | null
  done: boolean
}

/** An item with what it must say; the rest is what a message of the caller has. */
export function newItem(id: string, more: Partial<Item>): Item {
  return { id, type: 'message', role: 'user', text: '', spoken: false, ms: 0, call: null, done: true, ...more }
}

const ROLES = ['user', 'assistant', 'system'] as const

/** Reads the item of `conversation.item.create`. Throws `RealtimeError`. */
export function readItem(value: unknown, newId: () => string): Item {
  const raw = fieldsOf(value, 'item')
  const type = oneOf(raw.type, ['message', 'function_call', 'function_call_output'], 'item.type')
  const id = raw.id === undefined ? newId() : textOf(raw.id, 'item.id')
  const base = newItem(id, { type })
  if (type === 'function_call_output') {
    const call = { name: '', id: textOf(raw.call_id, 'item.call_id'), arguments: '' }
    return { ...base, role: 'tool', text: textOf(raw.output, 'item.output'), call }
  }
  if (type === 'function_call') {
    const call = {
      name: textOf(raw.name, 'item.name'),
      id: typeof raw.call_id === 'string' ? raw.call_id : newId(),
      arguments: textOf(raw.arguments, 'item.arguments'),
    }
    return { ...base, role: 'assistant', call }
  }
  return { ...base, role: oneOf(raw.role, ROLES, 'item.role'), text: contentOf(raw.content) }
}

function contentOf(content: unknown): string {
  if (!Array.isArray(content)) {
    throw new RealtimeError("Invalid type for 'item.content': expected an array.", 'invalid_type', 'item.content')
  }
  return content
    .map((part, index) => {
      const where = `item.content[${index}]`
      const fields = fieldsOf(part, where)
      const kinds = [
        'input_text',
        'text',
        'output_text',
        'input_audio',
        'audio',
        'output_audio',
        'input_image',
      ] as const
      const type = oneOf(fields.type, kinds, `${where}.type`)
      if (type.endsWith('text')) return textOf(fields.text, `${where}.text`)
      return typeof fields.transcript === 'string' ? fields.transcript : ''
    })
    .join(' ')
    .trim()
}

/** The item as events tell it. `audio` names the kind of a spoken answer's content in this shape. */
export function itemView(item: Item, audio: 'audio' | 'output_audio'): Fields {
  const { id, type, role, text, spoken, call, done } = item
  const base = { id, object: 'realtime.item', type, status: done ? 'completed' : 'in_progress' }
  if (type === 'function_call_output') return { ...base, call_id: call?.id, output: text }
  if (type === 'function_call') return { ...base, name: call?.name, call_id: call?.id, arguments: call?.arguments }
  const written = role === 'assistant' ? (audio === 'audio' ? 'text' : 'output_text') : 'input_text'
  const sound = role === 'assistant' ? audio : 'input_audio'
  const part = spoken ? { type: sound, transcript: text === '' ? null : text } : { type: written, text }
  return { ...base, role, content: role === 'assistant' && !done ? [] : [part] }
}

/** The turns of a conversation, for a script. */
export function turnsOf(instructions: string, items: readonly Item[]): Turn[] {
  const turns = items.filter(item => item.type !== 'function_call').map(({ role, text }) => ({ role, text }))
  return [{ role: 'system', text: instructions }, ...turns]
}

/** The words of which so much of the sound was heard: the rest was never said, as far as the caller knows. */
export function heardWords(item: Item, heardMs: number): string {
  const words = item.text.split(' ')
  return words.slice(0, Math.round((words.length * heardMs) / Math.max(1, item.ms))).join(' ')
}

/**
 * A written order that says word for word what is to be said: `Say "…"`, `Greet the user with "…"`. A language model
 * would obey it, and the samples begin with one.
 */
export function orderedWords(text: string): string | null {
  const found = /\b(?:say|greet|respond|reply|repeat)\b[^"“:]*[:]?\s*["“]([^"”]+)["”]/i.exec(text)
  return found?.[1]?.trim() ?? null
}
