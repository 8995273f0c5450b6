import { expect, test } from 'vitest'
import type { Act } from '../people/acts.ts'
import { script } from '../people/script.ts'
import { VirtualNetwork } from '../testing/virtual-network.ts'

/** TwiML of sound that leaves and enters the network, row by row, in virtual time. */

const PERSON = '+14155551777'
const URL = 'wss://app.test/s'

interface Play {
  twiml: string
  pages?: Record<string, string>
  acts?: Act[]
  ms?: number
}

function play({ twiml, pages = {}, acts = [], ms = 8_000 }: Play): VirtualNetwork {
  const network = new VirtualNetwork()
  const human = script({ kind: 'human', answerMs: 500, acts })
  const person = { number: PERSON, name: 'Ada', company: '', timeZone: 'UTC', scriptId: 'test', script: human }
  network.take({ kind: 'people.defined', people: [person] })
  network.pages.set('/answer', `<Response>${twiml}</Response>`)
  for (const [path, page] of Object.entries(pages)) network.pages.set(path, `<Response>${page}</Response>`)
  network.call(PERSON)
  network.pass(ms)
  return network
}

const asked = (network: VirtualNetwork, path: string) => network.fetches().filter(one => one.target.url.endsWith(path))
const said = (network: VirtualNetwork) => network.ofKind('network-said').map(({ text }) => text)
const toldOf = (network: VirtualNetwork, path: string) =>
  network.intents.flatMap(one => (one.do === 'notify' && one.target.url.endsWith(path) ? [one] : []))
const opened = (network: VirtualNetwork) =>
  network.intents.flatMap(intent => (intent.do === 'stream-open' ? [intent] : []))

// twiml: Connect Connect.action Connect.method Stream Stream.url
test('Connect: the verbs wait for the program; its leaving asks the action', () => {
  const network = play({
    twiml: `<Connect action="/a" method="GET"><Stream url="${URL}"/></Connect><Say>never</Say>`,
    pages: { '/a': '<Pause length="9"/>' },
  })
  expect(said(network)).toEqual([])
  const [stream] = opened(network)
  expect(stream).toMatchObject({ url: URL, tracks: ['inbound'], bidirectional: true })
  const lost = { kind: 'stream.lost', streamSid: stream?.streamSid ?? '', code: 31921, message: 'closed' } as const
  network.take({ ...lost, wasOpen: true })
  expect(asked(network, '/a')[0]?.target.method).toBe('GET')
})

// twiml: Start Stop Stream.name Stream.track Stream.statusCallback Stream.statusCallbackMethod
test('Start goes on at once; Stop ends it by name; both are told', () => {
  const network = play({
    twiml:
      `<Start><Stream name="ear" track="both_tracks" url="${URL}" statusCallback="/s" statusCallbackMethod="GET"/></Start>` +
      '<Say>Hello</Say><Stop><Stream name="ear"/></Stop><Pause length="9"/>',
  })
  expect(said(network)).toEqual(['Hello'])
  expect(opened(network)[0]?.tracks).toEqual(['inbound', 'outbound'])
  expect(network.did('stream-close')).toHaveLength(1)
  expect(
    toldOf(network, '/s').map(({ target, fields }) => [target.method, fields.StreamEvent, fields.StreamName]),
  ).toEqual([
    ['GET', 'stream-started', 'ear'],
    ['GET', 'stream-stopped', 'ear'],
  ])
})

test('other TwiML ends a <Connect> and leaves a <Start> alone; the end of the call ends both', () => {
  const network = play({
    twiml: `<Start><Stream name="ear" url="${URL}"/></Start><Connect><Stream url="${URL}"/></Connect>`,
  })
  const [call] = [...network.world.calls.values()]
  const change = { status: null, instructions: { twiml: '<Response><Pause length="9"/></Response>' } }
  network.take({
    kind: 'call.changed',
    callSid: call?.sid ?? '',
    change: { ...change, statusCallback: null, timeLimitMs: null },
  })
  expect(network.ofKind('stream-stopped')).toHaveLength(1)
  network.take({ kind: 'call.cut', callSid: call?.sid ?? '' })
  expect(network.ofKind('stream-stopped')).toHaveLength(2)
})
