/**
 * The door of every carrier. A webhook is read strictly, its carrier checks who sent it before anything runs (S3-63), and what
 * it says is acted on in our words. Answer and status are separate webhooks, because a carrier ignores a document in the
 * reply to a status callback.
 */
import type { Context, Hono } from 'hono'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { parseId } from '../../core/ids.ts'
import type { Instructions } from '../../core/instruction/instruction.ts'
import { lawful } from '../../core/instruction/lawful-text.ts'
import { accountOf, carrierOf } from '../../providers/registry.ts'
import type { CarrierAccount } from '../../providers/telephony/port.ts'
import { type CarrierEvent, UnreadableWebhook, unsigned, type Webhook } from '../../providers/telephony/webhook-port.ts'
import { textOf } from '../body.ts'
import { safely } from '../browser-safety.ts'
import { Refusal } from '../problem.ts'
import { type Acted, act } from './events.ts'
import { ownerOf } from './owner.ts'

export type Ctx = Context<{ Bindings: Env }>

/** The largest webhook of a carrier has a few KiB. */
export const BODY_BYTES_MAX = 64 * 1024

/** In a path, so that it takes no route whose second part is a word. */
export const WORKSPACE = ':workspace{w_[A-Za-z0-9]+}'

/** Every webhook and socket of a carrier, under `/<prefix>/<workspace>/…`. */
export function carrierDoor(app: Hono<{ Bindings: Env }>, prefix: string, provider: CarrierAccount['provider']): void {
  const base = `${prefix}/${WORKSPACE}`
  app.post(`${base}/*`, async c => {
    const workspaceId = c.req.param('workspace') ?? ''
    const account = await accountAt(c, workspaceId, provider)
    const webhook = await readWebhook(c, `${prefix}/${workspaceId}`, carrierOf(account).door.contentType)
    const event = await refusing(() => carrierOf(account).door.open(account, webhook))
    if (event === null) throw new Refusal(404, 'There is no such thing here.')
    return answerEvent(c, account, event)
  })
  app.get(`${base}/media/:callId/:token`, async c => {
    const workspaceId = c.req.param('workspace') ?? ''
    await requireSignedUpgrade(c, await accountAt(c, workspaceId, provider))
    const callId = parseId('call', c.req.param('callId'), workspaceId)
    if (callId === null) throw new Refusal(404, 'There is no such thing here.')
    return stubFor(c.env, 'call', callId).fetch(
      new Request(`https://call/media/${encodeURIComponent(c.req.param('token').toWellFormed())}`, {
        headers: { Upgrade: 'websocket' },
      }),
    )
  })
}

/** The account of this workspace at this carrier. Without one nothing can be signed, so the answer is that of a wrong signature. */
export async function accountAt<P extends CarrierAccount['provider']>(
  c: Ctx,
  workspaceId: string,
  provider: P,
): Promise<Extract<CarrierAccount, { provider: P }>> {
  const account = await accountOf(c.env, workspaceId)
  if (account?.provider !== provider) throw refusalOf(unsigned())
  return account as Extract<CarrierAccount, { provider: P }>
}

export async function readWebhook(c: Ctx, base: string, contentType: string): Promise<Webhook> {
  const pathAndQuery = afterHost(c.req.url)
  const query = pathAndQuery.indexOf('?')
  return {
    path: pathAndQuery.slice(base.length, query < 0 ? undefined : query),
    pathAndQuery,
    header: name => c.req.header(name) ?? null,
    body: await readBody(c, contentType),
  }
}

/** Path and query of a request's URL, which the platform has parsed and written out already. */
function afterHost(url: string): string {
  const path = url.indexOf('/', url.indexOf('://') + 3)
  const fragment = url.indexOf('#', path)
  return url.slice(path, fragment < 0 ? undefined : fragment)
}

async function readBody(c: Ctx, contentType: string): Promise<string> {
  const type = (c.req.header('Content-Type') ?? '').toLowerCase()
  if (!type.startsWith(contentType)) throw new Refusal(415, `Send ${contentType}.`)
  return textOf(c.req.raw, BODY_BYTES_MAX)
}

/** Runs what reads a webhook; what it does not take becomes a problem. */
export async function refusing<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw error instanceof UnreadableWebhook ? refusalOf(error) : error
  }
}

function refusalOf({ status, message, field }: UnreadableWebhook): Refusal {
  return new Refusal(status, message, field === null ? [] : [field])
}

/** Acts on a webhook and answers it: with a document where the carrier asked for one, else with 204. */
export async function answerEvent(c: Ctx, account: CarrierAccount, event: CarrierEvent): Promise<Response> {
  const owner = await ownerOf(c.env, account, event)
  return answerActed(c, owner, await act(c.env, owner, event))
}

export async function answerActed(c: Ctx, account: CarrierAccount, acted: Acted): Promise<Response> {
  return acted === null ? c.body(null, 204) : answerWith(c, account, acted.callId, acted.instructions)
}

export async function answerWith(
  c: Ctx,
  account: CarrierAccount,
  callId: string,
  instructions: Instructions,
): Promise<Response> {
  const { contentType, body } = await carrierOf(account).door.document(account, callId, lawful(instructions))
  return safely(c, body, contentType)
}

/** A stream is opened by the carrier only: the upgrade is signed. */
export async function requireSignedUpgrade(c: Ctx, account: CarrierAccount): Promise<void> {
  if (c.req.header('Upgrade') !== 'websocket') throw new Refusal(400, 'This is a WebSocket.')
  const header = (name: string) => c.req.header(name) ?? null
  if (!(await carrierOf(account).door.isSignedUpgrade(account, new URL(c.req.url).pathname, header)))
    throw refusalOf(unsigned())
}
