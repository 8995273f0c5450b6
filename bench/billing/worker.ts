/** One transfer of the shipping ledger per request, and one row of a bare object per request. */
import { DurableObject } from 'cloudflare:workers'
import { BillingActor } from '../../src/actors/billing/actor.ts'

export { BillingActor }

interface BenchEnv {
  BILLING: DurableObjectNamespace<BillingActor>
  REFERENCE: DurableObjectNamespace<Reference>
}

export class Reference extends DurableObject<BenchEnv> {
  constructor(ctx: DurableObjectState, env: BenchEnv) {
    super(ctx, env)
    ctx.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS rows (n INTEGER PRIMARY KEY, id TEXT NOT NULL, at INTEGER NOT NULL)',
    )
  }
  async add(id: string): Promise<null> {
    this.ctx.storage.sql.exec('INSERT INTO rows (id, at) VALUES (?, ?)', id, Date.now())
    return null
  }
}

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const id = searchParams.get('id') ?? ''
    if (pathname === '/reference') return new Response(String(await env.REFERENCE.getByName('w_bench').add(id)))
    const ledger = env.BILLING.getByName('w_bench')
    if (pathname === '/audit') return Response.json(await ledger.audit())
    if (pathname !== '/transfer') return new Response('ok')
    return new Response(String(await ledger.correct({ id, type: 'top_up', micros: 1, reason: 'bench', by: 'bench' })))
  },
}
