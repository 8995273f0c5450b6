/**
 * The thirteen system calls that the speech synthesizer makes, answered from memory: no files, no clock, no network.
 * That keeps it deterministic and avoids Node's own WASI, which is marked experimental and prints a warning. Numbers:
 * wasi_snapshot_preview1, https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
 */

const SUCCESS = 0
const BAD_FILE = 8
const FOLDER_FD = 3
const FILE_FD = 4
const SEEK_SET = 0
const SEEK_END = 2
const CHARACTER_DEVICE = 2
const DIRECTORY = 3
const REGULAR_FILE = 4
const FOLDER_NAME = '/out'
/** About four minutes of 16 kHz sound; a program that writes more is cut off with an error. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024

class Exit extends Error {}

/** A growing file in memory with one write position. */
class MemoryFile {
  private bytes = new Uint8Array(1 << 16)
  private length = 0
  position = 0

  write(chunk: Uint8Array): boolean {
    const end = this.position + chunk.length
    if (end > MAX_FILE_BYTES) return false
    if (end > this.bytes.length) {
      const larger = new Uint8Array(Math.min(MAX_FILE_BYTES, Math.max(end, this.bytes.length * 2)))
      larger.set(this.bytes.subarray(0, this.length))
      this.bytes = larger
    }
    this.bytes.set(chunk, this.position)
    this.position = end
    this.length = Math.max(this.length, end)
    return true
  }

  seek(offset: number, whence: number): number {
    const base = whence === SEEK_SET ? 0 : whence === SEEK_END ? this.length : this.position
    this.position = Math.max(0, base + offset)
    return this.position
  }

  contents(): Uint8Array {
    return this.bytes.slice(0, this.length)
  }
}

type Exports = { memory: WebAssembly.Memory; _start(): void }

/**
 * Run a WASI command once. The file it writes under `/out` is returned, whatever its name.
 * @throws when the program ends with an exit code other than 0
 */
export async function runOnce(module: WebAssembly.Module, args: string[]): Promise<Uint8Array> {
  const file = new MemoryFile()
  const holder: { memory?: WebAssembly.Memory } = {}
  const imports = { wasi_snapshot_preview1: systemCalls(args, file, () => requireMemory(holder)) }
  const instance = await WebAssembly.instantiate(module, imports)
  const { memory, _start } = instance.exports as unknown as Exports
  holder.memory = memory
  try {
    _start()
  } catch (error) {
    if (!(error instanceof Exit)) throw error
    if (error.message !== '0') throw new Error(`speech synthesizer ended with exit code ${error.message}`)
  }
  return file.contents()
}

function requireMemory(holder: { memory?: WebAssembly.Memory }): WebAssembly.Memory {
  if (!holder.memory) throw new Error('system call before the program has started')
  return holder.memory
}

function systemCalls(args: string[], file: MemoryFile, memory: () => WebAssembly.Memory) {
  const view = () => new DataView(memory().buffer)
  const bytes = () => new Uint8Array(memory().buffer)
  const encoded = args.map(arg => new TextEncoder().encode(`${arg}\0`))
  return {
    args_sizes_get(countAt: number, sizeAt: number): number {
      view().setUint32(countAt, encoded.length, true)
      view().setUint32(
        sizeAt,
        encoded.reduce((size, arg) => size + arg.length, 0),
        true,
      )
      return SUCCESS
    },
    args_get(pointersAt: number, textAt: number): number {
      let at = textAt
      encoded.forEach((arg, index) => {
        view().setUint32(pointersAt + index * 4, at, true)
        bytes().set(arg, at)
        at += arg.length
      })
      return SUCCESS
    },
    clock_time_get(_clock: number, _precision: bigint, timeAt: number): number {
      view().setBigUint64(timeAt, 0n, true)
      return SUCCESS
    },
    proc_exit(code: number): never {
      throw new Exit(String(code))
    },
    path_open(...parameters: (number | bigint)[]): number {
      view().setUint32(Number(parameters[8]), FILE_FD, true)
      return SUCCESS
    },
    fd_prestat_get(fd: number, prestatAt: number): number {
      if (fd !== FOLDER_FD) return BAD_FILE
      view().setUint32(prestatAt, 0, true)
      view().setUint32(prestatAt + 4, FOLDER_NAME.length, true)
      return SUCCESS
    },
    fd_prestat_dir_name(fd: number, nameAt: number): number {
      if (fd !== FOLDER_FD) return BAD_FILE
      bytes().set(new TextEncoder().encode(FOLDER_NAME), nameAt)
      return SUCCESS
    },
    ...fileCalls(file, view, bytes),
  }
}

function fileCalls(file: MemoryFile, view: () => DataView, bytes: () => Uint8Array) {
  return {
    fd_close: () => SUCCESS,
    fd_fdstat_set_flags: () => SUCCESS,
    fd_fdstat_get(fd: number, statAt: number): number {
      bytes().fill(0, statAt, statAt + 24)
      view().setUint8(statAt, fd === FOLDER_FD ? DIRECTORY : fd === FILE_FD ? REGULAR_FILE : CHARACTER_DEVICE)
      view().setBigUint64(statAt + 8, 0xffffffffffffffffn, true)
      view().setBigUint64(statAt + 16, 0xffffffffffffffffn, true)
      return SUCCESS
    },
    fd_read(_fd: number, _vectors: number, _count: number, readAt: number): number {
      view().setUint32(readAt, 0, true)
      return SUCCESS
    },
    fd_seek(fd: number, offset: bigint, whence: number, positionAt: number): number {
      if (fd !== FILE_FD) return BAD_FILE
      view().setBigUint64(positionAt, BigInt(file.seek(Number(offset), whence)), true)
      return SUCCESS
    },
    fd_write(fd: number, vectors: number, count: number, writtenAt: number): number {
      let written = 0
      for (let index = 0; index < count; index++) {
        const from = view().getUint32(vectors + index * 8, true)
        const size = view().getUint32(vectors + index * 8 + 4, true)
        if (fd === FILE_FD && !file.write(bytes().subarray(from, from + size))) throw new Exit('file-too-large')
        written += size
      }
      view().setUint32(writtenAt, written, true)
      return SUCCESS
    },
  }
}
