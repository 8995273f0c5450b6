/**
 * Behaviours that are deleted to see whether the test which claims a requirement notices: at least ten for each of the seeds
 * 002, 003 and 004, and for webhooks, events, billing and recordings. A row takes the behaviour away in one literal place, and names the test that must then fail.
 */
import { EXTENSIONS, RECORDINGS, WEBHOOKS_AND_BILLING } from './of-the-voice-platform.ts'
import { type Mutation, of } from './row.ts'

const CRM = 'src/core/call/crm/crm.ts'
const SALESFORCE = 'src/providers/crm/salesforce'
const TWILIO = 'src/providers/telephony/twilio'

const SEED_002: Mutation[] = [
  ...of('src/core/call/crm/crm.test.ts', [
    ['S2-22', CRM, 'if (links.crm === undefined || ', 'if (true || ', '%s: one filing'],
    ['S2-28', CRM, "state: 'created', taskId, ", "state: 'created', taskId: null, ", 'the Task is told on the call'],
    [
      'S2-27',
      CRM,
      "return [{ type: 'crm-failed', at, because: input.because.slice(0, REASON_CHARS_MAX) }]",
      'return []',
      'refused, or put off',
    ],
  ]),
  ...of('src/media/turn/gate.test.ts', [
    ['S2-8', 'src/media/turn/gate.ts', 'if (ones(recent) < rules.needed)', 'if (ones(recent) < 1)', 'a click does not'],
  ]),
  ...of('src/media/conversation/pipeline/speech-input.test.ts', [
    [
      'S2-16',
      'src/media/conversation/pipeline/speech-input.ts',
      'if (this.#waiting.length > WAITING_PIECES_MAX) this.#waiting.shift()',
      '',
      'sound that waits',
    ],
  ]),
  ...of('src/providers/voice-registry.test.ts', [
    [
      'S2-12',
      'src/providers/voice-registry.ts',
      '? null : new PlaceholderLanguage(language)',
      '? null : null',
      'without any language model',
    ],
    [
      'S2-34',
      'src/providers/voice-registry.ts',
      "return LANGUAGE_TAG.test(STT_LANGUAGE.trim()) ? STT_LANGUAGE.trim() : 'en-US'",
      "return 'en-US'",
      'STT_LANGUAGE is the language',
    ],
    ['S2-9', 'src/providers/voice-registry.ts', ' ? ms : null', ' ? null : null', 'TURN_SILENCE_MS is a number'],
  ]),
  ...of('src/providers/telephony/twilio/callback-urls.test.ts', [
    ['S2-36', `${TWILIO}/callback-urls.ts`, "'wss:')", "'ws:')", 'sound goes over wss only'],
  ]),
  ...of('test/contract/salesforce.test.ts', [
    [
      'S2-19',
      `${SALESFORCE}/salesforce.ts`,
      'text(record.MobilePhone) ?? text(record.Phone)',
      'text(record.Phone)',
      'is read with its mobile number',
    ],
    ['S2-23', `${SALESFORCE}/task-fields.ts`, "    TaskSubtype: 'Call',\n", '', 'has all fields of the seed'],
    ['S2-24', `${SALESFORCE}/settings.ts`, "NOT_ANSWERED = 'Not Answered'", "NOT_ANSWERED = 'Completed'", '%s is %s'],
    [
      'S2-26',
      `${SALESFORCE}/access-token.ts`,
      "if (error === 'unknown_error')",
      "if (error === 'nothing_known')",
      '%s (%i): worth another try',
    ],
  ]),
]

