/** Keeps one detector per isolate, whose kernel and weights serve all calls that live there. It runs only in workerd. */
import speechWasm from './speech.wasm'
import { createSpeechDetector, type SpeechDetector, type SpeechKernel } from './speech-detector.ts'
import weights from './speech8k.bin'

let detector: SpeechDetector | undefined

/**
 * The detector is made when it is first asked for, so that an isolate without calls does not pay for it (0.8 MB, about 2 ms).
 * workerd allows this at any time: it forbids compiling, but the module comes compiled and needs no imports.
 */
export function detectorOfIsolate(): SpeechDetector {
  detector ??= createSpeechDetector(
    new WebAssembly.Instance(speechWasm).exports as unknown as SpeechKernel,
    new Uint8Array(weights),
  )
  return detector
}
