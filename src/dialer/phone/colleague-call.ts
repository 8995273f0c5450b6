/** A call from this browser to a colleague's, beside the open line. */
import { Observed } from '../desk/observed.ts'
import { SideCall } from './side-call.ts'

export interface ColleagueSnapshot {
  phase: 'idle' | 'calling' | 'on' | 'over'
  /** whom; null: nobody yet */
  name: string | null
  muted: boolean
  /** when the carrier took the call (page clock); null: it has not yet */
  sinceMs: number | null
  /** why it failed; null: there is nothing to say */
  trouble: string | null
}

const IDLE: ColleagueSnapshot = { phase: 'idle', name: null, muted: false, sinceMs: null, trouble: null }

export class ColleagueCall extends Observed<ColleagueSnapshot> {
  readonly #call = new SideCall('trunklineColleagueAudio', 'The call was not taken.', {
    on: () => this.set({ phase: 'on', sinceMs: Date.now() }),
    over: trouble => this.#over(trouble),
  })

  constructor() {
    super(IDLE)
  }

  /** It must follow a click; does nothing during a call. `id`: as calls name people. */
  async start({ id, name }: { id: string; name: string }): Promise<void> {
    if (this.get().phase === 'calling' || this.get().phase === 'on') return
    this.set({ ...IDLE, phase: 'calling', name })
    await this.#call.start(async () => ({ To: `client:agent_${id}` }))
  }

  setMuted(muted: boolean): void {
    this.#call.mute(muted)
    this.set({ muted })
  }

  hangUp(): void {
    this.#over(null)
  }

  /** Ends it, and what there was to say of it; also at sign-out. */
  close(): void {
    this.#call.letGo()
    this.set(IDLE)
  }

  #over(trouble: string | null): void {
    this.#call.letGo()
    if (this.get().phase === 'idle') return
    this.set(trouble === null ? IDLE : { phase: 'over', muted: false, trouble })
  }
}
