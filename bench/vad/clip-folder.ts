/** Provides the labelled clips that the bench hears: a given folder, or clips that are made here with a voice of flite. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Conditions } from './clips/scene.ts'
import { speechPool } from './clips/speech-pool.ts'
import { type Clip, type ClipIndex, clipFolder, writeClips } from './clips/write.ts'

const SEED = 2_024
const SECONDS = 24

export interface ClipFolder {
  labelMs: number
  clips: Clip[]
  bytesOf(clip: Clip): Uint8Array
}

/** Reads the clips of `split`, or all clips if none is of that split. Throws with what is wrong with the folder. */
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

/** The clips are made once, in some seconds. Where voices babble, the second voice of flite joins the first. */
export async function ownClips(conditions: Conditions): Promise<string> {
  const folder = clipFolder(conditions)
  if (existsSync(path.join(folder, 'index.json'))) return folder
  const order = { utterances: 120, stretch: 1.15, seed: SEED }
  const speaker = await speechPool(folder, { voice: 'slt', ...order })
  const other = await speechPool(folder, { voice: 'kal16', ...order })
  const rounds = { seconds: SECONDS, rounds: 2, seed: SEED }
  writeClips({ folder, split: 'test', conditions, speaker, crowd: [speaker, other], ...rounds })
  return folder
}
