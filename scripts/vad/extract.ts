/**
 * `npm run vad:weights -- FILE.onnx`: writes the weights of Silero VAD's 8 kHz branch in the kernel's order, and says from
 * what and to what by SHA-256, for the licence file that stands beside them.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../local/build.ts'
import { kernelOrder } from './kernel-order.ts'
import { networkOf } from './onnx.ts'

export const WEIGHTS_FILE = path.join(ROOT, 'src/media/vad/speech8k.bin')

function main(): void {
  const source = process.argv[2]
  if (source === undefined) {
    console.error('which file? npm run vad:weights -- path/to/silero_vad.onnx')
    process.exit(2)
  }
  const file = readFileSync(source)
  const weights = kernelOrder(networkOf(file))
  writeFileSync(WEIGHTS_FILE, weights)
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  console.log(JSON.stringify({ source: sha256(file), weights: sha256(weights), bytes: weights.length }))
}

if (import.meta.main) main()
