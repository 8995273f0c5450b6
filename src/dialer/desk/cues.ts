/** Chooses the sound for a change of the view. The functions are pure: the caller plays the sound. */
import type { DeskView } from '../../wire/desk.ts'
import type { Cue } from '../phone/sounds.ts'

/** The cue between two views of one desk; null for none. The first view after a reload makes no sound. */
export function cueFor(before: DeskView | null, after: DeskView): Cue | null {
  if (before === null) return null
  const was = before.conversation
  const is = after.conversation
  if (is !== null && was?.callId !== is.callId) return 'connect'
  if (is === null && was !== null) return 'hang-up'
  if (is?.held === true && was?.held === false) return 'hold'
  return null
}

/** True while the inbound ring must sound. */
export function rings(view: DeskView): boolean {
  return view.inbound !== null && !view.inbound.accepted
}

/** The announcement for the screen reader after a change of the view; null: there is none. */
export function announcementFor(before: DeskView | null, after: DeskView): string | null {
  if (before === null) return null
  const was = before.conversation
  const is = after.conversation
  if (after.inbound !== null && before.inbound?.callId !== after.inbound.callId) {
    const { contact, fromShown, transfer } = after.inbound
    const who = contact?.name ?? fromShown
    if (transfer?.by?.asks) return `${transfer.by.agentName} asks you about ${who}`
    return transfer == null ? `Inbound call from ${who}` : `The AI hands over ${who}. ${transfer.summary}`
  }
  if (is !== null && was?.callId !== is.callId) return `${is.contact.name} is on the line`
  if (is !== null && was?.provisional === true && !is.provisional) return `Live with ${is.contact.name}`
  if (is === null && was !== null) return 'The call has ended'
  if (is !== null && was !== null && is.held !== was.held) return is.held ? 'On hold' : 'Off hold'
  if (before.muted !== after.muted) return after.muted ? 'You are muted' : 'You are not muted'
  return null
}
