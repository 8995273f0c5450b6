/**
 * The script of a pretend person, from the first ring on. Its schema is documented in `packages/phone-network/docs/people.md`.
 * Scripts come from files and over the control API, so every field is checked here and a bad one gets a clear error.
 */

import { type Act, checkActs } from './acts.ts'
import { between, ms, record, ScriptError, text } from './reading.ts'

export type { Act }
export { ScriptError }

export type Kind =
  | 'human'
  | 'voicemail'
  | 'fax'
  | 'busy'
  | 'no-answer'
  | 'reject'
  | 'unreachable'
  | 'invalid'
  | 'manual'

/** How the REST API answers when a call to this person is created, to test the program that creates it. */
export interface CreateTrouble {
  /** a status: nothing is created; `lost`: the call is made but the answer never arrives; `slow`: it arrives late */
  answer: 429 | 500 | 503 | 'lost' | 'slow'
  /** trouble for the first n creates only; null for ever */
  times: number | null
  ms: number
}

/** How a SIP device answers a REFER. */
export interface ReferAnswer {
  /** SIP code of its answer; 2xx: it makes the new call */
  answer: number
  /** SIP code of the new call, told by NOTIFY; null: it tells nothing */
  final: number | null
  afterMs: number
}

export interface Script {
  kind: Kind
  /** from dialling until the phone rings */
  setupMs: number
  /** from ringing until the answer (or until busy / reject) */
  answerMs: number
  /** what the person does once connected, in order */
  acts: Act[]
  /** whether the acts start again after the last one */
  repeat: boolean
  /** hangs up this long after the answer, even in the middle of a word */
  hangUpMs: number | null
  /** forces the answering machine detection's verdict; `never`: no verdict at all; null: what the script sounds like */
  amd: { answeredBy: string; afterMs: number } | 'never' | null
  voice: string | null
  /** 1 is the voice's own pace, 2 twice as fast */
  speed: number
  /** loudness of the room behind the voice, RMS 0…1 (0.01 a quiet office, 0.05 a street) */
  noise: number
  /** all ringing phones with the same tie answer in exactly the same instant */
  tie: string | null
  create: CreateTrouble | null
  /** null: it accepts, and the new call is answered after a second */
  refer: ReferAnswer | null
}

export interface Person {
  number: string
  name: string
  company: string
  timeZone: string
  /** name of the script, as the page shows it */
  scriptId: string
  script: Script
}

const KINDS: readonly Kind[] = [
  'human',
  'voicemail',
  'fax',
  'busy',
  'no-answer',
  'reject',
  'unreachable',
  'invalid',
  'manual',
]

const FIELDS = [
  'kind',
  'setupMs',
  'answerMs',
  'acts',
  'repeat',
  'hangUpMs',
  'amd',
  'voice',
  'speed',
  'noise',
  'tie',
  'create',
  'refer',
]

/** Fill in a script's defaults, for code that has the right types already. */
export function script(partial: Partial<Script> & { kind: Kind }): Script {
  return {
    setupMs: 150,
    answerMs: 2_000,
    acts: [],
    repeat: false,
    hangUpMs: null,
    amd: null,
    voice: null,
    speed: 1,
    noise: 0,
    tie: null,
    create: null,
    refer: null,
    ...partial,
  }
}

function checkAmd(value: unknown): Script['amd'] {
  if (value === null || value === undefined) return null
  if (value === 'never') return 'never'
  const amd = record(value, 'amd')
  return { answeredBy: text(amd.answeredBy, 'amd.answeredBy', 30), afterMs: ms(amd.afterMs ?? 1_200, 'amd.afterMs') }
}

function checkCreate(value: unknown): CreateTrouble | null {
  if (value === null || value === undefined) return null
  const create = record(value, 'create')
  const answer = create.answer
  if (answer !== 429 && answer !== 500 && answer !== 503 && answer !== 'lost' && answer !== 'slow') {
    throw new ScriptError('create.answer must be 429, 500, 503, "lost" or "slow"')
  }
  const times = create.times ?? null
  if (times !== null && (typeof times !== 'number' || !Number.isInteger(times) || times < 0)) {
    throw new ScriptError('create.times must be a whole number or null')
  }
  return { answer, times, ms: ms(create.ms ?? 0, 'create.ms') }
}

function checkRefer(value: unknown): ReferAnswer | null {
  if (value === null || value === undefined) return null
  const refer = record(value, 'refer')
  const code = (given: unknown, name: string) => {
    if (typeof given === 'number' && Number.isInteger(given) && given >= 200 && given <= 699) return given
    throw new ScriptError(`${name} must be a SIP code from 200 to 699`)
  }
  return {
    answer: code(refer.answer ?? 202, 'refer.answer'),
    final: refer.final === null ? null : code(refer.final ?? 200, 'refer.final'),
    afterMs: ms(refer.afterMs ?? 1_000, 'refer.afterMs'),
  }
}

/** Check a script from outside. Throws `ScriptError`. */
export function checkScript(value: unknown): Script {
  const raw = record(value, 'script')
  for (const key of Object.keys(raw)) {
    if (!FIELDS.includes(key)) throw new ScriptError(`script has no field "${key}"; it has ${FIELDS.join(', ')}`)
  }
  const kind = KINDS.find(known => known === raw.kind)
  if (kind === undefined) throw new ScriptError(`script.kind must be one of ${KINDS.join(', ')}`)
  return script({
    kind,
    setupMs: ms(raw.setupMs ?? 150, 'setupMs'),
    answerMs: ms(raw.answerMs ?? 2_000, 'answerMs'),
    acts: checkActs(raw.acts ?? [], 'acts'),
    repeat: raw.repeat === true,
    hangUpMs: raw.hangUpMs === undefined || raw.hangUpMs === null ? null : ms(raw.hangUpMs, 'hangUpMs'),
    amd: checkAmd(raw.amd),
    voice: raw.voice === undefined || raw.voice === null ? null : text(raw.voice, 'voice'),
    speed: between(raw.speed ?? 1, 'speed', 0.5, 2),
    noise: between(raw.noise ?? 0, 'noise', 0, 0.5),
    tie: raw.tie === undefined || raw.tie === null ? null : text(raw.tie, 'tie'),
    create: checkCreate(raw.create),
    refer: checkRefer(raw.refer),
  })
}

/** Check a person from outside; `scripts` are the named scripts a person may refer to. Throws `ScriptError`. */
export function checkPerson(value: unknown, scripts: ReadonlyMap<string, Script>): Person {
  const raw = record(value, 'phone')
  const number = text(raw.number, 'number', 100)
  if (!/^\+[1-9]\d{6,14}$/.test(number) && !/^sips?:[\w.+-]+@[\w.-]+$/.test(number))
    throw new ScriptError(`number must be E.164, like +14155550101, or a SIP address: ${number}`)
  const named = typeof raw.script === 'string' ? scripts.get(raw.script) : undefined
  if (typeof raw.script === 'string' && named === undefined) {
    throw new ScriptError(`there is no script "${raw.script}"; there are ${[...scripts.keys()].join(', ')}`)
  }
  return {
    number,
    name: text(raw.name ?? number, 'name'),
    company: text(raw.company ?? '', 'company'),
    timeZone: text(raw.timeZone ?? 'America/Los_Angeles', 'timeZone'),
    scriptId: typeof raw.script === 'string' ? raw.script : text(raw.scriptId ?? 'custom', 'scriptId'),
    script: named ?? checkScript(raw.script),
  }
}
