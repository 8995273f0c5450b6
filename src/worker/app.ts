/** All routes, readable top to bottom. `src/worker/carriers` are for the carriers, by signature; the rows of `src/wire/routes` say who may call `/api`. */
import { type Context, Hono } from 'hono'
import type { Env } from '../actors/env.ts'
import { ownHost, safeHeaders, sameSite } from './browser-safety.ts'
import { CARRIER_PATH, carrierRoutes } from './carriers/table.ts'
import { missingSettings } from './env.ts'
import { isNavigation, pageOf } from './pages.ts'
import { answerProblem, Refusal, refusalOf } from './problem.ts'
import { seedAiCarrierRoutes } from './seed/ai-webhooks.ts'
import { seedTwilioRoutes } from './seed/twilio.ts'
import { signInRoutes } from './sign-in.ts'

/** The voice API, with its version and under the names of the seed. */
const VOICE_API = [
  '/v1.0/*',
  ...[
    'calls',
    'groupcalls',
    'flows',
    'activeflows',
    'numbers',
    'queues',
    'queuecalls',
    'conferences',
    'conferencecalls',
    'agents',
    'recordings',
    'recording-files',
    'extensions',
    'carrier_phones',
    'trunks',
    'masks',
    'masksessions',
    'active-calls',
  ].flatMap(name => [`/${name}`, `/${name}/*`]),
]

export const app = doors()
app.notFound(async c => (await pageOf(c)) ?? answerProblem(c, new Refusal(404, 'There is no such thing here.')))

/** What every answer has, whichever router has found it. */
function doors(): Hono<{ Bindings: Env }> {
  const made = new Hono<{ Bindings: Env }>()
  made.onError((error, c) => answerProblem(c, refusalOf(error)))
  made.use(safeHeaders)
  made.use(ownHost)
  return made
}

app.use('/api/*', sameSite)
for (const path of VOICE_API) app.use(path, sameSite)
app.use('/twilio/outbound/*', sameSite)

// Anyone: health. The second name is that of seed 000.
app.get('/healthz', c => c.json({ ok: true }))
app.get('/health', c => c.json({ status: 'ok' }))
app.get('/readyz', async c => {
  const missing = await missingSettings(c.env)
  return c.json({ ready: missing.length === 0, missing }, missing.length === 0 ? 200 : 503)
})

// The carriers, by signature. Hono walks a tree of all routes for each request; a table of so few routes is one expression and costs a webhook
// less. What this table does not know goes to the whole one, with its body unread.
const carriers = doors()
carrierRoutes(carriers)
const everything = app.fetch
carriers.notFound(c => everything(c.req.raw, c.env))
app.fetch = (request, ...rest) => (CARRIER_PATH.test(request.url) ? carriers.fetch : everything)(request, ...rest)

seedTwilioRoutes(app)
seedAiCarrierRoutes(app)

// Phones, by the secret of their extension.
app.get('/sip/:domain', async c => (await import('./sip.ts')).openPhoneSocket(c))

// Anyone: sign-in and sign-out.
signInRoutes(app)

// People and programs. No webhook needs the API, and its forms are a large part of a start, so it is loaded when it is first asked.
const late = async (c: Context<{ Bindings: Env }>) => {
  const { api } = await import('./api/app.ts')
  return api.fetch(c.req.raw, c.env)
}
app.all('/api/*', late)
// A browser that goes to `/calls` wants the page that stood there once, a program the calls.
for (const path of VOICE_API) app.all(path, async c => (isNavigation(c) ? ((await pageOf(c)) ?? late(c)) : late(c)))
app.all('/twilio/*', late)
