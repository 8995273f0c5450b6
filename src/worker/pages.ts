/**
 * The addresses of the browser app. The asset server has no file for them and hands them to the Worker, which answers with the app's
 * one page. Everything else that is no file is 404: a missing script must not look like a page, and be kept for a year as one.
 */
import type { Context } from 'hono'
import type { Env } from '../actors/env.ts'

/** Folders of files, and of what answers for itself. */
const NOT_PAGES = new Set(['api', 'twilio', 'carriers', 'assets', 'icons', 'sounds'])

/** Whether this path is one of the app's: its first part is a plain word, however odd the rest is (ids have dots). */
export function isPage(path: string): boolean {
  const [, first = ''] = path.split('/')
  return first === '' ? path === '/' : /^[a-z][a-z0-9-]*$/.test(first) && !NOT_PAGES.has(first)
}

/** Null: there is no such page. */
export async function pageOf(c: Context<{ Bindings: Env }>): Promise<Response | null> {
  const asked = c.req.method === 'GET' || c.req.method === 'HEAD'
  if (!asked || !isPage(c.req.path)) return null
  const page = await c.env.ASSETS.fetch(new Request(new URL('/', c.req.url), { method: c.req.method }))
  if (!page.ok) return null
  c.set('page' as never, true as never)
  return page
}
