/** The shipping clearance book in one object, filled and asked in bulk, so that a verdict is measured and not the RPC around it. */
import { DurableObject } from 'cloudflare:workers'
import { migrate } from '../../src/actors/shell/schema.ts'
import { ClearanceBook } from '../../src/actors/trunk/clearance-book.ts'
import { TRUNK_SCHEMA } from '../../src/actors/trunk/tables.ts'
import { rulesOf } from '../../src/core/clearance/rules.ts'

interface BenchEnv {
  GATE: DurableObjectNamespace<Gate>
}
/** Tuesday noon in New York: the calling hours of the profile are open there. */
const NOON = Date.UTC(2026, 5, 2, 16)

/** The n-th of ten million numbers in the areas 212 to 989, spread over the key space. */
function numberOf(n: number): string {
  const spread = Math.imul(n, 2_654_435_761) >>> 0
  return `+1212${2_000_000 + (spread % 8_000_000)}`
}

export class Gate extends DurableObject<BenchEnv> {
  readonly #book: ClearanceBook

  constructor(ctx: DurableObjectState, env: BenchEnv) {
    super(ctx, env)
    migrate(ctx.storage, { actor: TRUNK_SCHEMA })
    this.#book = new ClearanceBook(ctx.storage.sql, undefined)
    this.#book.setRules(rulesOf('us-consumer', 'US'))
  }

  async list(from: number, count: number): Promise<number> {
    const entries = Array.from({ length: count }, (_, index) => ({
      number: numberOf(from + index),
      campaignId: null,
      area: false,
      source: 'import:bench',
      by: 'bench',
      note: '',
    }))
    return this.ctx.storage.transactionSync(() => this.#book.list.add(entries, NOON))
  }

  /** Half of the numbers asked about are listed. */
  async judge(count: number): Promise<{ cleared: number; refused: number }> {
    let [cleared, refused] = [0, 0]
    const nothing = {
      callId: null,
      agent: 'bench',
      campaignId: 'w_bench.c_1',
      timeZone: null,
      postcode: null,
      hours: null,
    }
    for (let n = 0; n < count; n += 1) {
      const to = n % 2 === 0 ? numberOf(n * 7) : `+1646${2_000_000 + ((n * 7_919) % 8_000_000)}`
      const verdict = this.#book.judge({ ...nothing, to, purpose: 'campaign' }, NOON)
      if (verdict.cleared) cleared += 1
      else refused += 1
    }
    return { cleared, refused }
  }
}

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const gate = env.GATE.getByName('w_bench')
    const [from, count] = [Number(searchParams.get('from') ?? 0), Number(searchParams.get('count') ?? 0)]
    if (pathname === '/list') return Response.json(await gate.list(from, count))
    if (pathname === '/judge') return Response.json(await gate.judge(count))
    return Response.json('ok')
  },
}
