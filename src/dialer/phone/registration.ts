/**
 * Registers a device and keeps it registered. `register()` may never settle (voice-sdk 2.18.5, measured with a bad token and
 * without a network), and one outage raises a dozen error events, so this has its own timeout, state and retries.
 */
import { sdkFault } from './faults.ts'
import type { PhoneFault } from './port.ts'
import { fetchVoiceToken, TokenRefused } from './token.ts'
import type { Device } from './twilio-device.ts'

const REGISTER_TIMEOUT_MS = 5000
const RETRY_MS = 3000
const TOKEN_RETRY_MS = 10_000

export interface RegistrationParts {
  onRegistered(): void
  /** the device is not registered; the next try is at `retryAtMs` */
  onOffline(fault: PhoneFault, retryAtMs: number): void
  /** the first token was refused, so this device will never be registered */
  onRefused(fault: PhoneFault): void
  /** a later token was refused; calls go on, and it is asked for again */
  onTokenRefused(): void
  onToken(expiresAtMs: number): void
  notify(tone: 'info' | 'problem', text: string): void
}

export class Registration {
  readonly #device: Device
  readonly #parts: RegistrationParts
  #timer: ReturnType<typeof setTimeout> | null = null
  #tokenTimer: ReturnType<typeof setTimeout> | null = null
  #fault: PhoneFault = 'offline'
  #stopped = false
  #everRegistered = false

  constructor(device: Device, parts: RegistrationParts) {
    this.#device = device
    this.#parts = parts
    device.on('registered', () => {
      this.#clear()
      this.#fault = 'offline'
      this.#everRegistered = true
      if (!this.#stopped) parts.onRegistered()
    })
    device.on('unregistered', () => this.#offline())
    device.on('error', error => this.#failed(error))
    device.on('tokenWillExpire', () => void this.refreshToken())
  }

  start(): void {
    this.#try()
  }

  stop(): void {
    this.#stopped = true
    this.#clear()
    if (this.#tokenTimer !== null) clearTimeout(this.#tokenTimer)
  }

  /** Tries at once, because the network is back or the person asks for it. */
  retryNow(): void {
    if (!this.#stopped && this.#device.state !== 'registered') this.#try()
  }

  /** Gives the device a new token. Calls go on, also if this fails. */
  async refreshToken(): Promise<void> {
    try {
      const token = await fetchVoiceToken()
      if (this.#stopped) return
      this.#device.updateToken(token.token)
      this.#parts.onToken(Date.now() + token.expiresIn * 1000)
    } catch (error) {
      if (this.#stopped) return
      if (error instanceof TokenRefused) this.#parts.onTokenRefused()
      const words =
        error instanceof TokenRefused ? 'The phone pass was refused.' : 'The phone pass could not be renewed.'
      this.#parts.notify('problem', `${words} Calls in progress go on; trying again.`)
      this.#tokenTimer = setTimeout(() => void this.refreshToken(), TOKEN_RETRY_MS)
    }
  }

  #try(): void {
    this.#clear()
    this.#timer = setTimeout(() => this.#offline(), REGISTER_TIMEOUT_MS)
    if (!this.#mayRegister()) return
    // The promise may never settle, so the events and the timer above decide.
    this.#device.register().catch(error => this.#failed(error))
  }

  /**
   * `register()` on a stream that the server has not accepted leaves the device "registering" until its 30 s timer; later the SDK
   * registers again by itself as soon as the stream is connected, which `edge` shows (2.18.5: null while it is not).
   */
  #mayRegister(): boolean {
    const first = !this.#everRegistered
    return this.#device.state === 'unregistered' && (first || this.#device.edge !== null)
  }

  #failed(error: unknown): void {
    if (this.#stopped) return
    this.#fault = sdkFault(error)
    if (this.#fault === 'token-expired' || this.#fault === 'token-refused') {
      if (!this.#everRegistered) return this.#parts.onRefused(this.#fault)
      this.#scheduleToken()
    }
    if (this.#device.state !== 'registered') this.#offline()
  }

  #scheduleToken(): void {
    if (this.#tokenTimer !== null) clearTimeout(this.#tokenTimer)
    this.#tokenTimer = setTimeout(() => void this.refreshToken(), this.#fault === 'token-expired' ? 0 : RETRY_MS)
  }

  #offline(): void {
    if (this.#stopped) return
    this.#clear()
    this.#parts.onOffline(this.#fault, Date.now() + RETRY_MS)
    this.#timer = setTimeout(() => this.#try(), RETRY_MS)
  }

  #clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
