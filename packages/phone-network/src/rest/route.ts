import type { Outcome } from '../engine/engine.ts'
import type { Input } from '../engine/input.ts'
import type { World } from '../engine/world.ts'
import type { Entry } from '../network-log.ts'
import type { Form } from './form.ts'

/** The rows of the REST table, and the search for the row of a request. */

export interface RestAsk {
  world: World
  method: string
  path: string
  query: Form
  form: Form
  /** ms since 1970 */
  at: number
  /** `http://127.0.0.1:5070`, as the asking program addressed this server */
  origin: string
  take: (input: Input) => Outcome
  /** Log an alert about what was not performed. */
  alert: (message: string, code?: number) => void
  /** The entries of the log, oldest first. */
  log: () => Entry[]
}

export interface RestAnswer {
  status: number
  body: Record<string, unknown> | null
}

/**
 * `path` is relative to `/2010-04-01/Accounts/{AccountSid}`; one that begins with a version (`/v1/`, `/2010-04-01/`) is
 * the whole path, mostly of another of Twilio's hosts. `{Name}` stands for one segment; what it matched is handed to `run` in order.
 * `operation` is the name that faults match, e.g. `create`, `conference-list`.
 */
export interface Route {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  operation: string
  run: (ask: RestAsk, ...ids: string[]) => RestAnswer
}

export interface Found {
  route: Route
  ids: string[]
}

/** The segments of a path, decoded, without `.json` at the end. Null when a percent sign is broken. */
export function segmentsOf(path: string): string[] | null {
  try {
    return path
      .replace(/\.json$/, '')
      .slice(1)
      .split('/')
      .map(decodeURIComponent)
  } catch {
    return null
  }
}

function idsOf(pattern: readonly string[], segments: readonly string[]): string[] | null {
  if (pattern.length !== segments.length) return null
  const ids: string[] = []
  for (const [index, wanted] of pattern.entries()) {
    const segment = segments[index] ?? ''
    if (/^\{\w+\}$/.test(wanted)) {
      if (segment === '') return null
      ids.push(segment)
    } else if (wanted !== segment) return null
  }
  return ids
}

const BASE = ['2010-04-01', 'Accounts']

/** The account of a path of the 2010 API, or null. */
export function accountOf(segments: readonly string[]): string | null {
  return BASE.every((part, index) => segments[index] === part) ? (segments[2] ?? null) : null
}

function patternOf({ path }: Route): { pattern: string[]; skipped: number } {
  const parts = path
    .replace(/\.json$/, '')
    .slice(1)
    .split('/')
  if (/^\/(v\d|2010-)/.test(path)) return { pattern: parts, skipped: 0 }
  return { pattern: [...BASE, '{AccountSid}', ...parts], skipped: 1 }
}

/** Finds the row of a request; `methods` are those that the path has. */
export function createRouter(routes: readonly Route[]) {
  const rows = routes.map(route => ({ route, ...patternOf(route) }))
  return (method: string, segments: readonly string[]): { found: Found | null; methods: string[] } => {
    const methods: string[] = []
    for (const { route, pattern, skipped } of rows) {
      const ids = idsOf(pattern, segments)
      if (ids === null) continue
      if (route.method === method) return { found: { route, ids: ids.slice(skipped) }, methods: [method] }
      methods.push(route.method)
    }
    return { found: null, methods }
  }
}
