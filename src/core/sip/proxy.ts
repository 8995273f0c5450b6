/**
 * The proxy of one domain: requests between phones that have registered here. It knows its phones by their sockets, so no Via, Route
 * or address in a message can send anything to somebody else. Time and random text are inputs.
 */

import { tagOf } from './address.ts'
import { extensionOf, phonesOf } from './bindings.ts'
import { begin, dialogDeadline, end, findAgain, note, sideGone, tokenOf, type Way, wayOf } from './dialog.ts'
import { cancel, connectionGone, forkDeadline, heard, open, repeated, sayBye, settle, timePassed } from './fork.ts'
import {
  CALL_MAX_MS,
  DIALOGS_MAX,
  DIALOGS_OF_EXTENSION_MAX,
  OPEN_MAX,
  OPEN_OF_SOCKET_MAX,
  RETURN_MS,
} from './limits.ts'
import { type Header, type SipRequest, startLine } from './message.ts'
import {
  branchOf,
  changeFork,
  type Dialog,
  type Directory,
  type Draft,
  draftOf,
  type Input,
  keyOf,
  nextId,
  type ProxyState,
  type Step,
} from './state.ts'
import { ALLOW, answerText, forwardedText } from './writing.ts'

const METHODS = ALLOW.split(', ').filter(one => one !== 'REGISTER')
/** What may be sent to somebody who is in no call with the sender. */
const OUTSIDE_CALLS = ['INVITE', 'MESSAGE', 'OPTIONS']
const FAILED = 'SIP;cause=200;text="The other phone has lost its connection"'
const TOO_LONG = 'SIP;cause=200;text="The call has lasted too long"'

/** One input. REGISTER belongs to `registrar.ts`; the bindings are read and never changed here. */
export function step(proxy: ProxyState, directory: Directory, input: Input): Step {
  const draft = draftOf(proxy, directory, input)
  if (input.type === 'time') time(draft)
  else if (input.type === 'socket-gone') {
    connectionGone(draft, input.socket)
    sideGone(draft, input.socket)
  } else if (input.message.kind === 'response') heard(draft, input.socket, input.message)
  else asked(draft, input.socket, input.message)
  forgetClosed(draft)
  const { domain, forks, keys, dialogs, sends, facts } = draft
  return { proxy: { domain, forks, keys, dialogs }, sends, facts }
}

/** When `time` is due; null: nothing waits. */
export function wakeAt(proxy: ProxyState): number | null {
  let next: number | null = null
  const times = [...[...proxy.forks.values()].map(forkDeadline), ...[...proxy.dialogs.values()].map(dialogDeadline)]
  for (const one of times) if (one !== null) next = Math.min(next ?? one, one)
  return next
}

function asked(draft: Draft, socket: string, request: SipRequest): void {
  if (request.method === 'ACK') return acknowledged(draft, socket, request)
  const refuse = (status: number, words: string, headers: Header[] = []) =>
    answer(draft, socket, request, status, words, headers)
  if (request.vias.some(via => via.host === draft.domain)) return refuse(482, 'The request has been here already.')
  if (request.method === 'CANCEL') return cancelled(draft, socket, request)
  const same = draft.forks.get(draft.keys.get(keyOf(socket, request)) ?? '')
  if (same !== undefined) return repeated(draft, same)
  if (request.maxForwards === 0) return refuse(483, 'The request has been passed on too often.')
  if (!METHODS.includes(request.method))
    return refuse(405, 'This method is not served here.', [{ name: 'allow', value: ALLOW }])
  const extension = extensionOf(draft.directory.bindings, socket, draft.atMs)
  if (draft.forks.size >= OPEN_MAX || openOf(draft, socket) >= OPEN_OF_SOCKET_MAX)
    return refuse(480, 'Too many requests wait for an answer.', [{ name: 'retry-after', value: '5' }])
  if (tagOf(request.to) !== '') return inside(draft, socket, extension, request)
  if (request.target.host !== draft.domain) return refuse(403, 'This domain is not served here.')
  if (request.method === 'OPTIONS' && request.target.user === '')
    return refuse(200, 'OK', [{ name: 'allow', value: ALLOW }])
  if (extension === null) return refuse(403, 'This phone is not registered.')
  outside(draft, socket, extension, request)
}

/** A request that begins something. */
function outside(draft: Draft, socket: string, extension: string, request: SipRequest): void {
  const refuse = (status: number, words: string) => answer(draft, socket, request, status, words)
  if (!OUTSIDE_CALLS.includes(request.method)) return refuse(481, 'There is no such call.')
  const { uri } = request.from
  if (uri.scheme !== 'sip' || uri.host !== draft.domain || uri.user !== extension)
    return refuse(403, 'From is not the extension of this phone.')
  const { user } = request.target
  if (!draft.directory.isExtension(user)) return refuse(404, 'There is no such extension.')
  const phones = phonesOf(draft.directory.bindings, user, draft.atMs).filter(one => one.socket !== socket)
  const invites = request.method === 'INVITE'
  if (invites && hasTooMany(draft, extension)) return refuse(480, 'There are too many calls.')
  const token = invites ? draft.unique : null
  if (token !== null) {
    begin(draft, token, socket, extension, request)
    note(draft, token, extension, null, startLine(request))
  }
  if (phones.length === 0) {
    end(draft, token, 'not-registered', 480)
    return answer(draft, socket, request, 480, 'This extension is not registered.', [], token)
  }
  const targets = phones.map(({ socket, phone, contact }) => ({ socket, phone, target: contact, extension: user }))
  open(draft, { socket, request, token, begins: invites }, targets)
}

