/** Parses a command from the page and refuses or commits it. The answer follows the commit. */
import type { Target } from '../../core/call/transfer/state.ts'
import { type Given, momentOf } from '../../core/campaign/dispositions.ts'
import type { ClearanceAsk, Verdict } from '../../core/clearance/clearance.ts'
import { wordsOf } from '../../core/clearance/words.ts'
import { zoneNamed, zonesOfNumber } from '../../core/clearance/zones.ts'
import { refusalOf } from '../../core/desk/allowed.ts'
import type { Asking } from '../../core/desk/consult.ts'
import type { AgentInput, DeskEffect, DeskFactOf, DeskInput, DeskState, SessionWord } from '../../core/desk/state.ts'
import { callId, deskId as deskIdOf, parseId, transferRoomId, workspaceOf } from '../../core/ids.ts'
import { clearedAs } from '../../core/sip-address.ts'
import {
  COMMAND_BYTES_MAX,
  DESK_PROTOCOL,
  type DeskCommand,
  type DeskMessage,
  type DeskRefusal,
  deskCommand,
} from '../../wire/desk.ts'
import { toE164 } from '../../wire/phone-number.ts'
import type { Reached } from '../registrar/carrier-contract.ts'
import type { Shell } from '../shell/shell.ts'
import { unique } from '../unique.ts'
import { extensionRung, single } from './dialled.ts'

export type Answer = DeskMessage | { type: 'hello'; tabId: string; since: number } | { type: 'ack'; seq: number } | Look
type Look = { type: 'look'; id: string; on: boolean }
export type DeskShell = Shell<DeskState, DeskInput, DeskFactOf, DeskEffect>

/** For API clients; the page has words of its own (`src/dialer/desk/words.ts`). */
const WORDS: Record<DeskRefusal, string> = {
  malformed: 'This page and the server do not understand each other. Reload the page.',
  'no-agent': 'This desk has no agent.',
  'phone-not-ready': 'Your phone is not connected yet.',
  'line-not-open': 'Your line is not open yet.',
  'phone-in-another-tab': 'The phone is in another tab.',
  'on-break': 'You are on a break.',
  'not-on-break': 'You are not on a break.',
  'outcome-owed': 'Save the outcome of the last conversation first.',
  'nothing-owed': 'No call waits for an outcome.',
  'call-not-over': 'The call is not over yet.',
  'in-conversation': 'You are on another call.',
  'seat-taken': 'The last call is not over for everybody yet.',
  'no-session': 'No session is running.',
  'session-running': 'A session is running.',
  'session-starting': 'The session is starting.',
  'round-under-way': 'A round is under way.',
  'wrapping-up': 'The last call is being filed.',
  'session-paused': 'The session is paused.',
  'session-not-paused': 'The session is not paused.',
  'session-resting': 'Nobody can be called right now.',
  'nobody-on-line': 'Nobody is on the line.',
  'person-certain': 'This is a conversation already.',
  'person-uncertain': 'It is not certain yet that this is a person.',
  'already-held': 'This call is on hold already.',
  'not-held': 'This call is not on hold.',
  'number-withheld': 'This caller showed no number. Ask for it, and add it to the do-not-call list by hand.',
  'already-listed': 'This number is on the do-not-call list.',
  'already-answered': 'That lane does not ring any more.',
  consulting: 'Somebody is being asked about this person. End that first.',
  'not-consulting': 'Nobody is being asked about this person.',
  'not-now': 'That is not possible at this moment of the consultation.',
  'not-in-the-room':
    'This person rang through to your browser, so nobody can be asked first. Hand them over at once instead.',
  'not-first': 'A queue cannot be asked first. Hand the person over at once, or ask a colleague or a number.',
  'handing-over': 'This person is being handed over already.',
  'not-handing-over': 'Nobody is being handed over.',
  'nobody-there': 'There is no such colleague or queue.',
  'not-wrapping-up': 'There is no time after a call that could end.',
  'nobody-calls': 'Nobody is calling.',
  'already-accepted': 'That call is accepted already.',
  'unknown-call': 'That call is no longer here.',
  'unknown-campaign': 'There is no such campaign.',
  'id-used': 'This id was used for another command.',
  'too-fast': 'These are too many commands. Wait a second.',
  'not-stored': 'This could not be stored. Nothing was done.',
  'unknown-outcome': 'This campaign has no such outcome.',
  'note-missing': 'This outcome needs a note. Write it first.',
  'time-missing': 'This outcome needs the time of the next call (`callAt`).',
  'company-missing': 'This outcome needs the company of the person (`fields.company`).',
  'time-zone-missing': 'This outcome needs the time zone of the person (`fields.timeZone`).',
  'postcode-missing': 'This outcome needs the postcode of the person (`fields.postcode`).',
  'extension-missing': 'This outcome needs the extension of the person (`fields.extension`).',
  'time-past': 'The time of the next call is over already.',
  'time-too-far': 'The time of the next call is more than a year away.',
  'zone-unknown': 'Nobody knows what time it is where this person is. Say of which zone the time is (`zone`).',
  'not-cleared': 'This number may not be called now.',
  'outbound-not-allowed': 'Your voice profile does not let you place calls.',
  'bad-number': 'That is not a phone number that can be dialled.',
}

