/**
 * Measures the sound energy of the call that the agent hears, with AnalyserNodes on the call's own streams. Nothing runs
 * between two readings. Tests and support read it at `window.trunklineAudio`, that of a call that tries an AI agent at
 * `window.trunklineAiAudio`, and that of a supervisor at `window.trunklineSupervisionAudio`.
 */
const WINDOW_SAMPLES = 1024

export interface TrunklineAudio {
  /** 0 to 1: energy of what arrives from the far side */
  inRms(): number
  /** 0 to 1: energy of what leaves (0 while muted) */
  outRms(): number
}

declare global {
  interface Window {
    trunklineAudio?: TrunklineAudio
    trunklineAiAudio?: TrunklineAudio
    trunklineSupervisionAudio?: TrunklineAudio
    trunklineColleagueAudio?: TrunklineAudio
  }
}

interface Tap {
  stream: MediaStream
  source: MediaStreamAudioSourceNode
  analyser: AnalyserNode
}

export interface StreamSource {
  // The SDK's type is `| undefined`, but the value is null before the media are connected (2.18.5).
  getRemoteStream(): MediaStream | null | undefined
  getLocalStream(): MediaStream | null | undefined
}

export class CallMeter implements TrunklineAudio {
  readonly #call: () => StreamSource | null
  readonly #samples = new Float32Array(WINDOW_SAMPLES)
  #context: AudioContext | null = null
  #remote: Tap | null = null
  #local: Tap | null = null

  constructor(
    call: () => StreamSource | null,
    name:
      | 'trunklineAudio'
      | 'trunklineAiAudio'
      | 'trunklineSupervisionAudio'
      | 'trunklineColleagueAudio' = 'trunklineAudio',
  ) {
    this.#call = call
    window[name] = { inRms: () => this.inRms(), outRms: () => this.outRms() }
  }

  /** The page's only AudioContext, made at the first use. */
  context(): AudioContext {
    this.#context ??= new AudioContext()
    return this.#context
  }

  inRms(): number {
    this.#remote = this.#tap(this.#remote, this.#call()?.getRemoteStream())
    return this.#read(this.#remote)
  }

  outRms(): number {
    this.#local = this.#tap(this.#local, this.#call()?.getLocalStream())
    return this.#read(this.#local)
  }

  warmUp(): void {
    this.inRms()
    this.outRms()
  }

  close(): void {
    for (const tap of [this.#remote, this.#local]) tap?.source.disconnect()
    this.#remote = null
    this.#local = null
  }

  #tap(tap: Tap | null, stream: MediaStream | null | undefined): Tap | null {
    if (tap !== null && tap.stream === (stream ?? null)) return tap
    tap?.source.disconnect()
    if (stream === undefined || stream === null || stream.getAudioTracks().length === 0) return null
    const context = this.context()
    const source = context.createMediaStreamSource(stream)
    const analyser = context.createAnalyser()
    analyser.fftSize = WINDOW_SAMPLES
    source.connect(analyser)
    return { stream, source, analyser }
  }

  #read(tap: Tap | null): number {
    if (tap === null) return 0
    tap.analyser.getFloatTimeDomainData(this.#samples)
    return rms(this.#samples)
  }
}

/** Root mean square of a window of samples. */
export function rms(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return Math.sqrt(sum / Math.max(1, samples.length))
}
