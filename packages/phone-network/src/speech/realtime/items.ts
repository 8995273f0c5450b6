import { namesOf } from './answer.ts'
import { heardWords, ITEMS_MAX, type Item, itemView, readItem } from './conversation.ts'
import { type Fields, numberOf, RealtimeError, textOf } from './realtime-error.ts'
import type { Shape } from './session.ts'

/** The conversation of a session: its items, and what a client does with them. */
export class Items {
  readonly #items: Item[] = []
  readonly #shape: Shape
  readonly #send: (type: string, fields: Fields) => void
  readonly #newId: (prefix: string) => string

  constructor(shape: Shape, send: (type: string, fields: Fields) => void, newId: (prefix: string) => string) {
    this.#shape = shape
    this.#send = send
    this.#newId = newId
  }

  get all(): readonly Item[] {
    return this.#items
  }

  get(id: string): Item | undefined {
    return this.#items.find(each => each.id === id)
  }

  /** Returns the id of the item before. The oldest leave when there are too many. */
  add(item: Item): string | null {
    const before = this.#items.at(-1)?.id ?? null
    this.#items.push(item)
    if (this.#items.length > ITEMS_MAX) this.#items.shift()
    return before
  }

  #view(item: Item): Fields {
    return itemView(item, namesOf(this.#shape).content)
  }

  tellCreated(item: Item, previous_item_id: string | null): void {
    const { created, done } = namesOf(this.#shape)
    for (const type of [...created, ...done]) this.#send(type, { previous_item_id, item: this.#view(item) })
  }

  create(value: unknown): void {
    const item = readItem(value, () => this.#newId('item'))
    if (this.get(item.id)) {
      throw new RealtimeError(
        `Error adding item: an item with ID '${item.id}' already exists.`,
        'invalid_value',
        'item.id',
      )
    }
    const calls = this.#items.flatMap(each => (each.type === 'function_call' && each.call ? [each.call.id] : []))
    if (item.type === 'function_call_output' && !calls.includes(item.call?.id ?? '')) {
      throw new RealtimeError(
        `Tool call ID '${item.call?.id}' not found in conversation.`,
        'invalid_tool_call_id',
        'item.call_id',
      )
    }
    this.tellCreated(item, this.add(item))
  }

  #named(event: Fields): Item {
    const id = textOf(event.item_id, 'item_id')
    const item = this.get(id)
    if (item) return item
    throw new RealtimeError(`Error: the item with id '${id}' does not exist.`, 'invalid_value', 'item_id')
  }

  retrieve(event: Fields): void {
    this.#send('conversation.item.retrieved', { item: this.#view(this.#named(event)) })
  }

  remove(event: Fields): void {
    const item = this.#named(event)
    this.#items.splice(this.#items.indexOf(item), 1)
    this.#send('conversation.item.deleted', { item_id: item.id })
  }

  /** The client has played so much of an answer: the rest was not heard. */
  truncate(event: Fields): void {
    const item = this.#named(event)
    if (item.role !== 'assistant' || !item.spoken) {
      throw new RealtimeError('Only model output audio messages can be truncated', 'invalid_value', 'item_id')
    }
    numberOf(event.content_index, 0, 0, 'content_index')
    const endMs = numberOf(event.audio_end_ms, 0, Number.MAX_SAFE_INTEGER, 'audio_end_ms')
    if (endMs > Math.ceil(item.ms)) {
      throw new RealtimeError(
        `Audio content of ${Math.round(item.ms)}ms is already shorter than ${endMs}ms`,
        'invalid_value',
        'audio_end_ms',
      )
    }
    item.text = heardWords(item, endMs)
    item.ms = endMs
    this.#send('conversation.item.truncated', { item_id: item.id, content_index: 0, audio_end_ms: endMs })
  }
}
