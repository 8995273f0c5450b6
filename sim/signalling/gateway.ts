/**
 * The network's side of the browser SDK: signalling on `/signal`, one WebRTC peer per call.
 * Frames and rules were read in @twilio/voice-sdk 2.18.5 and tried against it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AudioPlane } from '../media/plane.ts'
import { BrowserCall } from './browser-call.ts'
import type { CallMessage, Gateway, GatewayEvents, GatewayOptions } from './contract.ts'
import type { Device } from './device.ts'
import { type Frame, readParams, textOf } from './frames.ts'
import { answerHttp } from './http-answers.ts'
import { Ringer, type RingingCall } from './ringer.ts'
import { Roster } from './roster.ts'

/** Open and starting browser calls at once; each costs a UDP socket and about 15 ms of CPU per second. */
export const MAX_CALLS = 150
/** How long a browser that names no time of its own may be gone in mid-call. */
const DEFAULT_RECONNECT_MS = 15_000
const CONNECTION_ERROR = { code: 31005, message: 'Connection error' }
const DECLINED = { code: 31002, message: 'Connection declined' }

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
    const edge = !options.edge || options.edge === 'roaming' ? 'ashburn' : options.edge
    this.roster = new Roster(edge, {
      authorize: token => this.events.authorize(token),
      onFrame: (device, frame) => this.receive(device, frame),
      onLost: device => this.lose(device),
    })
    this.ringer = new Ringer({
      newCall: device => this.newCall(device),
      registered: identity => this.roster.registered(identity),
      onRefused: callSid => this.events.onClientRejected(callSid),
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

  ring(identity: string, call: RingingCall): void {
    this.ringer.ring(identity, call)
  }

  cancel(callSid: string): void {
    this.hangup(callSid)
  }

  hangup(callSid: string, error?: { code: number; message: string }): void {
    this.ringer.end(callSid)
    const call = this.named(callSid)
    if (!call) return
    // Before the first `ringing` or `answer` the browser knows the call by its own id only.
    const callsid = call.unsentSdp === null ? callSid : call.clientSid
    call.device?.send('hangup', { callsid, ...(error && { error }) })
    this.forget(call)
  }

  ringing(callSid: string): void {
    const call = this.named(callSid)
    if (!call || call.answered) return
    call.device?.send('ringing', { callsid: callSid, ...takeSdp(call) })
  }

  answered(callSid: string): void {
    const call = this.named(callSid)
    if (!call || call.answered) return
    call.answered = true
    call.device?.send('answer', { callsid: callSid, reconnect: call.reconnectToken, ...takeSdp(call) })
  }

  sendMessage(callSid: string, message: CallMessage): void {
    const { content, contentType, messageType } = message
    this.calls.get(callSid)?.device?.send('message', {
      callsid: callSid,
      content,
      contenttype: contentType,
      messagetype: messageType,
      voiceeventsid: `KX${crypto.randomUUID().replaceAll('-', '')}`,
    })
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
        this.leave(callsid)
        break
      case 'reinvite':
        void this.renew(device, callsid, textOf(payload, 'sdp'))
        break
      case 'dtmf':
        if (this.calls.has(callsid)) this.events.onDtmf(callsid, textOf(payload, 'dtmf').replace(/[^0-9*#A-Dw]/g, ''))
        break
      case 'message':
        this.carry(device, callsid, payload)
        break
    }
  }

  private async place(device: Device, payload: Record<string, unknown>): Promise<void> {
    const clientSid = textOf(payload, 'callsid')
    const claims = device.claims
    if (!claims || !clientSid || this.starting.has(clientSid)) return
    if (!claims.applicationSid || this.calls.size + this.starting.size >= MAX_CALLS) {
      device.send('hangup', { callsid: clientSid, error: DECLINED })
      return
    }
    const call = this.newCall(device, clientSid)
    this.starting.set(clientSid, call)
    try {
      call.unsentSdp = await call.peer.answer(textOf(payload, 'sdp'))
      if (call.ended) return
      this.inviting = call
      this.adopt(call, this.events.onInvite(claims, readParams(payload)))
    } catch (error) {
      console.error('a browser call could not be set up:', error)
      device.send('hangup', { callsid: call.callSid || clientSid, error: CONNECTION_ERROR })
      this.forget(call)
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
      console.error('a browser sent an answer that cannot be used:', error)
      device.send('hangup', { callsid: callSid, error: CONNECTION_ERROR })
      this.forget(call)
      this.events.onClientRejected(callSid)
    }
  }

  private leave(callsid: string): void {
    const call = this.byEitherId(callsid)
    if (call) this.endByBrowser(call)
  }

  /** New network path in mid-call (ICE restart). */
  private async renew(device: Device, callsid: string, sdp: string): Promise<void> {
    const call = this.calls.get(callsid)
    if (!call) return device.send('hangup', { callsid, error: CONNECTION_ERROR })
    try {
      const answer = await call.peer.answer(sdp)
      if (!call.ended) call.device?.send('answer', { callsid, sdp: answer })
    } catch (error) {
      // The SDK repeats the restart until its own time is over.
      console.error('an ICE restart failed:', error)
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
    if (!call || call.reconnectToken !== payload.reconnect) {
      device.send('hangup', { callsid: callSid, error: CONNECTION_ERROR })
      return
    }
    call.device = device
    call.back()
    device.send('answer', { callsid: callSid, reconnect: call.reconnectToken })
  }

  private async takeOver(device: Device, callSid: string, offer: string): Promise<void> {
    this.ringer.end(callSid)
    const call = this.newCall(device)
    try {
      const sdp = await call.peer.answer(offer)
      call.answered = true
      this.adopt(call, callSid)
      device.send('answer', { callsid: callSid, sdp, reconnect: call.reconnectToken })
      this.events.onClientAnswered(callSid)
    } catch (error) {
      console.error('a call could not be taken over:', error)
      this.forget(call)
      this.events.onClientRejected(callSid)
    }
  }

  private carry(device: Device, callSid: string, payload: Record<string, unknown>): void {
    if (!this.calls.has(callSid)) return
    device.send('ack', { acktype: 'message', callsid: callSid, voiceeventsid: payload.voiceeventsid })
    this.events.onMessage?.(callSid, {
      content: payload.content,
      contentType: textOf(payload, 'contenttype'),
      messageType: textOf(payload, 'messagetype'),
    })
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

  private byEitherId(callsid: string): BrowserCall | undefined {
    const known = this.calls.get(callsid) ?? this.starting.get(callsid)
    return known ?? [...this.calls.values()].find(call => call.clientSid !== '' && call.clientSid === callsid)
  }
}

function takeSdp(call: BrowserCall): { sdp?: string } {
  const sdp = call.unsentSdp
  call.unsentSdp = null
  return sdp === null ? {} : { sdp }
}