const SEED_003: Mutation[] = [
  ...of('src/core/caller-id/caller-id.test.ts', [
    [
      'S3-30',
      'src/core/caller-id/caller-id.ts',
      'eligible.filter(one => one.cooldownUntil <= at)',
      'eligible',
      'the least recently used',
    ],
    [
      'S3-33',
      'src/core/caller-id/caller-id.ts',
      '.filter(one => one.inFlight < one.inFlightCap)',
      '',
      'fewer numbers than legs',
    ],
  ]),
  ...of('src/dialer/phone/incoming.test.ts', [
    [
      'S3-42',
      'src/dialer/phone/incoming.ts',
      "if (inbound.callId !== callId) return 'busy'",
      "return 'busy'",
      'routes by our call id',
    ],
  ]),
  ...of('src/dialer/phone/twilio-device.test.ts', [
    [
      'S3-39',
      'src/dialer/phone/twilio-device.ts',
      'codecPreferences: [sdk.Call.Codec.Opus, sdk.Call.Codec.PCMU],',
      '',
      'a device logs errors only',
    ],
  ]),
  ...of('src/dialer/desk/can.test.ts', [
    [
      'S3-44',
      'src/dialer/desk/can.ts',
      'refusal === undefined || ABOUT_PHONE.has(refusal) ? whyNoPhone(action, context) : null',
      'null',
      '%s needs a phone and a line',
    ],
  ]),
  ...of('src/dialer/desk/link.test.ts', [
    ['S3-52', 'src/dialer/desk/link.ts', 'since: this.#seq })', 'since: 0 })', 'the first message is hello'],
  ]),
  ...of('test/actors/security/stream.test.ts', [
    [
      'S3-49',
      'src/wire/stream-topics.ts',
      'owner.mayRead || deskName(user)',
      'true || deskName(user)',
      'an agent gets',
    ],
    ['S3-50', 'src/wire/stream-topics.ts', 'agentId === null || agentId ===', 'true || agentId ===', 'an agent gets'],
  ]),
  ...of('test/actors/session.test.ts', [
    [
      'S3-29',
      'src/core/desk/allowed.ts',
      "(phone.state === 'registered' ? null : 'phone-not-ready')",
      '(phone.state === null ? null : null)',
      'no start before the phone',
    ],
    [
      'S3-8',
      'src/actors/log/intake.ts',
      'if (seq <= (heard.get(source) ?? 0)) return false',
      '',
      'the log takes each fact once',
    ],
  ]),
  ...of('test/actors/race.test.ts', [
    [
      'S3-18',
      `${TWILIO}/client.ts`,
      "{ Status: 'canceled' }",
      "{ Status: 'completed' }",
      'losers are canceled at the carrier',
    ],
  ]),
  ...of('test/actors/inbound.test.ts', [
    ['S3-36', `${TWILIO}/instructions.ts`, "record: 'record-from-answer',", '', 'a call to an agent’s number'],
  ]),
  ...of('test/actors/signed-only.test.ts', [
    [
      'S3-63',
      `${TWILIO}/signature.ts`,
      'return isSame(exact, signature) || validateRequest(account.authToken, signature, url, form)',
      'return true || isSame(exact, signature) || validateRequest(account.authToken, signature, url, form)',
      '%s is refused without a signature',
    ],
  ]),
  ...of('test/actors/row-of-a-call.test.ts', [
    [
      'S3-3',
      'src/actors/log/rows.ts',
      "return { status: 'progressing', answered_ms: fact.at }",
      "return { status: 'progressing' }",
      'a row has when it was answered',
    ],
  ]),
]

const REGISTRATION = 'src/dialer/phone/registration.ts'

const SEED_004: Mutation[] = [
  ...of('src/dialer/phone/twilio-device.test.ts', [
    [
      'S4-2',
      'src/dialer/phone/twilio-device.ts',
      '{ ...options, beforeAccept: undefined }',
      'options',
      'an inbound call that is answered',
    ],
  ]),
  ...of('src/dialer/phone/registration.test.ts', [
    ['S4-7', REGISTRATION, "device.on('unregistered', () => this.#offline())", '', 'the device is registered'],
    [
      'S4-8',
      REGISTRATION,
      "device.on('tokenWillExpire', () => void this.refreshToken())",
      '',
      'a token that will expire',
    ],
    ['S4-9', REGISTRATION, 'this.#stopped = true', '', 'after the end nothing'],
  ]),
  ...of('src/dialer/session/note-draft.test.ts', [
    [
      'S4-30',
      'src/dialer/session/note-draft.ts',
      'SAVE_AFTER_MS = 400',
      'SAVE_AFTER_MS = 4_000_000',
      'saved 400 ms after',
    ],
  ]),
  ...of('src/dialer/desk/store.test.ts', [
    ['S4-31', 'src/dialer/desk/store.ts', '.slice(-FACTS_MAX)', '', 'only the newest hundred'],
  ]),
  ...of('src/core/desk/toggles.test.ts', [
    [
      'S4-10',
      'src/core/desk/agent.ts',
      "desk.add({ type: 'mute-changed', at, muted: input.muted })",
      'undefined',
      '%s adds an entry',
    ],
  ]),
  ...of('test/actors/voice-token.test.ts', [
    ['S4-22', `${TWILIO}/token.ts`, 'identity: grants.identity,', "identity: 'agent_somebody',", '%s gives a token'],
    [
      'S4-23',
      `${TWILIO}/token.ts`,
      'outgoingApplicationSid: account.twimlAppSid',
      "outgoingApplicationSid: 'AP0'",
      '%s gives a token',
    ],
  ]),
  ...of('test/actors/row-of-a-call.test.ts', [
    ['S4-32', 'src/actors/log/list.ts', "    ['agent_id', query.agentId],\n", '', 'the calls of one agent'],
    [
      'S4-13',
      'src/core/call/recording/recording.ts',
      "making.add({ type: 'recording-reported', at, ...made })",
      '',
      'the carrier’s word that a recording',
    ],
    [
      'S4-29',
      'src/actors/log/rows.ts',
      "    case 'call-created':\n    case 'call-received':",
      "    case 'call-received':",
      'a call by hand stands in the log',
    ],
  ]),
]

export const MUTATIONS: readonly Mutation[] = [
  ...[...SEED_002, ...SEED_003, ...SEED_004],
  ...[...WEBHOOKS_AND_BILLING, ...RECORDINGS, ...EXTENSIONS],
]
