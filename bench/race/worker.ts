/**
 * The shipping Worker, plus what a bench needs: rounds made before the clock starts, deliveries that can be held back
 * (so that the reply path is measured alone), and the reference: Worker → one object, one row, same body.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../src/actors/env.ts'
import { RegistrarActor as ShippedRegistrar } from '../../src/actors/registrar/actor.ts'
import { Outbox } from '../../src/actors/shell/outbox.ts'
import { OutboxStore } from '../../src/actors/shell/outbox-store.ts'
import { Shell } from '../../src/actors/shell/shell.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import type { Action } from '../../src/core/flow/flow.ts'
import { type FlowBook, NO_VERSIONS } from '../../src/core/flow/versions.ts'
import { maskId, maskSessionId } from '../../src/core/ids.ts'
import { app } from '../../src/worker/app.ts'
import { importRequest } from '../import/routes.ts'
import { inParallel } from '../parallel.ts'
import { deskOf, LEGS } from '../round.ts'
import { type BatchActor, type CallActor, type DeskActor, FORGOTTEN } from './seeded.ts'

export { BillingActor } from '../../src/actors/billing/actor.ts'
export { CampaignActor } from '../../src/actors/campaign/actor.ts'
export { ImportActor } from '../../src/actors/import/actor.ts'
export { InboxActor } from '../../src/actors/inbox/actor.ts'
export { MaskActor } from '../../src/actors/mask/actor.ts'
export { ProfileActor } from '../../src/actors/profile/actor.ts'
export { QueueActor } from '../../src/actors/queue/actor.ts'
export { RecordingActor } from '../../src/actors/recording/actor.ts'
export { RehearsalActor } from '../../src/actors/rehearsal/actor.ts'
export { RoomActor } from '../../src/actors/room/actor.ts'
export { StreamActor } from '../../src/actors/stream/actor.ts'
export { SubscriberActor } from '../../src/actors/subscriber/actor.ts'
export { TrunkActor } from '../../src/actors/trunk/actor.ts'
export { WorkspaceActor } from '../../src/actors/workspace/actor.ts'
export { LogActor } from '../log-without-d1.ts'
export { BatchActor, CallActor, DeskActor } from './seeded.ts'

const AT_ONCE = 8
/** This is longer than a chunk lives, so held deliveries are dropped with the chunk. */
const HELD_MS = 60_000

let held = false
const drain = Outbox.prototype.drain
Outbox.prototype.drain = function (this: Outbox<never, never, never, never>) {
  return held ? Promise.resolve() : drain.call(this)
} as typeof drain
const wake = Shell.prototype.wake
Shell.prototype.wake = async function (this: Shell<never, never, never, never>, strike) {
  if (held) this.alarm.rest(Date.now() + HELD_MS)
  else await wake.call(this, strike)
} as typeof wake

/** The debts of the opening are struck on the disk only, so these stores read the disk again when the hold changes. */
const opened = new Set<OutboxStore<never>>()
const addFeed = OutboxStore.prototype.addFeed
OutboxStore.prototype.addFeed = function (this: OutboxStore<never>, name, cursor) {
  opened.add(this)
  addFeed.call(this, name, cursor)
}

interface BenchEnv {
  REFERENCE: DurableObjectNamespace<Reference>
  BATCH: DurableObjectNamespace<BatchActor>
  CALL: DurableObjectNamespace<CallActor>
  DESK: DurableObjectNamespace<DeskActor>
}

/** The reference: one object and one row, the least that any answer to a webhook costs. */
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
  async fetch(request: Request, env: Env & BenchEnv, ctx: ExecutionContext): Promise<Response> {
    const url = new URL(request.url)
    switch (url.pathname) {
      case '/bench/hold':
        held = url.searchParams.get('on') === '1'
        for (const owed of opened) owed.forget()
        opened.clear()
        return new Response('ok')
      case '/bench/open':
        await inParallel((await request.json()) as string[], AT_ONCE, id => seed(env, id))
        return new Response('ok')
      case '/bench/flow':
        await menuOn(env)
        return new Response('ok')
      case '/bench/masks':
        await inParallel((await request.json()) as Masked[], AT_ONCE, mask => maskOn(env, mask))
        return new Response('ok')
      case '/bench/extensions':
        return Response.json(await extensionsOn(env, (await request.json()) as string[]))
      case '/bench/births':
        return Response.json(births)
      case '/bench/sip':
        return stubFor(env, 'registrar', 'w_bench').fetch(request)
      case '/bench/import':
        return importRequest(request, env, url)
      case '/bench/forget':
        await inParallel((await request.json()) as string[], AT_ONCE, id => forget(env, id))
        return new Response('ok')
      case '/bench/reference': {
        const form = new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer()))
        await env.REFERENCE.getByName(url.searchParams.get('id') ?? '').write(form.get('CallSid') ?? '')
        return new Response('<Response/>', { headers: { 'Content-Type': 'text/xml' } })
      }
      default:
        return app.fetch(request, env, ctx)
    }
  },
}

