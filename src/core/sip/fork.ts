/**
 * One request at several phones. The sender gets exactly one last answer: the first 2xx, or the best of the others when all have
 * spoken. Whoever has not won is cancelled, and a phone that answers too late is sent ACK and BYE.
 */
import { tagOf } from './address.ts'
import { answered, calleeOf, end, note, reasonOf, rings } from './dialog.ts'
import { RING_MS, SILENCE_MS } from './limits.ts'
import { type SipRequest, type SipResponse, startLine, valuesOf } from './message.ts'
import {
  type Branch,
  branchOf,
  changeBranch,
  changeFork,
  type Draft,
  type EndReason,
  type Fork,
  keyOf,
  nextId,
  type Side,
} from './state.ts'
import { stray } from './stray.ts'
import { answerText, forwardedText, hopText, inCallText, relayedText } from './writing.ts'

/** A phone that a request is sent to. */
export type Target = Pick<Branch, 'socket' | 'extension' | 'phone' | 'target'>

/** For how long an ACK of an answer that was no 2xx is waited for; the ladder shows it, and nothing else needs it. */
const ACK_MS = 5_000
const WORDS: Record<number, string> = {
  408: 'No phone of this extension answers.',
  480: 'Nobody answered.',
  487: 'The call was cancelled.',
}
const ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"'

/** The token of the call that it begins or belongs to. */
export function open(
  draft: Draft,
  { socket, request, token, begins }: { socket: string; request: SipRequest; token: string | null; begins: boolean },
  targets: readonly Target[],
): void {
  const id = nextId(draft)
  const branches = targets.map(
    (one): Branch => ({
      ...one,
      heard: false,
      cancel: 'no',
      open: true,
      status: 0,
      response: null,
      tag: '',
      deadlineMs: draft.atMs + SILENCE_MS,
    }),
  )
  const times = { final: 0, finalText: '', ackByMs: null, startedAtMs: draft.atMs }
  const fork: Fork = { id, key: keyOf(socket, request), socket, request, token, begins, branches, ...times }
  draft.forks.set(id, fork)
  draft.keys.set(fork.key, id)
  if (request.method === 'INVITE') trying(draft, fork)
  const { domain } = draft
  for (const [at, branch] of branches.entries())
    toPhone(
      draft,
      fork,
      branch,
      forwardedText(request, {
        domain,
        branch: branchOf(id, at),
        target: branch.target,
        token: request.method === 'INVITE' ? token : null,
      }),
    )
}

/** A request came again, on the same branch: the sender hears what it has heard. */
export function repeated(draft: Draft, fork: Fork): void {
  if (fork.finalText !== '') toSender(draft, fork, fork.finalText)
  else if (fork.request.method === 'INVITE') trying(draft, fork)
}

/** An answer of a phone. Whatever was not sent to this socket is dropped: nobody answers for somebody else. */
export function heard(draft: Draft, socket: string, response: SipResponse): void {
  const via = response.vias[0]
  const [, id = '', place = ''] = /^z9hG4bK([A-Za-z0-9]+)\.(\d{1,2})$/.exec(via?.branch ?? '') ?? []
  const fork = draft.forks.get(id)
  const branch = fork?.branches[Number(place)]
  if (fork === undefined) return stray(draft, socket, response)
  if (branch === undefined || branch.socket !== socket || via?.host !== draft.domain) return
  if (response.callId !== fork.request.callId || tagOf(response.from) !== tagOf(fork.request.from)) return
  if (response.cseq.number !== fork.request.cseq.number) return
  const ofCancel = response.cseq.method === 'CANCEL' && branch.cancel === 'sent'
  if (response.cseq.method !== fork.request.method && !ofCancel) return
  note(draft, fork.token, nameOf(fork, branch), null, startLine(response))
  if (ofCancel) return
  if (!branch.open) return stray(draft, socket, response)
  const at = Number(place)
  if (response.status < 200) provisional(draft, fork, at, response)
  else if (response.status < 300) taken(draft, fork, at, response)
  else refused(draft, fork, at, response)
  settle(draft, id)
}

function provisional(draft: Draft, fork: Fork, at: number, response: SipResponse): void {
  const branch = fork.branches[at]
  if (branch === undefined) return
  const tag = response.status === 100 ? branch.tag : tagOf(response.to) || branch.tag
  // The first sign of life gives it the time to ring; later ones give no more, or a phone could ring for ever.
  const deadlineMs = branch.heard ? branch.deadlineMs : fork.startedAtMs + RING_MS
  changeBranch(draft, fork.id, at, { heard: true, tag, deadlineMs })
  if (branch.cancel === 'owed') return cancelBranch(draft, fork.id, at, ELSEWHERE)
  if (response.status === 100 || fork.final !== 0) return
  if (fork.begins && fork.token !== null) rings(draft, fork.token, branch.extension)
  toSender(draft, fork, relayed(draft, fork, response))
}

