import { type Phrase, readPhrase } from './phrase.ts'

/** A `{slot}` of a phrase: how it is spoken, and the value that its words have. */

export interface Slot {
  phrase: Phrase
  /** the heard words of the slot → the value that answers and tools get */
  value(words: readonly string[]): string
}

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
const TEENS = [
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
]
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']
const HOURS = [...DIGITS.slice(1), ...TEENS.slice(0, 3)]
const UNITS = DIGITS.slice(1).join('|')
/** An hour without "am" or "pm" is taken to lie within office hours, as most scripts need. */
const AFTERNOON_UNTIL = 7

/** Numbers below a hundred and round hundreds, as said; null when the words are no number. */
export function numberOf(words: readonly string[]): number | null {
  let sum = 0
  let known = false
  for (const word of words) {
    const small = [...DIGITS, ...TEENS].indexOf(word)
    const ten = TENS.indexOf(word)
    if (small >= 0) sum += small
    else if (ten >= 0) sum += (ten + 2) * 10
    else if (word === 'hundred') sum = Math.max(1, sum) * 100
    else if (word === 'a') continue
    else return null
    known = true
  }
  return known ? sum : null
}

/** "half past three", "three thirty p m", "noon" → 24-hour `HH:MM` */
function timeOf(words: readonly string[]): string {
  if (words.includes('noon')) return '12:00'
  const half = words.includes('half')
  const hour = HOURS.indexOf(words.find(word => HOURS.includes(word)) ?? '') + 1
  const after = words.slice(words.findIndex(word => HOURS.includes(word)) + 1)
  const minutes = half ? 30 : (numberOf(after.filter(word => numberOf([word]) !== null && word !== 'a')) ?? 0)
  const late = words.includes('p') || words.includes('afternoon') || words.includes('evening')
  const early = words.includes('a') || words.includes('morning')
  const plus = hour < 12 && (late || (!early && hour < AFTERNOON_UNTIL)) ? 12 : 0
  const shown = hour === 12 && early ? 0 : hour + plus
  return `${String(shown).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday', 'today', 'tomorrow']
const PART_OF_DAY = '[a m|p m|in the (morning|afternoon|evening)]'

/** Slots that every script has. */
export const BUILT_IN: Readonly<Record<string, Slot>> = {
  day: { phrase: readPhrase(`(${DAYS.join('|')})`), value: words => words.join(' ') },
  time: {
    phrase: readPhrase(
      `(noon|half past (${HOURS.join('|')}) ${PART_OF_DAY}|(${HOURS.join('|')}) [ten|fifteen|twenty|thirty|forty five] ${PART_OF_DAY})`,
    ),
    value: timeOf,
  },
  digits: {
    phrase: { type: 'many', part: readPhrase(`(oh|${DIGITS.join('|')})`) },
    value: words => words.map(word => (word === 'oh' ? 0 : DIGITS.indexOf(word))).join(''),
  },
  number: {
    phrase: readPhrase(`(${UNITS}|${TEENS.join('|')}|(${TENS.join('|')}) [${UNITS}]|(a|${UNITS}) hundred)`),
    value: words => String(numberOf(words) ?? words.join(' ')),
  },
}
