/**
 * Conversations with an AI agent as data, with their expected course. `npm run eval` (`test/voice/eval/scenario.ts`) adds acts
 * that need the phone network; the AI page holds those whose caller only listens, speaks, waits, presses keys and hangs up
 * (`rehearsalBody`). `scenarios/README.md` describes them for people.
 */
import { z } from 'zod'
import { conversationEntry } from './conversation.ts'

export const WORDS_CHARS_MAX = 300
export const NAME_CHARS_MAX = 60
export const SCENARIOS_MAX = 50
export const ACTS_MAX = 40
export const EXPECTATIONS_MAX = 40
/** Most characters that a caller says in one run: some two minutes of speech. */
export const SPOKEN_CHARS_MAX = 2_000
export const SECONDS_MAX = 180
const ANSWERS_MAX = 20
const ANSWERS_CHARS_MAX = 8_000

export const words = z
  .string()
  .trim()
  .min(1, 'words are needed')
  .max(WORDS_CHARS_MAX, `at most ${WORDS_CHARS_MAX} letters`)
const budget = z.number().int().min(1).max(120_000)

/** One thing that must happen. Expectations of one kind (agent, caller, tool, note) must happen in this order. */
export const expectation = z.union(
  [
    z.strictObject({
      agent: words,
      /** from the end of the caller's speech, or of what came before, to the first sound */
      withinMs: budget.optional(),
      interrupted: z.boolean().optional(),
      /** of an interrupted reply: at most this many words were heard */
      wordsMax: z.number().int().min(0).max(500).optional(),
    }),
    z.strictObject({ caller: words }),
    z.strictObject({
      tool: words,
      arguments: z.record(z.string(), z.unknown()).optional(),
      withinMs: budget.optional(),
    }),
    z.strictObject({ note: words, data: z.record(z.string(), z.unknown()).optional() }),
  ],
  {
    error: `one of agent, caller, tool or note, with words of at most ${WORDS_CHARS_MAX} letters; agent may have withinMs, interrupted, wordsMax; tool may have arguments, withinMs; note may have data; withinMs is 1 to 120000`,
  },
)

const list = z.array(words).max(20).default([])

/** Fields of every scenario, in the product and in `npm run eval`. */
export const wantedShape = {
  about: words,
  expect: z.array(expectation).min(1).max(EXPECTATIONS_MAX),
  never: z
    .strictObject({
      /** in no sentence of the agent */
      said: list,
      /** in no turn of the caller, as it was understood */
      heard: list,
      tools: list,
      notes: list,
    })
    .default({ said: [], heard: [], tools: [], notes: [] }),
  /** the reason why the agent said goodbye; `none`: it did not, because somebody hung up or it handed the call over */
  end: z.enum(['goodbye', 'silence', 'failure', 'limit', 'none']),
  atMostSeconds: z.number().int().min(5).max(SECONDS_MAX).default(60),
} as const

/** The acts of `packages/phone-network/src/people` that need no phone network, in the same spelling. */
export const callerAct = z.union(
  [
    z.strictObject({ listen: z.literal(true) }),
    z.strictObject({ say: words }),
    z.strictObject({ pauseMs: z.number().int().min(1).max(60_000) }),
    z.strictObject({ press: z.string().regex(/^[0-9*#w]{1,32}$/) }),
    z.strictObject({ hangUp: z.literal(true) }),
  ],
  {
    error: `one of {"listen": true}, {"say": "at most ${WORDS_CHARS_MAX} letters"}, {"pauseMs": 1 to 60000}, {"press": "at most 32 of 0-9 * # w"}, {"hangUp": true}`,
  },
)
export type CallerAct = z.infer<typeof callerAct>

const caller = z.strictObject({
  /** the caller in words, for people */
  persona: z.string().trim().max(WORDS_CHARS_MAX).default(''),
  /** the speech provider's name of a voice; empty: a voice other than the agent's, where we know one */
  voice: z.string().trim().max(120).default(''),
  acts: z
    .array(callerAct)
    .min(1)
    .max(ACTS_MAX)
    .refine(
      acts => acts.reduce((sum, act) => sum + ('say' in act ? act.say.length : 0), 0) <= SPOKEN_CHARS_MAX,
      `at most ${SPOKEN_CHARS_MAX} letters are said in one scenario`,
    ),
})

export const scenarioName = z
  .string()
  .trim()
  .max(NAME_CHARS_MAX)
  .regex(/^[\p{L}\p{N}][^/\\\p{C}]*$/u, 'begins with a letter or a digit, without / and \\')

/** A scenario that is run inside the product; its name is stored beside it. */
export const rehearsalBody = z.strictObject({
  ...wantedShape,
  caller,
  /** answers of tools, by name; a tool that is not named answers as in a call, and an HTTP tool answers `{"result":"ok"}` */
  answers: z
    .record(z.string().max(60), z.unknown())
    .default({})
    .refine(answers => Object.keys(answers).length <= ANSWERS_MAX, `at most ${ANSWERS_MAX} tools`)
    .refine(answers => JSON.stringify(answers).length <= ANSWERS_CHARS_MAX, `at most ${ANSWERS_CHARS_MAX} letters`),
})
export type RehearsalBody = z.infer<typeof rehearsalBody>

/** `broken`: the run could not be held, which says nothing about the agent; `why` has the reason */
export const rehearsalState = z.enum(['running', 'passed', 'failed', 'broken'])
export type RehearsalState = z.infer<typeof rehearsalState>

/** The last run of a scenario, as the list shows it. */
export const lastRehearsal = z.object({
  runId: z.string(),
  /** of the agent */
  version: z.number().int(),
  state: rehearsalState,
  startedMs: z.number(),
  endedMs: z.number().nullable(),
})
export type LastRehearsal = z.infer<typeof lastRehearsal>

export const scenario = z.object({
  name: z.string(),
  savedMs: z.number(),
  savedBy: z.string(),
  body: rehearsalBody,
  last: lastRehearsal.nullable(),
})
export type Scenario = z.infer<typeof scenario>

export const rehearsal = lastRehearsal.extend({
  agentId: z.string(),
  name: z.string(),
  /** why it is broken; else empty */
  why: z.string(),
  differences: z.array(z.string()),
  entries: z.array(conversationEntry),
  /** in millionths of a dollar, with the caller's voice */
  costMicros: z.number().nullable(),
})
export type Rehearsal = z.infer<typeof rehearsal>