/** A 2xx. */
function taken(draft: Draft, fork: Fork, at: number, response: SipResponse): void {
  const branch = fork.branches[at]
  const invites = fork.request.method === 'INVITE'
  // Without a tag it can be neither acknowledged nor ended; the phone is given up in its time.
  if (branch === undefined || (invites && tagOf(response.to) === '')) return
  changeBranch(draft, fork.id, at, { heard: true, open: false, status: response.status, response })
  if (fork.final !== 0) return invites ? turnedAway(draft, fork, branch, response) : undefined
  const text = relayed(draft, fork, response)
  changeFork(draft, fork.id, { final: response.status, finalText: text })
  if (fork.begins && fork.token !== null) answered(draft, fork.token, branch, response)
  toSender(draft, fork, text)
  cancelOthers(draft, fork.id, ELSEWHERE)
}

/** A last answer that is no 2xx. */
function refused(draft: Draft, fork: Fork, at: number, response: SipResponse): void {
  const branch = fork.branches[at]
  if (branch === undefined) return
  const { domain } = draft
  if (fork.request.method === 'INVITE') {
    const to = valuesOf(response.headers, 'to')[0] ?? ''
    const ack = { domain, branch: branchOf(fork.id, at), target: branch.target, to }
    toPhone(draft, fork, branch, hopText('ACK', fork.request, ack))
  }
  changeBranch(draft, fork.id, at, { heard: true, open: false, status: response.status, response })
  if (response.status >= 600 && fork.final === 0) cancelOthers(draft, fork.id)
}

/** It has answered a call that somebody else has, or nobody wants any more. Inside a call the ACK alone is owed. */
function turnedAway(draft: Draft, fork: Fork, branch: Branch, response: SipResponse): void {
  const { callId, cseq } = fork.request
  const from = { address: valuesOf(fork.request.headers, 'from')[0] ?? '' }
  const to = calleeOf(branch, response)
  const { domain } = draft
  const ack = { domain, branch: branchOf(nextId(draft), 0), callId, from, to, cseq: cseq.number }
  toPhone(draft, fork, branch, inCallText('ACK', ack))
  if (fork.begins) sayBye(draft, fork.token, { callId, from, to, cseq: cseq.number + 1, why: ELSEWHERE })
}

/** A BYE that we send to `to` in the name of `from`; nobody hears the answer. */
export function sayBye(
  draft: Draft,
  token: string | null,
  bye: { callId: string; from: Pick<Side, 'address'>; to: Side; cseq: number; why: string },
): void {
  const { socket } = bye.to
  if (socket === null) return
  const text = inCallText('BYE', { ...bye, domain: draft.domain, branch: branchOf(nextId(draft), 0) })
  draft.sends.push({ socket, text })
  note(draft, token, null, bye.to.extension, text)
}

/** The sender does not want it any more. `answer`: it is told so with 487; not when its connection is gone. */
export function cancel(draft: Draft, id: string, answer: boolean, reason: EndReason): void {
  const fork = draft.forks.get(id)
  if (fork === undefined || fork.final !== 0) return
  // Inside a call the phone's own answer is waited for: a change that it has made already must be known to both.
  if (answer && !fork.begins) return cancelOthers(draft, id, undefined, true)
  end(draft, fork.begins ? fork.token : null, reason, answer ? 487 : null)
  if (answer) lastWord(draft, id, 487, null)
  else changeFork(draft, id, { final: 487 })
  cancelOthers(draft, id)
  settle(draft, id)
}

/** The connection of a phone, or of who has asked, is gone. */
export function connectionGone(draft: Draft, socket: string): void {
  for (const { id } of [...draft.forks.values()]) {
    const fork = draft.forks.get(id)
    for (const [at, branch] of (fork?.branches ?? []).entries())
      if (branch.socket === socket && branch.open)
        changeBranch(draft, id, at, { open: false, status: branch.status || 480 })
    if (fork?.socket === socket) {
      cancel(draft, id, false, 'connection-lost')
      changeFork(draft, id, { socket: null, ackByMs: null })
    }
    settle(draft, id)
  }
}

/** Deadlines of phones that say nothing or ring too long, and of ACKs that do not come. */
export function timePassed(draft: Draft, id: string): void {
  for (const [at, branch] of (draft.forks.get(id)?.branches ?? []).entries()) {
    if (!branch.open || branch.deadlineMs > draft.atMs) continue
    const invites = draft.forks.get(id)?.request.method === 'INVITE'
    if (branch.heard && branch.cancel === 'no' && invites) {
      changeBranch(draft, id, at, { status: branch.status || 480 })
      cancelBranch(draft, id, at)
    } else changeBranch(draft, id, at, { open: false, status: branch.status || 408 })
  }
  const fork = draft.forks.get(id)
  if (fork?.ackByMs != null && fork.ackByMs <= draft.atMs) changeFork(draft, id, { ackByMs: null })
  settle(draft, id)
}

