/**
 * A call on a second device beside the agent's phone, so that the open line is not touched: one that tries an AI agent, one that
 * listens to a conversation, or one to a colleague. Its parameters tell the server what it is for.
 */
import { restoreDevices } from './devices.ts'
import { faultWords, microphoneFault, sdkFault } from './faults.ts'
import { CallMeter } from './meter.ts'
import { fetchVoiceToken, TokenRefused } from './token.ts'
import { type Call, type Device, makeDevice } from './twilio-device.ts'

/** If the call is not answered within this time, the person is told that something is wrong. */
const ANSWER_WITHIN_MS = 15_000

type SideMeter = 'trunklineAiAudio' | 'trunklineSupervisionAudio' | 'trunklineColleagueAudio'

export interface SideEvents {
  /** it was answered */
  on(): void
  /** `trouble`: the reason why it failed; null: it has ended as calls do */
  over(trouble: string | null): void
}

export class SideCall {
  readonly #events: SideEvents
  readonly #unanswered: string
  #device: Device | null = null
  #call: Call | null = null
  readonly #meter: CallMeter
  #timer: ReturnType<typeof setTimeout> | null = null
  /** counts starts and hang-ups, so that a result of an earlier start can be ignored */
  #run = 0

  constructor(meterName: SideMeter, unanswered: string, events: SideEvents) {
    this.#events = events
    this.#unanswered = unanswered
    this.#meter = new CallMeter(() => this.#call, meterName)
  }

  /** It must follow a click. `paramsOf` asks the server what the call is called; null: it was refused, and nothing is dialled. */
  async start(paramsOf: () => Promise<Record<string, string>>): Promise<void> {
    this.letGo()
    const run = this.#run
    const gone = () => run !== this.#run
    this.#timer = setTimeout(() => this.#events.over(this.#unanswered), ANSWER_WITHIN_MS)
    try {
      const token = await fetchVoiceToken()
      const device = gone() ? null : await makeDevice(token)
      if (device === null) return
      if (gone()) return device.destroy()
      this.#device = device
      device.on('error', error => this.#failed(error))
      await restoreDevices(device).catch(() => undefined)
      const params = gone() ? null : await paramsOf()
      const call = params === null || gone() ? null : await device.connect({ params })
      if (call === null) return
      if (gone()) return call.disconnect()
      this.#watch(call)
    } catch (error) {
      if (!gone()) this.#failed(error)
    }
  }

  mute(muted: boolean): void {
    this.#call?.mute(muted)
  }

  sendDigits(digits: string): boolean {
    if (this.#call === null) return false
    this.#call.sendDigits(digits)
    return true
  }

  letGo(): void {
    this.#run += 1
    this.#stopTimer()
    const call = this.#call
    this.#call = null
    call?.disconnect()
    this.#meter.close()
    this.#device?.destroy()
    this.#device = null
  }

  #watch(call: Call): void {
    this.#call = call
    call.on('accept', () => {
      this.#stopTimer()
      this.#events.on()
      // The first reading makes the analysers, so that later readings have sound to measure.
      this.#meter.warmUp()
    })
    call.on('error', error => this.#failed(error))
    for (const event of ['disconnect', 'cancel', 'reject'] as const)
      call.on(event, () => {
        if (this.#call === call) this.#events.over(null)
      })
  }

  /** Once the call is on, its own end says what there is to say. */
  #failed(error: unknown): void {
    if (this.#timer === null) return
    const fault =
      error instanceof TokenRefused
        ? 'token-refused'
        : error instanceof DOMException
          ? microphoneFault(error)
          : sdkFault(error)
    const { title, fix } = faultWords(fault)
    this.#events.over(error instanceof RefusedByServer ? error.message : `${title}. ${fix}`)
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}

/** The server said no before anything was dialled; the message is its own. */
export class RefusedByServer extends Error {}
