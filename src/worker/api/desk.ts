/** The JSON API, in the order in which a newcomer meets it. */
import { z } from 'zod'
import { logOf, stubFor } from '../../actors/stubs.ts'
import { deskId, deskName } from '../../core/ids.ts'
import { accountOf } from '../../providers/registry.ts'
import { accessToken, identityOf, TOKEN_TTL_S } from '../../providers/telephony/twilio/token.ts'
import * as wire from '../../wire/api.ts'
import { homeWorkspace, isLocal } from '../env.ts'
import { addMember, hasPeople, type Member, membersOf } from '../principal.ts'
import { Refusal } from '../problem.ts'
import { type AnyRoute, type Call, route } from '../route-table.ts'
import { seedAiRoutes } from '../seed/ai.ts'
import { seedRoutes } from '../seed/named.ts'
import { aiRoutes } from './ai.ts'
import { aiScenarioRoutes } from './ai-scenarios.ts'
import { campaignRoutes } from './campaigns.ts'
import { contactRoutes } from './contacts.ts'
import { crmRoutes } from './crm.ts'
import { DEMO_USERS } from './demo.ts'

const page = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
const empty = z.object({})

export function deskIdOf(member: Member): string {
  return deskId(member.workspaceId, deskName(member.userId))
}

/** The desk knows its agent from the first request on. */
export async function openDesk(env: Call<unknown, unknown>['env'], member: Member): Promise<string> {
  const id = deskIdOf(member)
  const { userId, name, role } = member
  await stubFor(env, 'desk', id).open({ userId, deskId: id, name, role, identity: identityOf(id) })
  return id
}

const account: AnyRoute[] = [
  route({
    method: 'get',
    path: '/api/config',
    who: 'anyone',
    summary: 'What a page needs before anyone has signed in.',
    answer: wire.config,
    async handle({ env }) {
      const local = isLocal(env)
      return {
        local,
        demoUsers: local ? DEMO_USERS.map(({ key, name, role }) => ({ key, name, role })) : [],
        phoneNetworkUrl: local ? (env.PHONE_NETWORK_URL ?? null) : null,
      }
    },
  }),
  route({
    method: 'get',
    path: '/api/me',
    who: 'agent',
    summary: 'Who is signed in, in which workspace, with which role.',
    answer: wire.me,
    async handle({ member }) {
      return member
    },
  }),
  route({
    method: 'post',
    path: '/api/first-admin',
    who: 'anyone',
    summary: 'Creates the first administrator with the SETUP_TOKEN of this installation, while nobody exists.',
    status: 201,
    body: z.object({
      token: z.string().max(200),
      email: z.email(),
      name: z.string().min(1).max(80),
      password: z.string().min(10).max(128),
      workspaceName: z.string().min(1).max(120),
    }),
    answer: z.object({ userId: z.string() }),
    async handle({ env, body }) {
      const { token: given, ...person } = body
      if (!env.SETUP_TOKEN || given !== env.SETUP_TOKEN || (await hasPeople(env)))
        throw new Refusal(403, 'This is not allowed here.')
      const workspaceId = homeWorkspace(env)
      await stubFor(env, 'workspace', workspaceId).setProfile(person.workspaceName, person.workspaceName, '')
      return { userId: await addMember(env, { ...person, role: 'admin', workspaceId }) }
    },
  }),
  route({
    method: 'put',
    path: '/api/workspace',
    who: 'admin',
    summary: 'Who calls, as the safe-harbour message names it.',
    body: z.object({
      name: z.string().min(1).max(120),
      sellerName: z.string().min(1).max(120),
      sellerNumber: z.string().max(20),
    }),
    answer: z.object({ ok: z.literal(true) }),
    async handle({ env, member, body }) {
      await stubFor(env, 'workspace', member.workspaceId).setProfile(body.name, body.sellerName, body.sellerNumber)
      return { ok: true as const }
    },
  }),
  route({
    method: 'get',
    path: '/api/members',
    who: 'supervisor',
    summary: 'The people of the workspace: whom a call may be handed to.',
    query: page,
    answer: wire.listOf(wire.memberRow),
    async handle({ env, member, query: asked }) {
      const items = await membersOf(env, member.workspaceId, asked.cursor ?? null, asked.limit)
      return { items, next: items.length === asked.limit ? (items.at(-1)?.userId ?? null) : null }
    },
  }),
  route({
    method: 'post',
    path: '/api/members',
    who: 'admin',
    summary: 'Adds a person to the workspace.',
    creates: true,
    status: 201,
    body: z.object({
      email: z.email(),
      name: z.string().min(1).max(80),
      password: z.string().min(10).max(128),
      role: wire.role,
    }),
    answer: z.object({ userId: z.string() }),
    async handle({ env, member, body }) {
      const { workspaceId, workspaceName } = member
      return { userId: await addMember(env, { ...body, workspaceId, workspaceName }) }
    },
  }),
]

