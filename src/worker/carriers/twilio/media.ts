/** The socket that brings a call's sound or words. */
import { stubFor } from '../../../actors/stubs.ts'
import { accountOf } from '../../../providers/registry.ts'
import { isSigned } from '../../../providers/telephony/twilio/signature.ts'
import { Refusal } from '../../problem.ts'
import { type Ctx, idIn } from './answer.ts'

/** The upgrade is signed over the `wss` URL, without parameters. */
export async function media(c: Ctx): Promise<Response> {
  if (c.req.header('Upgrade') !== 'websocket') throw new Refusal(400, 'This is a WebSocket.')
  const workspaceId = c.req.param('workspace') ?? ''
  await requireSignedUpgrade(c, workspaceId)
  const callId = idIn(c, { workspaceId }, 'call', 'callId')
  return stubFor(c.env, 'call', callId).fetch(
    new Request(`https://call/media/${c.req.param('token') ?? ''}`, { headers: { Upgrade: 'websocket' } }),
  )
}

export async function requireSignedUpgrade(c: Ctx, workspaceId: string): Promise<void> {
  const account = await accountOf(c.env, workspaceId)
  const { pathname } = new URL(c.req.url)
  const signature = c.req.header('X-Twilio-Signature') ?? null
  const signed = account && isSigned({ ...account, publicUrl: socketBase(account.publicUrl) }, pathname, {}, signature)
  if (!signed) throw new Refusal(403, 'The signature is missing or wrong.')
}

export function socketBase(publicUrl: string): string {
  return publicUrl.replace(/^https?:/, 'wss:')
}