export function refused(id: string, reason: DeskRefusal): Extract<DeskMessage, { type: 'refused' }> {
  return { type: 'refused', id, reason, message: WORDS[reason] }
}

export function accepted(id: string): Extract<DeskMessage, { type: 'accepted' }> {
  return { type: 'accepted', id }
}

/** What a command asks of others before it is accepted. */
export interface Permission {
  /** the gate, about a number that is to be called by hand */
  judge(ask: ClearanceAsk): Promise<Verdict>
  /** the address at which an extension is rung, or why there is none */
  reach(extension: string): Promise<Reached>
  /** does the agent's voice profile let them place calls? */
  mayPlaceCalls(): Promise<boolean>
}

/** These begin calls that go out, and so does handing somebody over to a number. */
const OUTBOUND: ReadonlySet<DeskCommand['type']> = new Set([
  'session.start',
  'session.continue',
  'session.resume',
  'single.dial',
])

export async function answerCommand(
  deskId: string,
  shell: DeskShell,
  text: string,
  permission: Permission,
): Promise<Answer> {
  const command = parse(text)
  if (!command) return refused(idOf(text), 'malformed')
  if (command.type === 'hello') {
    return command.protocol === DESK_PROTOCOL
      ? { type: 'hello', tabId: command.tabId, since: command.since }
      : refused(command.id, 'malformed')
  }
  if (command.type === 'ack') return { type: 'ack', seq: command.seq }
  if (command.type === 'look') return command
  if (command.type === 'call.transfer' && command.askFirst === true && command.to.kind === 'queue')
    return refused(command.id, 'not-first')
  const rung = command.type === 'single.dial' ? await extensionRung(command.phone, deskId, permission) : null
  if (rung !== null && 'because' in rung) return { ...refused(command.id, 'bad-number'), message: rung.because }
  const input = rung ?? inputOf(command, deskId, shell.state)
  if (!input) return refused(command.id, isNumberless(command) ? 'nobody-there' : 'bad-number')
  // The id alone is not enough: under it another command may not be taken for a repeat and forgotten.
  const [ofId, inputId] = namesOf(command)
  // A page that lost the answer sends the command again: what was accepted is not refused because it has taken effect.
  const repeated = shell.journal.hasSeen(inputId)
  if (!repeated && shell.journal.hasSeenAny(ofId)) return refused(command.id, 'id-used')
  if (!repeated && goesOut(command) && !(await permission.mayPlaceCalls()))
    return refused(command.id, 'outbound-not-allowed')
  const refusal = repeated ? null : refusalOf(shell.state, input, shell.now())
  if (refusal) return refused(command.id, refusal)
  if (input.type === 'single.dialed' && !repeated) {
    const verdict = await permission.judge(handDialed(input.contact.number, deskId))
    if (!verdict.cleared) return { ...refused(command.id, 'not-cleared'), message: wordsOf(verdict) } as DeskMessage
    // The desk may have changed while the gate was asked.
    const later = refusalOf(shell.state, input, shell.now())
    if (later) return refused(command.id, later)
  }
  const committed = shell.commit({ ...input, at: shell.now() }, inputId)
  return committed?.refused ? refused(command.id, 'not-stored') : accepted(command.id)
}

