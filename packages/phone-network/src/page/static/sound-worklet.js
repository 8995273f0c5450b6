/** Between the browser's sample rate and the telephone's: 8 kHz µ-law in 160-byte frames (ITU-T G.711). */

const RATE_HZ = 8000
const FRAME = 160
const BIAS = 0x84
const CLIP = 32635
/** Playback begins when three frames wait, and frames beyond ten are dropped. */
const CUSHION_SAMPLES = 3 * FRAME
const LIMIT_SAMPLES = 10 * FRAME

/** @param {number} sample −1…1 */
function encode(sample) {
  const value = Math.max(-1, Math.min(1, sample)) * 32767
  const sign = value < 0 ? 0x80 : 0
  const magnitude = Math.min(Math.abs(value), CLIP) + BIAS
  const exponent = Math.max(0, Math.floor(Math.log2(magnitude)) - 7)
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff
}

/** @param {number} byte */
function decode(byte) {
  const bits = ~byte & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + BIAS) << ((bits >> 4) & 7)) - BIAS
  return (bits & 0x80 ? -magnitude : magnitude) / 32768
}

/** Microphone to frames. Each telephone sample is the mean of the samples that it covers: a simple low-pass. */
class Mouth extends AudioWorkletProcessor {
  constructor() {
    super()
    this.frame = new Uint8Array(FRAME)
    this.filled = 0
    this.sum = 0
    this.count = 0
    this.phase = 0
  }

  /** @param {Float32Array[][]} inputs */
  process([channels]) {
    for (const sample of channels?.[0] ?? []) {
      this.sum += sample
      this.count++
      this.phase += RATE_HZ
      if (this.phase < sampleRate) continue
      this.phase -= sampleRate
      this.frame[this.filled++] = encode(this.sum / this.count)
      this.sum = 0
      this.count = 0
      if (this.filled < FRAME) continue
      this.port.postMessage(this.frame.slice().buffer)
      this.filled = 0
    }
    return true
  }
}

/** Frames to loudspeaker, straight lines between the samples. */
class Ear extends AudioWorkletProcessor {
  constructor() {
    super()
    /** @type {number[]} */
    this.waiting = []
    this.position = 0
    this.playing = false
    this.port.onmessage = ({ data }) => {
      for (const byte of new Uint8Array(data)) this.waiting.push(decode(byte))
      if (this.waiting.length > LIMIT_SAMPLES) this.waiting.splice(0, this.waiting.length - CUSHION_SAMPLES)
    }
  }

  /** @param {Float32Array[][]} _inputs @param {Float32Array[][]} outputs */
  process(_inputs, [channels]) {
    const out = channels?.[0]
    if (!out) return true
    if (!this.playing && this.waiting.length < CUSHION_SAMPLES) return true
    this.playing = true
    for (let i = 0; i < out.length; i++) {
      const at = Math.floor(this.position)
      if (at + 1 >= this.waiting.length) {
        this.playing = false
        break
      }
      const share = this.position - at
      out[i] = this.waiting[at] * (1 - share) + this.waiting[at + 1] * share
      this.position += RATE_HZ / sampleRate
    }
    const used = Math.min(Math.floor(this.position), this.waiting.length)
    this.waiting.splice(0, used)
    this.position -= used
    return true
  }
}

registerProcessor('mouth', Mouth)
registerProcessor('ear', Ear)
