/** Behaviours of seed 001 that are deleted: webhooks, events, billing, recordings. */
import { type Mutation, of } from './row.ts'

export const WEBHOOKS_AND_BILLING: Mutation[] = [
  ...of('src/core/events/ladder.test.ts', [
    [
      'S1-51',
      'src/core/events/ladder.ts',
      '[SECOND, 4 * SECOND, 16 * SECOND]',
      '[SECOND, 4 * SECOND]',
      'three retries after',
    ],
  ]),
  ...of('src/core/events/events.test.ts', [
    ['S1-48', 'src/core/events/names.ts', "  'call_transcribing',\n]", ']', 'every event has a fact'],
  ]),
  ...of('src/providers/webhooks/send.test.ts', [
    [
      'S1-50',
      'src/providers/webhooks/send.ts',
      "signatures.join(' ')",
      "signatures[0] ?? ''",
      'a message is signed as the unmodified package',
    ],
    [
      'S1-65',
      'src/providers/webhooks/send.ts',
      'setTimeout(() => patience.abort(), ANSWER_WITHIN_MS)',
      'setTimeout(() => undefined, ANSWER_WITHIN_MS)',
      'a server that answers %s',
    ],
  ]),
  ...of('packages/client/src/webhook.test.ts', [
    [
      'S1-50',
      'packages/client/src/webhook.ts',
      'matches = isSame(signature, expected) || matches',
      'matches = isSame(signature, signature) || matches',
      'it accepts and refuses what the package',
    ],
  ]),
  ...of('test/actors/webhooks.test.ts', [
    [
      'S1-51',
      'src/actors/subscriber/messages.ts',
      "state === 'retrying' ? 'due' : state",
      "state === 'retrying' ? 'dead' : state",
      'a server that says 500 for a day',
    ],
    [
      'S1-64',
      'src/actors/subscriber/delivery.ts',
      'items.filter(event => wants(known.types, event)).map(',
      'items.map(',
      'an endpoint that wants more from now on',
    ],
  ]),
  ...of('src/core/billing/usage.test.ts', [
    [
      'S1-53',
      'src/core/billing/usage.ts',
      'Math.ceil(talkedMs / SECOND_MS)',
      'Math.floor((talkedMs - 1) / SECOND_MS)',
      'a call of 61 s is one line',
    ],
  ]),
  ...of('src/core/billing/rates.test.ts', [
    [
      'S1-53',
      'src/core/billing/rates.ts',
      'Math.ceil(Math.max(quantity, rate.minimum) / rate.increment)',
      'Math.floor(Math.max(quantity, rate.minimum) / rate.increment)',
      'one rounding, upward',
    ],
  ]),
  ...of('test/actors/billing.test.ts', [
    [
      'S1-53',
      'src/core/billing/ledger.ts',
      "leg('credit', back - fromCredit)",
      "leg('credit', back)",
      'balance 10.00 and a call',
    ],
  ]),
]

/** Recordings: rows before the carrier is asked, forms, transcripts, deletion. */
export const RECORDINGS: Mutation[] = [
  ...of('test/actors/recording-begins.test.ts', [
    [
      'S1-28',
      'src/actors/call/recordings.ts',
      'await recordings.begin(of, recordingId, onEndFlowId)\n',
      'undefined\n',
      'a program begins one',
    ],
  ]),
  ...of('test/actors/recording-life.test.ts', [
    [
      'S1-35',
      'src/actors/recording/keeper.ts',
      'await this.#erase({ ...one, tries: 0 }, now)',
      'undefined',
      'the carrier keeps it until',
    ],
    ['S1-33', 'src/actors/recording/copy.ts', "form: { ...form, format: 'wav' }", 'form', 'the workspace stores MP3'],
    [
      'S1-36',
      'src/actors/recording/rows.ts',
      "WHERE at <= ? AND hold = 0 AND status <> 'expired'",
      "WHERE at <= ? AND status <> 'expired' AND 1 = 0",
      'at day 91 there is no file',
    ],
  ]),
  ...of('test/actors/recording-transcripts.test.ts', [
    [
      'S1-49',
      'src/actors/recording/writer.ts',
      'if (lines.length > 0) await this.#tell(',
      'if (lines.length > 1_000) await this.#tell(',
      'each side is a speaker',
    ],
    [
      'S1-36',
      'src/actors/recording/keeper.ts',
      '...(key === null ? names : [key]), words]',
      '...(key === null ? names : [key])]',
      'at the end of its days the transcript',
    ],
  ]),
]

const REGISTRAR = 'src/actors/registrar'

export const EXTENSIONS: Mutation[] = [
  ...of('test/actors/extensions.test.ts', [
    [
      'S1-24',
      `${REGISTRAR}/exchange.ts`,
      "this.#save('bindings', this.#bindings, bindings)",
      '',
      'a phone registers with',
    ],
    ['S1-24', `${REGISTRAR}/reception.ts`, 'exchange.register(bindings, judged.uses)', '', 'a phone registers with'],
    [
      'S1-27',
      'src/core/sip/proxy.ts',
      "return answer(draft, socket, request, 480, 'This extension is not registered.', [], token)",
      'return',
      'nobody is registered',
    ],
    ['S1-27', 'src/core/sip/proxy.ts', "end(draft, token, 'not-registered', 480)", '', 'nobody is registered'],
  ]),
]
