/** What every answer tells a browser, and which requests of a browser are not taken at all. */
import type { Context, MiddlewareHandler } from 'hono'
import type { Env } from '../actors/env.ts'
import { isLocal } from './env.ts'
import { Refusal } from './problem.ts'

type Handler = MiddlewareHandler<{ Bindings: Env }>

/** Pages have headers of their own (`public/_headers`); an answer of the API is no page and loads nothing. */
const HEADERS = Object.entries({
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'same-origin',
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
})

export const safeHeaders: Handler = async (c, next) => {
  await next()
  // The answer of the asset server is a page with its own headers, and an upgrade has no body.
  if (c.get('headed' as never) || c.res.status === 101) return
  // `c.header` would copy the answer for each header that it sets now. One that was fetched cannot be changed, so it is copied once.
  try {
    addTo(c.res.headers)
  } catch {
    c.res = new Response(c.res.body, c.res)
    addTo(c.res.headers)
  }
}

/** An answer that is made with these headers. Setting them one by one is eight calls into the platform, a tenth of what a carrier's document costs. */
export function safely(c: Context<{ Bindings: Env }>, body: string, contentType: string): Response {
  c.set('headed' as never, true as never)
  return new Response(body, { headers: headersOf(contentType) })
}

/** By content type, of which carriers have one each. */
const known = new Map<string, Headers>()

function headersOf(contentType: string): Headers {
  const found = known.get(contentType)
  if (found !== undefined) return found
  const made = new Headers([['Content-Type', contentType], ...HEADERS])
  known.set(contentType, made)
  return made
}

function addTo(headers: Headers): void {
  for (const [name, value] of HEADERS) if (name !== 'Cache-Control' || !headers.has(name)) headers.set(name, value)
}

/**
 * On a developer's machine anybody may be signed in as anybody, so only names of this machine are served: another name that was made
 * to point here (DNS rebinding) is a page of somebody else. In production Cloudflare sends nothing but the Worker's own names.
 */
export const ownHost: Handler = async (c, next) => {
  if (isLocal(c.env)) {
    const { hostname } = new URL(c.req.url)
    const own = ['127.0.0.1', 'localhost', '[::1]', new URL(c.env.PUBLIC_BASE_URL ?? 'http://127.0.0.1').hostname]
    if (!own.includes(hostname)) throw new Refusal(421, 'This machine has no such name.')
  }
  await next()
}

/** A browser's cross-site request never changes anything: hono's csrf covers forms only, this covers JSON and upgrades. */
export const sameSite: Handler = async (c, next) => {
  const origin = c.req.header('Origin')
  const safe = (c.req.method === 'GET' || c.req.method === 'HEAD') && c.req.header('Upgrade') === undefined
  if (!safe && origin !== undefined && origin !== new URL(c.req.url).origin && origin !== c.env.PUBLIC_BASE_URL)
    throw new Refusal(403, 'This came from another site.')
  await next()
}
