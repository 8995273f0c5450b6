/**
 * The recogniser's own thread. One decoder listens to one utterance at a time; a few of them (25 MB each) serve all
 * sockets, because people mostly listen. Utterances beyond that wait with their sound.
 */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parentPort } from 'node:worker_threads'
import createModule, { type Decoder, type SoundSwallowerModule } from 'soundswallower'
import { isRefused, SOUNDS, soundWord } from '../dialogue/grammar.ts'
import {
  DECODERS_MAX,
  type Grammar,
  type Heard,
  type RecogniserNews,
  type RecogniserOrder,
} from './recogniser-messages.ts'

const HZ = 8_000
/**
 * The mean that the decoder assumes until it has heard sound (the usual one of this model family, its first value
 * raised to the loudness of our voices). Every utterance begins with it, so that earlier sound changes nothing.
 */
const MEAN = '48,-5.29,-0.12,5.09,2.48,-4.07,-1.37,-1.78,-5.08,-2.05,-6.45,-1.42,1.17'
/** How often a partial text is sent at most. */
const PARTIAL_SAMPLES = HZ / 5
/** Size of the pieces that the decoder gets, which limits the memory that it needs for them. */
const PIECE_SAMPLES = HZ / 5

interface Utterance {
  id: number
  grammar: Grammar
  /** waits for a decoder */
  waiting: Int16Array[]
  ended: boolean
  sincePartial: number
  told: string
  slot: Slot | null
}

interface Slot {
  decoder: Decoder
  grammar: string
  busy: boolean
}

const grammars = new Map<string, Grammar>()
const utterances = new Map<number, Utterance>()
const slots: Slot[] = []
let module: SoundSwallowerModule | undefined
/** Decoders are created one after another; nothing else here is asynchronous. */
let making = false

function tell(news: RecogniserNews): void {
  parentPort?.postMessage(news)
}

async function makeSlot(): Promise<Slot> {
  module ??= await createModule()
  // The default path of the model is relative to the working directory, and the sampling rate must be set because the
  // model is one of telephone sound.
  const hmm = path.join(path.dirname(fileURLToPath(import.meta.resolve('soundswallower'))), 'model', 'en-us')
  const decoder = new module.Decoder({ hmm, samprate: HZ, cmninit: MEAN, loglevel: 'FATAL' })
  await decoder.initialize()
  decoder.add_words(...SOUNDS.map((sound): [string, string] => [soundWord(sound), sound]))
  const slot = { decoder, grammar: '', busy: false }
  slots.push(slot)
  return slot
}

