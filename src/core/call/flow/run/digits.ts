/** Verbs that wait for keys. */
import type { Option } from '../../../flow/flow.ts'
import { CALL_DIGITS } from '../keys.ts'
import { keys, leadsTo, numberOf, type Outcome, over, type Runner, say, stepIn, textOf } from './runner.ts'

/** What the caller hears when a menu is asked for the first time, and again. */
function menu(option: Option, before: string): Outcome {
  const prompt = [...(before === '' ? [] : [say(before, option)]), say(textOf(option, 'text'), option)]
  return keys(numberOf(option, 'length'), prompt, numberOf(option, 'timeout'))
}

export const DIGITS_RUN = {
  digits_receive: {
    begin: ({ option }) => {
      const endKey = textOf(option, 'key')
      return keys(numberOf(option, 'length'), [], numberOf(option, 'duration'), endKey === '' ? null : endKey)
    },
    after: ({ option }, answer) => {
      if (answer.of !== 'carrier') return over(answer)
      const digits = withoutEnd(answer.digits, textOf(option, 'key'))
      return { do: 'next', result: digits === '' ? 'no-keys' : 'keys', sets: [[CALL_DIGITS, digits]] }
    },
  },
  menu: {
    begin: ({ option }) => menu(option, ''),
    after: ({ option, inside }, answer) => {
      if (answer.of !== 'carrier') return over(answer)
      const { digits } = answer
      const sets = [[CALL_DIGITS, digits] as const]
      const to = leadsTo(option, 'target_ids', digits)
      if (to !== undefined) return { do: 'jump', to, result: digits, sets }
      const result = digits === '' ? 'no-keys' : 'wrong-keys'
      if (inside.tries >= numberOf(option, 'retries'))
        return { do: 'jump', to: stepIn(option, 'default_target_id'), result, sets }
      const words = textOf(option, digits === '' ? 'silent_text' : 'wrong_text')
      return { do: 'again', inside: { ...inside, tries: inside.tries + 1 }, want: menu(option, words), sets }
    },
  },
  callback_offer: {
    begin: ({ option }) => keys(1, [say(textOf(option, 'text'), option)], numberOf(option, 'timeout')),
    after: ({ option, inside, now }, answer) => {
      if (answer.of === 'carrier') {
        const sets = [[CALL_DIGITS, answer.digits] as const]
        if (answer.digits !== textOf(option, 'key')) return { do: 'next', result: 'not-taken', sets }
        // From here on the queue is asked to write the callback down.
        const want: Outcome = { do: 'ask', untilMs: now + 5_000, option: { queue_id: textOf(option, 'queue_id') } }
        return { do: 'again', inside: { ...inside, half: 2 }, want, sets }
      }
      if (answer.of === 'outside' && answer.answer.is === 'result')
        return { do: 'jump', to: stepIn(option, 'taken_target_id'), result: 'taken' }
      return over(answer)
    },
  },
} as const satisfies Record<string, Runner>

/** The carrier leaves the end key out; one that does not gets it taken off. */
function withoutEnd(digits: string, endKey: string): string {
  return endKey !== '' && digits.endsWith(endKey) ? digits.slice(0, -1) : digits
}
