/** `npm run vad:build` makes the kernel's WebAssembly from its AssemblyScript. The same source gives the same bytes. */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { ROOT } from '../local/build.ts'

export const KERNEL_WASM = path.join(ROOT, 'src/media/vad/speech.wasm')

/** 13 pages hold tables, scratch and weights; the host grows the memory for its lines. */
const FLAGS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--initialMemory', '13']

export function compileKernel(outFile: string): void {
  const asc = path.join(ROOT, 'node_modules/assemblyscript/bin/asc.js')
  execFileSync(process.execPath, [asc, 'src/media/vad/speech.kernel.ts', '-o', outFile, ...FLAGS], { cwd: ROOT })
}

if (import.meta.main) compileKernel(KERNEL_WASM)
