/** Calls between two phones: how a message inside a call finds the other side, and when a call is over. */
import { parseAddress, tagOf } from './address.ts'
import { phonesOf } from './bindings.ts'
import { NO_LADDER, REGISTRAR, withRung } from './ladder.ts'
import { CALL_MAX_MS, RETURN_MS } from './limits.ts'
import { type SipRequest, type SipResponse, valuesOf } from './message.ts'
import { type Branch, changeDialog, type Dialog, type Draft, type EndReason, type Fork, type Side } from './state.ts'
import { contactOf } from './writing.ts'

type Role = 'caller' | 'callee'
/** Where a request inside a call goes. */
export interface Way {
  dialog: Dialog
  from: Role
  socket: string
  extension: string
}

/** An extension calls another one; the fork that belongs to it may be there or not. */
export function begin(draft: Draft, token: string, socket: string, extension: string, request: SipRequest): void {
  const phone = phonesOf(draft.directory.bindings, extension, draft.atMs).find(one => one.socket === socket)
  const caller: Side = {
    extension,
    phone: phone?.phone ?? '',
    socket,
    goneAtMs: 0,
    tag: tagOf(request.from),
    address: valuesOf(request.headers, 'from')[0] ?? '',
    contact: contactOf(request.headers) ?? phone?.contact ?? '',
    cseq: request.cseq.number,
  }
  const { callId } = request
  draft.dialogs.set(token, {
    token,
    callId,
    caller,
    callee: null,
    ringing: false,
    startedAtMs: draft.atMs,
    ended: false,
    ladder: NO_LADDER,
  })
  draft.facts.push({ type: 'began', token, atMs: draft.atMs, callId, from: extension, to: request.target.user })
}

export function rings(draft: Draft, token: string, extension: string): void {
  const dialog = draft.dialogs.get(token)
  if (dialog === undefined || dialog.ringing || dialog.ended) return
  changeDialog(draft, token, { ringing: true })
  draft.facts.push({ type: 'ringing', token, atMs: draft.atMs, extension })
}

export function answered(draft: Draft, token: string, branch: Branch, response: SipResponse): void {
  changeDialog(draft, token, { callee: calleeOf(branch, response) })
  draft.facts.push({ type: 'answered', token, atMs: draft.atMs, extension: branch.extension })
}

/** The phone that has answered, as a side of a call. */
export function calleeOf(branch: Branch, response: SipResponse): Side {
  return {
    extension: branch.extension,
    phone: branch.phone,
    socket: branch.socket,
    goneAtMs: 0,
    tag: tagOf(response.to),
    address: valuesOf(response.headers, 'to')[0] ?? '',
    contact: contactOf(response.headers) ?? branch.target,
    cseq: 0,
  }
}

export function end(draft: Draft, token: string | null, reason: EndReason, status: number | null): void {
  const dialog = token === null ? undefined : draft.dialogs.get(token)
  if (token === null || dialog === undefined || dialog.ended) return
  changeDialog(draft, token, { ended: true })
  draft.facts.push({ type: 'ended', token, atMs: draft.atMs, reason, status })
}

/** Why a call that nobody has answered is over, by the answer that its caller gets. */
export function reasonOf(status: number): EndReason {
  if (status === 486 || status === 600) return 'busy'
  if (status === 603) return 'declined'
  if (status === 487) return 'cancelled'
  return status === 408 || status === 480 ? 'no-answer' : 'failed'
}

/** The token in the first Route, if it is ours; whatever else a Route names is not followed. */
export function tokenOf(draft: Draft, request: SipRequest): string | null {
  const route = parseAddress(valuesOf(request.headers, 'route')[0] ?? '')
  return route?.uri.scheme === 'sip' && route.uri.host === draft.domain ? route.uri.user : null
}

/**
 * The way of a request inside a call. Null: there is no such call, or the sender is not in it. A side that has come back on another
 * connection is known by its extension, its tag and the token.
 */
