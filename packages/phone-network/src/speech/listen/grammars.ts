import { grammarOf } from '../dialogue/grammar.ts'
import { phrasesOf, type Script } from '../dialogue/script-file.ts'
import type { Slot } from '../dialogue/slots.ts'
import type { Grammar } from './recogniser-messages.ts'

/** Chooses a listener's grammar: `reception.desk`, `reception`, or everything that all scripts understand. */

/** Words below this certainty are guesses. Figures: `packages/phone-network/docs/speech.md`. */
export const CONFIDENCE_MIN = 0.78

const made = new WeakMap<ReadonlyMap<string, Script>, Map<string, Grammar>>()

/**
 * @param wanted `script.state`, `script`, or null
 * @param refuses false: all speech is forced into the phrases
 * @returns null when there is no such script or state
 */
export function grammarFor(
  scripts: ReadonlyMap<string, Script>,
  wanted: string | null,
  refuses = true,
): Grammar | null {
  const known = made.get(scripts) ?? new Map<string, Grammar>()
  made.set(scripts, known)
  const name = wanted ?? '*'
  const key = refuses ? name : `${name} forced`
  const grammar = known.get(key) ?? make(scripts, name, key, refuses)
  if (grammar) known.set(key, grammar)
  return grammar
}

function make(scripts: ReadonlyMap<string, Script>, name: string, key: string, refuses: boolean): Grammar | null {
  const [scriptName = '', state = null] = name.split('.')
  // Orders for the obeying model are not part of the demo: its grammar is used only when it is asked for.
  const chosen =
    name === '*' ? [...scripts.values()].filter(script => script.responder === 'states') : [scripts.get(scriptName)]
  const talking = chosen.filter(script => script !== undefined && script.vocabulary.size > 0) as Script[]
  if (talking.length === 0 || (state !== null && !talking[0]?.states.has(state))) return null
  const phrases = talking.flatMap(script => phrasesOf(script, state))
  // Two scripts may use one slot name for different words; then those of the first script apply.
  const slots: Record<string, Slot> = Object.assign({}, ...talking.map(script => script.slots).reverse())
  const pronunciations = Object.assign({}, ...talking.map(script => script.pronunciations))
  const jsgf = refuses ? grammarOf(phrases, slots) : grammarOf(phrases, slots, 0)
  return { name: key, jsgf, confidenceMin: refuses ? CONFIDENCE_MIN : 0, pronunciations }
}
