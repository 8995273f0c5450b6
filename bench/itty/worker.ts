/** One counter three times: native RPC, native RPC with a row, itty-durable with its own persistence (docs/decisions/006-no-itty-durable.md). */
import { DurableObject } from 'cloudflare:workers'
import { createDurable } from 'itty-durable/itty-durable.js'
import { proxyDurable } from 'itty-durable/proxy-durable.js'

interface BenchEnv {
  NATIVE: DurableObjectNamespace<Native>
  ITTY: DurableObjectNamespace
}

export class Native extends DurableObject<BenchEnv> {
  #count = 0
  constructor(ctx: DurableObjectState, env: BenchEnv) {
    super(ctx, env)
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)')
  }
  /** Does by hand what itty-durable's autoPersist does: one durable write per call. */
  async increment(): Promise<number> {
    this.#count += 1
    this.ctx.storage.sql.exec('INSERT OR REPLACE INTO counter (id, value) VALUES (1, ?)', this.#count)
    return this.#count
  }
}

export class Itty extends createDurable({ autoReturn: true, autoPersist: true }) {
  count = 0
  increment(): number {
    this.count += 1
    return this.count
  }
}

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const name = searchParams.get('id') ?? 'one'
    if (pathname === '/rpc') return Response.json(await env.NATIVE.getByName(name).increment())
    if (pathname === '/itty')
      return Response.json(await proxyDurable(env.ITTY, { name: 'ITTY', parse: true }).get(name).increment())
    return new Response('ok')
  },
}
