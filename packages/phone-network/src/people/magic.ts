import { hashOf } from '../engine/random.ts'
import { type Act, type Person, type Script, script } from './script.ts'

/**
 * Magic numbers: `+1500 BB PPP II`. BB is the behaviour, PPP its parameter (mostly tenths of a second), II any digits,
 * so that there are a hundred phones of each. `packages/phone-network/docs/people.md` has the table.
 */

const TENTH_MS = 100

interface Magic {
  name: string
  meaning: string
  script: (tenths: number) => Script
}

const HELLO: Act[] = [
  { say: 'Hello?' },
  { pauseMs: 1_500 },
  { say: 'Yes, speaking. Who is this?' },
  { pauseMs: 2_500 },
  { say: 'I see. Go on, I am listening.' },
]

const GREETING: Act[] = [
  {
    say: 'Hi, you have reached my voicemail. I cannot come to the phone right now. Please leave a message after the tone.',
  },
  { beep: true },
  { pauseMs: 60_000 },
  { hangUp: true },
]

const MONOLOGUE: Act[] = [
  { say: 'Hello hello, good that you call, I have waited for this all morning and I have a lot to tell you.' },
  { say: 'First the printer broke, then the coffee machine, and now the lift is stuck between two floors.' },
  { say: 'So tell me quickly what you want, or better, let me finish first, because this will take a while.' },
]

const LISTEN: Act = { listen: { silenceMs: 700, atMostMs: 15_000 } }

const WHO_IS_THIS: Act[] = [
  { say: 'Hello? Who is this?' },
  LISTEN,
  { say: 'Sorry, I did not catch that. Who is calling?' },
  LISTEN,
]

const OVER: Act[] = [
  { listen: { silenceMs: 200, atMostMs: 500 } },
  { say: 'No, wait, let me tell you first what happened here yesterday.' },
]

const CONVERSATION: Act[] = [
  { say: 'Hello?' },
  LISTEN,
  { say: 'Yes, that is me. What is it about?' },
  LISTEN,
  { say: 'That sounds interesting. What does it cost?' },
  LISTEN,
  { say: 'Alright, send me the details. Goodbye.' },
  { hangUp: true },
]

const IVR: Act[] = [
  { say: 'Welcome. For sales, press one. For support, press two. For a person, press zero.' },
  {
    menu: {
      waitMs: 8_000,
      keys: {
        '1': [{ say: 'This is sales. Our office is closed today.' }, { hangUp: true }],
        '2': [
          { say: 'Support. For an open ticket press one, for a new one press two.' },
          {
            menu: {
              waitMs: 8_000,
              keys: {
                '1': [{ say: 'Your ticket is being looked at.' }, { hangUp: true }],
                '2': [{ say: 'Please write to us.' }, { hangUp: true }],
              },
            },
          },
          { say: 'Goodbye.' },
          { hangUp: true },
        ],
        '0': [{ say: 'One moment please.' }, { pauseMs: 3_000 }, ...CONVERSATION],
      },
    },
  },
  { say: 'We have not received your choice. Goodbye.' },
  { hangUp: true },
]

const ASSISTANT: Act[] = [
  { say: 'Hi, if you record your name and reason for calling, I will see if this person is available.' },
  LISTEN,
  { say: 'Thanks. Please stay on the line.' },
  { pauseMs: 2_500 },
  ...CONVERSATION,
]

const human = (tenths: number, more: Partial<Script> = {}): Script =>
  script({ kind: 'human', answerMs: tenths * TENTH_MS, acts: HELLO, ...more })

