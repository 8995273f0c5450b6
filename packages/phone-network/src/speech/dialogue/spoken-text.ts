/** Converts text of a recogniser or a keyboard to the plain lower-case words that phrases consist of. */

const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
const SMALL = [
  ...DIGITS,
  ...'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' '),
]
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
/** "10am", "10 a.m.", "ten pm"; not the "am" of "I am". */
const HALF_OF_DAY = new RegExp(
  `(?:\\b([ap])\\.\\s?m\\b\\.?|(?<=\\d ?|\\b(?:${[...SMALL, ...TENS].join('|')}) )([ap])m\\b)`,
  'g',
)
/** Limit of the words of one utterance. */
export const WORDS_MAX = 120
const CHARS_MAX = 2_000

function said(number: number): string {
  if (number < 20) return SMALL[number] ?? ''
  const ten = TENS[Math.floor(number / 10) - 2] ?? ''
  return number % 10 === 0 ? ten : `${ten} ${SMALL[number % 10]}`
}

/** "10" is ten, "100" a hundred; longer numbers and those with a leading zero are read digit by digit. */
function saidDigits(digits: string): string {
  if (digits.length <= 2 && !/^0/.test(digits)) return said(Number(digits))
  if (/^[1-9]00$/.test(digits)) return `${digits[0] === '1' ? 'a' : said(Number(digits[0]))} hundred`
  return [...digits].map(digit => said(Number(digit))).join(' ')
}

/** At most `WORDS_MAX` words; numerals as words, "p.m." as "p m", everything else than letters dropped. */
export function spokenWords(text: string): string[] {
  return text
    .slice(0, CHARS_MAX)
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[’`]/g, "'")
    .replace(HALF_OF_DAY, (_, dotted?: string, plain?: string) => ` ${dotted ?? plain} m `)
    .replace(/\b(\d{1,2}):00\b/g, '$1')
    .replace(/(\d+)/g, digits => ` ${saidDigits(digits)} `)
    .replace(/[^a-z' ]+/g, ' ')
    .split(' ')
    .map(word => word.replace(/^'+|'+$/g, ''))
    .filter(word => word !== '')
    .slice(0, WORDS_MAX)
}
