/** Verbs of keys: those of the caller, and those that we press. */
import { TEXT_CHARS_MAX } from '../flow.ts'
import { field, LANGUAGE, type Verb } from './verb.ts'

const KEYS = { source: '[0-9A-D#*]{1,100}', words: 'keys of 0 to 9, A to D, # and *' }

export const DIGITS = {
  digits_receive: {
    label: 'Keys',
    help: 'Waits for keys of the caller. They are then in voipbin.call.digits, without the end key.',
    group: 'keys',
    class: 'listens',
    ends: 'keys-or-time',
    call: 'yes',
    origin: 'voipbin',
    fields: [
      field('duration', 'integer', 'How long keys are waited for, ms.', { default: 5_000, min: 1_000, max: 300_000 }),
      field('length', 'integer', 'So many keys at most.', { default: 1, min: 1, max: 100 }),
      field('key', 'text', 'A key that ends the input. It is not part of what was keyed.', {
        default: '',
        pattern: { source: '[0-9*#]?', words: 'one key of 0 to 9, * or #' },
      }),
    ],
  },
  digits_send: {
    label: 'Press keys',
    help: 'Sends keys to the other side.',
    group: 'keys',
    class: 'speaks',
    ends: 'spoken',
    call: 'yes',
    origin: 'voipbin',
    fields: [
      field('digits', 'text', 'The keys.', { required: true, min: 1, max: 100, pattern: KEYS }),
      field('duration', 'integer', 'Length of each tone, ms.', { default: 500, min: 100, max: 1_000 }),
      field('interval', 'integer', 'Silence between two tones, ms.', { default: 500, min: 0, max: 5_000 }),
    ],
  },
  menu: {
    label: 'Menu',
    help: 'Says what can be chosen, waits for a key, and goes where the key leads. A wrong key and no key are asked again.',
    group: 'keys',
    class: 'listens',
    ends: 'keys-or-time',
    call: 'yes',
    origin: 'trunkline',
    fields: [
      field('text', 'text', 'What can be chosen.', { required: true, min: 1, max: TEXT_CHARS_MAX }),
      LANGUAGE,
      field('voice_id', 'text', 'Name of the voice at the carrier.', { max: 100, default: '' }),
      field('target_ids', 'steps-by-value', 'What was keyed → the step to go to.', { required: true, min: 1, max: 50 }),
      field('length', 'integer', 'So many keys are a choice.', { default: 1, min: 1, max: 10 }),
      field('timeout', 'integer', 'How long a key is waited for, ms.', { default: 5_000, min: 1_000, max: 60_000 }),
      field('retries', 'integer', 'How often it is asked again.', { default: 2, min: 0, max: 10 }),
      field('wrong_text', 'text', 'Said after a key that leads nowhere.', {
        default: 'That is not one of the choices.',
        max: TEXT_CHARS_MAX,
      }),
      field('silent_text', 'text', 'Said when no key came.', { default: '', max: TEXT_CHARS_MAX }),
      field('default_target_id', 'step', 'Where to go after the last try. Without it the next step comes.'),
    ],
  },
  condition_call_digits: {
    label: 'If so many keys',
    help: 'Goes on if the keys have the length or end with the key.',
    group: 'branching',
    class: 'branches',
    ends: 'at-once',
    call: 'yes',
    origin: 'voipbin',
    deprecated: 'condition_variable with the variable voipbin.call.digits',
    fields: [
      field('length', 'integer', 'At least so many keys; 0: their number does not count.', {
        default: 0,
        min: 0,
        max: 100,
      }),
      field('key', 'text', 'A key that is among them.', {
        default: '',
        pattern: { source: '[0-9A-D*#]?', words: 'one key' },
      }),
      field('false_target_id', 'step', 'Where to go otherwise.'),
    ],
  },
} as const satisfies Record<string, Verb>
