import { ProblemBox } from '../../look/problem-box.tsx'
import { errorAt, type FieldError } from './agent-draft.ts'

/** The server's refusal with its list of fields; each field also shows its own error. */
export function NotSaved({ problem, errors }: { problem: string; errors: readonly FieldError[] }) {
  return (
    <ProblemBox title="Not saved">
      {problem}
      {errors.length === 0 ? null : (
        <ul>
          {errors.map(({ field }) => (
            <li key={field}>
              <span className="tl-number">{field}</span>: {errorAt(errors, field)}
            </li>
          ))}
        </ul>
      )}
    </ProblemBox>
  )
}
