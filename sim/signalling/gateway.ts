/**
 * The network's side of the browser SDK: signalling on `/signal`, one WebRTC peer per call.
 * Frames and rules were read in @twilio/voice-sdk 2.18.5 and tried against it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AudioPlane, RingingClient } from '../media/plane.ts'
import { BrowserCall, sendMessage } from './browser-call.ts'
import { readMessage } from './call-messages.ts'
import type { CallMessage, Gateway, GatewayEvents, GatewayOptions } from './contract.ts'
import type { Device } from './device.ts'
import type { Disturbance } from './disturbance.ts'
import { type Frame, readParams, textOf } from './frames.ts'
import { answerHttp } from './http-answers.ts'
import { Ringer } from './ringer.ts'
import { Roster } from './roster.ts'
import {
  CONNECTION_ERROR,
  DECLINED,
  EXPIRED_TOKEN,
  MALFORMED,
  MESSAGE_STATE,
  PARAMETERS_TOO_LONG,
  RECONNECT_REFUSED,
  type SignallingError,
} from './signalling-errors.ts'

/** Open and starting browser calls at once; each costs a UDP socket and about 15 ms of CPU per second. */
export const MAX_CALLS = 150
/** How long a browser that names no time of its own may be gone in mid-call. */
const DEFAULT_RECONNECT_MS = 15_000
/** The SDK's own ids are 34 characters. */
const CLIENT_SID_CHARS_MAX = 64
/** Keys in one `dtmf` frame. */
const DIGITS_MAX = 100

/** @param options see {@link GatewayOptions} */
export function createBrowserGateway(options: GatewayOptions): Gateway {
  return new BrowserSide(options)
}

class BrowserSide implements Gateway {
  private readonly plane: AudioPlane
  private readonly events: GatewayEvents
  private readonly mediaAddress: string
  private readonly roster: Roster
  private readonly calls = new Map<string, BrowserCall>()
  private readonly ringer: Ringer
  /** Calls that the browser has placed and whose media is being set up, by their temporary id. */
  private readonly starting = new Map<string, BrowserCall>()
  /** The call that the engine is being told of right now: it may steer it before it has returned its CallSid. */
  private inviting: BrowserCall | null = null

