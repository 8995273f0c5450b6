/** An outcome as campaigns have it: the key, what becomes of the person, and what the agent gives first. */
import { z } from 'zod'
import { CONSEQUENCES, consequenceOf, DESK_LETTERS, NEEDS, OUTCOMES_MAX, TONES } from '../core/campaign/dispositions.ts'
import { DO_NOT_CALL, meansDoNotCall } from '../core/clearance/do-not-call-words.ts'
import { nameText } from './name.ts'

const AFTER_MINUTES_MAX = 366 * 24 * 60
/** 1 to 9 as a number, as it always was, or a letter. */
const key = z.union([
  z.number().int().min(1).max(9),
  z.string().regex(/^[a-z]$/, 'a digit from 1 to 9, or a small letter'),
])

export const outcomeChoice = z.object({
  key,
  outcomeId: z.string(),
  label: z.string(),
  /** absent: what its id says (`do-not-call`, `callback`), else `archive` */
  consequence: z.enum(CONSEQUENCES).optional(),
  /** of `retry` and `callback`, when the agent types no time */
  afterMinutes: z.number().int().min(1).max(AFTER_MINUTES_MAX).optional(),
  /** of `callback`: the agent who promised it, or whoever is free */
  whose: z.enum(['mine', 'anyone']).optional(),
  tone: z.enum(TONES).optional(),
  requires: z.array(z.enum(NEEDS)).max(NEEDS.length).optional(),
})

/** An agent who reads "Do not call" must not save something else. */
const outcome = outcomeChoice.extend({ outcomeId: nameText(64), label: nameText(80) }).check(context => {
  const one = context.value
  const consequence = consequenceOf(one)
  const wrong = (path: string, message: string) =>
    context.issues.push({ code: 'custom', input: one, message, path: [path] })
  if (consequence !== 'do-not-call' && (meansDoNotCall(one.label) || meansDoNotCall(one.outcomeId))) {
    if (one.consequence === undefined) wrong('outcomeId', `an outcome with this label has the id ${DO_NOT_CALL}`)
    else wrong('consequence', `an outcome with this name is ${DO_NOT_CALL}`)
  }
  if (typeof one.key === 'string' && DESK_LETTERS.includes(one.key))
    wrong('key', 'the desk has this key for something else during a call')
  const again = consequence === 'retry' || consequence === 'callback'
  if (one.requires?.includes('time') && !again)
    wrong('requires', 'a time is for outcomes after which somebody is called again')
})

export const outcomeList = z
  .array(outcome)
  .min(1)
  .max(OUTCOMES_MAX)
  .check(context => {
    const seen = { key: new Set<unknown>(), outcomeId: new Set<unknown>() }
    for (const [index, one] of context.value.entries())
      for (const field of ['key', 'outcomeId'] as const) {
        if (seen[field].has(one[field])) {
          const message = field === 'key' ? 'another outcome has this key' : 'another outcome has this id'
          context.issues.push({ code: 'custom', input: one, message, path: [index, field] })
        }
        seen[field].add(one[field])
      }
  })
