/** What the phone tells the desk of itself, and when it says it again because the desk believes otherwise. */
import type { PhoneDesk, PhoneFault } from './port.ts'

/** Signalling that blinks leaves the sound of a call alone: the desk hears of it only when it stays away. */
const LOST_AFTER_MS = 3000
/** Do not repeat `phone.registered` faster than this when the desk and the phone disagree. */
const RETELL_MS = 2000
/** Readings (one a second) that must differ before mute is told again. */
const RETELL_TICKS = 3

export class DeskReports {
  readonly #desk: PhoneDesk
  #lostTimer: ReturnType<typeof setTimeout> | null = null
  #toldAtMs = 0
  #muteDiffersTicks = 0

  constructor(desk: PhoneDesk) {
    this.#desk = desk
  }

  registered(): Promise<unknown> {
    this.cancelLost()
    this.#toldAtMs = Date.now()
    return this.#desk.send({ type: 'phone.registered', tabId: this.#desk.tabId })
  }

  /** The desk shows no phone while ours is registered: a restarted desk, or a report that got lost. */
  deskForgot(): void {
    if (Date.now() - this.#toldAtMs > RETELL_MS) void this.registered()
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

  /** Once a second: a mute pressed while the link was down never reached the desk. */
  mute(muted: boolean, onDesk: boolean | undefined): void {
    const differs = onDesk !== undefined && onDesk !== muted
    this.#muteDiffersTicks = differs ? this.#muteDiffersTicks + 1 : 0
    if (this.#muteDiffersTicks < RETELL_TICKS || !this.#desk.linkOpen()) return
    this.#muteDiffersTicks = 0
    void this.#desk.send({ type: 'mute.changed', muted })
  }
}
