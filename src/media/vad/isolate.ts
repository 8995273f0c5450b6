/** The one detector of this isolate: its kernel and weights serve all calls that live here. Only for workerd. */
import speechWasm from './speech.wasm'
import { createSpeechDetector, type SpeechDetector, type SpeechKernel } from './speech-detector.ts'
import weights from './speech8k.bin'

let detector: SpeechDetector | undefined

/**
 * Made when first asked for: an isolate that serves no call's sound does not pay for it (0.8 MB, about 2 ms).
 * The kernel needs no imports, and instantiation of a compiled module is allowed at any time.
 */
export function detectorOfIsolate(): SpeechDetector {
  detector ??= createSpeechDetector(
    new WebAssembly.Instance(speechWasm).exports as unknown as SpeechKernel,
    new Uint8Array(weights),
  )
  return detector
}
