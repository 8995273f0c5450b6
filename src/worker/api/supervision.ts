/** A supervisor listens to an agent's conversation, speaks in it, or takes it over. The room of the conversation decides. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { unique } from '../../actors/unique.ts'
import {
  agentOfDesk,
  type CallId,
  deskRoomId,
  type SupervisionId,
  supervisionId as supervisionIdOf,
} from '../../core/ids.ts'
import {
  type Supervision as Held,
  type SupervisionInput,
  supervisionOf,
  whyNotSupervised,
} from '../../core/room/supervision.ts'
import { supervisionRoutes } from '../../wire/routes/supervision.ts'
import type { Supervision } from '../../wire/supervision.ts'
import type { Member } from '../people.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { supervisedRoom } from '../supervised-room.ts'
import { requireCall } from './conversation-access.ts'
import { liveOf } from './live.ts'
import { deskIdOf, openDesk } from './own-desk.ts'
import { deskOn } from './transfers.ts'

const noSupervision = () => new Refusal(404, 'There is no such supervision, or it is over.')

const WHY_NOT = {
  'no-person': 'This conversation is not in a room of ours, so nobody can listen to it.',
  'no-agent': 'The agent is not on this call now.',
  full: 'As many supervisors are on this call as may be.',
} as const

function shown({ supervisionId, callId, by, mode, wanted, refused, announced }: Held): Supervision {
  return {
    id: supervisionId,
    call_id: callId,
    agent_id: agentOfDesk(by.deskId) ?? '',
    status: mode === null ? 'joining' : 'progressing',
    mode,
    wanted_mode: wanted,
    refused,
    announced,
  }
}

/** The room of an agent's conversation. Throws 409 when no agent has this call. */
async function roomOn(env: Env, member: Member, callId: CallId) {
  const found = await deskOn(env, callId)
  if (found === null) throw new Refusal(409, 'No agent talks on this call now.')
  if (found.deskId === deskIdOf(member)) throw new Refusal(409, 'This is your own call.')
  return { ...found, room: deskRoomId(found.deskId, found.view.line.generation) }
}

async function tell(env: Env, id: SupervisionId, input: SupervisionInput): Promise<void> {
  await (await supervisedRoom(env, id))?.deliver({ ...input, at: Date.now() }, null)
}

/** One of this member's own. Throws 404 for somebody else's as well. */
async function own({ env, member }: { env: Env; member: Member }, id: SupervisionId): Promise<Held> {
  const state = await (await supervisedRoom(env, id))?.read()
  const held = state === undefined ? null : supervisionOf(state, id)
  if (held === null || held.by.deskId !== deskIdOf(member)) throw noSupervision()
  return held
}

export const supervisions = bind(supervisionRoutes, {
  'GET /api/live': ({ env, member }) => liveOf(env, member.workspaceId, deskIdOf(member)),

  async 'PUT /api/workspace/supervision'({ env, member, body: { rule } }) {
    await stubFor(env, 'workspace', member.workspaceId).settings({ supervision: rule })
    return { rule }
  },

  async 'POST /v1.0/calls/:callId/supervise'({ env, member, params: { callId }, body: { mode } }) {
    await requireCall(env, member, callId)
    const { room } = await roomOn(env, member, callId)
    const stub = stubFor(env, 'room', room)
    // A person who rang through to the agent's browser is in no room, and their agent may never have had one.
    const why = whyNotSupervised(await stub.read(), callId)
    if (why !== null && why !== 'full') throw new Refusal(409, WHY_NOT[why])
    const { supervision: rule } = await stubFor(env, 'workspace', member.workspaceId).settings()
    const supervisionId = supervisionIdOf(room, unique())
    // The desk gives the phone its name, also when this supervisor has never dialled.
    const by = { deskId: await openDesk(env, member), name: member.name }
    const input = {
      type: 'supervision.wanted' as const,
      supervisionId,
      callId,
      by,
      announced: rule === 'announced',
      mode,
    }
    await stub.deliver({ ...input, at: Date.now() }, null)
    const state = await stub.read()
    const held = supervisionOf(state, supervisionId)
    if (held === null) throw new Refusal(409, WHY_NOT[whyNotSupervised(state, callId) ?? 'no-agent'])
    return shown(held)
  },

  async 'GET /v1.0/supervisions/:supervisionId'(by) {
    return shown(await own(by, by.params.supervisionId))
  },

  async 'PUT /v1.0/supervisions/:supervisionId'(by) {
    const { supervisionId } = await own(by, by.params.supervisionId)
    await tell(by.env, by.params.supervisionId, { type: 'supervision.mode-wanted', supervisionId, mode: by.body.mode })
    return shown(await own(by, by.params.supervisionId))
  },

  async 'DELETE /v1.0/supervisions/:supervisionId'(by) {
    const { supervisionId } = await own(by, by.params.supervisionId)
    await tell(by.env, by.params.supervisionId, { type: 'supervision.stopped', supervisionId })
    return { message: 'ended' }
  },
})

const NOT_FREE: Record<string, string> = {
  'phone-not-ready': 'Your phone is not ready: open the dialer in this browser first.',
  'line-not-open': 'Your line is not open: open the dialer first.',
  busy: 'You are on a call, or a round of yours is still ending.',
  ringing: 'A call rings at your desk.',
  'wrap-up': 'You owe an outcome, or your time after a call still runs.',
  'in-session': 'Your session runs: pause it first.',
}

/** The person comes to this supervisor's line, as by a transfer to which the supervisor has said yes. */
export async function takeOver(env: Env, member: Member, callId: CallId): Promise<void> {
  const { deskId } = await roomOn(env, member, callId)
  const ownDesk = await openDesk(env, member)
  const why = await stubFor(env, 'desk', ownDesk).whyNotTaking()
  if (why !== null) throw new Refusal(409, NOT_FREE[why] ?? 'Your desk is not free.')
  const refusal = await stubFor(env, 'desk', deskId).handTo(callId, ownDesk)
  if (refusal === null) return
  throw new Refusal(409, TAKE_REFUSED[refusal] ?? 'This call cannot be taken over now.')
}

const TAKE_REFUSED: Record<string, string> = {
  'handing-over': 'The agent hands this person over already.',
  'person-uncertain': 'It is not certain yet that a person is on the line.',
  'unknown-call': 'No agent talks on this call now.',
}