/** Loads a grammar. Throws with a word that is in no dictionary. */
function teach({ decoder }: Slot, { jsgf, pronunciations }: Grammar): void {
  const words = new Set(
    jsgf.replace(/^.*;$|<[^>]*>|\/[^/]*\//gm, rule => (rule.includes('=') ? rule : '')).match(/[a-z][a-z']*/g),
  )
  for (const word of words) {
    if (decoder.lookup_word(word) !== null) continue
    const sounds = pronunciations[word]
    if (sounds === undefined)
      throw new Error(`the recogniser has no pronunciation of "${word}"; the script must give one`)
    decoder.add_words([word, sounds])
  }
  decoder.set_grammar(jsgf)
}

function attach(utterance: Utterance, slot: Slot): void {
  // A grammar that cannot be loaded leaves the decoder as it was.
  if (slot.grammar !== utterance.grammar.name) teach(slot, utterance.grammar)
  slot.grammar = utterance.grammar.name
  slot.busy = true
  utterance.slot = slot
  slot.decoder.start()
}

/** How many decoders were asked to have which grammar before anybody speaks. */
let wanted: { grammar: Grammar; decoders: number } | null = null

/** Gives waiting utterances their decoders, oldest first; when nobody waits, makes those that will be needed. */
async function serve(): Promise<void> {
  if (making) return
  making = true
  try {
    for (;;) {
      const next = [...utterances.values()].find(utterance => utterance.slot === null)
      if (!next && (wanted === null || slots.length >= wanted.decoders)) return
      if (!next) {
        const ready = await makeSlot()
        if (wanted !== null && ready.grammar === '') teachEarly(ready, wanted.grammar)
        continue
      }
      const free = slots.filter(slot => !slot.busy)
      const slot =
        free.find(each => each.grammar === next.grammar.name) ??
        free[0] ??
        (slots.length < DECODERS_MAX ? await makeSlot() : null)
      if (!slot) return
      // The utterance may have been forgotten while its decoder was created.
      if (utterances.has(next.id)) guarded(next.id, () => listenTo(next, slot))
    }
  } finally {
    making = false
  }
}

/** A grammar that cannot be loaded is told of by the first utterance that needs it. */
function teachEarly(slot: Slot, grammar: Grammar): void {
  try {
    teach(slot, grammar)
    slot.grammar = grammar.name
  } catch {
    slot.grammar = ''
  }
}

function listenTo(utterance: Utterance, slot: Slot): void {
  attach(utterance, slot)
  const waiting = utterance.waiting
  utterance.waiting = []
  for (const samples of waiting) hear(utterance, samples)
  if (utterance.ended) finish(utterance)
}

function hear(utterance: Utterance, samples: Int16Array): void {
  const { slot } = utterance
  if (!slot) {
    utterance.waiting.push(samples)
    return
  }
  for (let at = 0; at < samples.length; at += PIECE_SAMPLES) {
    const piece = Float32Array.from(samples.subarray(at, at + PIECE_SAMPLES), sample => sample / 32_768)
    slot.decoder.process_audio(piece)
  }
  tell({ id: utterance.id, type: 'took', samples: samples.length })
  utterance.sincePartial += samples.length
  if (utterance.sincePartial < PARTIAL_SAMPLES || utterance.ended) return
  utterance.sincePartial = 0
  const text = slot.decoder.get_text()
  if (text === utterance.told || isRefused(text)) return
  utterance.told = text
  tell({ id: utterance.id, type: 'partial', text })
}

function finish(utterance: Utterance): void {
  const { slot, id } = utterance
  if (!slot) return
  slot.decoder.stop()
  const text = slot.decoder.get_text()
  const words = isRefused(text) ? [] : wordsOf(slot.decoder)
  const refused = isRefused(text) || words.some(word => word.confidence < utterance.grammar.confidenceMin)
  const heard: Heard = refused ? { text: '', words: [], refused } : { text, words, refused }
  release(utterance)
  tell({ id, type: 'final', heard })
}

function wordsOf(decoder: Decoder): Heard['words'] {
  return (decoder.get_alignment().w ?? [])
    .filter(({ t }) => /^[a-z]/.test(t))
    .map(({ t, b, d, p }) => ({
      word: t.replace(/\(\d+\)$/, ''),
      startMs: Math.round(b * 1_000),
      endMs: Math.round((b + d) * 1_000),
      confidence: Math.min(1, p),
    }))
}

function release(utterance: Utterance): void {
  utterances.delete(utterance.id)
  const { slot } = utterance
  utterance.slot = null
  if (!slot) return
  slot.decoder
    .reinitialize_audio()
    .then(() => {
      slot.busy = false
    })
    .catch(() => discard(slot))
    .then(serve)
}

function discard(slot: Slot): void {
  slots.splice(slots.indexOf(slot), 1)
  slot.decoder.delete()
}

/** A decoder that has failed is deleted, because its state is unknown. */
function guarded(id: number, run: () => void): void {
  try {
    run()
  } catch (error) {
    const slot = utterances.get(id)?.slot
    utterances.delete(id)
    if (slot) discard(slot)
    tell({ id, type: 'failed', error: error instanceof Error ? error.message : String(error) })
    void serve()
  }
}

function take(order: RecogniserOrder): void {
  if (order.do === 'grammar') {
    grammars.set(order.grammar.name, order.grammar)
    return
  }
  if (order.do === 'prepare') {
    const grammar = grammars.get(order.grammar)
    if (grammar !== undefined) wanted = { grammar, decoders: Math.min(DECODERS_MAX, order.decoders) }
    serve().catch(() => undefined)
    return
  }
  if (order.do === 'begin') {
    const grammar = grammars.get(order.grammar)
    if (!grammar) return tell({ id: order.id, type: 'failed', error: `there is no grammar ${order.grammar}` })
    utterances.set(order.id, {
      id: order.id,
      grammar,
      waiting: [],
      ended: false,
      sincePartial: 0,
      told: '',
      slot: null,
    })
    serve().catch((error: unknown) => tell({ id: order.id, type: 'failed', error: String(error) }))
    return
  }
  const utterance = utterances.get(order.id)
  if (!utterance) return
  guarded(order.id, () => {
    if (order.do === 'audio') return hear(utterance, order.samples)
    utterance.ended = true
    if (order.do === 'end') return finish(utterance)
    utterance.slot?.decoder.stop()
    release(utterance)
  })
}

parentPort?.on('message', take)
