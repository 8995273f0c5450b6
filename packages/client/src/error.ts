/** An answer of the server that refuses or has failed (problem+json), as an error. */
export class TrunklineError extends Error {
  /** of HTTP; 0: no answer came */
  readonly status: number
  readonly title: string
  /** the offending fields, as they were sent */
  readonly fields: { field: string; message: string }[]
  /** after how many milliseconds the server wants to be asked again; null: it did not say */
  readonly retryAfterMs: number | null

  constructor(
    status: number,
    title: string,
    detail: string,
    more: Partial<Pick<TrunklineError, 'fields' | 'retryAfterMs'>> = {},
  ) {
    super(detail)
    this.name = 'TrunklineError'
    this.status = status
    this.title = title
    this.fields = more.fields ?? []
    this.retryAfterMs = more.retryAfterMs ?? null
  }
}

/** The error that an answer is. A proxy on the way may have written it, so that nothing of its form is taken for granted. */
export async function errorOf(answer: Response): Promise<TrunklineError> {
  const text = await answer.text()
  const problem = objectIn(text)
  const title = typeof problem.title === 'string' ? problem.title : answer.statusText || `Status ${answer.status}`
  const detail = typeof problem.detail === 'string' ? problem.detail : title
  const fields = Array.isArray(problem.fields) ? (problem.fields as TrunklineError['fields']) : []
  const seconds = Number(answer.headers.get('Retry-After') ?? Number.NaN)
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null
  return new TrunklineError(answer.status, title, detail, { fields, retryAfterMs })
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
