/** What the proxy of one domain remembers: requests that wait for an answer, and calls. All of it is plain data. */
import type { Bindings } from './bindings.ts'
import type { Ladder } from './ladder.ts'
import type { SipMessage, SipRequest, SipResponse } from './message.ts'

/** One phone that a request was sent to. */
export interface Branch {
  socket: string
  extension: string
  /** the phone, as its binding names it; empty: of a request inside a call */
  phone: string
  /** the address in the first line of the request, as text */
  target: string
  /** the phone has said anything; before that it must not be sent a CANCEL (RFC 3261, 9.1) */
  heard: boolean
  cancel: 'no' | 'owed' | 'sent'
  /** the phone still owes its last word */
  open: boolean
  /** what the choice of the best answer counts for this phone; 0: nothing yet */
  status: number
  /** the answer behind the status; null: the status is ours */
  response: SipResponse | null
  /** empty: not heard yet */
  tag: string
  deadlineMs: number
}

/** One request and the phones it was sent to. */
export interface Fork {
  /** in the branches of our Vias */
  id: string
  /** socket, branch and method of the request as it came; empty: the request is ours and nobody hears the answer */
  key: string
  /** null: ours, or the connection of the sender is gone */
  socket: string | null
  request: SipRequest
  /** the call that this belongs to; null: none (MESSAGE, OPTIONS) */
  token: string | null
  /** it is the INVITE that has begun the call */
  begins: boolean
  branches: readonly Branch[]
  /** the last answer that the sender was given; 0: none yet */
  final: number
  /** for a request that is repeated; empty: none yet */
  finalText: string
  /** until when an ACK of the sender is waited for; null: none is due */
  ackByMs: number | null
  startedAtMs: number
}

export interface Side {
  extension: string
  phone: string
  /** null: the connection is gone */
  socket: string | null
  goneAtMs: number
  tag: string
  /** value of From or To */
  address: string
  /** where the phone is, as text of an address */
  contact: string
  /** the highest CSeq it has sent */
  cseq: number
}

export type EndReason =
  | 'hung-up'
  | 'cancelled'
  | 'busy'
  | 'declined'
  | 'no-answer'
  | 'not-registered'
  | 'failed'
  | 'connection-lost'
  | 'too-long'

export interface Dialog {
  /** in our Record-Route; nobody can guess it */
  token: string
  callId: string
  caller: Side
  /** null: nobody has answered */
  callee: Side | null
  ringing: boolean
  startedAtMs: number
  ended: boolean
  ladder: Ladder
}

export type Fact =
  | { type: 'began'; token: string; atMs: number; callId: string; from: string; to: string }
  | { type: 'ringing'; token: string; atMs: number; extension: string }
  | { type: 'answered'; token: string; atMs: number; extension: string }
  /** `status`: the answer that the caller has got; null: the call was answered before, or the caller had gone. */
  | { type: 'ended'; token: string; atMs: number; reason: EndReason; status: number | null }
  /** Nothing more can come; the token is forgotten. */
  | { type: 'closed'; token: string; atMs: number; ladder: Ladder }

export interface Send {
  socket: string
  text: string
}

export interface ProxyState {
  /** in small letters */
  domain: string
  forks: ReadonlyMap<string, Fork>
  /** ids of forks by their key */
  keys: ReadonlyMap<string, string>
  dialogs: ReadonlyMap<string, Dialog>
}

/** What the registrar knows. */
export interface Directory {
  bindings: Bindings
  isExtension: (user: string) => boolean
}

export type Input =
  /** `unique`: random letters and digits, never the same twice. */
  | { type: 'message'; atMs: number; socket: string; message: SipMessage; unique: string }
  | { type: 'socket-gone'; atMs: number; socket: string; unique: string }
  | { type: 'time'; atMs: number; unique: string }

export interface Step {
  proxy: ProxyState
  sends: Send[]
  facts: Fact[]
}

/** The state while one input is worked off. Its maps are copies; what they hold is replaced and never changed. */
export interface Draft {
  domain: string
  atMs: number
  unique: string
  /** requests of ours in this step */
  made: number
  directory: Directory
  forks: Map<string, Fork>
  keys: Map<string, string>
  dialogs: Map<string, Dialog>
  sends: Send[]
  facts: Fact[]
}

export function newProxy(domain: string): ProxyState {
  return { domain: domain.toLowerCase(), forks: new Map(), keys: new Map(), dialogs: new Map() }
}

export function draftOf(proxy: ProxyState, directory: Directory, input: Input): Draft {
  return {
    domain: proxy.domain,
    atMs: input.atMs,
    unique: input.unique.replaceAll(/[^A-Za-z0-9]/g, ''),
    made: 0,
    directory,
    forks: new Map(proxy.forks),
    keys: new Map(proxy.keys),
    dialogs: new Map(proxy.dialogs),
    sends: [],
    facts: [],
  }
}

/** The id of a request that we make in this step; the first one belongs to the request that has come. */
export function nextId(draft: Draft): string {
  draft.made += 1
  return draft.made === 1 ? draft.unique : `${draft.unique}x${draft.made}`
}

/** What stands in our Via, by which the answer of a phone is known again. */
export function branchOf(id: string, at: number): string {
  return `z9hG4bK${id}.${at}`
}

export function keyOf(socket: string, request: SipRequest, method = request.method): string {
  return `${socket} ${request.vias[0]?.branch ?? ''} ${method}`
}

export function changeFork(draft: Draft, id: string, change: Partial<Fork>): Fork | null {
  const fork = draft.forks.get(id)
  if (fork === undefined) return null
  const changed = { ...fork, ...change }
  draft.forks.set(id, changed)
  return changed
}

export function changeBranch(draft: Draft, id: string, at: number, change: Partial<Branch>): void {
  const branches = draft.forks.get(id)?.branches ?? []
  changeFork(draft, id, { branches: branches.map((one, place) => (place === at ? { ...one, ...change } : one)) })
}

export function changeDialog(draft: Draft, token: string, change: Partial<Dialog>): void {
  const dialog = draft.dialogs.get(token)
  if (dialog !== undefined) draft.dialogs.set(token, { ...dialog, ...change })
}
