/** Events as the texts that sockets get. Each is made once for each topic and vocabulary, however many sockets get it. */

import type { Vocabulary } from '../../core/events/names.ts'
import { sealed } from '../../core/events/stream/cursor.ts'
import type { Interest, Topical } from '../../wire/stream-topics.ts'
import type { StreamedEvent } from '../log/contract.ts'

export class EventText implements Topical {
  readonly cursor: string
  readonly names: readonly string[]
  readonly callId: string | null
  readonly legacy: StreamedEvent['legacy']
  readonly #event: StreamedEvent
  /** the cursor as programs get it */
  readonly #shown: string
  readonly #made = new Map<string, string>()

  constructor(workspaceId: string, event: StreamedEvent) {
    this.#event = event
    this.cursor = event.event.cursor
    this.#shown = sealed(workspaceId, this.cursor)
    this.names = [event.event.type, event.voipbin]
    this.callId = event.callId
    this.legacy = event.legacy
  }

  /** The messages that a socket with these topics gets of the event. */
  textsFor(interest: Interest, vocabulary: Vocabulary): string[] {
    const [topic, legacy] = [interest.publicTopic(this), interest.legacyTopic(this)]
    return [
      ...(topic === null ? [] : [this.#text(topic, vocabulary, legacy !== null)]),
      ...(legacy === null ? [] : [this.#text(legacy, 'legacy')]),
    ]
  }

  /** `more`: another message of the same event follows, so its cursor is not reached yet. */
  #text(topic: string, form: Vocabulary | 'legacy', more = false): string {
    return this.#once(`${form} ${topic} ${more}`, () => {
      const { id: eventId } = this.#event.event
      const id = form === 'legacy' ? `${eventId}:legacy` : eventId
      const head = JSON.stringify({ type: 'event', topic, id, cursor: this.#shown, ...(more ? { more } : {}) })
      return `${head.slice(0, -1)},"event":${this.#once(form, () => this.#json(form))}}`
    })
  }

  #json(form: Vocabulary | 'legacy'): string {
    const { event, voipbin, legacy } = this.#event
    if (form === 'legacy') return JSON.stringify(legacy?.payload)
    return JSON.stringify({ ...event, cursor: this.#shown, type: form === 'voipbin' ? voipbin : event.type })
  }

  #once(key: string, make: () => string): string {
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const made = make()
    this.#made.set(key, made)
    return made
  }
}
