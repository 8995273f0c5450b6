/**
 * The network's side of the browser SDK: signalling on `/signal`, one WebRTC peer per call.
 * Frames and rules were read in @twilio/voice-sdk 2.18.5 and tried against it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RingingClient } from '../media/plane.ts'
import { pathOf } from '../request-url.ts'
import { sendMessage } from './browser-call.ts'
import { readMessage } from './call-messages.ts'
import type { CallMessage, Gateway, GatewayEvents, GatewayOptions } from './contract.ts'
import type { Device } from './device.ts'
import type { Disturbance } from './disturbance.ts'
import { type Frame, readParams, textOf } from './frames.ts'
import { answerHttp } from './http-answers.ts'
import { LiveCalls } from './live-calls.ts'
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

/** The SDK's own ids are 34 characters. */
const CLIENT_SID_CHARS_MAX = 64
/** Keys in one `dtmf` frame. */
const DIGITS_MAX = 100

/** @param options see {@link GatewayOptions} */
export function createBrowserGateway(options: GatewayOptions): Gateway {
  return new BrowserSide(options)
}

class BrowserSide implements Gateway {
  private readonly events: GatewayEvents
  private readonly roster: Roster
  private readonly calls: LiveCalls
  private readonly ringer: Ringer
  /**
   * While the engine takes a new call, it may already command that call, whose SID it has not returned yet, and others.
   * Commands wait until the SID is known.
   */
  private waiting: (() => void)[] | null = null