const query = z.object({ identity: z.string().max(121).optional() })
async function token({
  env,
  member,
  query: asked,
}: Pick<Call<unknown, { identity?: string }>, 'env' | 'member' | 'query'>) {
  const identity = identityOf(deskIdOf(member))
  // S4 lets the client choose an identity; we always take the agent of the session (requirements §3).
  if (asked?.identity !== undefined && asked.identity !== identity)
    throw new Refusal(403, 'A token is given for your own identity only.')
  const carrier = await accountOf(env, member.workspaceId)
  if (!carrier?.apiKeySid) throw new Refusal(422, 'This workspace has no carrier account yet.')
  await openDesk(env, member)
  const signallingUrl = isLocal(env) ? (env.PHONE_NETWORK_URL ?? '').replace(/^http/, 'ws') || null : null
  return {
    token: await accessToken(carrier, { identity, incoming: true, outgoing: true }),
    identity,
    expiresIn: TOKEN_TTL_S,
    signallingUrl,
  }
}

const phone: AnyRoute[] = [
  route({
    method: 'get',
    path: '/api/twilio/token',
    who: 'agent',
    summary: 'An access token for the browser phone.',
    query,
    answer: wire.voiceToken,
    handle: token,
  }),
  route({
    method: 'post',
    path: '/api/twilio/token',
    who: 'agent',
    summary: 'The same, by POST.',
    body: query.or(empty),
    answer: wire.voiceToken,
    handle: ({ env, member, body }) => token({ env, member, query: body as { identity?: string } }),
  }),
  route({
    method: 'get',
    path: '/api/numbers',
    who: 'supervisor',
    summary: 'The numbers of the workspace with use and cool-down.',
    answer: wire.listOf(z.record(z.string(), z.unknown())),
    async handle({ env, member }) {
      return { items: await stubFor(env, 'trunk', member.workspaceId).numbers(), next: null }
    },
  }),
  route({
    method: 'post',
    path: '/api/numbers',
    who: 'admin',
    summary: 'Adds or changes a number of the pool.',
    creates: true,
    status: 201,
    body: z.object({
      number: z.string().regex(/^\+[1-9][0-9]{6,14}$/, 'E.164, with a plus'),
      name: z.string().max(80).default(''),
      ownerUserId: z.string().max(64).nullable().default(null),
      inFlightCap: z.number().int().min(1).max(100).default(4),
      cooldownSeconds: z.number().int().min(0).max(86_400).default(0),
    }),
    answer: z.object({ number: z.string() }),
    async handle({ env, member, body }) {
      const deskId = body.ownerUserId === null ? null : deskIdOf({ ...member, userId: body.ownerUserId })
      const { number, name, inFlightCap } = body
      await stubFor(env, 'trunk', member.workspaceId).saveNumber({
        number,
        name,
        deskId,
        inFlightCap,
        cooldownMs: body.cooldownSeconds * 1000,
      })
      return { number }
    },
  }),
]

const log: AnyRoute[] = [
  route({
    method: 'get',
    path: '/api/calls',
    who: 'agent',
    summary: 'The call log, newest first.',
    query: page.extend(wire.callFilters.shape),
    answer: wire.listOf(wire.callRow),
    async handle({ env, member, query: asked }) {
      // An agent reads their own calls, a supervisor everyone's (S4-25).
      const agent = member.role === 'agent' ? { agent: member.name } : {}
      return logOf(env, member.workspaceId).list({ ...asked, ...agent, cursor: asked.cursor ?? null })
    },
  }),
  route({
    method: 'get',
    path: '/api/calls/:callId',
    who: 'agent',
    summary: 'One call with its timeline.',
    answer: wire.callDetail,
    async handle({ env, member, params }) {
      const json = await logOf(env, member.workspaceId).detail(params.callId ?? '')
      const detail = json === null ? null : (JSON.parse(json) as wire.CallDetail)
      if (!detail || (member.role === 'agent' && detail.call.agentName !== member.name))
        throw new Refusal(404, 'There is no such call.')
      return detail
    },
  }),
  route({
    method: 'get',
    path: '/api/events',
    who: 'supervisor',
    summary: 'Everything that happens in the workspace, in order and without gaps. `types` is a list with commas.',
    query: page.extend({ types: z.string().max(2_000).optional() }),
    answer: wire.eventPage,
    async handle({ env, member, query: { cursor = null, limit, types } }) {
      const json = await logOf(env, member.workspaceId).events({ cursor, limit, types: types?.split(',') ?? null })
      if (json === null) throw new Refusal(400, 'There is no such cursor, or its events are not kept any more.')
      return JSON.parse(json) as wire.EventPage
    },
  }),
]

export const API_ROUTES: AnyRoute[] = [
  ...account,
  ...phone,
  ...campaignRoutes,
  ...contactRoutes,
  ...log,
  ...aiRoutes,
  ...aiScenarioRoutes,
  ...crmRoutes,
  ...seedRoutes,
  ...seedAiRoutes,
]