export function wayOf(
  draft: Draft,
  socket: string,
  extension: string | null,
  request: SipRequest,
): Way | null | 'gone' {
  const token = tokenOf(draft, request)
  const dialog = token === null ? undefined : draft.dialogs.get(token)
  if (dialog === undefined || dialog.callId !== request.callId) return null
  const [from, to] = [tagOf(request.from), tagOf(request.to)]
  if (dialog.callee === null) return earlyWay(draft, dialog, { socket, from, to })
  const role = from === dialog.caller.tag && to === dialog.callee.tag ? 'caller' : 'callee'
  const [sender, other] = role === 'caller' ? [dialog.caller, dialog.callee] : [dialog.callee, dialog.caller]
  if (from !== sender.tag || to !== other.tag) return null
  const back = sender.socket === null && extension === sender.extension
  if (sender.socket !== socket && !back) return null
  const contact = contactOf(request.headers)
  changeSide(draft, dialog.token, role, {
    socket,
    cseq: Math.max(sender.cseq, request.cseq.number),
    ...(contact === null ? {} : { contact }),
  })
  findAgain(draft, dialog.token)
  const found = draft.dialogs.get(dialog.token)?.[role === 'caller' ? 'callee' : 'caller']
  if (!found?.socket) return 'gone'
  return { dialog, from: role, socket: found.socket, extension: found.extension }
}

/** Before an answer (PRACK, UPDATE): the caller and each phone that has named its tag. */
function earlyWay(
  draft: Draft,
  dialog: Dialog,
  { socket, from, to }: { socket: string; from: string; to: string },
): Way | null {
  const fork = beginningOf(draft, dialog.token)
  const byCaller = from === dialog.caller.tag && socket === dialog.caller.socket
  const tag = byCaller ? to : from
  const branch = fork?.branches.find(one => one.open && one.tag === tag && tag !== '')
  if (branch === undefined) return null
  if (byCaller) return { dialog, from: 'caller', socket: branch.socket, extension: branch.extension }
  if (branch.socket !== socket || to !== dialog.caller.tag || dialog.caller.socket === null) return null
  return { dialog, from: 'callee', socket: dialog.caller.socket, extension: dialog.caller.extension }
}

/** The INVITE that has begun this call, while it is open. */
function beginningOf(draft: Draft, token: string): Fork | undefined {
  return [...draft.forks.values()].find(one => one.begins && one.token === token)
}

/** A side whose phone has registered on a new connection has this one from now on. */
export function findAgain(draft: Draft, token: string): void {
  for (const role of ['caller', 'callee'] as const) {
    const side = draft.dialogs.get(token)?.[role]
    if (!side || side.socket !== null || side.phone === '') continue
    const phones = phonesOf(draft.directory.bindings, side.extension, draft.atMs)
    const back = phones.find(one => one.phone === side.phone)
    if (back !== undefined) changeSide(draft, token, role, { socket: back.socket, contact: back.contact })
  }
}

export function sideGone(draft: Draft, socket: string): void {
  for (const { token } of draft.dialogs.values())
    for (const role of ['caller', 'callee'] as const)
      if (draft.dialogs.get(token)?.[role]?.socket === socket)
        changeSide(draft, token, role, { socket: null, goneAtMs: draft.atMs })
}

function changeSide(draft: Draft, token: string, role: Role, change: Partial<Side>): void {
  const side = draft.dialogs.get(token)?.[role]
  if (side) changeDialog(draft, token, { [role]: { ...side, ...change } })
}

/** When this call has to be looked at; null: only its messages move it. */
export function dialogDeadline(dialog: Dialog): number | null {
  if (dialog.ended || dialog.callee === null) return null
  const gone = [dialog.caller, dialog.callee].filter(one => one.socket === null).map(one => one.goneAtMs + RETURN_MS)
  return Math.min(dialog.startedAtMs + CALL_MAX_MS, ...gone)
}

/** One message of a call, from whom to whom. */
export function note(draft: Draft, token: string | null, from: string | null, to: string | null, text: string): void {
  const dialog = token === null ? undefined : draft.dialogs.get(token)
  if (dialog === undefined) return
  const line = text.split('\r\n', 1)[0] ?? ''
  const rung = { atMs: draft.atMs, from: from ?? REGISTRAR, to: to ?? REGISTRAR, line }
  changeDialog(draft, dialog.token, { ladder: withRung(dialog.ladder, rung) })
}
