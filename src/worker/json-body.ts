/** Reads JSON that somebody has sent, and names what is wrong with it. */
import type { z } from 'zod'
import { readForm } from '../wire/read-form.ts'
import { Refusal } from './problem.ts'

/**
 * Deeper values are refused: whatever writes or copies one (JSON, a check, an RPC) goes one call deeper for each level, and ends in
 * the stack. The deepest that the API takes is a JSON Schema of a tool.
 */
export const DEPTH_MAX = 64
const ISSUES_MAX = 20

export function jsonOf(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal(400, 'The body is not JSON.', [{ field: 'body', message: 'not JSON' }])
  }
  if (isTooDeep(value))
    throw new Refusal(400, 'The body is nested too deep.', [
      { field: 'body', message: `deeper than ${DEPTH_MAX} levels` },
    ])
  return value
}

/** Level by level and not by recursion, because its own stack would be the first to end. */
export function isTooDeep(value: unknown): boolean {
  let level = containersIn([value])
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > DEPTH_MAX) return true
    level = level.flatMap(one => containersIn(Object.values(one)))
  }
  return false
}

function containersIn(values: readonly unknown[]): object[] {
  return values.filter(one => typeof one === 'object' && one !== null) as object[]
}

/** `where` names the value in the refusal: body, query, path. */
export function checked<T extends z.ZodType>(schema: T, value: unknown, where: string): z.infer<T> {
  const read = readForm(schema, value)
  if (read.ok) return read.value
  const fields = read.issues.slice(0, ISSUES_MAX).map(issue => ({
    // A parameter that the row does not know is refused by name, because a filter that is dropped in silence finds too much.
    field: issue.path.join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : where),
    message: issue.message,
  }))
  throw new Refusal(400, `The ${where} is not as expected.`, fields)
}
