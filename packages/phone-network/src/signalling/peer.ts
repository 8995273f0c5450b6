/**
 * The network's end of one browser call: ICE, DTLS and SRTP by werift, sound as 20 ms µ-law frames.
 *
 * The browser SDK sends its SDP without candidates and knows no trickle, so our own SDP carries our candidate and the
 * browser is found by its connectivity checks (peer-reflexive). `iceLite` of werift 0.25.2 never connects: full ICE.
 */
import {
  MediaStreamTrack,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RtpHeader,
  RtpPacket,
  useOPUS,
  usePCMU,
} from 'werift'
import { decode, encode, FRAME_BYTES } from '../media/mulaw.ts'
import { OpusCodec } from './opus-codec.ts'
import { KeySender, TelephoneEvents } from './telephone-event.ts'

const GATHERING_LIMIT_MS = 3000
const OPUS_TICKS_PER_FRAME = 960

export interface PeerEvents {
  /** Any length of µ-law from the browser's microphone. */
  onSound(mulaw: Uint8Array): void
  onDigit(digit: string): void
  /** DTLS is up: sound flows. */
  onConnected(): void
  /** The browser closed the connection, or its checks failed for good. */
  onGone(how: 'closed' | 'failed'): void
}

/**
 * Keypad events in both clock rates: Chromium counts an event's length in ticks of the *audio* codec, so with PCMU an
 * event at 48 kHz takes six times as long as it should (seen in Chromium 153).
 */
function codecs(): RTCRtpCodecParameters[] {
  return [
    usePCMU(),
    useOPUS({ payloadType: 111, parameters: 'minptime=10;useinbandfec=1' }),
    keypadEvents(101, 8000),
    keypadEvents(110, 48000),
  ]
}

function keypadEvents(payloadType: number, clockRate: number): RTCRtpCodecParameters {
  const parameters = '0-16'
  return new RTCRtpCodecParameters({
    mimeType: 'audio/telephone-event',
    clockRate,
    channels: 1,
    payloadType,
    parameters,
  })
}

export class BrowserPeer {
  private readonly events: PeerEvents
  private readonly address: string
  private readonly connection: RTCPeerConnection
  private readonly track = new MediaStreamTrack({ kind: 'audio' })
  private readonly digits = new TelephoneEvents()
  private readonly keys = new KeySender()
  /** fingerprint of the browser's certificate, which identifies its connection */
  private fingerprint: string | null = null
  private opus: OpusCodec | null = null
  private sequence = 0
  private timestamp = 0
  private closed = false

  /** @param address the only local address that media uses */
  constructor(events: PeerEvents, address: string) {
    this.events = events
    this.address = address
    this.connection = new RTCPeerConnection({
      codecs: { audio: codecs(), video: [] },
      iceServers: [],
      iceAdditionalHostAddresses: [address],
      iceInterfaceAddresses: { udp4: address },
      iceUseIpv6: false,
      iceUseTcp: false,
      bundlePolicy: 'max-bundle',
    })
    this.connection.addTransceiver(this.track, { direction: 'sendrecv' })
    this.connection.onTrack.subscribe(track => this.listen(track))
    this.connection.connectionStateChange.subscribe(state => this.follow(state))
  }

  /** Our offer, candidates included, for an incoming call. */
  async offer(): Promise<string> {
    await this.connection.setLocalDescription(await this.connection.createOffer())
    return this.localSdp()
  }

  /** The browser's answer to our offer. @throws on SDP that cannot be used */
  async acceptAnswer(sdp: string): Promise<void> {
    this.fingerprint = checkSdp(sdp)
    await this.connection.setRemoteDescription({ type: 'answer', sdp })
  }

  /** Whether this description belongs to the present connection, and not to another device. */
  isWith(sdp: string): boolean {
    return this.fingerprint !== null && fingerprintOf(sdp) === this.fingerprint
  }

  /** Our answer to the browser's offer, also to a new offer of a running call (ICE restart). @throws on bad SDP */
  async answer(sdp: string): Promise<string> {
    this.fingerprint = checkSdp(sdp)
    await this.connection.setRemoteDescription({ type: 'offer', sdp })
    const restarted = this.connection.connectionState === 'connected'
    await this.connection.setLocalDescription(await this.connection.createAnswer())
    const answer = await this.localSdp()
    // werift 0.25.2 skips ICE when DTLS already stands, so after a restart nothing would answer the browser's checks.
    if (restarted) for (const ice of this.connection.iceTransports) ice.start().catch(() => this.lose('failed'))
    return answer
  }

