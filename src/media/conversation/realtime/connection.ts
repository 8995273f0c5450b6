/** The connection to a model that hears and speaks: opened with a few tries; the caller's sound waits for it. */
import { ProviderFailure } from '../../../providers/failure.ts'
import type { Said } from '../../../providers/language/port.ts'
import type { Realtime, RealtimeEvent, RealtimeOptions, RealtimeSession } from '../../../providers/realtime/port.ts'
import type { ConversationParts } from '../conversation-parts.ts'

export interface RealtimeParts extends ConversationParts {
  realtime: Realtime
  /** the provider's own name of a voice; empty: its default */
  voice: string
}

/** Over a minute of speech: tokens count its sound as well as its words. */
const TOKENS_MAX = 1_500
/** The caller's sound that waits for the connection: four seconds. */
const WAITING_FRAMES_MAX = 200
/** A caller waits this long for the connection. */
const OPEN_WITHIN_MS = 6_000
const RECAP_MAX = 60
const MANNER =
  'Before you use a tool that takes time, say one short sentence, so that the caller is not left in silence.'

export interface RealtimeConnectionEvents {
  opened(): void
  event(event: RealtimeEvent): void
  /** One try failed; more may follow. */
  failed(error: unknown): void
  givenUp(): void
}

export class RealtimeConnection {
  readonly #parts: RealtimeParts
  readonly #events: RealtimeConnectionEvents
  #session: RealtimeSession | null = null
  #waiting: Uint8Array[] = []
  #listening = false
  #closed = false
  #giveUpAtMs: number | null = null

  constructor(parts: RealtimeParts, events: RealtimeConnectionEvents) {
    this.#parts = parts
    this.#events = events
  }

  get session(): RealtimeSession | null {
    return this.#session
  }

  /** The time at which we give up waiting for the connection; null: we do not wait. */
  nextMs(): number | null {
    return this.#session === null && !this.#closed ? this.#giveUpAtMs : null
  }

  tick(atMs: number): void {
    const due = this.nextMs()
    if (due === null || atMs < due) return
    this.#events.failed(new ProviderFailure(this.#parts.realtime.provider, 'late', 'no connection in time'))
    this.#giveUp()
  }

  #giveUp(): void {
    this.#closed = true
    this.#events.givenUp()
  }

  async open(): Promise<void> {
    const { agent, now } = this.#parts
    this.#giveUpAtMs = now() + OPEN_WITHIN_MS
    for (let failures = 0; !this.#closed; ) {
      try {
        return this.#opened(await this.#try())
      } catch (error) {
        if (this.#closed) return
        failures += 1
        this.#events.failed(error)
        const hopeless = error instanceof ProviderFailure && error.kind === 'refused'
        if (hopeless || failures >= agent.rules.failuresMax) return this.#giveUp()
      }
    }
  }

  #try(): Promise<RealtimeSession> {
    const { realtime, signal } = this.#parts
    const tell = (event: RealtimeEvent) => {
      if (!this.#closed) this.#events.event(event)
    }
    return realtime.open(optionsOf(this.#parts), tell, signal)
  }

  #opened(session: RealtimeSession): void {
    if (this.#closed) return session.close()
    this.#session = session
    const { said } = this.#parts
    if (said.length > 0) session.whisper(recapOf(said))
    this.#events.opened()
  }

  /** The conversation begins: the model gets what the caller has said meanwhile. */
  listen(): void {
    this.#listening = true
    for (const piece of this.#waiting.splice(0)) this.#session?.send(piece)
  }

  /** The caller's speech. */
  send(mulaw: Uint8Array): void {
    if (this.#listening) return this.#session?.send(mulaw)
    this.#waiting.push(mulaw)
    if (this.#waiting.length > WAITING_FRAMES_MAX) this.#waiting.shift()
  }

  /** The waiting sound is not part of a turn. */
  forget(): void {
    this.#waiting = []
  }

  close(): void {
    this.#closed = true
    this.#session?.close()
  }
}

export function optionsOf({ agent, tools, voice }: Pick<RealtimeParts, 'agent' | 'tools' | 'voice'>): RealtimeOptions {
  return {
    system: tools.length > 0 ? `${agent.prompt}\n\n${MANNER}` : agent.prompt,
    tools,
    voice,
    language: agent.language,
    turns: 'ours',
    tokensMax: TOKENS_MAX,
  }
}

/** After a stream was interrupted, the new model knows nothing of what was said before. */
function recapOf(said: Said[]): string {
  const entries = said
    .slice(-RECAP_MAX)
    .map(one =>
      one.role === 'tool' ? `tool ${one.name}: ${JSON.stringify(one.result) ?? ''}` : `${one.role}: ${one.text}`,
    )
  return `The line was interrupted and is back. Go on; do not greet again. So far:\n${entries.join('\n')}`
}