/** Binds +14155550001 to a flow that says its menu again after every key, so that a bench can key as often as it likes. */
async function menuOn(env: Env): Promise<void> {
  const again: Action[] = [
    { id: 'menu', type: 'menu', option: { text: 'Press one.', target_ids: { 1: 'said' } } },
    { id: 'said', type: 'talk', option: { text: 'You pressed one.' }, next_id: 'menu' },
  ]
  const book: FlowBook = { ...NO_VERSIONS, versions: [{ version: 1, actions: again, at: 0 }], published: 1 }
  const trunk = stubFor(env, 'trunk', 'w_bench')
  await trunk.flowRoute({ do: 'keep', flowId: 'w_bench.f_menu', bookJson: JSON.stringify(book) })
  await trunk.flowRoute({ do: 'assign', number: '+14155550001', flowId: 'w_bench.f_menu' })
}

let births = 0
/** Counts how often the object was made: once, and once more after each sleep. */
export class RegistrarActor extends ShippedRegistrar {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    births += 1
  }
}

/** Extensions with these names. Returns their secrets. */
async function extensionsOn(env: Env, names: string[]): Promise<string[]> {
  const secrets: string[] = []
  for (const name of names) {
    const made = await stubFor(env, 'registrar', 'w_bench').create(`ex_${name}`, name, { name, detail: '' })
    if (typeof made === 'string') throw new Error(made)
    secrets.push(made.secret)
  }
  return secrets
}

interface Masked {
  number: string
  pairs: [string, string][]
}

/** A number of ours behind which these pairs meet. */
async function maskOn(env: Env, { number, pairs }: Masked): Promise<void> {
  const id = maskId('w_bench', number)
  const mask = stubFor(env, 'mask', id)
  await mask.configure({
    ...{ name: 'Bench', forwardTo: null, waitingMessage: 'Please wait.', unknownMessage: 'Goodbye.', record: false },
    ...{ language: 'en-US', carrier: 'workspace', voice: 'v', ringMs: 30_000, coolOffMs: 0 },
  })
  await stubFor(env, 'trunk', 'w_bench').leadNumber(number, { to: 'mask', id })
  const party = (of: string) => ({ number: of, name: '', pin: null })
  const times = { expiresMs: null, idleMs: null, maxMs: 3_600_000 }
  for (const [index, [a, b]] of pairs.entries())
    await mask.open({ sessionId: maskSessionId(id, `s${index}`), a: party(a), b: party(b), ...times })
}

function callsOf(batchId: string): string[] {
  return Array.from({ length: LEGS }, (_, index) => `${batchId}.${index + 1}`)
}

async function seed(env: BenchEnv, batchId: string): Promise<void> {
  await env.DESK.getByName(deskOf(batchId)).seed(batchId)
  await env.BATCH.getByName(batchId).seed(batchId)
  for (const callId of callsOf(batchId)) await env.CALL.getByName(callId).seed(batchId, callId)
}

async function forget(env: BenchEnv, batchId: string): Promise<void> {
  await gone(env.BATCH.getByName(batchId).forget())
  await gone(env.DESK.getByName(deskOf(batchId)).forget())
  for (const callId of callsOf(batchId)) await gone(env.CALL.getByName(callId).forget())
}

/** An object that aborts itself fails the request with its own error. */
async function gone(forgetting: Promise<void>): Promise<void> {
  await forgetting.catch((error: unknown) => {
    if (!String(error).includes(FORGOTTEN)) throw error
  })
}
