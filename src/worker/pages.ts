/**
 * The addresses of the browser app: `/app/…`. The asset server has no file for them and hands them to the Worker, which answers with
 * the app's one page. Everything else that is no file is 404: a missing script must not look like a page, and be kept for a year as one.
 */
import type { Context } from 'hono'
import type { Env } from '../actors/env.ts'

const BASE = '/app'
/** Pages that stood at the root before the API took its names; bookmarks and the seed's links (S3-55) still lead to them. */
const MOVED = new Set(['ai', 'auth', 'calls', 'campaign', 'dial', 'do-not-call', 'events', 'team', 'voice-workspace'])

/** Whether this path is one of the app's, however odd it is (ids have dots). The bare root opens it as well. */
export function isPage(path: string): boolean {
  return path === '/' || path === BASE || path.startsWith(`${BASE}/`)
}

/** The address of a page that has moved; null: none was there. */
export function movedPage(path: string): string | null {
  const [, first = ''] = path.split('/')
  return MOVED.has(first) ? `${BASE}${path}` : null
}

/** A person follows a link or types an address; a program sends a key, or asks for no page. */
export function isNavigation({ req }: Context): boolean {
  const reads = req.method === 'GET' || req.method === 'HEAD'
  return reads && req.header('Authorization') === undefined && (req.header('Accept') ?? '').includes('text/html')
}

/** Null: there is no such page. */
export async function pageOf(c: Context<{ Bindings: Env }>): Promise<Response | null> {
  const asked = c.req.method === 'GET' || c.req.method === 'HEAD'
  if (!asked) return null
  const moved = movedPage(c.req.path)
  if (moved !== null) return c.redirect(`${moved}${new URL(c.req.url).search}`, 302)
  if (!isPage(c.req.path)) return null
  const page = await c.env.ASSETS.fetch(new Request(new URL('/', c.req.url), { method: c.req.method }))
  if (!page.ok) return null
  c.set('headed' as never, true as never)
  return page
}
