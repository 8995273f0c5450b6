import { parentPort, workerData } from 'node:worker_threads'
import { readSound } from './sound-file.ts'

/** Reads one sound file in a thread of its own: decoding a song takes a second, and no call may be held up by it. */

export interface SoundOrder {
  bytes: Uint8Array
  contentType: string
}

export type SoundDelivery = { clip: Uint8Array } | { error: string }

const { bytes, contentType } = workerData as SoundOrder
let delivery: SoundDelivery
try {
  delivery = { clip: readSound(bytes, contentType) }
} catch (error) {
  delivery = { error: error instanceof Error ? error.message : String(error) }
}
parentPort?.postMessage(delivery)
