/**
 * The shipping Worker, plus what a bench needs: batches and desks made before the clock starts, deliveries that can be
 * held back (so that the reply path is measured alone), and the reference: Worker → one object, one row, same body.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../src/actors/env.ts'
import { Outbox } from '../../src/actors/shell/outbox.ts'
import { Shell } from '../../src/actors/shell/shell.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { app } from '../../src/worker/app.ts'
import { openRound } from '../round.ts'

import { counts } from './count.ts'

export * from '../../src/worker/index.ts'

let held = false
const drain = Outbox.prototype.drain
Outbox.prototype.drain = function (this: Outbox<never, never, never, never>) {
  return held ? Promise.resolve() : drain.call(this)
} as typeof drain
const wake = Shell.prototype.wake
Shell.prototype.wake = async function (this: Shell<never, never, never, never>, strike) {
  if (held) this.alarm.rest(Date.now() + 5_000)
  else await wake.call(this, strike)
} as typeof wake

interface BenchEnv extends Env {
  REFERENCE: DurableObjectNamespace<Reference>
}

/** One object, one row: what any answer to a webhook must cost at least. */
export class Reference extends DurableObject<BenchEnv> {
  constructor(ctx: DurableObjectState, env: BenchEnv) {
    super(ctx, env)
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL)')
  }
  async write(body: string): Promise<number> {
    this.ctx.storage.sql.exec('INSERT INTO rows (body) VALUES (?)', body)
    return 1
  }
}

export default {
  async fetch(request: Request, env: BenchEnv, ctx: ExecutionContext): Promise<Response> {
    const url = new URL(request.url)
    const name = url.searchParams.get('id') ?? ''
    switch (url.pathname) {
      case '/bench/hold':
        held = url.searchParams.get('on') === '1'
        return new Response('ok')
      case '/bench/counts': {
        const answer = Response.json(counts)
        for (const key of Object.keys(counts)) delete counts[key]
        return answer
      }
      case '/bench/open':
        await openRound(env, name)
        return new Response('ok')
      case '/bench/read': {
        const state = await stubFor(env, 'batch', name).read()
        return Response.json(state)
      }
      case '/bench/reference': {
        const form = new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer()))
        await env.REFERENCE.getByName(name).write(form.get('CallSid') ?? '')
        return new Response('<Response/>', { headers: { 'Content-Type': 'text/xml' } })
      }
      default:
        return app.fetch(request, env, ctx)
    }
  },
}