export const MAGIC: ReadonlyMap<string, Magic> = new Map<string, Magic>([
  ['20', { name: 'human', meaning: 'answers after PPP tenths of a second', script: tenths => human(tenths) }],
  [
    '21',
    {
      name: 'human-leaves',
      meaning: 'answers after 1 s, hangs up PPP tenths of a second later',
      script: tenths => human(10, { hangUpMs: tenths * TENTH_MS }),
    },
  ],
  [
    '22',
    {
      name: 'human-talks',
      meaning: 'answers after PPP tenths, speaks from the first frame without end',
      script: tenths => human(tenths, { acts: MONOLOGUE, repeat: true, amd: { answeredBy: 'human', afterMs: 1_200 } }),
    },
  ],
  [
    '23',
    { name: 'human-silent', meaning: 'answers after PPP tenths and says nothing', script: t => human(t, { acts: [] }) },
  ],
  [
    '24',
    {
      name: 'human-tied',
      meaning: 'two of these that ring together answer at the same instant, PPP tenths after the second rings',
      script: tenths => human(tenths, { tie: `magic ${tenths}` }),
    },
  ],
  [
    '25',
    {
      name: 'human-seen-as-machine',
      meaning: 'as 20, but detection says machine_start after 2.4 s',
      script: tenths => human(tenths, { amd: { answeredBy: 'machine_start', afterMs: 2_400 } }),
    },
  ],
  [
    '26',
    { name: 'human-no-verdict', meaning: 'as 20, but no verdict ever comes', script: t => human(t, { amd: 'never' }) },
  ],
  [
    '27',
    {
      name: 'human-screens',
      meaning: 'answers after PPP tenths, asks who is calling again and again, and listens to each answer',
      script: tenths => human(tenths, { acts: WHO_IS_THIS, repeat: true }),
    },
  ],
  [
    '28',
    {
      name: 'human-talks-over',
      meaning: 'answers after PPP tenths, listens for half a second at most, then talks over whoever speaks',
      script: tenths => human(tenths, { acts: OVER, repeat: true }),
    },
  ],
  [
    '29',
    {
      name: 'human-converses',
      meaning:
        'answers after PPP tenths, waits for each sentence of the other side to end, answers it, hangs up politely',
      script: tenths => human(tenths, { acts: CONVERSATION }),
    },
  ],
  [
    '33',
    {
      name: 'ivr',
      meaning: 'a menu after PPP tenths: 1 sales, 2 support, 0 a person; without a key it says goodbye',
      script: tenths => human(tenths, { acts: IVR }),
    },
  ],
  [
    '34',
    {
      name: 'screening-assistant',
      meaning: 'a phone that asks for name and reason after PPP tenths, listens, and then puts its owner on',
      script: tenths => human(tenths, { acts: ASSISTANT }),
    },
  ],
  [
    '35',
    {
      name: 'human-in-noise',
      meaning: 'as 29, on a loud street, speaking fast',
      script: tenths => human(tenths, { acts: CONVERSATION, noise: 0.03, speed: 1.3 }),
    },
  ],
  [
    '30',
    {
      name: 'voicemail',
      meaning: 'a greeting after PPP tenths, a beep, then it records for a minute',
      script: tenths => script({ kind: 'voicemail', answerMs: tenths * TENTH_MS, acts: GREETING }),
    },
  ],
  [
    '31',
    {
      name: 'voicemail-seen-as-human',
      meaning: 'as 30, but detection says human after 1.2 s',
      script: tenths =>
        script({
          kind: 'voicemail',
          answerMs: tenths * TENTH_MS,
          acts: GREETING,
          amd: { answeredBy: 'human', afterMs: 1_200 },
        }),
    },
  ],
  [
    '32',
    {
      name: 'fax',
      meaning: 'a fax machine after PPP tenths',
      script: tenths =>
        script({
          kind: 'fax',
          answerMs: tenths * TENTH_MS,
          acts: [{ beep: true }, { pauseMs: 8_000 }, { hangUp: true }],
        }),
    },
  ],
  [
    '40',
    { name: 'busy', meaning: 'busy after PPP tenths', script: t => script({ kind: 'busy', answerMs: t * TENTH_MS }) },
  ],
  ['41', { name: 'no-answer', meaning: 'rings for ever', script: () => script({ kind: 'no-answer' }) }],
  [
    '42',
    {
      name: 'reject',
      meaning: 'declined after PPP tenths',
      script: t => script({ kind: 'reject', answerMs: t * TENTH_MS }),
    },
  ],
  [
    '43',
    {
      name: 'unreachable',
      meaning: 'fails with SIP 404 without ringing',
      script: () => script({ kind: 'unreachable' }),
    },
  ],
  [
    '44',
    {
      name: 'manual',
      meaning: 'rings until somebody answers on the page',
      script: () => script({ kind: 'manual', acts: [] }),
    },
  ],
  ['50', { name: 'invalid', meaning: 'create answers 400 / 21211', script: () => script({ kind: 'invalid' }) }],
  [
    '51',
    {
      name: 'create-429',
      meaning: 'create answers 429 / 20429 the first PPP times (000: always), then a human after 2 s',
      script: times => human(20, { create: { answer: 429, times: times || null, ms: 0 } }),
    },
  ],
  [
    '52',
    {
      name: 'create-500',
      meaning: 'create answers 500 the first PPP times (000: always), then a human after 2 s',
      script: times => human(20, { create: { answer: 500, times: times || null, ms: 0 } }),
    },
  ],
  [
    '53',
    {
      name: 'create-lost',
      meaning: 'the call is made and answered after PPP tenths, but the answer to create is lost',
      script: tenths => human(tenths, { create: { answer: 'lost', times: null, ms: 0 } }),
    },
  ],
  [
    '54',
    {
      name: 'create-slow',
      meaning: 'the call is made at once, the answer to create comes PPP tenths later; a human answers after 2 s',
      script: tenths => human(20, { create: { answer: 'slow', times: null, ms: tenths * TENTH_MS } }),
    },
  ],
])

const UNKNOWN: Act[] = [...HELLO, { pauseMs: 20_000 }, { say: 'Alright. Thank you, goodbye.' }, { hangUp: true }]

/** The person at a number that nobody has defined: that of a magic number, or a human who answers after 2 to 6 s. */
export function personAt(number: string): Person {
  const digits = /^\+1500(\d\d)(\d{3})\d\d$/.exec(number)
  const magic = digits ? MAGIC.get(digits[1] ?? '') : undefined
  const base = { number, company: '', timeZone: 'America/Los_Angeles' }
  if (digits && magic) {
    return { ...base, name: magic.name, scriptId: magic.name, script: magic.script(Number(digits[2])) }
  }
  const answerMs = 2_000 + (hashOf(number) % 4_000)
  return { ...base, name: number, scriptId: 'unknown', script: script({ kind: 'human', answerMs, acts: UNKNOWN }) }
}
