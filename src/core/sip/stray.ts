/**
 * Answers to an INVITE that has been forgotten: a phone that picks up after it was given up. It is told that the call is over, from what
 * its own answer says, and nobody else hears of it.
 */
import { tagOf } from './address.ts'
import { type SipResponse, valuesOf } from './message.ts'
import { branchOf, type Draft, nextId } from './state.ts'
import { contactOf, inCallText } from './writing.ts'

const OVER = 'SIP;cause=487;text="The call is over"'

/** The answer of a phone that no fork knows. One of a call that stands is a repetition and is left alone. */
export function stray(draft: Draft, socket: string, response: SipResponse): void {
  if (response.vias[0]?.host !== draft.domain || response.cseq.method !== 'INVITE' || response.status < 200) return
  const tags = [tagOf(response.from), tagOf(response.to)]
  for (const { callId, caller, callee } of draft.dialogs.values())
    if (callId === response.callId && tags.includes(caller.tag) && tags.includes(callee?.tag ?? '')) return
  const value = (name: string) => valuesOf(response.headers, name)[0] ?? ''
  const { callId, cseq, to } = response
  const ended = response.status < 300
  // The ACK of a 2xx is a request of its own; the one of another answer belongs to the INVITE and has its branch.
  const common = {
    domain: draft.domain,
    callId,
    from: { address: value('from') },
    to: { address: value('to'), contact: contactOf(response.headers) ?? to.uri.text },
  }
  const branch = ended ? branchOf(nextId(draft), 0) : (response.vias[0]?.branch ?? '')
  draft.sends.push({ socket, text: inCallText('ACK', { ...common, branch, cseq: cseq.number }) })
  if (!ended) return
  const bye = { ...common, branch: branchOf(nextId(draft), 0), cseq: cseq.number + 1, why: OVER }
  draft.sends.push({ socket, text: inCallText('BYE', bye) })
}
