/**
 * A call that tries one of our own AI agents. The call takes the same path as every call (the carrier, media stream, tools), so it
 * sounds as it does to callers.
 */
import { Observed } from '../desk/observed.ts'
import { SideCall } from './side-call.ts'

export interface AiCallSnapshot {
  phase: 'idle' | 'starting' | 'on' | 'over'
  agentId: string | null
  /** our own id of the call; null: it is not known yet */
  callId: string | null
  muted: boolean
  /** time of the answer (page clock); null: not answered yet */
  sinceMs: number | null
  /** the reason why the call failed or ended; null: there is none to show */
  trouble: string | null
}

const IDLE: AiCallSnapshot = {
  phase: 'idle',
  agentId: null,
  callId: null,
  muted: false,
  sinceMs: null,
  trouble: null,
}

export class AiCall extends Observed<AiCallSnapshot> {
  readonly #reserve: (agentId: string) => Promise<string>
  readonly #call = new SideCall('trunklineAiAudio', 'The AI did not answer.', {
    on: () => this.set({ phase: 'on', sinceMs: Date.now() }),
    over: trouble => this.#over(trouble),
  })

  constructor(reserve: (agentId: string) => Promise<string>) {
    super(IDLE)
    this.#reserve = reserve
  }

  /** Starts a call; it must follow a click. Does nothing during a call. */
  async start(agentId: string): Promise<void> {
    if (this.get().phase === 'starting' || this.get().phase === 'on') return
    this.set({ ...IDLE, phase: 'starting', agentId })
    await this.#call.start(async () => {
      // The server names the call before it is placed, so that the conversation can be followed from the first ring.
      const callId = await this.#reserve(agentId)
      if (this.get().phase === 'starting' && this.get().agentId === agentId) this.set({ callId })
      return { kind: 'ai', agentId, callId }
    })
  }

  hangUp(): void {
    this.#over(null)
  }

  setMuted(muted: boolean): void {
    this.#call.mute(muted)
    this.set({ muted })
  }

  sendDigits(digits: string): boolean {
    return this.get().phase === 'on' && this.#call.sendDigits(digits)
  }

  /** Ends the call at sign-out. */
  stop(): void {
    this.#call.letGo()
    this.set(IDLE)
  }

  #over(trouble: string | null): void {
    this.#call.letGo()
    this.set({ phase: this.get().phase === 'idle' ? 'idle' : 'over', muted: false, trouble })
  }
}
