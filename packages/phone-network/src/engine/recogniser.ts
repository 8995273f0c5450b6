import type { World } from './world.ts'

/**
 * Speech recognition of scripted people. Their words are known, so this decides only which of them are misheard: a
 * share of `errorRate`, and always the same ones for the same seed.
 */

export interface Recognised {
  text: string
  /** 0…1, as Twilio's `Confidence` */
  confidence: number
}

/** Words that are easily confused on the telephone. */
const CONFUSED: Record<string, string> = {
  five: 'nine',
  nine: 'five',
  fifteen: 'fifty',
  fifty: 'fifteen',
  no: 'now',
  yes: 'yet',
  can: "can't",
  for: 'four',
  two: 'to',
}

export function recognise(world: World, text: string): Recognised {
  if (world.recogniserErrorRate === 0) return { text, confidence: 0.95 }
  let errors = 0
  const words = text.split(' ').map(word => {
    if (world.random.next() >= world.recogniserErrorRate) return word
    errors += 1
    return CONFUSED[word.toLowerCase()] ?? word.slice(0, Math.max(1, word.length - 1))
  })
  const share = words.length === 0 ? 0 : errors / words.length
  return { text: words.join(' '), confidence: Math.round((0.95 - 0.6 * share) * 100) / 100 }
}