/** `null`: the fork is over as soon as it is settled. */
export function forkDeadline(fork: Fork): number | null {
  const times = fork.branches.filter(one => one.open).map(one => one.deadlineMs)
  if (fork.ackByMs !== null) times.push(fork.ackByMs)
  return times.length === 0 ? null : Math.min(...times)
}

/** The best answer goes to the sender when every phone has one; a fork is forgotten when nobody owes anything. */
export function settle(draft: Draft, id: string): void {
  const fork = draft.forks.get(id)
  if (fork === undefined) return
  if (fork.final === 0 && fork.branches.every(one => one.status !== 0)) {
    const best = [...fork.branches].sort((a, b) => rankOf(a.status) - rankOf(b.status))[0]
    const status = best?.status ?? 480
    if (fork.begins) end(draft, fork.token, reasonOf(status), status)
    lastWord(draft, id, status, best?.response ?? null)
  }
  const now = draft.forks.get(id)
  if (now === undefined || now.final === 0 || now.ackByMs !== null || now.branches.some(one => one.open)) return
  draft.forks.delete(id)
  draft.keys.delete(now.key)
}

/** Refused everywhere, then busy, then what else says something, then nothing heard. */
function rankOf(status: number): number {
  if (status >= 600) return 0
  if (status === 486) return 1
  if (status < 500) return [408, 480, 487].includes(status) ? 400 + status : status
  return 1_000 + status
}

function lastWord(draft: Draft, id: string, status: number, response: SipResponse | null): void {
  const fork = draft.forks.get(id)
  if (fork === undefined) return
  const text =
    response === null
      ? answerText(fork.request, status, WORDS[status] ?? 'The call failed.', { tag: id })
      : relayed(draft, fork, response)
  const ackByMs = fork.request.method === 'INVITE' && fork.socket !== null ? draft.atMs + ACK_MS : null
  changeFork(draft, id, { final: status, finalText: text, ackByMs })
  toSender(draft, fork, text)
}

/** Everybody who has not spoken. `waits`: their answers still count. */
function cancelOthers(draft: Draft, id: string, why?: string, waits = false): void {
  for (const [at, branch] of (draft.forks.get(id)?.branches ?? []).entries()) {
    if (!branch.open) continue
    if (!waits) changeBranch(draft, id, at, { status: branch.status || 487 })
    cancelBranch(draft, id, at, why)
  }
}

function cancelBranch(draft: Draft, id: string, at: number, why?: string): void {
  const fork = draft.forks.get(id)
  const branch = fork?.branches[at]
  if (fork === undefined || branch === undefined || branch.cancel === 'sent') return
  if (fork.request.method !== 'INVITE') return
  if (!branch.heard) return changeBranch(draft, id, at, { cancel: 'owed' })
  changeBranch(draft, id, at, { cancel: 'sent', deadlineMs: draft.atMs + SILENCE_MS })
  const way = { domain: draft.domain, branch: branchOf(id, at), target: branch.target, why }
  toPhone(draft, fork, branch, hopText('CANCEL', fork.request, way))
}

function trying(draft: Draft, fork: Fork): void {
  toSender(draft, fork, answerText(fork.request, 100, 'Trying', { tag: '' }))
}

function relayed(draft: Draft, fork: Fork, response: SipResponse): string {
  const token = fork.request.method === 'INVITE' ? fork.token : null
  return relayedText(response, fork.request, { domain: draft.domain, token })
}

function toSender(draft: Draft, fork: Fork, text: string): void {
  if (fork.socket === null) return
  draft.sends.push({ socket: fork.socket, text })
  note(draft, fork.token, null, senderOf(draft, fork), text)
}

function toPhone(draft: Draft, fork: Fork, branch: Branch, text: string): void {
  draft.sends.push({ socket: branch.socket, text })
  note(draft, fork.token, null, nameOf(fork, branch), text)
}

function senderOf(draft: Draft, fork: Fork): string {
  const dialog = draft.dialogs.get(fork.token ?? '')
  const side = dialog?.callee?.socket === fork.socket ? dialog.callee : dialog?.caller
  return side?.extension ?? ''
}

function nameOf(fork: Fork, branch: Branch): string {
  const at = fork.branches.findIndex(one => one.socket === branch.socket && one.target === branch.target)
  return fork.branches.length > 1 ? `${branch.extension} phone ${at + 1}` : branch.extension
}
