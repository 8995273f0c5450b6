/** The socket of a phone (RFC 7118). Anybody may open one; a phone proves the secret of its extension on it. */
import type { Context } from 'hono'
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import { workspaceOfSipDomain } from '../core/ids.ts'
import { Refusal } from './problem.ts'

export async function openPhoneSocket(c: Context<{ Bindings: Env }>): Promise<Response> {
  if (c.req.header('Upgrade')?.toLowerCase() !== 'websocket')
    throw new Refusal(426, 'This is a WebSocket.', [], { Upgrade: 'websocket' })
  const offered = (c.req.header('Sec-WebSocket-Protocol') ?? '').split(',').map(one => one.trim())
  if (!offered.includes('sip')) throw new Refusal(400, 'A phone offers the subprotocol sip.')
  const workspaceId = workspaceOfSipDomain(c.req.param('domain') ?? '')
  if (workspaceId === null || !(await exists(c.env, workspaceId))) throw new Refusal(404, 'There is no such domain.')
  const address = c.req.header('CF-Connecting-IP') ?? ''
  const upgrade = new Request('https://registrar/', { headers: { Upgrade: 'websocket', 'CF-Connecting-IP': address } })
  const answer = await stubFor(c.env, 'registrar', workspaceId).fetch(upgrade)
  if (answer.status === 429) throw new Refusal(429, 'There are as many sockets as may be.', [], { 'Retry-After': '30' })
  if (answer.status === 404) throw new Refusal(404, 'There is no such domain.')
  return answer
}

/** Asked before the object is, because asking makes one. */
async function exists({ DB }: Env, workspaceId: string): Promise<boolean> {
  return (await DB.prepare('SELECT 1 FROM workspace WHERE id = ?').bind(workspaceId).first()) !== null
}
