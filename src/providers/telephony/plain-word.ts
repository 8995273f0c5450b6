/** Reads a field of a message that may hold anything. */

/**
 * Text and numbers as text, everything else as nothing. `String` would run what the value names: `{"toString": 1}` and a list that
 * is nested ten thousand times make it throw.
 */
export function plainWord(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}
