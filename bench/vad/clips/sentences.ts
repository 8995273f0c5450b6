/** The text that the synthesizer speaks: templates with gaps, so that a sentence is hardly ever said twice. */
import type { Chance } from './chance.ts'

const NAMES =
  'Anna,Ben,Carlos,Diana,Emil,Fatima,George,Hannah,Ivan,Julia,Kevin,Laura,Martin,Nora,Oscar,Paula,Quentin,Rosa,Stefan,Teresa,Victor,Wanda,Miller,Garcia,Rossi,Schmidt,Dupont,Novak,Jensen,Smith,Brown,Johnson'.split(
    ',',
  )
const WORDS =
  'yes,no,okay,sure,hello,mhm,right,thanks,maybe,stop,exactly,bye,wait,um,what,great,tomorrow,never,please'.split(',')

/** The gaps are {name}, {number} (1 to 99) and {digits} (three to eight single digits). */
const SENTENCES = [
  'Hello, this is {name} speaking.',
  'Can you call me back on {digits}?',
  'I would like to move my appointment to the {number} of May.',
  'Sorry, I did not catch that. Could you say it again?',
  'My order number is {digits}, and it has not arrived yet.',
  'No, that is not what I asked for.',
  'We have about {number} people in the office, and most of them work from home.',
  'I am not interested, please take me off your list.',
  'Let me check with {name}, hold on a second.',
  'It costs {number} dollars, which is more than we wanted to pay.',
  'The quick fox jumps over the fence while she sells fresh fish.',
  'Who is calling, and what is this about?',
  'The address is {number} Church Street, second floor, next to the bakery.',
  'Yeah, well, I think we should talk about it next week.',
  'Is {name} there? I have tried {number} times already.',
  'Thank you very much for your help, have a nice day.',
  'You have reached {name}. Please leave a message after the tone.',
  'Why would anybody choose such a strange measure?',
  'I usually finish at {number}, so any time after that is fine.',
]

/** One utterance: a number or a short word in about three of ten cases, else one or two sentences. */
export function utterance(chance: Chance): string {
  const word = () => chance.pick(WORDS)
  if (chance.happens(0.12)) return String(chance.whole(0, chance.pick([9, 99, 9_999])))
  if (chance.happens(0.2)) return word()
  const digits = () => Array.from({ length: chance.whole(3, 8) }, () => chance.whole(0, 9)).join(' ')
  const fill = (text: string) =>
    text
      .replace('{name}', () => chance.pick(NAMES))
      .replace('{number}', () => String(chance.whole(1, 99)))
      .replace('{digits}', digits)
  const sentence = fill(chance.pick(SENTENCES))
  if (chance.happens(0.15)) return `${word()}, ${sentence}`
  return chance.happens(0.2) ? `${sentence} ${fill(chance.pick(SENTENCES))}` : sentence
}
