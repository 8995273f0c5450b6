/** How each verb that a flow may have runs. A verb of the table without a runner does not compile. */
import type { LiveVerb } from '../../../flow/verbs/table.ts'
import { BRANCHING_RUN } from './branching.ts'
import { CONNECTING_RUN } from './connecting.ts'
import { DIGITS_RUN } from './digits.ts'
import { type Runner, textOf } from './runner.ts'
import { SPEECH_RUN } from './speech.ts'

export const RUN: { readonly [Name in LiveVerb]: Runner } = {
  ...SPEECH_RUN,
  ...DIGITS_RUN,
  ...BRANCHING_RUN,
  ...CONNECTING_RUN,
  hangup: { begin: ({ option }) => ({ do: 'end', reason: 'hung-up', because: textOf(option, 'reason') }) },
  stop: { begin: () => ({ do: 'end', reason: 'stopped' }) },
}
