/**
 * The browser phone over the carrier's SDK, with one owner, one device, one open line and one dispatcher. It does not use
 * React; screens read its snapshot. It reports its state to the desk (`phone.registered`, `phone.lost`, `mute.changed`) and
 * follows the desk's view.
 */

import { Observed } from '../desk/observed.ts'
import { DeskReports } from './desk-reports.ts'
import { chooseInput, chooseOutput, readDevices, restoreDevices } from './devices.ts'
import { microphoneFault, sdkFault } from './faults.ts'
import { IncomingCalls } from './incoming.ts'
import { LineKeeper } from './line.ts'
import { CallMeter } from './meter.ts'
import { PhoneLock } from './ownership.ts'
import {
  type LinePhase,
  PHONE_OFF,
  type Phone,
  type PhoneDesk,
  type PhoneFault,
  type PhonePhase,
  type PhoneSnapshot,
} from './port.ts'
import { QualityMeter } from './quality.ts'
import { Registration } from './registration.ts'
import type { SoundBox } from './sounds.ts'
import { fetchVoiceToken, TokenRefused } from './token.ts'
import { type Call, type Device, makeDevice } from './twilio-device.ts'
import { audible, MutedSpeech } from './voice-check.ts'

const READ_QUALITY_MS = 1000
const START_RETRY_MS = 3000

export class TwilioPhone extends Observed<PhoneSnapshot> implements Phone {
  readonly #desk: PhoneDesk
  readonly #sounds: SoundBox
  readonly #lock = new PhoneLock(() => this.#yield('tab'))
  readonly #line: LineKeeper<Call>
  readonly #incoming: IncomingCalls<Call>
  readonly #meter: CallMeter
  readonly #mutedSpeech = new MutedSpeech()
  readonly #reports: DeskReports
  readonly #quality = new QualityMeter()
  #device: Device | null = null
  #registration: Registration | null = null
  #inbound: { callId: string; call: Call } | null = null
  #run = 0
  #ticker: ReturnType<typeof setInterval> | null = null
  #retryTimer: ReturnType<typeof setTimeout> | null = null
  #ownedOnDesk = false
  /** the voice profile lets this phone place calls; without that its line cannot be opened */
  #outgoing = true

