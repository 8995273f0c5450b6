/** Verbs that the caller hears. */
import type { Instruction } from '../../../instruction/instruction.ts'
import { CALL_DIGITS } from '../keys.ts'
import { numberOf, type Outcome, over, type Runner, say, stepIn, textOf, urlsOf } from './runner.ts'

const hears = (option: Parameters<Runner['begin']>[0]['option'], instructions: Instruction[]) => {
  const bargeable = textOf(option, 'digits_handle') === 'next'
  return { do: 'play' as const, instructions, result: 'done', ...(bargeable ? { bargeable } : {}) }
}

/** Nobody hears it. */
function does(of: Extract<Instruction, { kind: 'transcribe' }>['of']): Outcome {
  return { do: 'play', instructions: [{ kind: 'transcribe', of }], result: 'done' }
}

export const SPEECH_RUN = {
  answer: { begin: ({ option }) => hears(option, [{ kind: 'answer' }]) },
  talk: { begin: ({ option }) => hears(option, [say(textOf(option, 'text'), option)]) },
  play: {
    begin: ({ option }) => {
      const urls = urlsOf(option, 'stream_urls')
      return urls.length === 0 ? { do: 'fail', because: 'no-address' } : hears(option, [{ kind: 'play', urls }])
    },
  },
  transcribe_start: {
    begin: ({ option }) =>
      does({ sides: textOf(option, 'direction') as 'in' | 'out' | 'both', language: textOf(option, 'language') }),
  },
  transcribe_stop: { begin: () => does(null) },
  beep: { begin: ({ option, flow }) => hears(option, [{ kind: 'play', urls: [`${flow.soundsUrl}/beep.wav`] }]) },
  sleep: {
    begin: ({ option }) => {
      const ms = numberOf(option, 'duration')
      return ms === 0 ? { do: 'next', result: 'done' } : hears(option, [{ kind: 'wait', ms }])
    },
  },
  digits_send: {
    begin: ({ option }) =>
      hears(option, [
        {
          kind: 'digits',
          digits: textOf(option, 'digits'),
          toneMs: numberOf(option, 'duration'),
          gapMs: numberOf(option, 'interval'),
        },
      ]),
  },
  consent: {
    begin: ({ option }) => {
      const notice = say(textOf(option, 'text'), option)
      if (textOf(option, 'mode') !== 'ask')
        return { do: 'play', instructions: [notice], result: 'announced', sets: [[CONSENT, 'announced']] }
      return {
        do: 'listen',
        expects: 'keys',
        listen: token => [
          {
            kind: 'gather',
            digits: { most: 1, endKey: null },
            speech: null,
            untilMs: numberOf(option, 'timeout'),
            token,
            prompt: [notice],
          },
        ],
      }
    },
    after: ({ option }, answer) => {
      if (answer.of !== 'carrier') return over(answer)
      const given = answer.digits === textOf(option, 'key')
      const result = given ? 'given' : 'refused'
      const sets = [[CALL_DIGITS, answer.digits] as const, [CONSENT, result] as const]
      return given
        ? { do: 'next', result, sets }
        : { do: 'jump', to: stepIn(option, 'refused_target_id'), result, sets }
    },
  },
  voicemail: {
    begin: ({ option }) => {
      const text = textOf(option, 'text')
      return {
        do: 'listen',
        expects: 'message',
        box: textOf(option, 'box'),
        listen: token => [
          ...(text === '' ? [] : [say(text, option)]),
          {
            kind: 'record',
            atMostMs: numberOf(option, 'duration'),
            silenceMs: numberOf(option, 'silence'),
            beep: true,
            token,
          },
          // A carrier goes on here when it heard nothing.
          { kind: 'continue', token },
        ],
      }
    },
    after: (_, answer) => {
      if (answer.of !== 'carrier') return over(answer)
      if (answer.recordedMs === 0) return { do: 'next', result: 'empty' }
      // The message itself comes with the recording, by the part `voicemail` of the call.
      return { do: 'next', result: 'left' }
    },
  },
} as const satisfies Record<string, Runner>

const CONSENT = 'trunkline.consent'
