import { readFileSync } from 'node:fs'
import { KERNEL_WASM } from '../../scripts/vad/compile.ts'
import type { SpeechKernel } from '../../src/media/vad/speech-detector.ts'

/** Workers cannot compile, so their types have no such constructor; Node has it. */
const Module = WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module
const module = new Module(readFileSync(KERNEL_WASM))

/** A fresh instance of the checked-in kernel. */
export function kernelInNode(): SpeechKernel {
  return new WebAssembly.Instance(module).exports as unknown as SpeechKernel
}
