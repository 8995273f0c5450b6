/**
 * `npm run vad:weights [-- FILE.onnx]`: writes the weights of Silero VAD's 8 kHz branch in the kernel's order. Without a file
 * they come from the published model in the dev dependency. It prints the SHA-256 of both files, for the page beside the weights.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../local/build.ts'
import { kernelOrder } from './kernel-order.ts'
import { networkOf } from './onnx.ts'

export const WEIGHTS_FILE = path.join(ROOT, 'src/media/vad/speech8k.bin')
/** Silero VAD v6, as @ricky0123/vad-web publishes it. */
export const PUBLISHED_MODEL = path.join(ROOT, 'node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx')

/** The kernel's weights from an ONNX file. Throws if the file does not hold the 8 kHz network. */
export function weightsOf(onnx: Uint8Array): Uint8Array {
  return kernelOrder(networkOf(onnx))
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function main(): void {
  const file = readFileSync(process.argv[2] ?? PUBLISHED_MODEL)
  const weights = weightsOf(file)
  writeFileSync(WEIGHTS_FILE, weights)
  console.log(JSON.stringify({ source: sha256(file), weights: sha256(weights), bytes: weights.length }))
}

if (import.meta.main) main()
