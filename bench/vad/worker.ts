/**
 * A Worker that hears as a call does: it puts clips through the detector and the gate, or runs as many frames as it is asked
 * for in one of four ways. The bench outside measures the time, because workerd's own clock has steps of 1 ms.
 */
import { networkOfKernel } from '../../scripts/vad/kernel-order.ts'
import { BARGE_IN_GATE, createGate, type GateChange } from '../../src/media/turn/gate.ts'
import { detectorOfIsolate } from '../../src/media/vad/isolate.ts'
import weights from '../../src/media/vad/speech8k.bin'
import { base64FromBytes } from '../../src/sound/base64.ts'
import { LINEAR_OF } from '../../src/sound/mulaw.ts'
import clip from '../../test/vad/buzz.bin'
import { freshState, referenceChunk, referenceProbabilities } from '../../test/vad/reference.ts'

const FRAME = 160
const FRAME_MS = 20
const CHUNK = 256
/** The reference loop makes 16 passes over 1,024 numbers for each frame. */
const PASSES = 16
const NUMBERS = 1_024

const network = networkOfKernel(new Uint8Array(weights))
const line = detectorOfIsolate().open()
const state = freshState()
const payloads = framesOf(new Uint8Array(clip))
const chunks = Array.from({ length: Math.floor(clip.byteLength / CHUNK) }, (_, at) =>
  Array.from(new Uint8Array(clip, at * CHUNK, CHUNK), byte => (LINEAR_OF[byte] as number) / 32_768),
)
const left = Float64Array.from({ length: NUMBERS }, (_, at) => Math.sin(at))
const right = Float64Array.from({ length: NUMBERS }, (_, at) => Math.cos(at))

function framesOf(mulaw: Uint8Array): string[] {
  return Array.from({ length: Math.floor(mulaw.length / FRAME) }, (_, at) =>
    base64FromBytes(mulaw.subarray(at * FRAME, at * FRAME + FRAME)),
  )
}

/** Each way runs `count` frames of 20 ms. Its result goes into the response, so that no compiler can leave the work out. */
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
  reference(count) {
    let sum = 0
    for (let at = 0; at < count * PASSES; at += 1) {
      for (let index = 0; index < NUMBERS; index += 1) sum += (left[index] as number) * (right[index] as number)
    }
    return sum
  },
}

export interface Heard {
  /** the latest probability at the end of each frame */
  probabilities: number[]
  changes: GateChange[]
  /** of the gate that lets a caller break in */
  bargeIns: GateChange[]
}

function hear(mulaw: Uint8Array): Heard {
  using call = detectorOfIsolate().open()
  const [turns, bargeIns] = [createGate(), createGate(BARGE_IN_GATE)]
  const heard: Heard = { probabilities: [], changes: [], bargeIns: [] }
  for (const [at, payload] of framesOf(mulaw).entries()) {
    const now = (at + 1) * FRAME_MS
    const probability = call.hear(payload)
    heard.probabilities.push(probability ?? heard.probabilities.at(-1) ?? 0)
    const change = turns.hear(now, probability)
    if (change) heard.changes.push(change)
    const bargeIn = bargeIns.hear(now, probability)
    if (bargeIn) heard.bargeIns.push(bargeIn)
  }
  return heard
}

/** The largest difference of a chunk's probability between the kernel and its plain form. */
function difference(mulaw: Uint8Array): number {
  using call = detectorOfIsolate().open()
  const wanted = referenceProbabilities(network, mulaw)
  return wanted.reduce((worst, one, at) => {
    const found = call.hearBytes(mulaw.subarray(at * CHUNK, at * CHUNK + CHUNK))
    return Math.max(worst, Math.abs((found ?? Number.NaN) - one))
  }, 0)
}

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/hear') return Response.json(hear(new Uint8Array(await request.arrayBuffer())))
    if (pathname === '/difference') return Response.json(difference(new Uint8Array(await request.arrayBuffer())))
    const way = WAYS[pathname.slice(1)]
    return new Response(String(way ? way(Number(searchParams.get('frames'))) : 'ok'))
  },
}
