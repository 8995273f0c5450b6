/** Reads a value that somebody has sent by a schema. */
import type { z } from 'zod'

export type Read<T> = { ok: true; value: T } | { ok: false; issues: readonly z.core.$ZodIssue[] }

/**
 * zod looks at the length of whatever has one before it looks at the type, and a comparison with an object that cannot be a number
 * throws (`{"length": {"valueOf": 2}}`). Such a value has the wrong form like every other.
 */
export function readForm<T extends z.ZodType>(schema: T, value: unknown): Read<z.infer<T>> {
  try {
    const parsed = schema.safeParse(value)
    return parsed.success ? { ok: true, value: parsed.data } : { ok: false, issues: parsed.error.issues }
  } catch {
    return { ok: false, issues: [{ code: 'custom', path: [], message: 'cannot be read', input: undefined }] }
  }
}
