/** What the check says of a flow, as the editor shows it. */
export interface Problem {
  stepId: string | null
  field: string | null
  message: string
  /** only a warning: the flow can be saved with it */
  odd: boolean
}

export function problemsOf(checked: { errors: readonly Found[]; warnings: readonly Found[] } | undefined): Problem[] {
  if (checked === undefined) return []
  return [
    ...checked.errors.map(one => ({ ...one, odd: false })),
    ...checked.warnings.map(one => ({ ...one, odd: true })),
  ]
}
type Found = Omit<Problem, 'odd'>

/** The words for a field of a step; errors come first. */
export function problemAt(problems: readonly Problem[], field: string): string | undefined {
  return problems.find(one => one.field === field)?.message
}