  constructor(options: GatewayOptions) {
    this.plane = options.plane
    this.events = options.events
    this.mediaAddress = options.mediaAddress ?? '127.0.0.1'
    this.roster = new Roster(options.edge ?? 'roaming', {
      authorize: token => this.events.authorize(token),
      onFrame: (device, frame) => this.receive(device, frame),
      onLost: device => this.lose(device),
      onTrouble: message => this.note(null, MALFORMED.code, message),
    })
    this.ringer = new Ringer({
      newCall: device => this.newCall(device),
      registered: identity => this.roster.registered(identity),
      onRefused: (callSid, how) => this.events.onClientRejected(callSid, how),
      onTrouble: (callSid, code, message) => this.note(callSid, code, message),
    })
  }
  // ---- sockets

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/signal') return false
    this.roster.upgrade(request, socket, head)
    return true
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    return answerHttp(request, response)
  }

  close(): void {
    this.ringer.close()
    for (const call of [...this.calls.values(), ...this.starting.values()]) call.end()
    this.calls.clear()
    this.starting.clear()
    this.roster.close()
  }
  // ---- what the engine asks

  devices(identity: string): string[] {
    return this.roster.registered(identity).map(device => device.id)
  }

  ring(identity: string, call: RingingClient): void {
    this.ringer.ring(identity, call)
  }

  cancel(callSid: string): void {
    this.hangup(callSid)
  }

  hangup(callSid: string, error?: { code: number; message: string }): void {
    this.ringer.end(callSid)
    const call = this.named(callSid)
    if (!call) return
    call.device?.send('hangup', { callsid: call.nameAtPage, ...(error && { error }) })
    this.forget(call)
  }

  ringing(callSid: string): void {
    const call = this.named(callSid)
    if (call && !call.answered) call.tell('ringing')
  }

  answered(callSid: string): void {
    const call = this.named(callSid)
    if (!call || call.answered) return
    call.answered = true
    call.tell('answer', { reconnect: call.reconnectToken })
  }

  sendMessage(callSid: string, message: CallMessage): void {
    this.named(callSid)?.sendMessage(message)
    for (const device of this.ringer.devices(callSid)) sendMessage(device, callSid, message)
  }

  sendDigits(callSid: string, digits: string): void {
    this.named(callSid)?.peer.sendDigits(digits)
  }

  disturb(identity: string, disturbance: Disturbance): number {
    return this.roster.disturb(identity, disturbance)
  }

  dropSockets(identity: string): void {
    this.roster.drop(identity)
  }
  // ---- what the browser says

  private receive(device: Device, { type, payload }: Frame): void {
    const callsid = textOf(payload, 'callsid')
    switch (type) {
      case 'invite':
        if (payload.reconnect) this.reconnect(device, payload)
        else void this.place(device, payload)
        break
      case 'answer':
        void this.accept(device, callsid, textOf(payload, 'sdp'))
        break
      case 'reject':
        this.ringer.decline(device, callsid)
        break
      case 'hangup':
        this.leave(device, callsid, textOf(payload, 'message'))
        break
      case 'reinvite':
        void this.renew(device, callsid, textOf(payload, 'sdp'))
        break
      case 'dtmf':
        this.press(device, callsid, textOf(payload, 'dtmf'))
        break
      case 'message':
        this.carry(device, callsid, payload)
        break
      default:
        device.trouble(`a browser sent a frame of a type that is not known: ${type.slice(0, 60)}`)
    }
  }

  private async place(device: Device, payload: Record<string, unknown>): Promise<void> {
    const clientSid = textOf(payload, 'callsid')
    const { claims } = device
    if (!claims || clientSid === '' || clientSid.length > CLIENT_SID_CHARS_MAX || this.starting.has(clientSid)) return
    const parameters = readParams(payload)
    const refuse = (error: SignallingError) => device.send('hangup', { callsid: clientSid, error })
    if (device.expired) return refuse(EXPIRED_TOKEN)
    if (parameters === null) return refuse(PARAMETERS_TOO_LONG)
    if (!claims.applicationSid || this.calls.size + this.starting.size >= MAX_CALLS) return refuse(DECLINED)
    const call = this.newCall(device, clientSid)
    this.starting.set(clientSid, call)
    try {
      call.unsentSdp = await call.peer.answer(textOf(payload, 'sdp'))
      if (call.ended) return
      this.inviting = call
      this.adopt(call, this.events.onInvite(claims, parameters))
    } catch (error) {
      this.fail(call, call.callSid || clientSid, error)
    } finally {
      this.inviting = null
      this.starting.delete(clientSid)
    }
  }

  private adopt(call: BrowserCall, callSid: string): void {
    if (call.ended || call.callSid === callSid) return
    call.callSid = callSid
    this.calls.set(callSid, call)
    call.connectSound()
  }

  /** Who answers first has the call; the others stop ringing. Decided before anything is awaited. */
  private async accept(device: Device, callSid: string, sdp: string): Promise<void> {
    const call = this.ringer.answer(device, callSid)
    if (!call) {
      device.send('hangup', { callsid: callSid })
      return
    }
    call.answered = true
    this.adopt(call, callSid)
    try {
      await call.peer.acceptAnswer(sdp)
      if (!call.ended) this.events.onClientAnswered(callSid)
    } catch (error) {
      this.fail(call, callSid, error)
      this.events.onClientRejected(callSid, 'gone')
    }
  }

  /** The SDK says why when it is not its user who hangs up. */
  private leave(device: Device, callsid: string, message: string): void {
    const call = this.own(device, callsid)
    if (!call) return
    if (message !== '')
      this.note(call.callSid || null, CONNECTION_ERROR.code, `the browser hangs up: ${message.slice(0, 200)}`)
    this.endByBrowser(call)
  }

  private press(device: Device, callsid: string, keys: string): void {
    const call = this.own(device, callsid)
    const digits = keys.replace(/[^0-9*#A-Dw]/g, '').slice(0, DIGITS_MAX)
    if (call?.callSid && digits !== '') this.events.onDtmf(call.callSid, digits)
  }

  /** New network path in mid-call (ICE restart). */
  private async renew(device: Device, callsid: string, sdp: string): Promise<void> {
    const call = this.own(device, callsid)
    if (!call) return device.send('hangup', { callsid, error: CONNECTION_ERROR })
    try {
      const answer = await call.peer.answer(sdp)
      if (!call.ended) call.device?.send('answer', { callsid, sdp: answer })
    } catch (error) {
      // The SDK repeats the restart until its own time is over.
      this.note(call.callSid, CONNECTION_ERROR.code, `an ICE restart failed: ${String(error)}`)
    }
  }

  /** A browser comes back after a lost socket, or another device takes over with a connect token. */
  private reconnect(device: Device, payload: Record<string, unknown>): void {
    const callSid = textOf(payload, 'callsid')
    if (this.ringer.knows(callSid, textOf(payload, 'reconnect'))) {
      void this.takeOver(device, callSid, textOf(payload, 'sdp'))
      return
    }
    const call = this.calls.get(callSid)
    if (!call) return device.send('hangup', { callsid: callSid, error: CONNECTION_ERROR })
    // A token is good for coming back with the same media; an open call cannot be carried to another device.
    if (call.reconnectToken !== payload.reconnect || !call.peer.isWith(textOf(payload, 'sdp'))) {
      return device.send('hangup', { callsid: callSid, error: RECONNECT_REFUSED })
    }
    call.device = device
    call.back()
    device.send('answer', { callsid: callSid, reconnect: call.reconnectToken })
  }

  private async takeOver(device: Device, callSid: string, offer: string): Promise<void> {
    this.ringer.end(callSid)
    const call = this.newCall(device)
    call.answered = true
    // At once, so that a caller who gives up meanwhile finds the call.
    this.adopt(call, callSid)
    try {
      const sdp = await call.peer.answer(offer)
      if (call.ended) return
      device.send('answer', { callsid: callSid, sdp, reconnect: call.reconnectToken })
      this.events.onClientAnswered(callSid)
    } catch (error) {
      this.fail(call, callSid, error)
      this.events.onClientRejected(callSid, 'gone')
    }
  }

  private carry(device: Device, callSid: string, payload: Record<string, unknown>): void {
    const call = this.own(device, callSid)
    const voiceeventsid = textOf(payload, 'voiceeventsid')
    const read = call?.callSid ? readMessage(payload, call.messageRate, performance.now()) : { error: MESSAGE_STATE }
    if ('error' in read) {
      device.send('error', { callsid: callSid, voiceeventsid, error: read.error })
      return
    }
    device.send('ack', { acktype: 'message', callsid: callSid, voiceeventsid })
    this.events.onMessage?.(callSid, read.message)
  }
  // ---- endings

  private lose(device: Device): void {
    this.ringer.lose(device)
    for (const call of [...this.calls.values(), ...this.starting.values()]) {
      if (call.device !== device) continue
      call.device = null
      call.waitForReturn(device.reconnectMs || DEFAULT_RECONNECT_MS, () => this.endByBrowser(call))
    }
  }

  /** What the browser sent cannot be used. */
  private fail(call: BrowserCall, callsid: string, error: unknown): void {
    this.note(call.callSid || null, CONNECTION_ERROR.code, `a browser's call could not be set up: ${String(error)}`)
    call.device?.send('hangup', { callsid, error: CONNECTION_ERROR })
    this.forget(call)
  }

  private note(callSid: string | null, code: number, message: string): void {
    this.events.onTrouble?.(callSid, code, message)
  }

  private endByBrowser(call: BrowserCall): void {
    const { callSid, ended } = call
    this.forget(call)
    if (callSid && !ended) this.events.onClientHangup(callSid)
  }

  private forget(call: BrowserCall): void {
    call.end()
    this.starting.delete(call.clientSid)
    if (this.calls.get(call.callSid) === call) this.calls.delete(call.callSid)
  }
  // ---- small parts

  private newCall(device: Device, clientSid?: string): BrowserCall {
    return new BrowserCall(
      { device, clientSid, plane: this.plane, mediaAddress: this.mediaAddress },
      {
        onDigit: (call, digit) => {
          if (call.answered) this.events.onDtmf(call.callSid, digit)
        },
        onMedia: call => {
          if (call.device) call.back()
        },
        onMediaGone: call => this.mediaGone(call),
      },
    )
  }

  /** Without socket and without media nobody is there. With a socket the SDK restarts ICE by itself. */
  private mediaGone(call: BrowserCall): void {
    if (call.ended) return
    if (!call.device) this.endByBrowser(call)
    else call.waitForReturn(call.device.reconnectMs || DEFAULT_RECONNECT_MS, () => this.endByBrowser(call))
  }

  private named(callSid: string): BrowserCall | undefined {
    if (!this.calls.has(callSid) && this.inviting && !this.inviting.callSid) this.adopt(this.inviting, callSid)
    return this.calls.get(callSid)
  }

  /** The call by either of its ids, if the device may steer it. */
  private own(device: Device, callsid: string): BrowserCall | undefined {
    const known = this.calls.get(callsid) ?? this.starting.get(callsid)
    const call = known ?? [...this.calls.values()].find(each => each.clientSid !== '' && each.clientSid === callsid)
    return call?.identity === device.claims?.identity ? call : undefined
  }
}
