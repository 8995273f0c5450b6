/** The proxy with one thing wrong. Each must be found in the world of one INVITE and two phones. */
import { type SipMessage, writeText } from '../../src/core/sip/message.ts'
import { step } from '../../src/core/sip/proxy.ts'
import type { Input, ProxyState, Send, Step } from '../../src/core/sip/state.ts'
import { brief } from '../../src/core/sip/testing.ts'
import type { Works } from './explore-sip.ts'

/** What is sent is changed; the rest is right. */
function sends(change: (sends: Send[], input: Input, before: ProxyState, after: ProxyState) => Send[]): Works {
  return (proxy, directory, input) => {
    const result = step(proxy, directory, input)
    return { ...result, sends: change(result.sends, input, proxy, result.proxy) }
  }
}
const withoutWord = (word: string) => sends(all => all.filter(one => brief(one.text) !== word))
const toCaller = (status: number): Send => ({
  socket: 's1',
  text: writeText(`SIP/2.0 ${status} Words`, [{ name: 'to', value: '<sip:102@acme.example>;tag=t' }, CSEQ], ''),
})
const CSEQ = { name: 'cseq', value: '1 INVITE' }
const statusOf = (input: Input): number => {
  const message: SipMessage | null = input.type === 'message' ? input.message : null
  return message?.kind === 'response' ? message.status : 0
}
const nothing = (proxy: ProxyState): Step => ({ proxy, sends: [], facts: [] })
const branches = (proxy: ProxyState) => [...proxy.forks.values()].flatMap(one => one.branches)

export const PLANTED_SIP: Record<string, Works> = {
  'the second 2xx reaches the caller': sends((all, input) =>
    statusOf(input) === 200 && all.some(one => brief(one.text) === 'BYE') ? [...all, toCaller(200)] : all,
  ),
  'who has not won is not cancelled': withoutWord('CANCEL'),
  'who answers too late hears no BYE': withoutWord('BYE'),
  'CANCEL is sent to a phone that has said nothing': sends((all, _, before, after) => {
    const owed = branches(after).filter((one, at) => one.cancel === 'owed' && branches(before)[at]?.cancel === 'no')
    return [...all, ...owed.map(one => ({ socket: one.socket, text: writeText('CANCEL sip:a SIP/2.0', [], '') }))]
  }),
  'a CANCEL that is owed is forgotten': (proxy, directory, input) => {
    const result = step(proxy, directory, input)
    const forks = [...result.proxy.forks].map(([id, fork]) => {
      const kept = fork.branches.map(one => ({ ...one, cancel: one.cancel === 'owed' ? ('no' as const) : one.cancel }))
      return [id, { ...fork, branches: kept }] as const
    })
    return { ...result, proxy: { ...result.proxy, forks: new Map(forks) } }
  },
  '100 of a phone is passed on': sends((all, input) => (statusOf(input) === 100 ? [...all, toCaller(100)] : all)),
  '180 is passed on after the last answer': sends((all, input) =>
    statusOf(input) === 180 && !all.some(one => one.socket === 's1') ? [...all, toCaller(180)] : all,
  ),
  'an answer that is no 2xx has no ACK': sends((all, input) =>
    statusOf(input) >= 300 ? all.filter(one => brief(one.text) !== 'ACK') : all,
  ),
  'who cancels is told nothing': withoutWord('487'),
  'a connection that is gone is not noticed': (proxy, directory, input) =>
    input.type === 'socket-gone' ? nothing(proxy) : step(proxy, directory, input),
  'the clock stands still': (proxy, directory, input) =>
    input.type === 'time' ? nothing(proxy) : step(proxy, directory, input),
  'the end of a call is not told': (proxy, directory, input) => {
    const result = step(proxy, directory, input)
    return { ...result, facts: result.facts.filter(one => one.type !== 'ended') }
  },
  'the sender is told only what the last phone has said': sends((all, input) =>
    statusOf(input) >= 300 ? all.filter(one => one.socket !== 's1') : all,
  ),
}