function goesOut(command: DeskCommand): boolean {
  return OUTBOUND.has(command.type) || (command.type === 'call.transfer' && command.to.kind === 'number')
}

/** The beginning of every name that a delivery under this id has, and the name of this command. */
function namesOf({ id, ...action }: DeskCommand): [ofId: string, inputId: string] {
  const ofId = `command:${id.length}:${id}:`
  return [ofId, `${ofId}${fingerprint(JSON.stringify(action, Object.keys(action).sort()))}`]
}

/** Tells the commands of one person apart, and keeps no word of them (FNV-1a, twice 32 bits). */
function fingerprint(text: string): string {
  let [low, high] = [0x811c9dc5, 0x01000193]
  for (let at = 0; at < text.length; at += 1) {
    low = Math.imul(low ^ text.charCodeAt(at), 0x01000193)
    high = Math.imul(high ^ text.charCodeAt(at), 0x85ebca6b)
  }
  return `${(low >>> 0).toString(16)}${(high >>> 0).toString(16)}`
}

/** The campaign that a command starts a session of; null: it is another command. */
export function campaignIn(text: string): string | null {
  const command = parse(text)
  return command?.type === 'session.start' ? command.campaignId : null
}

export function unknownCampaign(text: string): DeskMessage {
  return refused(idOf(text), 'unknown-campaign')
}