  constructor(desk: PhoneDesk, sounds: SoundBox) {
    super(PHONE_OFF)
    this.#desk = desk
    this.#sounds = sounds
    this.#reports = new DeskReports(desk)
    this.#meter = new CallMeter(() => this.#inbound?.call ?? this.#line.call)
    this.#line = new LineKeeper<Call>({
      connect: () => this.#connectLine(),
      audible: () => audible(this.#meter.context()),
      onPhase: line => this.#linePhase(line),
      onCall: call => this.#lineCall(call),
      onError: error => this.#lineError(error),
      setTimer: (run, ms) => window.setTimeout(run, ms),
      clearTimer: timer => window.clearTimeout(timer),
    })
    this.#incoming = new IncomingCalls<Call>({
      view: () => desk.view(),
      onAccepted: (callId, call) => this.#inboundOpened(callId, call),
      log: text => console.info(`phone: ${text}`),
      setTimer: (run, ms) => window.setTimeout(run, ms),
    })
    desk.onChange(() => this.#deskChanged())
    window.addEventListener('online', () => this.#registration?.retryNow())
    document.addEventListener('visibilitychange', () => this.#refreshIfOld())
  }

  start(): void {
    const { name } = this.get().phase
    if (name === 'off' || name === 'blocked') void this.#begin(() => this.#lock.acquire(), false)
  }

  takeOver(): void {
    void this.#begin(() => this.#lock.steal(), true)
  }

  rejoin(): void {
    void audible(this.#meter.context()).then(plays => plays && this.#line.gestureGiven())
  }

  setMuted(muted: boolean): void {
    this.#applyMute(muted)
    void this.#desk.send({ type: 'mute.changed', muted })
  }

  levels(): { in: number; out: number } {
    return { in: this.#meter.inRms(), out: this.#meter.outRms() }
  }

  sendDigits(digits: string): boolean {
    const call = this.#inbound?.call ?? this.#line.call
    const allowed = digits.toUpperCase().replaceAll(/[^0-9A-D#*]/g, '')
    if (call === null || allowed === '') return false
    call.sendDigits(allowed.toLowerCase())
    return true
  }

  acceptInbound(callId: string): void {
    this.#incoming.accept(callId)
  }

  declineInbound(callId: string): void {
    this.#incoming.decline(callId)
  }

  renewPass(): void {
    const view = this.#desk.view()
    if (this.#device === null || this.#inbound !== null || view?.conversation || (view?.lanes.length ?? 0) > 0) return
    this.stop()
    this.start()
  }

  async setInput(deviceId: string): Promise<void> {
    await this.#changeDevice(device => chooseInput(device, deviceId))
  }

  async setOutput(deviceId: string): Promise<void> {
    await this.#changeDevice(device => chooseOutput(device, deviceId))
    this.#sounds.setOutput(deviceId)
  }

  stop(): void {
    this.#tearDown({ name: 'off' })
    this.#lock.release()
  }

  /** Takes these steps: lock, microphone, claim, token, device, registration. The phase names the step that failed. */
  async #begin(lock: () => Promise<boolean>, takeOver: boolean): Promise<void> {
    const run = this.#newRun()
    const gone = () => run !== this.#run
    if (!(await lock())) return gone() ? undefined : this.set({ phase: { name: 'elsewhere', where: 'tab' } })
    if (gone()) return
    const owner = this.#desk.view()?.phone.ownerTabId ?? null
    if (!takeOver && owner !== null && owner !== this.#desk.tabId) return this.#yield('machine')
    this.set({ phase: { name: 'starting', step: 'microphone' } })
    const refused = await askMicrophone()
    if (gone()) return
    if (refused !== null) return this.set({ phase: { name: 'blocked', fault: refused } })
    this.set({ phase: { name: 'starting', step: 'claim' } })
    const claimed = await this.#desk.send({ type: 'phone.claim', tabId: this.#desk.tabId })
    if (gone()) return
    if (!claimed.ok && claimed.reason === 'phone-in-another-tab') return this.#yield('machine')
    if (!claimed.ok) return this.#startLater(claimed.reason === 'link-down' ? 'offline' : 'claim-refused')
    this.set({ phase: { name: 'starting', step: 'token' } })
    try {
      const token = await fetchVoiceToken()
      const device = gone() ? null : await makeDevice(token)
      if (device === null) return
      if (gone()) return device.destroy()
      this.#outgoing = token.outgoing
      this.set({
        tokenExpiresAtMs: Date.now() + token.expiresIn * 1000,
        phase: { name: 'starting', step: 'register' },
      })
      this.#adopt(device)
    } catch (error) {
      if (!gone()) this.#startLater(error instanceof TokenRefused ? 'token-refused' : 'offline')
    }
  }

  #startLater(fault: PhoneFault): void {
    const run = this.#run
    if (fault === 'token-refused') this.#reports.refused(fault)
    this.set({ phase: { name: 'offline', fault, retryAtMs: Date.now() + START_RETRY_MS } })
    this.#retryTimer = setTimeout(() => {
      if (run === this.#run) void this.#begin(() => this.#lock.acquire(), true)
    }, START_RETRY_MS)
  }

  #adopt(device: Device): void {
    this.#device = device
    device.on('incoming', call => this.#incoming.offered(call))
    device.audio?.on('deviceChange', () => this.set({ devices: readDevices(device) }))
    this.#registration = new Registration(device, {
      onRegistered: () => void this.#registered(),
      onOffline: (fault, retryAtMs) => this.#offline(fault, retryAtMs),
      onRefused: fault => this.#refused(fault),
      onTokenRefused: () => this.#reports.refused('token-refused'),
      onToken: tokenExpiresAtMs => this.set({ tokenExpiresAtMs }),
      notify: (tone, text) => this.#desk.notify(tone, text),
    })
    this.#registration.start()
    this.#ticker = setInterval(() => this.#tick(), READ_QUALITY_MS)
    void restoreDevices(device)
      .catch(() => this.#desk.notify('info', 'The headset of last time could not be chosen again.'))
      .then(() => this.#device === device && this.set({ devices: readDevices(device) }))
  }

  #refused(fault: PhoneFault): void {
    this.#tearDown({ name: 'off' })
    this.#startLater(fault)
  }

  async #registered(): Promise<void> {
    this.set({ phase: { name: 'registered' } })
    await this.#reports.registered()
    if (this.get().phase.name === 'registered' && this.#outgoing) this.#line.want()
  }

  #offline(fault: PhoneFault, retryAtMs: number): void {
    this.#reports.lostSoon(fault)
    this.set({ phase: { name: 'offline', fault, retryAtMs } })
  }

  #connectLine(): Promise<Call> {
    if (this.#device === null) return Promise.reject(new Error('no device'))
    return this.#device.connect({ params: { kind: 'line', tabId: this.#desk.tabId } })
  }

  #linePhase(line: LinePhase): void {
    this.set({ line })
    // The first reading makes the analysers, so that later readings have sound to measure.
    if (line === 'open') this.#meter.warmUp()
  }

  #lineCall(call: Call | null): void {
    this.#quality.reset()
    if (call === null) return
    this.#watchQuality(call)
    this.#applyMute(this.#desk.view()?.muted ?? this.get().muted)
  }

  #lineError(error: unknown): void {
    const fault = sdkFault(error)
    if (fault === 'microphone-refused' || fault === 'no-microphone') {
      this.#tearDown({ name: 'blocked', fault })
    } else if (fault === 'media-blocked') {
      this.#desk.notify('problem', 'The network blocks sound: the line could not be opened. Trying again.')
    }
  }

  #watchQuality(call: Call): void {
    call.on('warning', name => this.#quality.warn(name))
    call.on('warning-cleared', name => this.#quality.clear(name))
  }

  #inboundOpened(callId: string, call: Call): void {
    this.#inbound = { callId, call }
    this.#quality.reset()
    this.#watchQuality(call)
    for (const event of ['disconnect', 'cancel', 'reject'] as const) {
      call.on(event, () => this.#inboundClosed(call))
    }
    call.on('accept', () => this.#applyMute(this.get().muted))
    this.set({ inboundCallId: callId })
    this.#applyMute(this.get().muted)
  }

  #inboundClosed(call: Call): void {
    if (this.#inbound?.call !== call) return
    this.#inbound = null
    this.set({ inboundCallId: null })
    this.#applyMute(this.get().muted)
  }

  /** While an inbound call is on, the held customer on the line must not hear the agent. */
  #applyMute(muted: boolean): void {
    this.#line.call?.mute(muted || this.#inbound !== null)
    if (this.#inbound?.call.status() === 'open') this.#inbound.call.mute(muted)
    this.set({ muted })
  }

  #tick(): void {
    const view = this.#desk.view()
    const { muted } = this.get()
    const talking = view?.conversation !== null && view?.conversation?.held !== true
    const call = this.#inbound?.call ?? this.#line.call
    const quality = this.#quality.read(Date.now(), { talking, muted })
    const speakingWhileMuted = muted && talking && this.#mutedSpeech.speaking(call, this.#meter.context())
    this.#reports.quality(view?.conversation?.callId ?? null, quality)
    if (!muted) this.#mutedSpeech.release()
    if (this.#line.call !== null) this.#reports.mute(muted, view?.muted)
    if (quality !== this.get().quality || speakingWhileMuted !== this.get().speakingWhileMuted) {
      this.set({ quality, speakingWhileMuted })
    }
  }

  /** Called after each view: the owner may be another one, the desk may have lost our report, an offer may be known now. */
  #deskChanged(): void {
    const view = this.#desk.view()
    if (view === null || this.#device === null || !this.#desk.linkOpen()) return
    const owner = view.phone.ownerTabId
    if (owner === this.#desk.tabId) this.#ownedOnDesk = true
    if (owner !== null && owner !== this.#desk.tabId && this.#ownedOnDesk) {
      this.#yield('machine')
      return
    }
    const forgotten = owner === null || view.phone.state === 'off'
    if (forgotten && this.get().phase.name === 'registered') this.#reports.deskForgot()
    this.#incoming.settle()
  }

  #refreshIfOld(): void {
    const { tokenExpiresAtMs } = this.get()
    if (document.visibilityState !== 'visible' || tokenExpiresAtMs === null) return
    // The SDK's own timer does not run while a laptop sleeps.
    if (tokenExpiresAtMs < Date.now()) void this.#registration?.refreshToken()
    this.#registration?.retryNow()
  }

  async #changeDevice(change: (device: Device) => Promise<void>): Promise<void> {
    const device = this.#device
    if (device === null) return
    try {
      await change(device)
    } catch (error) {
      this.#desk.notify(
        'problem',
        `That device could not be used: ${error instanceof Error ? error.message : 'unknown'}`,
      )
    }
    this.set({ devices: readDevices(device) })
  }

  #yield(where: 'tab' | 'machine'): void {
    this.#tearDown({ name: 'elsewhere', where })
    this.#lock.release()
  }

  #newRun(): number {
    this.#run += 1
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer)
    this.#retryTimer = null
    return this.#run
  }

  #tearDown(phase: PhonePhase): void {
    this.#newRun()
    this.#reports.cancelLost()
    if (this.#ticker !== null) clearInterval(this.#ticker)
    this.#ticker = null
    this.#registration?.stop()
    this.#registration = null
    this.#incoming.clear()
    this.#inbound?.call.disconnect()
    this.#inbound = null
    this.#line.stop()
    this.#meter.close()
    this.#mutedSpeech.release()
    this.#device?.destroy()
    this.#device = null
    this.#ownedOnDesk = false
    this.set({ ...PHONE_OFF, devices: this.get().devices, phase })
  }
}

/** Asks for the microphone and stops the stream at once, because the SDK opens its own. null: it is allowed. */
async function askMicrophone(): Promise<PhoneFault | null> {
  if (navigator.mediaDevices === undefined || typeof RTCPeerConnection === 'undefined') return 'unsupported'
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
    for (const track of stream.getTracks()) track.stop()
    return null
  } catch (error) {
    return microphoneFault(error)
  }
}
