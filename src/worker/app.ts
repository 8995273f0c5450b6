/** All routes, readable top to bottom. `src/worker/carriers` are for the carriers, by signature; the route table says who may call `/api`. */
import { Hono, type MiddlewareHandler } from 'hono'
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import { rehearsalOf } from './api/ai-scenarios.ts'
import { requireAccess } from './api/conversation-access.ts'
import { demoRoutes } from './api/demo.ts'
import { API_ROUTES, openDesk } from './api/desk.ts'
import { recordingOf } from './api/recording.ts'
import { carrierRoutes } from './carriers/table.ts'
import { missingSettings } from './env.ts'
import { authOf, memberOf } from './principal.ts'
import { answerProblem, Refusal, refusalOf } from './problem.ts'
import { openApi, register } from './route-table.ts'
import { seedAiCarrierRoutes } from './seed/ai.ts'
import { seedTwilioRoutes } from './seed/twilio.ts'

const VERSION = '0.1.0'

export const app = new Hono<{ Bindings: Env }>()

app.onError((error, c) => answerProblem(c, refusalOf(error)))
app.notFound(c => answerProblem(c, new Refusal(404, 'There is no such thing here.')))

// A browser's cross-site request never changes anything: hono's csrf covers forms only, this covers JSON and upgrades.
const sameSite: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  const origin = c.req.header('Origin')
  const safe = (c.req.method === 'GET' || c.req.method === 'HEAD') && c.req.header('Upgrade') === undefined
  if (!safe && origin !== undefined && origin !== new URL(c.req.url).origin && origin !== c.env.PUBLIC_BASE_URL)
    throw new Refusal(403, 'This came from another site.')
  await next()
}
app.use('/api/*', sameSite)
app.use('/twilio/outbound/*', sameSite)

// Anyone: health.
app.get('/healthz', c => c.json({ ok: true }))
app.get('/readyz', async c => {
  const missing = await missingSettings(c.env)
  return c.json({ ready: missing.length === 0, missing }, missing.length === 0 ? 200 : 503)
})

// The carriers, by signature.
carrierRoutes(app)
seedTwilioRoutes(app)
seedAiCarrierRoutes(app)

// Anyone: sign-in. The demo route answers 404 outside local mode.
app.on(['GET', 'POST'], '/api/auth/*', async c => (await authOf(c.env)).handler(c.req.raw))
demoRoutes(app)

// Agents: the desk socket.
app.get('/api/desk', async c => {
  if (c.req.header('Upgrade') !== 'websocket') throw new Refusal(400, 'This is a WebSocket.')
  const member = await memberOf(c.env, c.req.raw.headers)
  if (!member) throw new Refusal(401, 'Sign in first.')
  return stubFor(c.env, 'desk', await openDesk(c.env, member)).fetch(c.req.raw)
})

// Agents their own, supervisors all: a conversation while it is held.
app.get('/api/calls/:callId/live', async c => {
  if (c.req.header('Upgrade') !== 'websocket') throw new Refusal(400, 'This is a WebSocket.')
  const member = await memberOf(c.env, c.req.raw.headers)
  if (!member) throw new Refusal(401, 'Sign in first.')
  const callId = c.req.param('callId')
  await requireAccess(c.env, member, callId)
  return stubFor(c.env, 'call', callId).fetch(new Request('https://call/watch', { headers: { Upgrade: 'websocket' } }))
})

// Agents: a scenario while it is run.
app.get('/api/ai/rehearsals/:runId/live', async c => {
  if (c.req.header('Upgrade') !== 'websocket') throw new Refusal(400, 'This is a WebSocket.')
  const member = await memberOf(c.env, c.req.raw.headers)
  if (!member) throw new Refusal(401, 'Sign in first.')
  const run = rehearsalOf({ env: c.env, member, params: c.req.param() })
  return run.fetch(new Request('https://rehearsal/watch', { headers: { Upgrade: 'websocket' } }))
})

// Agents their own, supervisors all: what was recorded of a call, as the carrier keeps it.
app.get('/api/calls/:callId/recording.wav', async c => {
  const member = await memberOf(c.env, c.req.raw.headers)
  if (!member) throw new Refusal(401, 'Sign in first.')
  const callId = c.req.param('callId')
  await requireAccess(c.env, member, callId)
  return recordingOf(c.env, member.workspaceId, callId)
})

// Agents their own, supervisors all: the same conversation as the seed's text.
app.get('/api/calls/:callId/log.txt', async c => {
  const member = await memberOf(c.env, c.req.raw.headers)
  if (!member) throw new Refusal(401, 'Sign in first.')
  const callId = c.req.param('callId')
  await requireAccess(c.env, member, callId)
  const text = await stubFor(c.env, 'call', callId).document('log')
  if (text === null) throw new Refusal(404, 'There is no such call.')
  return c.text(text)
})

// By the table.
register(app, API_ROUTES)
app.get('/api/openapi.json', c => c.json(openApi(API_ROUTES, VERSION)))
