/** Connects a realtime model while the phone still rings, so that the opening does not wait for it. */
import type { Realtime, RealtimeEvent, RealtimeOptions, RealtimeSession } from '../../../providers/realtime/port.ts'

/**
 * Connects at once with the options known so far. The first `open` gets that connection, reconfigured if its options differ;
 * every later `open` gets a new one. If nobody has taken the first one when `signal` aborts, it is closed.
 */
export class WarmRealtime implements Realtime {
  readonly provider: string
  readonly model: string
  readonly #cold: Realtime
  readonly #early: string
  #tell: (event: RealtimeEvent) => void
  #broken = false
  #warm: Promise<RealtimeSession> | null

  constructor(cold: Realtime, options: RealtimeOptions, signal: AbortSignal) {
    this.provider = cold.provider
    this.model = cold.model
    this.#cold = cold
    this.#early = JSON.stringify(options)
    // Until somebody takes the connection, it only matters whether it broke.
    this.#tell = event => {
      this.#broken ||= event.type === 'failed'
    }
    this.#warm = cold.open(options, event => this.#tell(event), signal)
    // Nobody waits for this connection yet, so its failure is not reported: `open` makes a new one.
    this.#warm.catch(() => {
      this.#broken = true
    })
    signal.addEventListener('abort', () => this.#close())
  }

  async open(
    options: RealtimeOptions,
    tell: (event: RealtimeEvent) => void,
    signal: AbortSignal,
  ): Promise<RealtimeSession> {
    const warm = this.#broken ? null : this.#warm
    this.#warm = null
    if (warm === null) return this.#cold.open(options, tell, signal)
    const session = await warm
    if (this.#broken) return this.#cold.open(options, tell, signal)
    this.#tell = tell
    if (JSON.stringify(options) !== this.#early) session.configure(options)
    return session
  }

  #close(): void {
    this.#warm?.then(
      session => session.close(),
      () => {},
    )
    this.#warm = null
  }
}
