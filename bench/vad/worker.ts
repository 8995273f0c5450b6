/** Hears as many frames as it is asked for, by one of three ways; the clock is outside (workerd's own has steps of 1 ms). */
import { kernelOrder } from '../../scripts/vad/kernel-order.ts'
import { base64FromBytes } from '../../src/media/base64.ts'
import { LINEAR_OF } from '../../src/media/mulaw.ts'
import speechWasm from '../../src/media/vad/speech.wasm'
import { createSpeechDetector, type SpeechKernel } from '../../src/media/vad/speech-detector.ts'
import clip from '../../test/vad/buzz.bin'
import { freshState, referenceChunk } from '../../test/vad/reference.ts'
import { seededNetwork } from '../../test/vad/seeded-network.ts'

const FRAME = 160
const CHUNK = 256
const network = seededNetwork(1)
const kernel = new WebAssembly.Instance(speechWasm).exports as unknown as SpeechKernel
const detector = createSpeechDetector(kernel, kernelOrder(network))
const line = detector.open()
const state = freshState()
const bytes = new Uint8Array(clip)
const payloads = Array.from({ length: bytes.length / FRAME }, (_, at) =>
  base64FromBytes(bytes.subarray(at * FRAME, at * FRAME + FRAME)),
)
const chunks = Array.from({ length: Math.floor(bytes.length / CHUNK) }, (_, at) =>
  Array.from(bytes.subarray(at * CHUNK, at * CHUNK + CHUNK), byte => (LINEAR_OF[byte] as number) / 32_768),
)

/** `count` frames of 20 ms; what comes back must be used, or it might not be computed. */
const WAYS: Record<string, (count: number) => number> = {
  nothing: () => 0,
  kernel(count) {
    let sum = 0
    for (let at = 0; at < count; at += 1) sum += line.hear(payloads[at % payloads.length] as string) ?? 0
    return sum
  },
  plain(count) {
    let sum = 0
    for (let at = 0; at < (count * FRAME) / CHUNK; at += 1) {
      sum += referenceChunk(network, state, chunks[at % chunks.length] as number[])
    }
    return sum
  },
}

export default {
  fetch(request: Request): Response {
    const { pathname, searchParams } = new URL(request.url)
    const way = WAYS[pathname.slice(1)]
    return new Response(String(way ? way(Number(searchParams.get('frames'))) : 'ok'))
  },
}
