/**
 * A call that tries one of our own AI agents. It uses a second device beside the agent's phone, so the open line is not
 * touched. The call takes the same path as every call (TwiML App, media stream, tools), so it sounds as it does to callers.
 */
import { restoreDevices } from './devices.ts'
import { faultWords, microphoneFault, sdkFault } from './faults.ts'
import { CallMeter } from './meter.ts'
import { fetchVoiceToken, TokenRefused } from './token.ts'
import { type Call, type Device, makeDevice } from './twilio-device.ts'

/** If the call is not answered within this time, the person is told that something is wrong. */
const ANSWER_WITHIN_MS = 15_000

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

export class AiCall {
  #snapshot = IDLE
  readonly #listeners = new Set<() => void>()
  readonly #reserve: (agentId: string) => Promise<string>
  #device: Device | null = null
  #call: Call | null = null
  readonly #meter = new CallMeter(() => this.#call, 'trunklineAiAudio')
  #timer: ReturnType<typeof setTimeout> | null = null
  /** counts starts and hang-ups, so that a result of an earlier start can be ignored */
  #run = 0

  constructor(reserve: (agentId: string) => Promise<string>) {
    this.#reserve = reserve
  }

  readonly get = (): AiCallSnapshot => this.#snapshot
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Starts a call; it must follow a click. Does nothing during a call. */
  async start(agentId: string): Promise<void> {
    if (this.#snapshot.phase === 'starting' || this.#snapshot.phase === 'on') return
    this.#letGo()
    const run = this.#run
    const gone = () => run !== this.#run
    this.#set({ ...IDLE, phase: 'starting', agentId })
    this.#timer = setTimeout(() => this.#over('The AI did not answer.'), ANSWER_WITHIN_MS)
    try {
      const token = await fetchVoiceToken()
      const device = gone() ? null : await makeDevice(token)
      if (device === null) return
      if (gone()) return device.destroy()
      this.#device = device
      device.on('error', error => this.#failed(error))
      await restoreDevices(device).catch(() => undefined)
      // The server names the call before it is placed, so that the conversation can be followed from the first ring.
      const callId = gone() ? '' : await this.#reserve(agentId)
      const call = gone() ? null : await device.connect({ params: { kind: 'ai', agentId, callId } })
      if (call === null) return
      if (gone()) return call.disconnect()
      this.#set({ callId })
      this.#watch(call)
    } catch (error) {
      if (!gone()) this.#failed(error)
    }
  }

  hangUp(): void {
    this.#over(null)
  }

  setMuted(muted: boolean): void {
    this.#call?.mute(muted)
    this.#set({ muted })
  }

  sendDigits(digits: string): boolean {
    if (this.#call === null || this.#snapshot.phase !== 'on') return false
    this.#call.sendDigits(digits)
    return true
  }

  /** Ends the call at sign-out. */
  stop(): void {
    this.#letGo()
    this.#set(IDLE)
  }

  #watch(call: Call): void {
    this.#call = call
    call.on('accept', () => {
      this.#stopTimer()
      this.#set({ phase: 'on', sinceMs: Date.now() })
      // The first reading makes the analysers, so that later readings have sound to measure.
      this.#meter.warmUp()
    })
    call.on('error', error => this.#failed(error))
    for (const event of ['disconnect', 'cancel', 'reject'] as const)
      call.on(event, () => {
        if (this.#call === call) this.#over(null)
      })
  }

  #failed(error: unknown): void {
    if (this.#snapshot.phase !== 'starting') return
    const named = error instanceof DOMException
    const fault = error instanceof TokenRefused ? 'token-refused' : named ? microphoneFault(error) : sdkFault(error)
    const { title, fix } = faultWords(fault)
    this.#over(`${title}. ${fix}`)
  }

  #over(trouble: string | null): void {
    this.#letGo()
    this.#set({ phase: this.#snapshot.phase === 'idle' ? 'idle' : 'over', muted: false, trouble })
  }

  #letGo(): void {
    this.#run += 1
    this.#stopTimer()
    const call = this.#call
    this.#call = null
    call?.disconnect()
    this.#meter.close()
    this.#device?.destroy()
    this.#device = null
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #set(change: Partial<AiCallSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of this.#listeners) listener()
  }
}
