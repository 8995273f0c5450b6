/**
 * Ids carry their workspace: `w_demo` · `w_demo.d_ada` (desk) · `w_demo.c_spring` (campaign) · `w_demo.c_spring.b7`
 * (batch) · `w_demo.c_spring.b7.2` (call) · `w_demo.d_ada.3` (room: desk and generation) · `w_demo.rh_1f…`
 * (a run of a scenario).
 */
const ID = /^w_[A-Za-z0-9]{1,32}(\.[A-Za-z0-9_-]{1,48}){0,5}$/

export function isId(text: string): boolean {
  return ID.test(text)
}

export function workspaceOf(id: string): string {
  return id.split('.', 1)[0] ?? ''
}

export function belongsTo(id: string, workspaceId: string): boolean {
  return isId(id) && workspaceOf(id) === workspaceId
}

export function freshId(prefix: string): string {
  return `${prefix}${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`
}

/**
 * A seat of an AI agent in a campaign: nobody sits there, it is always free, and its room is the agent. `n` tells the seats of
 * one agent apart.
 */
export function aiSeat(workspaceId: string, agentId: string, n: number): string {
  return `${workspaceId}.${agentId}.s${n}`
}

/** The AI agent of such a seat; null: a person's desk. */
export function agentOfSeat(deskId: string): string | null {
  return /^w_[A-Za-z0-9]+\.(ai_[A-Za-z0-9_]+)\.s\d+$/.exec(deskId)?.[1] ?? null
}

const AI_ROOM = 'ai:'

export function aiRoom(agentId: string): string {
  return `${AI_ROOM}${agentId}`
}

/** The AI agent that a winner talks with; null: the room is a conference. */
export function agentOfRoom(room: string): string | null {
  return room.startsWith(AI_ROOM) ? room.slice(AI_ROOM.length) : null
}

/** The desk of a person, and the name of their phone, are made of their user id: letters, digits and underscore (Twilio). */
export function deskName(userId: string): string {
  return userId.replace(/[^A-Za-z0-9]/g, '_').slice(0, 115)
}

/** The desk that a room belongs to. */
export function deskOfRoom(room: string): string {
  return room.slice(0, room.lastIndexOf('.'))
}
