/**
 * Opus at 8 kHz mono, 20 ms: libopus itself resamples from and to the 48 kHz that browsers speak.
 *
 * The package's own class is not used: it hands out typed-array views at twice the address that it allocated, which
 * overwrites other codecs once some fifty are open. Its compiled module is fine when the addresses are right.
 * The module takes and gives each *byte* of PCM in a 16-bit cell (seen in its JavaScript wrapper).
 */
import { createRequire } from 'node:module'

/** 85 KiB of codec memory each in a 16 MiB heap. */
export const MAX_CODECS = 150
const SAMPLE_RATE_HZ = 8000
const FRAME_SAMPLES = 160
/** The longest packet that RFC 6716 allows is 120 ms. */
const MAX_PACKET_SAMPLES = 960
const MAX_PACKET_BYTES = 1276
const APPLICATION_VOIP = 2048

interface Handler {
  _encode(pcmAt: number, pcmBytes: number, packetAt: number, frameSamples: number): number
  _decode(packetAt: number, packetBytes: number, pcmAt: number): number
}

interface OpusModule {
  HEAPU8: Uint8Array
  HEAPU16: Uint16Array
  _malloc(bytes: number): number
  _free(at: number): void
  OpusScriptHandler: {
    new (rateHz: number, channels: number, application: number): Handler
    destroy_handler(handler: Handler): void
  }
}

let shared: OpusModule | undefined
let open = 0

function opusModule(): OpusModule {
  shared ??= (createRequire(import.meta.url)('opusscript/build/opusscript_native_wasm.js') as () => OpusModule)()
  return shared
}

/** One direction pair of one call. `close` gives its memory back. */
export class OpusCodec {
  private readonly native: OpusModule
  private readonly handler: Handler
  private readonly pcmAt: number
  private readonly packetAt: number
  private closed = false

  /** @throws when too many codecs are open */
  constructor() {
    if (open >= MAX_CODECS) throw new Error(`more than ${MAX_CODECS} Opus calls at once`)
    open++
    this.native = opusModule()
    this.handler = new this.native.OpusScriptHandler(SAMPLE_RATE_HZ, 1, APPLICATION_VOIP)
    this.pcmAt = this.native._malloc(MAX_PACKET_SAMPLES * 4)
    this.packetAt = this.native._malloc(MAX_PACKET_BYTES)
  }

  /** Encodes 160 samples to one packet. */
  encode(pcm: Int16Array): Buffer {
    const cells = this.native.HEAPU16
    const first = this.pcmAt >> 1
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      const sample = pcm[i] ?? 0
      cells[first + i * 2] = sample & 0xff
      cells[first + i * 2 + 1] = (sample >> 8) & 0xff
    }
    const length = this.handler._encode(this.pcmAt, FRAME_SAMPLES * 2, this.packetAt, FRAME_SAMPLES)
    if (length < 0) throw new Error(`Opus encoder error ${length}`)
    return Buffer.from(this.native.HEAPU8.subarray(this.packetAt, this.packetAt + length))
  }

  /** Decodes one packet; a damaged one gives no samples. */
  decode(packet: Uint8Array): Int16Array {
    if (packet.length === 0 || packet.length > MAX_PACKET_BYTES) return new Int16Array(0)
    this.native.HEAPU8.set(packet, this.packetAt)
    const samples = this.handler._decode(this.packetAt, packet.length, this.pcmAt)
    const pcm = new Int16Array(Math.max(0, samples))
    const cells = this.native.HEAPU16
    const first = this.pcmAt >> 1
    for (let i = 0; i < pcm.length; i++) {
      pcm[i] = ((cells[first + i * 2] ?? 0) & 0xff) | (((cells[first + i * 2 + 1] ?? 0) & 0xff) << 8)
    }
    return pcm
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    open--
    this.native.OpusScriptHandler.destroy_handler(this.handler)
    this.native._free(this.pcmAt)
    this.native._free(this.packetAt)
  }
}
