/** The room that the id of a supervision names. Whoever invents an id names no object by it, because naming one would create it. */
import type { Env } from '../actors/env.ts'
import { stubFor } from '../actors/stubs.ts'
import {
  generationOfRoom,
  nameOfDesk,
  ownerOfRoom,
  roomOfSupervision,
  type SupervisionId,
  workspaceOf,
} from '../core/ids.ts'
import { namesInTeam } from './membership.ts'

/** Null: no desk of the team has ever had this room. */
export async function supervisedRoom(env: Env, id: SupervisionId) {
  const room = roomOfSupervision(id)
  const desk = ownerOfRoom(room).id
  const name = nameOfDesk(desk)
  if (!(await namesInTeam(env, workspaceOf(id), [name])).has(name)) return null
  const view = await stubFor(env, 'desk', desk).view()
  return view === null || view.line.generation < generationOfRoom(room) ? null : stubFor(env, 'room', room)
}
