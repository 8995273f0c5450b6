/** Errors as problem+json (RFC 9457): one form for every route. */
import type { Context } from 'hono'
import type { Problem } from '../wire/api.ts'

export class Refusal extends Error {
  readonly status: number
  readonly fields: { field: string; message: string }[]
  readonly headers: Record<string, string>

  constructor(
    status: number,
    message: string,
    fields: { field: string; message: string }[] = [],
    headers: Record<string, string> = {},
  ) {
    super(message)
    this.status = status
    this.fields = fields
    this.headers = headers
  }
}

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported content type',
  422: 'Cannot be done',
  429: 'Too many requests',
  502: 'The carrier did not answer',
  503: 'Busy',
}

export function problemOf(status: number, detail: string, fields: { field: string; message: string }[] = []): Problem {
  const body: Problem = { type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail }
  return fields.length > 0 ? { ...body, fields } : body
}

export function answerProblem(c: Context, refusal: Refusal): Response {
  const body = JSON.stringify(problemOf(refusal.status, refusal.message, refusal.fields))
  return c.body(body, refusal.status as 400, { 'Content-Type': 'application/problem+json', ...refusal.headers })
}

/** Turns an unexpected throw into a problem. Overload is a 503; everything else is our defect, which is logged without values. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const flags = error as { overloaded?: boolean; remote?: boolean }
  if (flags?.overloaded && !flags.remote) return new Refusal(503, 'Try again in a moment.', [], { 'Retry-After': '1' })
  // Its words may hold a name, a number or a secret, so the log gets the kind of error and no more.
  console.error(JSON.stringify({ message: 'unexpected error', name: error instanceof Error ? error.name : 'unknown' }))
  return new Refusal(500, 'Something went wrong on our side.')
}
