/** One call of a browser: its peer connection, its leg on the audio plane, and the socket that controls it. */
import { randomUUID } from 'node:crypto'
import type { AudioPlane } from '../media/plane.ts'
import { MESSAGES_HELD_MAX, MessageRate } from './call-messages.ts'
import type { CallMessage } from './contract.ts'
import type { Device } from './device.ts'
import { BrowserPeer } from './peer.ts'

export interface CallEvents {
  onDigit(call: BrowserCall, digit: string): void
  /** The peer connection is established, or re-established. */
  onMedia(call: BrowserCall): void
  /** The peer connection is closed or has failed. */
  onMediaGone(call: BrowserCall, how: 'closed' | 'failed'): void
}

export class BrowserCall {
  /** The CallSid, once the engine has assigned it. */
  callSid = ''
  /** The temporary id ("TJS…") of a call that the browser placed. */
  readonly clientSid: string
  readonly reconnectToken = randomUUID()
  readonly peer: BrowserPeer
  /** null while the browser's socket is lost. */
  device: Device | null
  /** Only devices of this identity may control the call. */
  readonly identity: string
  readonly messageRate = new MessageRate()
  private readonly held: CallMessage[] = []
  /** Our answer to the browser's offer, until the first `ringing` or `answer` has carried it. */
  unsentSdp: string | null = null
  answered = false
  ended = false
  private away: NodeJS.Timeout | null = null
  private untap: (() => void) | null = null
  private readonly plane: AudioPlane

  constructor(
    options: { device: Device; clientSid?: string; plane: AudioPlane; mediaAddress: string },
    events: CallEvents,
  ) {
    this.device = options.device
    this.identity = options.device.claims?.identity ?? ''
    this.clientSid = options.clientSid ?? ''
    this.plane = options.plane
    this.peer = new BrowserPeer(
      {
        onSound: mulaw => {
          if (this.callSid && !this.ended) this.plane.feed(this.callSid, mulaw)
        },
        onDigit: digit => events.onDigit(this, digit),
        onConnected: () => events.onMedia(this),
        onGone: how => events.onMediaGone(this, how),
      },
      options.mediaAddress,
    )
  }

  /** From now on the browser hears what the plane gives this leg. */
  connectSound(): void {
    if (this.untap || this.ended) return
    this.plane.addLeg(this.callSid)
    this.untap = this.plane.tap(this.callSid, (_says, hears) => this.peer.send(hears))
  }

  /** The name by which the page knows the call: its own until the first `ringing` or `answer`. */
  get nameAtPage(): string {
    return this.unsentSdp === null ? this.callSid : this.clientSid
  }

  /** A message for the page. Before the page knows the CallSid it would throw it away, so it waits. */
  sendMessage(message: CallMessage): void {
    if (this.unsentSdp !== null) {
      if (this.held.length < MESSAGES_HELD_MAX) this.held.push(message)
    } else if (this.device) sendMessage(this.device, this.callSid, message)
  }

  /** `ringing` or `answer`: the first of them carries our session description. */
  tell(type: 'ringing' | 'answer', more: Record<string, unknown> = {}): void {
    const sdp = this.unsentSdp
    this.unsentSdp = null
    this.device?.send(type, { callsid: this.callSid, ...more, ...(sdp === null ? {} : { sdp }) })
    for (const message of this.held.splice(0)) this.sendMessage(message)
  }

  /** The browser is out of reach: `gone` runs unless `back` is called in time. */
  waitForReturn(ms: number, gone: () => void): void {
    this.back()
    this.away = setTimeout(gone, ms)
  }

  back(): void {
    if (this.away) clearTimeout(this.away)
    this.away = null
  }

  end(): void {
    this.ended = true
    this.back()
    this.untap?.()
    this.untap = null
    this.peer.close()
  }
}

export function sendMessage(device: Device, callSid: string, message: CallMessage): void {
  const { sid, content, contentType, messageType } = message
  const more = { content, contenttype: contentType, messagetype: messageType, voiceeventsid: sid }
  device.send('message', { callsid: callSid, ...more })
}