function hasTooMany(draft: Draft, extension: string): boolean {
  if (draft.dialogs.size >= DIALOGS_MAX) return true
  let own = 0
  for (const one of draft.dialogs.values()) if (one.caller.extension === extension) own += 1
  return own >= DIALOGS_OF_EXTENSION_MAX
}

/** A request of somebody who is in a call. The first line is passed on as it is, to the socket of the other side. */
function inside(draft: Draft, socket: string, extension: string | null, request: SipRequest): void {
  const way = wayOf(draft, socket, extension, request)
  if (way === null) return answer(draft, socket, request, 481, 'There is no such call.')
  const token = way === 'gone' ? tokenOf(draft, request) : way.dialog.token
  note(draft, token, way === 'gone' ? extension : (way.dialog[way.from]?.extension ?? null), null, startLine(request))
  // A BYE before anybody has answered is passed on, and the last word of the phone ends the call; an answer may still cross it.
  const leaves = request.method === 'BYE' && (way === 'gone' || way.dialog.callee !== null)
  if (leaves) end(draft, token, 'hung-up', null)
  // Who hangs up on a phone that is gone has hung up all the same.
  if (way === 'gone' && leaves) return answer(draft, socket, request, 200, 'OK', [], token)
  if (way === 'gone') return answer(draft, socket, request, 480, 'The other phone has lost its connection.', [], token)
  const target = { socket: way.socket, extension: way.extension, phone: '', target: request.target.text }
  open(draft, { socket, request, token, begins: false }, [target])
}

/** The ACK of a 2xx goes to the other side; the one of another answer ends here. */
function acknowledged(draft: Draft, socket: string, request: SipRequest): void {
  const id = draft.keys.get(keyOf(socket, request, 'INVITE')) ?? ''
  const fork = draft.forks.get(id)
  if (fork !== undefined && fork.final >= 300) {
    note(draft, fork.token, nameHere(draft, socket), null, startLine(request))
    changeFork(draft, id, { ackByMs: null })
    return settle(draft, id)
  }
  const looped = request.vias.some(via => via.host === draft.domain) || request.maxForwards === 0
  const way = looped ? null : wayOf(draft, socket, nameHere(draft, socket), request)
  if (way === null || way === 'gone') return
  passAck(draft, way, request)
}

function passAck(draft: Draft, way: Way, request: SipRequest): void {
  const { token } = way.dialog
  const branch = branchOf(nextId(draft), 0)
  const text = forwardedText(request, { domain: draft.domain, branch, target: request.target.text, token: null })
  note(draft, token, way.dialog[way.from]?.extension ?? null, null, startLine(request))
  draft.sends.push({ socket: way.socket, text })
  note(draft, token, null, way.extension, text)
}

function cancelled(draft: Draft, socket: string, request: SipRequest): void {
  const id = draft.keys.get(keyOf(socket, request, 'INVITE')) ?? ''
  const fork = draft.forks.get(id)
  const same = fork?.request.callId === request.callId && fork.request.cseq.number === request.cseq.number
  if (fork === undefined || !same) return answer(draft, socket, request, 481, 'There is no such request.')
  note(draft, fork.token, nameHere(draft, socket), null, startLine(request))
  answer(draft, socket, request, 200, 'OK', [], fork.token)
  cancel(draft, id, true, 'cancelled')
}

function time(draft: Draft): void {
  for (const id of [...draft.forks.keys()]) timePassed(draft, id)
  for (const { token } of [...draft.dialogs.values()]) {
    findAgain(draft, token)
    const dialog = draft.dialogs.get(token)
    if (dialog !== undefined && (dialogDeadline(dialog) ?? Number.POSITIVE_INFINITY) <= draft.atMs) over(draft, dialog)
  }
}

/** A call whose phone has not come back, or that lasts too long: whoever is still there hears BYE. */
function over(draft: Draft, dialog: Dialog): void {
  const { caller, callee, token, callId } = dialog
  if (callee === null) return
  const tooLong = dialog.startedAtMs + CALL_MAX_MS <= draft.atMs
  const lost = [caller, callee].some(one => one.socket === null && one.goneAtMs + RETURN_MS <= draft.atMs)
  end(draft, token, tooLong || !lost ? 'too-long' : 'connection-lost', null)
  const why = lost ? FAILED : TOO_LONG
  sayBye(draft, token, { callId, from: caller, to: callee, cseq: caller.cseq + 1, why })
  sayBye(draft, token, { callId, from: callee, to: caller, cseq: callee.cseq + 1, why })
}

/** A call that is over, and of which nothing waits for an answer, is handed over with its ladder. */
function forgetClosed(draft: Draft): void {
  const busy = new Set([...draft.forks.values()].map(one => one.token))
  for (const { token, ended, ladder } of [...draft.dialogs.values()]) {
    if (!ended || busy.has(token)) continue
    draft.dialogs.delete(token)
    draft.facts.push({ type: 'closed', token, atMs: draft.atMs, ladder })
  }
}

function answer(
  draft: Draft,
  socket: string,
  request: SipRequest,
  status: number,
  words: string,
  headers: Header[] = [],
  token: string | null = null,
): void {
  const text = answerText(request, status, words, { tag: draft.unique, headers })
  draft.sends.push({ socket, text })
  note(draft, token, null, nameHere(draft, socket), text)
}

function nameHere(draft: Draft, socket: string): string | null {
  return extensionOf(draft.directory.bindings, socket, draft.atMs)
}

function openOf(draft: Draft, socket: string): number {
  let count = 0
  for (const fork of draft.forks.values()) if (fork.socket === socket) count += 1
  return count
}
