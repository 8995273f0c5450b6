import { type Phrase, partsOf } from './phrase.ts'
import type { Slot } from './slots.ts'

/**
 * The recogniser's grammar (JSGF, https://www.w3.org/TR/jsgf/) of a list of phrases. Beside them stands a loop over all
 * sounds of English: speech that is none of the phrases fits the loop better, and is refused instead of forced into them.
 */

/** The sounds of the CMU dictionary, which the acoustic model has. */
export const SOUNDS =
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(' ')
/**
 * The weight of speech that is none of the phrases, and the cost of each further sound of it. Figures:
 * `packages/phone-network/docs/speech.md`.
 */
export const LOOP_WEIGHT = 0.1
const NEXT_SOUND_WEIGHT = 0.01
/** The weight of words around a phrase: um, please. */
export const AROUND_WEIGHT = 0.02
const BEFORE = 'um|uh|well|okay|so|hi|hello|please'
const AFTER = 'please|thanks|thank you'

/** The name of a sound as a word of the loop; no English word begins like this. */
export function soundWord(sound: string): string {
  return `zz${sound.toLowerCase()}`
}

/** True when the recogniser took the loop, wholly or in part. */
export function isRefused(text: string): boolean {
  return /(^| )zz[a-z]/.test(text)
}

function write(phrase: Phrase): string {
  switch (phrase.type) {
    case 'word':
      return phrase.word
    case 'slot':
      return `<slot_${phrase.name}>`
    case 'all':
      return phrase.parts.map(write).join(' ')
    case 'one':
      return `(${phrase.parts.map(write).join(' | ')})`
    case 'maybe':
      return `[${write(phrase.part)}]`
    case 'many':
      return `(${write(phrase.part)})+`
  }
}

/** Slots that the phrases name, and those that these slots name. */
function slotsOf(phrases: readonly Phrase[], slots: Readonly<Record<string, Slot>>): Map<string, Phrase> {
  const found = new Map<string, Phrase>()
  const look = (phrase: Phrase): void => {
    for (const part of partsOf(phrase)) {
      if (part.type !== 'slot' || found.has(part.name)) continue
      const slot = slots[part.name]
      if (!slot) throw new RangeError(`there is no slot {${part.name}}`)
      found.set(part.name, slot.phrase)
      look(slot.phrase)
    }
  }
  phrases.forEach(look)
  return found
}

/** Every word that the grammar of these phrases can give. */
export function wordsOf(phrases: readonly Phrase[], slots: Readonly<Record<string, Slot>>): Set<string> {
  const words = new Set(`${BEFORE}|${AFTER}`.split(/[| ]/))
  for (const phrase of [...phrases, ...slotsOf(phrases, slots).values()]) {
    for (const part of partsOf(phrase)) if (part.type === 'word') words.add(part.word)
  }
  return words
}

/** JSGF with one public rule. `loopWeight` 0: no loop, all speech is forced into the phrases. */
export function grammarOf(
  phrases: readonly Phrase[],
  slots: Readonly<Record<string, Slot>>,
  loopWeight = LOOP_WEIGHT,
  aroundWeight = AROUND_WEIGHT,
): string {
  const rules = [...slotsOf(phrases, slots)].map(([name, phrase]) => `<slot_${name}> = ${write(phrase)};`)
  const alternatives = [...new Set(phrases.map(write))].join('\n  | ')
  const loop = loopWeight > 0 ? ` | /${loopWeight}/ <other>` : ''
  return [
    '#JSGF V1.0;',
    'grammar speech;',
    `public <utterance> = /1/ <inside>${loop};`,
    `<inside> = (/1/ <phrase> | /${aroundWeight}/ (${BEFORE}) <phrase> | /${aroundWeight}/ <phrase> (${AFTER}));`,
    `<phrase> = ${alternatives};`,
    ...rules,
    ...(loopWeight > 0
      ? [
          // Written as recursion: the recogniser divides the weights of a repeated choice by their sum.
          `<other> = <sound> | /${NEXT_SOUND_WEIGHT}/ <sound> <other>;`,
          `<sound> = ${SOUNDS.map(soundWord).join(' | ')};`,
        ]
      : []),
    '',
  ].join('\n')
}
