import { hashOf } from '../engine/random.ts'
import { type Act, type Person, type Script, script } from './script.ts'

/**
 * Magic numbers: `+1500 BB PPP II`. BB is the behaviour, PPP its parameter (mostly tenths of a second), II any digits, so
 * that there are a hundred phones of each. The table stands in `sim/README.md`; `MAGIC` is where it is made from.
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

/** Who is reached under a number that no one has defined: a magic one, or a human who answers after 2 to 6 s. */
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
