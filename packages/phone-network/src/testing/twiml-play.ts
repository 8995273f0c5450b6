import type { Act } from '../people/acts.ts'
import { script } from '../people/script.ts'
import { VirtualNetwork } from './virtual-network.ts'

/** One TwiML document played to a person in virtual time, and what is looked at afterwards. For tests. */

/** who is called */
export const PERSON = '+14155551777'
/** whom the document may dial */
export const FRIEND = '+14155551888'

export interface Play {
  /** the TwiML that the call gets */
  twiml: string
  /** TwiML by path */
  pages?: Record<string, string>
  /** what the called person does */
  acts?: Act[]
  /** what the second person does */
  friend?: Act[]
  ms?: number
}

export function play({ twiml, pages = {}, acts = [], friend = [], ms = 8_000 }: Play): VirtualNetwork {
  const network = new VirtualNetwork()
  const person = (number: string, list: Act[]) => ({
    number,
    name: number,
    company: '',
    timeZone: 'UTC',
    scriptId: 'test',
    script: script({ kind: 'human', answerMs: 500, acts: list }),
  })
  network.take({ kind: 'people.defined', people: [person(PERSON, acts), person(FRIEND, friend)] })
  network.pages.set('/answer', `<Response>${twiml}</Response>`)
  for (const [path, page] of Object.entries(pages)) network.pages.set(path, `<Response>${page}</Response>`)
  network.call(PERSON)
  network.pass(ms)
  return network
}

/** Requests for TwiML of this path. */
export const asked = (network: VirtualNetwork, path: string) =>
  network.fetches().filter(one => one.target.url.endsWith(path))
/** The sentences that the network has said, in order. */
export const said = (network: VirtualNetwork) => network.ofKind('network-said').map(({ text }) => text)
/** Webhooks of this path whose answer does not matter. */
export const toldOf = (network: VirtualNetwork, path: string) =>
  network.intents.flatMap(one => (one.do === 'notify' && one.target.url.endsWith(path) ? [one] : []))
