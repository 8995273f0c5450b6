/** Two checks of live sound: whether the browser plays it, and whether a muted agent speaks. */
import { rms, type StreamSource } from './meter.ts'

const RESUME_WAIT_MS = 400
/** A level above that of a quiet room and below that of speech into a headset. */
const SPEECH_RMS = 0.02
const WINDOW_SAMPLES = 2048

/**
 * True when the page may play sound. After a reload without a click the browser may keep audio suspended
 * (autoplay policy: developer.chrome.com/blog/autoplay); then only a gesture helps.
 */
export async function audible(context: AudioContext): Promise<boolean> {
  if (context.state === 'running') return true
  const resumed = context.resume().then(
    () => true,
    () => false,
  )
  const waited = new Promise<boolean>(resolve => setTimeout(() => resolve(false), RESUME_WAIT_MS))
  return Promise.race([resumed, waited])
}

interface MutedTap {
  track: MediaStreamTrack
  clone: MediaStreamTrack
  analyser: AnalyserNode
}

/**
 * Detects speech into the microphone of a muted call. Mute disables the call's track, so a clone of it is measured, which is
 * not sent anywhere.
 */
export class MutedSpeech {
  #tap: MutedTap | null = null

  speaking(call: StreamSource | null, context: AudioContext): boolean {
    const track = call?.getLocalStream()?.getAudioTracks()[0]
    if (track === undefined) return false
    if (this.#tap?.track !== track) this.#tap = this.#listen(track, context)
    const samples = new Float32Array(WINDOW_SAMPLES)
    this.#tap.analyser.getFloatTimeDomainData(samples)
    return rms(samples) > SPEECH_RMS
  }

  /** Stops the clone; otherwise the browser shows the microphone as in use. */
  release(): void {
    this.#tap?.clone.stop()
    this.#tap = null
  }

  #listen(track: MediaStreamTrack, context: AudioContext): MutedTap {
    this.release()
    const clone = track.clone()
    clone.enabled = true
    const analyser = context.createAnalyser()
    analyser.fftSize = WINDOW_SAMPLES
    context.createMediaStreamSource(new MediaStream([clone])).connect(analyser)
    return { track, clone, analyser }
  }
}
