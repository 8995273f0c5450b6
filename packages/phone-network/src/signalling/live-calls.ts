/** The calls of browsers from the first offer to the end: found by either id, lost, and returned. */
import type { AudioPlane } from '../media/plane.ts'
import { BrowserCall } from './browser-call.ts'
import type { GatewayEvents } from './contract.ts'
import type { Device } from './device.ts'
import { CONNECTION_ERROR } from './signalling-errors.ts'

/** Open and starting browser calls at once; each costs a UDP socket and about 10 ms of CPU per second. */
export const MAX_CALLS = 150
/** How long a browser that names no time of its own may be absent during a call. */
const DEFAULT_RECONNECT_MS = 15_000

export interface LiveCallsOptions {
  plane: AudioPlane
  events: GatewayEvents
  mediaAddress: string
}

export class LiveCalls {
  private readonly options: LiveCallsOptions
  private readonly calls = new Map<string, BrowserCall>()
  /** Calls whose media is being set up and that have no CallSid yet, by their temporary id. */
  private readonly starting = new Map<string, BrowserCall>()

  constructor(options: LiveCallsOptions) {
    this.options = options
  }

  get full(): boolean {
    return this.calls.size + this.starting.size >= MAX_CALLS
  }

  get(callSid: string): BrowserCall | undefined {
    return this.calls.get(callSid)
  }

  isStarting(clientSid: string): boolean {
    return this.starting.has(clientSid)
  }

  /** The call by either of its ids, if the device may steer it. */
  own(device: Device, callsid: string): BrowserCall | undefined {
    const known = this.calls.get(callsid) ?? this.starting.get(callsid)
    const call = known ?? [...this.calls.values()].find(each => each.clientSid !== '' && each.clientSid === callsid)
    return call?.identity === device.claims?.identity ? call : undefined
  }

  /** With a temporary id it counts as starting until it has a CallSid or `started` is called. */
  create(device: Device, clientSid?: string): BrowserCall {
    const { plane, mediaAddress, events } = this.options
    const call = new BrowserCall(
      { device, clientSid, plane, mediaAddress },
      {
        onDigit: (from, digit) => {
          if (from.answered) events.onDtmf(from.callSid, digit)
        },
        onMedia: from => {
          if (from.device) from.back()
        },
        onMediaGone: (from, how) => this.mediaGone(from, how),
      },
    )
    if (clientSid !== undefined) this.starting.set(clientSid, call)
    return call
  }

  started(clientSid: string): void {
    this.starting.delete(clientSid)
  }

  /** The call has its CallSid, and from now on it has sound. */
  adopt(call: BrowserCall, callSid: string): void {
    if (call.ended || call.callSid === callSid) return
    call.callSid = callSid
    this.calls.set(callSid, call)
    call.connectSound()
  }

  /** The device's socket is lost; its calls wait for it. */
  lose(device: Device): void {
    for (const call of [...this.calls.values(), ...this.starting.values()]) {
      if (call.device !== device) continue
      call.device = null
      this.awaitReturn(call, device.reconnectMs)
    }
  }

  /** Ends a call whose session description cannot be used. */
  fail(call: BrowserCall, callsid: string, error: unknown): void {
    const message = `a browser's call could not be set up: ${String(error)}`
    this.options.events.onTrouble?.(call.callSid || null, CONNECTION_ERROR.code, message)
    call.device?.send('hangup', { callsid, error: CONNECTION_ERROR })
    this.forget(call)
  }

  endByBrowser(call: BrowserCall): void {
    const { callSid, ended } = call
    this.forget(call)
    if (callSid && !ended) this.options.events.onClientHangup(callSid)
  }

  forget(call: BrowserCall): void {
    call.end()
    this.starting.delete(call.clientSid)
    if (this.calls.get(call.callSid) === call) this.calls.delete(call.callSid)
  }

  close(): void {
    for (const call of [...this.calls.values(), ...this.starting.values()]) this.forget(call)
  }

  /** A page that is closed closes its media too. Media that has failed may come back by an ICE restart. */
  private mediaGone(call: BrowserCall, how: 'closed' | 'failed'): void {
    if (call.ended) return
    if (call.device) this.awaitReturn(call, call.device.reconnectMs)
    else if (how === 'closed') this.endByBrowser(call)
  }

  private awaitReturn(call: BrowserCall, ms: number): void {
    call.waitForReturn(ms || DEFAULT_RECONNECT_MS, () => this.endByBrowser(call))
  }
}
