/** What the palette offers: pages, the actions of the desk, and for a supervisor the calls that agents talk on. Pure. */
import type { Action, DeskAction, DeskView } from '../../wire/desk.ts'
import type { SupervisionMode } from '../../wire/supervision.ts'
import type { Reason } from '../desk/can.ts'
import { type PagePath, pagesFor } from '../frame/pages.ts'
import { SHORTCUTS, type ShortcutId } from '../keys/registry.ts'
import { isolated } from '../look/name-text.ts'
import { MODES } from '../pages/live/live-words.ts'
import type { OnCall } from '../pages/live/use-supervise.ts'

export type Deed =
  | { do: 'go'; to: PagePath }
  /** a command of the desk */
  | { do: 'act'; action: DeskAction }
  /** what the key does, on the page of the session */
  | { do: 'press'; key: ShortcutId }
  | { do: 'supervise'; one: OnCall; mode: SupervisionMode }
  | { do: 'take-over'; callId: string }
  | { do: 'enter'; workspaceId: string }
export interface Item {
  id: string
  words: string
  /** the key that does the same */
  key: string | null
  /** why it is refused now; null: it is not */
  why: Reason
  deed: Deed
}

export interface Known {
  view: DeskView
  whyNot(action: Action, callId?: string): Reason
  /** for a supervisor: who talks now */
  talking: readonly OnCall[]
  whyNotListen(one: OnCall): Reason
  whyNotTake(one: OnCall): Reason
  /** other workspaces of this person */
  workspaces: readonly { workspaceId: string; name: string }[]
}

/** They need a choice, which has a place of its own: a list, a number, a target, an outcome. */
type NeedsChoice = 'session.start' | 'single.dial' | 'call.ask-first' | 'outcome.saved'
type Offered = Exclude<Action, NeedsChoice>
/** A new action has words here, or needs a choice. */
const WORDS: Record<Offered, string> = {
  'session.continue': 'Continue the session',
  'session.pause': 'Pause the session after this round',
  'session.resume': 'Resume the session',
  'session.stop': 'Stop the session',
  'presence.paused': 'Take a break',
  'presence.ready': 'Back to ready',
  'wrap-up.done': 'End the time after the call',
  'call.hold': 'Put the person on hold',
  'call.unhold': 'Take the person off hold',
  'call.keep': 'Yes, this is a person: keep the call',
  'call.transfer': 'Hand the person over …',
  'call.take-back': 'Take the person back',
  'call.do-not-call': 'Put this number on the do-not-call list',
  'call.hang-up': 'Hang up',
  'transfer.swap': 'Swap: speak with the other one',
  'transfer.merge': 'Merge: all speak together',
  'transfer.complete': 'Complete: hand the person over',
  'transfer.cancel': 'Cancel: keep the person',
  'visit.leave': 'Leave the consultation',
  'inbound.accept': 'Accept the inbound call',
  'inbound.decline': 'Decline the inbound call',
}
const PLAIN = [
  'session.continue',
  'session.pause',
  'session.resume',
  'session.stop',
  'presence.paused',
  'presence.ready',
  'wrap-up.done',
] as const
/** About the person on the line. */
const CALL = [
  ['call.hold', 'hold'],
  ['call.unhold', 'hold'],
  ['call.keep', 'person'],
  ['call.take-back', null],
  ['transfer.swap', null],
  ['transfer.merge', null],
  ['transfer.complete', null],
  ['transfer.cancel', null],
  // Last, because the first one is chosen when the palette opens.
  ['call.hang-up', 'hang-up'],
] as const
const INBOUND = [
  ['inbound.accept', 'accept'],
  ['inbound.decline', 'decline'],
] as const

const keyOf = (id: ShortcutId | null) => SHORTCUTS.find(one => one.id === id)?.label ?? null

/** What can be done stands before what cannot; the pages stand last, because they always can. */
export function itemsOf(known: Known): Item[] {
  const deeds = [
    ...deskItems(known),
    ...known.talking.flatMap(one => superviseItems(known, one)),
    ...workspaceItems(known),
  ]
  const pages = pagesFor(known.view.agent.role).map(({ to, words }): Item => {
    return { id: `go ${to}`, words: `Go to ${words}`, key: null, why: null, deed: { do: 'go', to } }
  })
  return [...deeds.filter(one => one.why === null), ...pages, ...deeds.filter(one => one.why !== null)]
}

function deskItems({ view, whyNot }: Known): Item[] {
  const of = (action: Offered, key: ShortcutId | null, deed: Deed, callId?: string): Item => {
    return { id: action, words: WORDS[action], key: keyOf(key), why: whyNot(action, callId), deed }
  }
  const { conversation, lastTalk, inbound, visit } = view
  const callId = conversation?.callId ?? ''
  const asked = (conversation ?? lastTalk)?.callId ?? ''
  return [
    ...INBOUND.map(([type, key]) => of(type, key, { do: 'press', key }, inbound?.callId)),
    of('call.transfer', 'transfer', { do: 'press', key: 'transfer' }, callId),
    ...CALL.map(([type, key]) => of(type, key, { do: 'act', action: { type, callId } }, callId)),
    of('visit.leave', null, { do: 'act', action: { type: 'visit.leave', callId: visit?.callId ?? '' } }),
    ...PLAIN.map(type => of(type, null, { do: 'act', action: { type } })),
    of('call.do-not-call', 'do-not-call', { do: 'act', action: { type: 'call.do-not-call', callId: asked } }, asked),
  ]
}

function superviseItems({ whyNotListen, whyNotTake }: Known, one: OnCall): Item[] {
  const { callId } = one.call
  const name = isolated(one.agent.name)
  const listen = MODES.map(({ mode, label }): Item => {
    const words =
      mode === 'listen' ? `Listen to ${name}` : mode === 'whisper' ? `Whisper to ${name}` : `${label} in: ${name}`
    return { id: `${mode} ${callId}`, words, key: null, why: whyNotListen(one), deed: { do: 'supervise', one, mode } }
  })
  const words = `Take over from ${name}`
  const take: Item = { id: `take ${callId}`, words, key: null, why: whyNotTake(one), deed: { do: 'take-over', callId } }
  return [...listen, take]
}

function workspaceItems({ view, workspaces }: Known): Item[] {
  const why = view.conversation === null ? null : 'Not while you talk with somebody'
  return workspaces.map(({ workspaceId, name }): Item => {
    const words = `Go to the workspace ${isolated(name)}`
    return { id: `enter ${workspaceId}`, words, key: null, why, deed: { do: 'enter', workspaceId } }
  })
}

/** Every word that was typed is in the words of the item, in any order. */
export function matching(items: readonly Item[], typed: string): Item[] {
  const wanted = typed
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '')
  return items.filter(({ words }) => {
    const text = words.toLowerCase()
    return wanted.every(word => text.includes(word))
  })
}
