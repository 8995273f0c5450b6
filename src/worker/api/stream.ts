/** The socket of events. A program opens it with its key, a page with its session. */
import { upgradeFor } from '../../actors/sign-in.ts'
import { stubFor } from '../../actors/stubs.ts'
import { streamRoutes } from '../../wire/routes/stream.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'

export const stream = bind(streamRoutes, {
  async 'GET /v1.0/ws'({ env, member }) {
    const { session, userId, role, keyId, workspaceId } = member
    const scope = keyId === undefined ? {} : { scope: 'events:read' }
    const upgrade = upgradeFor('https://stream/', { ...session, userId, role, ...scope })
    const answer = await stubFor(env, 'stream', workspaceId).fetch(upgrade)
    if (answer.status === 429)
      throw new Refusal(429, 'There are as many sockets as may be.', [], { 'Retry-After': '60' })
    return answer
  },
})
