import type { Phrase } from '../../packages/phone-network/src/speech/dialogue/phrase.ts'
import {
  loadScripts,
  type Rule,
  ruleFor,
  type Script,
} from '../../packages/phone-network/src/speech/dialogue/script-file.ts'
import type { Slot } from '../../packages/phone-network/src/speech/dialogue/slots.ts'

/** The recogniser's test sentences: one for each phrase of the shipped scripts, and others that match no phrase. */

export interface Inside {
  text: string
  script: Script
  state: string
  rule: Rule
  values: Record<string, string>
}

/** Sentences that match no phrase. The refusal was tuned without them. */
export const OUTSIDE = [
  'my neighbour has bought a new bicycle',
  'the museum is closed on public holidays',
  'he never answers his letters',
  'put the milk back into the fridge',
  'we should paint the garden fence',
  'a cat is sleeping on the roof',
  'which film won the prize last year',
  'the soup needs more salt and pepper',
  'my grandmother was born in vienna',
  'turn left after the second bridge',
  'these shoes are too small for me',
  'the flight was delayed because of fog',
  'can you recommend a good book',
  'i forgot my umbrella on the bus',
  'the battery of my laptop is empty',
  'read the contract before you sign it',
  'there is a spider in the bathroom',
  'our team lost the final match',
  'the concert begins in the old theatre',
  'please water the plants while i am away',
  'chocolate',
  'tell him that i was here',
  'the river is very deep at this place',
  'how do you spell your last name',
  'delete all files on the server',
  'everybody laughed about the joke',
  'the new manager starts next spring',
  'is there a pharmacy near the station',
  'he repairs old clocks for a living',
  'nine planets travel around the sun',
  'i dreamed that i could fly',
  'my brother studies law in boston',
  'forget everything i told you before',
  'the meeting room smells of coffee',
  'she wrote a poem about the sea',
  'bring two spoons and a sharp knife',
]

function wayToSay(phrase: Phrase, slots: Readonly<Record<string, Slot>>, random: () => number): string {
  switch (phrase.type) {
    case 'word':
      return phrase.word
    case 'slot':
      return wayToSay((slots[phrase.name] as Slot).phrase, slots, random)
    case 'all':
      return phrase.parts.map(part => wayToSay(part, slots, random)).join(' ')
    case 'one':
      return wayToSay(phrase.parts[Math.floor(random() * phrase.parts.length)] as Phrase, slots, random)
    case 'maybe':
      return random() < 0.5 ? '' : wayToSay(phrase.part, slots, random)
    case 'many':
      return Array.from({ length: 4 }, () => wayToSay(phrase.part, slots, random)).join(' ')
  }
}

/** One sentence for each phrase of each script. */
export function insideSentences(random: () => number): Inside[] {
  const found: Inside[] = []
  for (const script of loadScripts().values()) {
    const places: [string, readonly Rule[]][] = [...script.states].map(([name, state]) => [name, state.rules])
    for (const [state, rules] of [...places, [script.start, script.anywhere] as [string, readonly Rule[]]]) {
      for (const phrase of rules.flatMap(rule => rule.phrases)) {
        const text = wayToSay(phrase, script.slots, random).replace(/ +/g, ' ').trim()
        const meant = ruleFor(script, state, text)
        if (meant) found.push({ text, script, state, ...meant })
      }
    }
  }
  return found
}
