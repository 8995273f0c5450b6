/**
 * A conversation to be judged, as data (`scenarios/*.json`): the caller's acts, changes to the agent, faults, and what must and
 * must not happen. `scenarios/README.md` describes the format.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { checkScript } from '../../../packages/phone-network/src/people/script.ts'
import { aiAgentBody } from '../../../src/wire/ai-agent.ts'
import { wantedShape, words } from '../../../src/wire/scenario.ts'

export const FOLDER = path.resolve(import.meta.dirname, '../../../scenarios')

const happening = z.strictObject({
  /** when this has been said to its end */
  after: z.union([z.strictObject({ agent: words }), z.strictObject({ caller: words })]),
  /** the stream of the call breaks; every connection of an ability breaks */
  lose: z.enum(['stream', 'listen', 'speak', 'chat']),
})

const knob = z.strictObject({
  ability: z.enum(['listen', 'speak', 'chat']),
  delayMs: z.number().int().optional(),
  failNext: z.number().int().optional(),
  failStatus: z.number().int().optional(),
  dropNext: z.number().int().optional(),
})

const script = z.record(z.string(), z.unknown()).superRefine((value, context) => {
  try {
    checkScript({ kind: 'human', ...value })
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
  }
})

/** Some fields of an agent; the others keep the demo's values. */
const change = z.record(z.string(), z.unknown()).superRefine((value, context) => {
  for (const [name, field] of Object.entries(value)) {
    const schema: z.ZodType | undefined = Object.hasOwn(aiAgentBody.shape, name)
      ? aiAgentBody.shape[name as keyof typeof aiAgentBody.shape]
      : undefined
    const parsed = schema?.safeParse(field)
    const why = parsed === undefined ? 'an agent has no such field' : parsed.error?.issues[0]?.message
    if (why !== undefined) context.addIssue({ code: 'custom', path: [name], message: why })
  }
})

export const scenarioSchema = z.strictObject({
  ...wantedShape,
  /** the agent calls the person */
  outbound: z.boolean().default(false),
  agent: change.default({}),
  /** a script of packages/phone-network/src/people */
  caller: script,
  /** the speech services of everybody: such a scenario runs alone */
  services: z.array(knob).max(5).default([]),
  happens: z.array(happening).max(10).default([]),
})
export type Scenario = z.infer<typeof scenarioSchema> & { name: string }

/** The scenario's faults affect every call that is under way. */
export function runsAlone({ services, happens }: Scenario): boolean {
  return services.length > 0 || happens.some(one => one.lose !== 'stream')
}

/** Throws an `Error` that names the file and the place of each mistake. */
export function readScenario(text: string, file: string): Scenario {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    throw new Error(`${file}: no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const parsed = scenarioSchema.safeParse(raw)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(issue => `${issue.path.join('.') || 'it'}: ${issue.message}`)
    throw new Error(`${file}: ${issues.join('; ')}`)
  }
  return { name: path.basename(file, '.json'), ...parsed.data }
}

/** All scenarios of the folder by name, or those whose names contain one of `only`. */
export function readScenarios(only: string[] = [], folder = FOLDER): Scenario[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.json'))
    .sort()
    .map(file => readScenario(readFileSync(path.join(folder, file), 'utf8'), file))
    .filter(({ name }) => only.length === 0 || only.some(word => name.includes(word)))
}
