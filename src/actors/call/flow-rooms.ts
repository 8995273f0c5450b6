/** Conferences that a running flow joins and leaves: the book knows the conference and its PINs, its room decides. */
import type { CallEffect, CallInput } from '../../core/call/state.ts'
import type { Option } from '../../core/flow/flow.ts'
import { parseId, workspaceOf } from '../../core/ids.ts'
import type { PinVerdict } from '../../core/room/state.ts'
import type { ConferenceRow } from '../books.ts'
import type { Neighbours } from '../neighbours.ts'
import { unique } from '../unique.ts'

type Of<T extends CallEffect['type']> = Extract<CallEffect, { type: T }>

export const JOINING: readonly string[] = ['conference_join', 'confbridge_join']

/** False: there is no such conference. The room answers by itself. */
export async function enterConference(
  near: Neighbours,
  callId: string,
  { ask, verb, option }: Of<'flow-ask-neighbour'>,
  id: string,
): Promise<boolean> {
  const named = String(option.conference_id ?? option.confbridge_id ?? '')
  // Only a conference by its name is made by whoever joins first.
  const fresh = verb === 'conference_join' ? unique() : null
  const book = near.actor('workspace', workspaceOf(callId))
  const [row] = (await book.conferences({ do: 'find', named, unique: fresh })) ?? []
  if (row === undefined) return false
  const { conferenceId, version, settings } = row
  const moderator = option.moderator === true
  const wish = {
    type: 'caller.entered' as const,
    callId,
    ask,
    moderator,
    pin: verdictOf(row, option),
    version,
    settings,
  }
  await near.actor('room', conferenceId).deliver({ ...wish, at: near.now() }, id)
  return true
}

function verdictOf({ pin, moderatorPin }: ConferenceRow, option: Option): PinVerdict {
  const { pin: keyed } = option
  if (typeof keyed !== 'string') return 'none'
  if (keyed === '') return 'wrong'
  if (keyed === moderatorPin) return 'moderator'
  return keyed === pin ? 'participant' : 'wrong'
}

/** The caller has left the conference that an ask led to. A name is looked up; the id of a room is one. */
export async function leaveConference(
  near: Neighbours,
  callId: string,
  { ask, room = '' }: Of<'flow-leave'>,
  key: string,
): Promise<CallInput[]> {
  const book = near.actor('workspace', workspaceOf(callId))
  if (room === '') return []
  const id = parseId('conference', room, workspaceOf(callId))
  const [row] = id === null ? ((await book.conferences({ do: 'find', named: room, unique: null })) ?? []) : []
  const conferenceId = id ?? row?.conferenceId ?? null
  if (conferenceId === null) return []
  await near
    .actor('room', conferenceId)
    .deliver({ type: 'caller.left', at: near.now(), callId, ask }, `${callId}:${key}`)
  return []
}
