/** Verbs that choose the next step at once. */
import type { Option } from '../../../flow/flow.ts'
import { type Interval, isBusinessTime } from '../../../flow/hours.ts'
import { nameOf, type Variables } from '../../../flow/variables.ts'
import { CALL_DIGITS } from '../keys.ts'
import { leadsTo, listOf, numberOf, type Outcome, type Runner, type Step, stepIn, textOf } from './runner.ts'

export const BRANCHING_RUN = {
  branch: {
    begin: ({ option, raw, variables }) => {
      // The field takes a name, so the name is read as it was written.
      const name = nameOf(textOf(raw, 'variable'))
      const value = valueIn(variables(), name)
      const to = leadsTo(option, 'target_ids', value)
      const sets = [[name, ''] as const]
      if (to !== undefined) return { do: 'jump', to, result: value, sets }
      return { do: 'jump', to: stepIn(option, 'default_target_id'), result: 'default', sets }
    },
  },
  goto: {
    begin: ({ option, at, flow }) => {
      const count = flow.frames.at(-1)?.counts[at] ?? 0
      if (count >= numberOf(option, 'loop_count')) return { do: 'next', result: 'done' }
      return { do: 'jump', to: stepIn(option, 'target_id'), result: 'jumped', count: count + 1 }
    },
  },
  condition_variable: { begin: step => chosen(step, holdsFor(step)) },
  condition_datetime: { begin: step => chosen(step, holdsAt(step.option, step.now)) },
  condition_call_digits: {
    begin: step => {
      const digits = valueIn(step.variables(), CALL_DIGITS)
      const key = textOf(step.option, 'key')
      const length = numberOf(step.option, 'length')
      return chosen(step, (length > 0 && digits.length >= length) || (key !== '' && digits.includes(key)))
    },
  },
  condition_call_status: {
    begin: step => chosen(step, step.call.status === textOf(step.option, 'status')),
  },
  business_hours: {
    begin: ({ option, now }) => {
      const intervals = listOf(option, 'intervals') as readonly Interval[]
      const holidays = listOf(option, 'holidays').map(String)
      return isBusinessTime(textOf(option, 'zone'), intervals, holidays, now)
        ? { do: 'next', result: 'open' }
        : { do: 'jump', to: stepIn(option, 'closed_target_id'), result: 'closed' }
    },
  },
  variable_set: {
    begin: ({ option, raw }) => ({
      do: 'next',
      result: 'done',
      sets: [[nameOf(textOf(raw, 'key')), textOf(option, 'value')]],
    }),
  },
} as const satisfies Record<string, Runner>

function valueIn(variables: Variables, name: string): string {
  return Object.hasOwn(variables, name) ? (variables[name] ?? '') : ''
}

function chosen({ option }: Step, holds: boolean): Outcome {
  return holds ? { do: 'next', result: 'true' } : { do: 'jump', to: stepIn(option, 'false_target_id'), result: 'false' }
}

/** With `${…}` the field is a text that is compared as it came out; without, it is the name of a variable (reference A4, 2). */
function holdsFor({ option, raw, variables }: Step): boolean {
  const written = textOf(raw, 'variable')
  const value = written.includes('${') ? textOf(option, 'variable') : valueIn(variables(), written)
  const condition = textOf(option, 'condition')
  switch (textOf(option, 'value_type')) {
    case 'number': {
      const number = Number(value)
      // A text that is no number is not equal to one, and neither more nor less.
      if (value.trim() === '' || Number.isNaN(number)) return condition === '!='
      return compare(condition, number, numberOf(option, 'value_number'))
    }
    case 'length':
      return compare(condition, value.length, numberOf(option, 'value_length'))
    default:
      return compare(condition, value, textOf(option, 'value_string'))
  }
}

function compare<T extends string | number>(condition: string, a: T, b: T): boolean {
  switch (condition) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '>':
      return a > b
    case '>=':
      return a >= b
    case '<':
      return a < b
    default:
      return a <= b
  }
}

/** Each part by itself, in UTC, as VoIPBIN compares it (reference A4, 1). */
function holdsAt(option: Option, now: number): boolean {
  const date = new Date(now)
  const condition = textOf(option, 'condition')
  const parts: [wanted: number, any: number, is: number][] = [
    [numberOf(option, 'minute'), -1, date.getUTCMinutes()],
    [numberOf(option, 'hour'), -1, date.getUTCHours()],
    [numberOf(option, 'day'), -1, date.getUTCDate()],
    [numberOf(option, 'month'), 0, date.getUTCMonth() + 1],
  ]
  const weekdays = listOf(option, 'weekdays')
  if (weekdays.length > 0 && !weekdays.includes(date.getUTCDay())) return false
  return parts.every(([wanted, any, is]) => wanted === any || compare(condition, is, wanted))
}
