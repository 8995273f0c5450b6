/** The reference for the start-up of our Worker: hono, zod and one actor that does nothing. */
import { DurableObject } from 'cloudflare:workers'
import { Hono } from 'hono'
import { z } from 'zod'

export class EmptyActor extends DurableObject {}

const query = z.object({ name: z.string().max(80).optional() })
const app = new Hono()
app.get('/healthz', c => c.json({ ok: true, name: query.parse(c.req.query()).name ?? null }))

export default app
