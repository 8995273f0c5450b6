import { readFileSync } from 'node:fs'
import { KERNEL_WASM } from '../../scripts/vad/compile.ts'
import type { SpeechKernel } from '../../src/media/vad/speech-detector.ts'

/** The types of Workers have no such constructor, because Workers cannot compile; Node can. */
const Module = WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module
const module = new Module(readFileSync(KERNEL_WASM))

/** Makes a fresh instance of the checked-in kernel. */
export function kernelInNode(): SpeechKernel {
  return new WebAssembly.Instance(module).exports as unknown as SpeechKernel
}
