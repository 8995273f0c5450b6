/** Verbs that choose the next step, or change variables. */
import { field, type Verb } from './verb.ts'

const COMPARISONS = ['==', '!=', '>', '>=', '<', '<='] as const
const FALSE_TARGET = field(
  'false_target_id',
  'step',
  'Where to go if it does not hold. Without it the next step comes.',
)

export const BRANCHING = {
  branch: {
    label: 'Branch',
    help: 'Goes where the value of a variable leads, and empties the variable.',
    group: 'branching',
    class: 'branches',
    ends: 'at-once',
    call: 'no',
    origin: 'voipbin',
    fields: [
      field('variable', 'variable', 'Name of the variable.', { default: 'voipbin.call.digits' }),
      field('target_ids', 'steps-by-value', 'Value → the step to go to.', { required: true, min: 1, max: 100 }),
      field('default_target_id', 'step', 'Where to go with any other value. Without it the next step comes.'),
    ],
  },
  goto: {
    label: 'Go to',
    help: 'Goes to another step, so many times. Then, or without a count, the next step comes.',
    group: 'branching',
    class: 'branches',
    ends: 'at-once',
    call: 'no',
    origin: 'voipbin',
    fields: [
      field('target_id', 'step', 'The step to go to.', { required: true }),
      field('loop_count', 'integer', 'How often it jumps. 0: never.', { default: 0, min: 0, max: 1_000_000 }),
    ],
  },
  condition_variable: {
    label: 'If a variable',
    help: 'Compares a variable with a value.',
    group: 'branching',
    class: 'branches',
    ends: 'at-once',
    call: 'no',
    origin: 'voipbin',
    fields: [
      field('condition', 'choice', 'How they are compared.', { required: true, choices: COMPARISONS }),
      field('variable', 'variable', `The variable, as \${name}.`, { required: true }),
      field('value_type', 'choice', 'What is compared: the text, the number, or the length of the text.', {
        choices: ['string', 'number', 'length'],
        default: 'string',
      }),
      field('value_string', 'text', 'For a text.', { max: 1_024, default: '' }),
      field('value_number', 'number', 'For a number.', { default: 0 }),
      field('value_length', 'integer', 'For a length.', { default: 0, min: 0, max: 32_768 }),
      FALSE_TARGET,
    ],
  },
  condition_datetime: {
    label: 'If the time (UTC)',
    help: 'Compares each part of the time in UTC by itself, as VoIPBIN does: >= 08:30 is false at 09:10. Use business_hours instead.',
    group: 'branching',
    class: 'branches',
    ends: 'at-once',
    call: 'no',
    origin: 'voipbin',
    deprecated: 'business_hours',
    afterSound: true,
    fields: [
      field('condition', 'choice', 'How each part is compared.', { required: true, choices: COMPARISONS }),
      field('minute', 'integer', 'Minute; -1: any.', { default: -1, min: -1, max: 59 }),
      field('hour', 'integer', 'Hour; -1: any.', { default: -1, min: -1, max: 23 }),
      field('day', 'integer', 'Day of the month; -1: any.', { default: -1, min: -1, max: 31 }),
      field('month', 'integer', 'Month; 0: any.', { default: 0, min: 0, max: 12 }),
      field('weekdays', 'integers', 'Days of the week, 0 is Sunday; empty: any.', { min: 0, max: 6 }),
      FALSE_TARGET,
    ],
  },
  business_hours: {
    label: 'Business hours',
    help: 'Goes on while it is open, in the local time of a zone with its change of the clock; else to another step.',
    group: 'branching',
    class: 'branches',
    ends: 'at-once',
    call: 'no',
    origin: 'trunkline',
    afterSound: true,
    fields: [
      field('zone', 'zone', 'Zone of the IANA database, as Europe/Berlin.', { required: true }),
      field('intervals', 'intervals', 'When it is open: {days: [1, 2], from: "08:30", to: "17:00"}; 0 is Sunday.', {
        required: true,
        min: 1,
        max: 50,
      }),
      field('holidays', 'dates', 'Days on which it is closed: "2026-12-25", or "12-25" for every year.', { max: 200 }),
      field('closed_target_id', 'step', 'Where to go while it is closed.', { required: true }),
    ],
  },
  variable_set: {
    label: 'Set a variable',
    help: 'Gives a variable a value.',
    group: 'branching',
    class: 'sets',
    ends: 'at-once',
    call: 'no',
    origin: 'voipbin',
    tolerant: true,
    fields: [
      field('key', 'variable', 'Its name.', { required: true }),
      field('value', 'text', 'Its value.', { required: true, min: 0, max: 32_768 }),
    ],
  },
  condition_call_status: {
    label: 'If the call is',
    help: 'Goes on if the call has this status.',
    group: 'branching',
    class: 'branches',
    ends: 'at-once',
    call: 'yes',
    origin: 'voipbin',
    deprecated: 'the result of the step before it',
    afterSound: true,
    fields: [
      field('status', 'choice', 'The status.', {
        required: true,
        choices: ['dialing', 'ringing', 'progressing', 'terminating', 'canceling', 'hangup'],
      }),
      FALSE_TARGET,
    ],
  },
} as const satisfies Record<string, Verb>
