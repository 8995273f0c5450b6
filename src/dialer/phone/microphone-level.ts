/** The microphone's level for the headset check, before there is a call to measure. */
import { rms } from './meter.ts'

const WINDOW_SAMPLES = 1024

export interface MicrophoneLevel {
  /** 0 to 1 */
  rms(): number
  /** stops using the microphone */
  close(): void
}

/** Throws the errors of `getUserMedia`. */
export async function openMicrophoneLevel(): Promise<MicrophoneLevel> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = WINDOW_SAMPLES
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(WINDOW_SAMPLES)
  return {
    rms: () => {
      analyser.getFloatTimeDomainData(samples)
      return rms(samples)
    },
    close: () => {
      for (const track of stream.getTracks()) track.stop()
      void context.close()
    },
  }
}
