/** The labelled clips that the bench hears: somebody's folder, or one that is made here from the held-out flite voice. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Clip, type ClipIndex, clipFolder, writeClips } from '../../scripts/vad/train/clips.ts'
import { speechPool } from '../../scripts/vad/train/speech-pool.ts'

const SEED = 2_024
const SECONDS = 24

export interface ClipFolder {
  labelMs: number
  clips: Clip[]
  bytesOf(clip: Clip): Uint8Array
}

/** `split`: only those clips, if there are any of that split. Throws with what is wrong with the folder. */
export function readClips(folder: string, split: string): ClipFolder {
  const file = path.join(folder, 'index.json')
  if (!existsSync(file)) throw new Error(`${file} is not there`)
  const index = JSON.parse(readFileSync(file, 'utf8')) as ClipIndex
  const encoding = String(index.encoding).toLowerCase()
  if (index.rate !== 8_000 || !/^(pcm[_-]?)?(mu|u|µ)-?law$/.test(encoding)) {
    throw new Error(`${file}: ${index.rate} Hz ${index.encoding}, and not 8000 Hz mulaw`)
  }
  const own = index.clips.filter(clip => clip.split === split)
  return {
    labelMs: index.label_ms,
    clips: own.length > 0 ? own : index.clips,
    bytesOf: clip => readFileSync(path.join(folder, `${clip.name}.ulaw`)),
  }
}

/** Made once, in about a minute. Its voice was not heard in training; its noises are drawn anew by the same generator. */
export async function ownClips(): Promise<string> {
  const folder = clipFolder('test')
  if (existsSync(path.join(folder, 'index.json'))) return folder
  const order = { engines: ['flite'] as const, each: { flite: 120, espeak: 0 }, stretch: 1.15, seed: SEED }
  const pool = await speechPool(folder, { split: 'test', ...order })
  const crowd = await speechPool(folder, { split: 'dev', ...order })
  writeClips({ folder, split: 'test', pool, crowd: [...pool, ...crowd], seconds: SECONDS, rounds: 2, seed: SEED })
  return folder
}