  constructor(options: GatewayOptions) {
    const { plane, events, mediaAddress = '127.0.0.1' } = options
    this.events = events
    this.calls = new LiveCalls({ plane, events, mediaAddress })
    this.roster = new Roster(options.edge ?? 'roaming', {
      authorize: token => this.events.authorize(token),
      onFrame: (device, frame) => this.receive(device, frame),
      onLost: device => {
        this.ringer.lose(device)
        this.calls.lose(device)
      },
      onTrouble: message => this.note(null, MALFORMED.code, message),
    })
    this.ringer = new Ringer({
      newCall: device => this.calls.create(device),
      registered: identity => this.roster.registered(identity),
      onRefused: (callSid, how) => this.events.onClientRejected(callSid, how),
      onTrouble: (callSid, code, message) => this.note(callSid, code, message),
    })
  }
  // ---- sockets

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (pathOf(request) !== '/signal') return false
    this.roster.upgrade(request, socket, head)
    return true
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    return answerHttp(request, response)
  }

  close(): void {
    this.ringer.close()
    this.calls.close()
    this.roster.close()
  }
  // ---- commands of the engine

  devices(identity: string): string[] {
    return this.roster.registered(identity).map(device => device.id)
  }

  ring(identity: string, call: RingingClient): void {
    this.command(() => this.ringer.ring(identity, call))
  }

  cancel(callSid: string): void {
    this.hangup(callSid)
  }

  hangup(callSid: string, error?: SignallingError): void {
    this.command(() => {
      this.ringer.end(callSid)
      const call = this.calls.get(callSid)
      if (!call) return
      call.device?.send('hangup', { callsid: call.nameAtPage, ...(error && { error }) })
      this.calls.forget(call)
    })
  }

  ringing(callSid: string): void {
    this.command(() => {
      const call = this.calls.get(callSid)
      if (call && !call.answered) call.tell('ringing')
    })
  }

  answered(callSid: string): void {
    this.command(() => {
      const call = this.calls.get(callSid)
      if (!call || call.answered) return
      call.answered = true
      call.tell('answer', { reconnect: call.reconnectToken })
    })
  }

  sendMessage(callSid: string, message: CallMessage): void {
    this.command(() => {
      this.calls.get(callSid)?.sendMessage(message)
      for (const device of this.ringer.devices(callSid)) sendMessage(device, callSid, message)
    })
  }

  sendDigits(callSid: string, digits: string): void {
    this.command(() => this.calls.get(callSid)?.peer.sendDigits(digits))
  }

  private command(run: () => void): void {
    if (this.waiting) this.waiting.push(run)
    else run()
  }

  disturb(identity: string, disturbance: Disturbance): number {
    return this.roster.disturb(identity, disturbance)
  }

  dropSockets(identity: string): void {
    this.roster.drop(identity)
  }
  // ---- frames of the browser

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
    if (!claims || clientSid === '' || clientSid.length > CLIENT_SID_CHARS_MAX || this.calls.isStarting(clientSid))
      return
    const parameters = readParams(payload)
    const refuse = (error: SignallingError) => device.send('hangup', { callsid: clientSid, error })
    if (device.expired) return refuse(EXPIRED_TOKEN)
    if (parameters === null) return refuse(PARAMETERS_TOO_LONG)
    if (!claims.applicationSid || this.calls.full) return refuse(DECLINED)
    const call = this.calls.create(device, clientSid)
    try {
      call.unsentSdp = await call.peer.answer(textOf(payload, 'sdp'))
      if (call.ended) return
      this.waiting = []
      this.calls.adopt(call, this.events.onInvite(claims, parameters))
    } catch (error) {
      this.calls.fail(call, call.callSid || clientSid, error)
    } finally {
      this.calls.started(clientSid)
      const wanted = this.waiting ?? []
      this.waiting = null
      for (const run of wanted) run()
    }
  }

  /** The first device to answer gets the call, the others stop ringing. This is decided before anything is awaited. */
  private async accept(device: Device, callSid: string, sdp: string): Promise<void> {
    const call = this.ringer.answer(device, callSid)
    if (!call) {
      device.send('hangup', { callsid: callSid })
      return
    }
    call.answered = true
    this.calls.adopt(call, callSid)
    try {
      await call.peer.acceptAnswer(sdp)
      if (!call.ended) this.events.onClientAnswered(callSid)
    } catch (error) {
      this.calls.fail(call, callSid, error)
      this.events.onClientRejected(callSid, 'gone')
    }
  }

  /** The SDK gives a reason when it is not its user who hangs up. Without a microphone it hangs up a ringing call. */
  private leave(device: Device, callsid: string, message: string): void {
    const call = this.calls.own(device, callsid)
    if (!call) return this.ringer.decline(device, callsid)
    if (message !== '')
      this.note(call.callSid || null, CONNECTION_ERROR.code, `the browser hangs up: ${message.slice(0, 200)}`)
    this.calls.endByBrowser(call)
  }

  private press(device: Device, callsid: string, keys: string): void {
    const call = this.calls.own(device, callsid)
    const digits = keys.replace(/[^0-9*#A-Dw]/g, '').slice(0, DIGITS_MAX)
    if (call?.callSid && digits !== '') this.events.onDtmf(call.callSid, digits)
  }

  /** A new network path during a call (ICE restart). */
  private async renew(device: Device, callsid: string, sdp: string): Promise<void> {
    const call = this.calls.own(device, callsid)
    if (!call) return device.send('hangup', { callsid, error: CONNECTION_ERROR })
    try {
      const answer = await call.peer.answer(sdp)
      if (!call.ended) call.device?.send('answer', { callsid, sdp: answer })
    } catch (error) {
      // The SDK repeats the restart until its own time limit.
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
    // A token is valid for returning with the same media; an open call cannot be carried to another device.
    if (call.reconnectToken !== payload.reconnect || !call.peer.isWith(textOf(payload, 'sdp'))) {
      return device.send('hangup', { callsid: callSid, error: RECONNECT_REFUSED })
    }
    call.device = device
    call.back()
    device.send('answer', { callsid: callSid, reconnect: call.reconnectToken })
  }

  private async takeOver(device: Device, callSid: string, offer: string): Promise<void> {
    this.ringer.end(callSid)
    const call = this.calls.create(device)
    call.answered = true
    // Registered at once, so that a caller who gives up meanwhile finds the call.
    this.calls.adopt(call, callSid)
    try {
      const sdp = await call.peer.answer(offer)
      if (call.ended) return
      device.send('answer', { callsid: callSid, sdp, reconnect: call.reconnectToken })
      this.events.onClientAnswered(callSid)
    } catch (error) {
      this.calls.fail(call, callSid, error)
      this.events.onClientRejected(callSid, 'gone')
    }
  }

  private carry(device: Device, callSid: string, payload: Record<string, unknown>): void {
    const call = this.calls.own(device, callSid)
    const voiceeventsid = textOf(payload, 'voiceeventsid')
    const read = call?.callSid ? readMessage(payload, call.messageRate, performance.now()) : { error: MESSAGE_STATE }
    if ('error' in read) {
      device.send('error', { callsid: callSid, voiceeventsid, error: read.error })
      return
    }
    device.send('ack', { acktype: 'message', callsid: callSid, voiceeventsid })
    this.events.onMessage?.(callSid, read.message)
  }

  private note(callSid: string | null, code: number, message: string): void {
    this.events.onTrouble?.(callSid, code, message)
  }
}
