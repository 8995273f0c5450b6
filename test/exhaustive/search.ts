/** Visits every state that a small world can come to, each once, and writes down which laws are broken. */
export interface Searched {
  states: number
  /** steps from one state to another, known ones too */
  transitions: number
  /** each law once */
  violations: string[]
}

export interface Search<State> {
  first: State
  /** the same for two states from which the same can follow */
  keyOf(state: State): string
  broken(state: State): Iterable<string>
  nexts(state: State): Iterable<State>
  /** it stops after so many states, and after so many broken laws */
  most: number
  enough: number
}

export function search<State>({ first, keyOf, broken, nexts, most, enough }: Search<State>): Searched {
  const found: Searched = { states: 0, transitions: 0, violations: [] }
  const seen = new Set([keyOf(first)])
  const open = [first]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    found.states += 1
    for (const law of broken(state)) if (!found.violations.includes(law)) found.violations.push(law)
    if (found.violations.length >= enough || found.states >= most) break
    for (const next of nexts(state)) {
      found.transitions += 1
      const key = keyOf(next)
      if (seen.has(key)) continue
      seen.add(key)
      open.push(next)
    }
  }
  return found
}
