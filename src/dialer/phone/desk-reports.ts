/** Reports the phone's state to the desk, and reports it again if the desk's view differs. */
import type { PhoneDesk, PhoneFault, Quality, QualityLevel } from './port.ts'

/** A short loss of signalling does not affect the sound of a call, so it is reported only after this time. */
const LOST_AFTER_MS = 3000
/** The shortest time between two reports of `phone.registered` while the desk and the phone disagree. */
const RETELL_MS = 2000
/** Mute is reported again after this many readings (one a second) that differ from the desk. */
const RETELL_TICKS = 3

export class DeskReports {
  readonly #desk: PhoneDesk
  #lostTimer: ReturnType<typeof setTimeout> | null = null
  #toldAtMs = 0
  #muteDiffersTicks = 0
  #refusalTold = false
  #sound: { callId: string; level: QualityLevel } | null = null

  constructor(desk: PhoneDesk) {
    this.#desk = desk
  }

  registered(): Promise<unknown> {
    this.cancelLost()
    this.#refusalTold = false
    this.#toldAtMs = Date.now()
    return this.#desk.send({ type: 'phone.registered', tabId: this.#desk.tabId })
  }

  /** The desk shows no phone although ours is registered, because the desk was restarted or a report was lost. */
  deskForgot(): void {
    if (Date.now() - this.#toldAtMs > RETELL_MS) void this.registered()
  }

  /** Told once until the phone is registered again, however often it is tried. */
  refused(fault: PhoneFault): void {
    if (this.#refusalTold) return
    this.#refusalTold = true
    void this.#desk.send({ type: 'phone.refused', tabId: this.#desk.tabId, reason: fault })
  }

  /** Each change of the sound of a conversation stands with its call. `callId` null: nobody is on the line. */
  quality(callId: string | null, { level, cause }: Quality): void {
    if (callId === null || !this.#desk.linkOpen()) return
    const told = this.#sound?.callId === callId ? this.#sound.level : 'good'
    if (told === level) return
    this.#sound = { callId, level }
    void this.#desk.send({ type: 'quality.reported', callId, level, cause })
  }

  lostSoon(fault: PhoneFault): void {
    this.#lostTimer ??= setTimeout(() => {
      this.#lostTimer = null
      void this.#desk.send({ type: 'phone.lost', tabId: this.#desk.tabId, reason: fault })
    }, LOST_AFTER_MS)
  }

  cancelLost(): void {
    if (this.#lostTimer !== null) clearTimeout(this.#lostTimer)
    this.#lostTimer = null
  }

  /** Called once a second, because a mute that was pressed while the link was down did not reach the desk. */
  mute(muted: boolean, onDesk: boolean | undefined): void {
    const differs = onDesk !== undefined && onDesk !== muted
    this.#muteDiffersTicks = differs ? this.#muteDiffersTicks + 1 : 0
    if (this.#muteDiffersTicks < RETELL_TICKS || !this.#desk.linkOpen()) return
    this.#muteDiffersTicks = 0
    void this.#desk.send({ type: 'mute.changed', muted })
  }
}