function parse(text: string): DeskCommand | null {
  if (text.length > COMMAND_BYTES_MAX) return null
  try {
    const parsed = deskCommand.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function idOf(text: string): string {
  try {
    const body = JSON.parse(text.slice(0, COMMAND_BYTES_MAX)) as { id?: unknown }
    return typeof body.id === 'string' ? body.id.slice(0, 64) : ''
  } catch {
    return ''
  }
}

const SESSION_WORDS = {
  'session.continue': 'continue',
  'session.pause': 'pause',
  'session.resume': 'resume',
  'session.stop': 'stop',
} as const

function inputOf(
  command: Exclude<DeskCommand, { type: 'hello' | 'ack' | 'look' }>,
  deskId: string,
  state: DeskState,
): AgentInput | null {
  switch (command.type) {
    case 'phone.claim':
      return { type: 'phone.claimed', tabId: command.tabId }
    case 'phone.registered':
      return { type: 'phone.registered', tabId: command.tabId }
    case 'phone.lost':
      return { type: 'phone.lost', tabId: command.tabId }
    case 'phone.refused':
      return { type: 'phone.refused', tabId: command.tabId, reason: command.reason }
    case 'quality.reported':
      return { type: 'quality.reported', callId: command.callId, level: command.level, cause: command.cause }
    case 'session.start':
      return session('start', command.campaignId, command.lines)
    case 'session.continue':
    case 'session.pause':
    case 'session.resume':
    case 'session.stop':
      return sessionInput(SESSION_WORDS[command.type], state)
    case 'lane.skip':
      return { type: 'lane.skipped', callId: command.callId }
    case 'call.keep':
      return { type: 'call.kept', callId: command.callId }
    case 'call.hang-up':
      return { type: 'call.hung-up', callId: command.callId }
    case 'call.hold':
      return { type: 'call.hold-asked', callId: command.callId, held: true }
    case 'call.unhold':
      return { type: 'call.hold-asked', callId: command.callId, held: false }
    case 'call.do-not-call':
      return { type: 'call.do-not-call-asked', callId: command.callId }
    case 'call.transfer': {
      const target = targetOf(command.to, deskId)
      const asked = { type: 'call.transfer-asked' as const, callId: command.callId, transferId: `x${unique()}` }
      const ask = command.askFirst === true ? { ask: askingIn(workspaceOf(deskId)) } : {}
      return target && { ...asked, target, ...ask }
    }
    case 'transfer.swap':
    case 'transfer.merge':
    case 'transfer.complete':
    case 'transfer.cancel':
      return { type: 'transfer.move-asked', callId: command.callId, move: MOVE_OF[command.type] }
    case 'visit.leave':
      return { type: 'visit.left', callId: command.callId }
    case 'call.take-back':
      return { type: 'call.take-back-asked', callId: command.callId }
    case 'mute.changed':
      return { type: 'mute.changed', muted: command.muted }
    case 'single.dial':
      return single(command.phone, deskId)
    case 'inbound.accept':
      return { type: 'inbound.accepted', callId: command.callId }
    case 'inbound.decline':
      return { type: 'inbound.declined', callId: command.callId }
    case 'note.saved':
      return { type: 'note.saved', callId: command.callId, text: command.text }
    case 'outcome.saved':
      return outcomeInput(command, state)
    case 'presence.paused':
      return { type: 'presence.changed', paused: true }
    case 'presence.ready':
      return { type: 'presence.changed', paused: false }
    case 'wrap-up.done':
      return { type: 'wrap-up.done' }
    case 'notice.read':
      return { type: 'notice.read', noticeId: command.noticeId }
  }
}

/** What was typed is a time where the person is, or in the zone that was typed with it. */
function outcomeInput(
  { callId, outcomeId, callAt, zone, fields = {} }: Extract<DeskCommand, { type: 'outcome.saved' }>,
  { conversation, pending }: DeskState,
): AgentInput {
  const contact = [conversation, ...pending].find(one => one?.callId === callId)?.contact
  const [zoneOfNumber, ...others] = zonesOfNumber(contact?.number ?? '')
  const known = fields.timeZone ?? contact?.timeZone ?? (others.length === 0 ? zoneOfNumber : undefined)
  const typed = Object.entries(fields).filter(([, text]) => text !== undefined && text.trim() !== '')
  const given = typed.length === 0 ? {} : { fields: Object.fromEntries(typed) as Given['fields'] }
  const input = { type: 'outcome.saved' as const, callId, outcomeId, ...given }
  if (callAt === undefined) return input
  const where = zoneNamed(zone ?? known ?? '')
  return { ...input, dueAt: where === null ? Number.NaN : momentOf(callAt, where) }
}

const MOVE_OF = {
  'transfer.swap': 'swap',
  'transfer.merge': 'merge',
  'transfer.complete': 'complete',
  'transfer.cancel': 'cancel',
} as const

/** Ids for the leg of a number, and for the room in which the person would meet it. */
function askingIn(workspaceId: string): Asking {
  return { legId: callId(workspaceId, unique()), home: transferRoomId(workspaceId, unique()) }
}

function isNumberless(command: DeskCommand): boolean {
  return command.type === 'call.transfer' && command.to.kind !== 'number'
}

type Wanted = Extract<DeskCommand, { type: 'call.transfer' }>['to']

/** null: no such number, colleague or queue can be. Whether they are there says the answer of the transfer. */
function targetOf(to: Wanted, deskId: string): Target | null {
  const workspaceId = workspaceOf(deskId)
  switch (to.kind) {
    case 'agent': {
      const id = parseId('desk', deskIdOf(workspaceId, to.agentId), workspaceId)
      return id && { to: 'desk', deskId: id }
    }
    case 'queue': {
      const id = parseId('queue', to.queueId, workspaceId)
      return id && { to: 'queue', queueId: id }
    }
    case 'number': {
      const number = toE164(to.number)
      return number === null ? null : { to: 'number', number }
    }
  }
}

/** A word to the session that runs. */
export function sessionInput(word: SessionWord, { session: running }: DeskState): AgentInput {
  return session(word, running?.campaignId ?? '', running?.lines ?? 1)
}

function session(word: SessionWord, campaignId: string, lines: 1 | 2 | 4): AgentInput {
  return { type: 'session.asked', word, campaignId, lines }
}

function handDialed(to: string, deskId: string): ClearanceAsk {
  const nothing = { callId: null, campaignId: null, timeZone: null, postcode: null, hours: null }
  return { ...nothing, ...clearedAs(to), purpose: 'single', agent: deskId }
}