  /** Sends one frame to the browser; dropped until the connection is established. */
  send(frame: Uint8Array): void {
    const codec = this.sendCodec()
    if (!codec || this.closed) return
    const isOpus = codec.mimeType.toLowerCase() === 'audio/opus'
    const ticks = isOpus ? OPUS_TICKS_PER_FRAME : FRAME_BYTES
    const timestamp = this.timestamp
    this.timestamp = (timestamp + ticks) >>> 0
    const events = this.eventCodec(codec.clockRate)
    const key = events ? this.keys.next(ticks) : null
    if (events && key) {
      const startedAt = (timestamp - key.frame * ticks) >>> 0
      this.transmit(events.payloadType, startedAt, key.payload, key.frame === 0)
    }
    const payload = isOpus ? this.opusCodec().encode(decode(frame)) : Buffer.from(frame)
    this.transmit(codec.payloadType, timestamp, payload)
  }

  /**
   * Keys go out as telephone events beside the sound (RFC 4733). The tones themselves are in the sound: Chromium makes
   * none out of events (seen in Chromium 153).
   */
  sendDigits(digits: string): void {
    this.keys.add(digits)
  }

  private transmit(payloadType: number, timestamp: number, payload: Buffer, marker = false): void {
    const header = new RtpHeader({ payloadType, sequenceNumber: this.sequence, timestamp, marker })
    this.sequence = (this.sequence + 1) & 0xffff
    void this.sender()?.sendRtp(new RtpPacket(header, payload))
  }

  /** Sent only when the browser has agreed to telephone events. */
  private eventCodec(clockRate: number): RTCRtpCodecParameters | undefined {
    return this.connection
      .getTransceivers()[0]
      ?.codecs.find(codec => codec.clockRate === clockRate && /telephone-event/i.test(codec.mimeType))
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.opus?.close()
    this.opus = null
    // Errors while closing (a socket that is gone already) concern nobody any more.
    this.connection.close().catch(() => {})
  }

  private sender() {
    return this.connection.getTransceivers()[0]?.sender
  }

  private sendCodec(): RTCRtpCodecParameters | undefined {
    return this.connection.getTransceivers()[0]?.codecs.find(codec => /pcmu|opus/i.test(codec.mimeType))
  }

  private opusCodec(): OpusCodec {
    this.opus ??= new OpusCodec()
    return this.opus
  }

  private listen(track: MediaStreamTrack): void {
    track.onReceiveRtp.subscribe(packet => {
      if (!this.closed) this.receive(packet)
    })
  }

  /** By payload type, not by the order of the offer: the SDK also re-orders *our* SDP. */
  private receive(packet: RtpPacket): void {
    const codec = this.connection
      .getTransceivers()[0]
      ?.codecs.find(candidate => candidate.payloadType === packet.header.payloadType)
    switch (codec?.mimeType.toLowerCase()) {
      case 'audio/pcmu':
        this.events.onSound(packet.payload)
        break
      case 'audio/opus':
        this.events.onSound(encode(this.opusCodec().decode(packet.payload)))
        break
      case 'audio/telephone-event': {
        const digit = this.digits.read(packet.payload, packet.header.timestamp)
        if (digit) this.events.onDigit(digit)
        break
      }
    }
  }

  private follow(state: string): void {
    if (this.closed) return
    if (state === 'connected') this.events.onConnected()
    if (state === 'failed' || state === 'closed') this.lose(state)
  }

  private lose(how: 'closed' | 'failed'): void {
    if (!this.closed) this.events.onGone(how)
  }

  private async localSdp(): Promise<string> {
    if (this.connection.iceGatheringState !== 'complete') {
      await this.connection.iceGatheringStateChange.watch(state => state === 'complete', GATHERING_LIMIT_MS)
    }
    const sdp = this.connection.localDescription?.sdp
    if (!sdp) throw new Error('no local session description')
    return onlyCandidatesOf(sdp, this.address)
  }
}

/** werift also offers the machine's outer addresses, on which nothing listens: they are taken out. */
export function onlyCandidatesOf(sdp: string, address: string): string {
  return sdp
    .split('\r\n')
    .filter(line => !line.startsWith('a=candidate:') || line.split(' ')[4] === address)
    .join('\r\n')
}

/** werift accepts any text as a description, and then there is never any sound. @returns the fingerprint */
function checkSdp(sdp: string): string {
  const fingerprint = fingerprintOf(sdp)
  if (fingerprint === null || !/^m=audio /m.test(sdp)) throw new Error('the session description has no secure audio')
  return fingerprint
}

function fingerprintOf(sdp: string): string | null {
  return /^a=fingerprint:(.*)$/m.exec(sdp)?.[1]?.trim().toUpperCase() ?? null
}
