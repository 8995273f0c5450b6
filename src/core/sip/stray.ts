/**
 * Answers to an INVITE that has been given up: a phone rings or picks up too late. It is told that the call is over, from what its own
 * answer says, and nobody else hears of it.
 */
import { tagOf } from './address.ts'
import { extensionOf } from './bindings.ts'
import { type SipResponse, valuesOf } from './message.ts'
import { branchOf, type Draft, nextId } from './state.ts'
import { contactOf, inCallText } from './writing.ts'

const OVER = 'SIP;cause=487;text="The call is over"'

/** The answer of a phone that owes none. One of a call that stands is a repetition and is left alone. */
export function stray(draft: Draft, socket: string, response: SipResponse): void {
  if (response.vias[0]?.host !== draft.domain || response.cseq.method !== 'INVITE') return
  if (extensionOf(draft.directory.bindings, socket, draft.atMs) === null) return
  const tags = [tagOf(response.from), tagOf(response.to)]
  for (const { callId, caller, callee } of draft.dialogs.values())
    if (callee !== null && callId === response.callId && tags.includes(caller.tag) && tags.includes(callee.tag)) return
  const { callId, cseq, status } = response
  const [from = ''] = valuesOf(response.headers, 'from')
  const [to = ''] = valuesOf(response.headers, 'to')
  // CANCEL, and the ACK of an answer that is no 2xx, belong to the INVITE and have its branch; CANCEL has its To as well.
  const own = response.vias[0].branch
  const target = contactOf(response.headers) ?? response.to.uri.text
  const common = { domain: draft.domain, callId, from: { address: from } }
  const say = (method: 'ACK' | 'BYE' | 'CANCEL', address: string, branch: string, number: number) =>
    draft.sends.push({
      socket,
      text: inCallText(method, { ...common, to: { address, contact: target }, branch, cseq: number, why: OVER }),
    })
  if (status < 200) say('CANCEL', to.replace(/;\s*tag\s*=[^;]*/i, ''), own, cseq.number)
  else if (status >= 300) say('ACK', to, own, cseq.number)
  else {
    say('ACK', to, branchOf(nextId(draft), 0), cseq.number)
    say('BYE', to, branchOf(nextId(draft), 0), cseq.number + 1)
  }
}
