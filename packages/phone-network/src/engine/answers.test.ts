import { describe, expect, test } from 'vitest'
import { script } from '../people/script.ts'
import { APP, VirtualNetwork } from '../testing/virtual-network.ts'
import { IDLE_DOCUMENTS_MAX } from './documents.ts'

/** These tests give the network answers of a program: types that are no TwiML, documents that lead nowhere, documents that break the schema. */

const CALLER = '+14155551001'

function receive(pages: Record<string, string | number | { body: string; contentType: string }>, ms = 10_000) {
  const network = new VirtualNetwork()
  for (const [path, page] of Object.entries(pages)) network.pages.set(path, page)
  const acts = [{ pauseMs: 3_600_000 }]
  const patient = script({ kind: 'human', acts })
  const person = { number: CALLER, name: 'Pat', company: '', timeZone: 'UTC', scriptId: 'patient', script: patient }
  network.take({ kind: 'people.defined', people: [person] })
  const call = network.dial(CALLER)
  network.pass(ms)
  return { network, call, codes: network.ofKind('alert').map(({ code }) => code) }
}

const said = (network: VirtualNetwork) => network.ofKind('network-said').map(({ text }) => text)

describe('the type of an answer', () => {
  test('text/plain is read out, and then the call is over [C14]', () => {
    const { network, call, codes } = receive({
      '/inbound': { body: ' Hello <there> & you ', contentType: 'text/plain; charset=utf-8' },
    })
    expect(said(network)).toEqual(['Hello <there> & you'])
    expect(call.status).toBe('completed')
    expect(codes).toEqual([])
  })

  test.each(['text/xml', 'application/xml', 'text/html; charset=utf-8'])('%s is TwiML [C14]', contentType => {
    const { network, codes } = receive({ '/inbound': { body: '<Response><Say>Hi</Say></Response>', contentType } })
    expect(said(network)).toEqual(['Hi'])
    expect(codes).toEqual([])
  })

  test.each([
    ['', 11200],
    ['application/json', 12300],
    ['application/xhtml+xml', 12300],
  ])('"%s" is refused as %i [C14]', (contentType, code) => {
    const { call, codes } = receive({ '/inbound': { body: '<Response><Say>Hi</Say></Response>', contentType } })
    expect(codes).toEqual([code])
    expect(call.status).toBe('failed')
  })

  test('no type and no body is an empty document, which hangs up [C14]', () => {
    const { call, codes } = receive({ '/inbound': { body: '', contentType: '' } })
    expect(codes).toEqual([])
    expect(call.status).toBe('completed')
  })
})

describe('documents without end', () => {
  const loops = (message: string) => message.startsWith('loop')

  test.each([
    ['<Redirect> to itself', '<Redirect>/inbound</Redirect>'],
    ['<Redirect> after a pause of no length', '<Pause length="0"/><Redirect>/inbound</Redirect>'],
    ['an action to itself', '<Dial action="/inbound">nobody</Dial>'],
  ])('%s is ended with a warning as a loop [C14]', (_, verbs) => {
    const { network, call } = receive({ '/inbound': `<Response>${verbs}</Response>` })
    expect(call.status === 'failed' || call.status === 'completed').toBe(true)
    expect(network.ofKind('alert').filter(({ message }) => loops(message))).toHaveLength(1)
    expect(network.fetches()).toHaveLength(IDLE_DOCUMENTS_MAX + 2)
  })

  test('two documents that lead to each other are a loop too, also on an answered call [C14]', () => {
    const { network, call } = receive({
      '/inbound': '<Response><Say>Hello</Say><Redirect>/a</Redirect></Response>',
      '/a': '<Response><Redirect>/b</Redirect></Response>',
      '/b': '<Response><Redirect>/a</Redirect></Response>',
    })
    expect(call.status).toBe('completed')
    expect(said(network)).toEqual(['Hello', expect.stringContaining('application error')])
    expect(network.ofKind('alert').filter(({ message }) => loops(message))).toHaveLength(1)
  })

  test('a document that takes time may lead to itself for as long as it likes [C14]', () => {
    const { network, call, codes } = receive(
      {
        '/inbound': '<Response><Say>Please wait</Say><Redirect>/inbound</Redirect></Response>',
      },
      600_000,
    )
    expect(call.status).toBe('in-progress')
    expect(network.fetches().length).toBeGreaterThan(IDLE_DOCUMENTS_MAX * 2)
    expect(codes).toEqual([])
  })
})

describe('an inbound call and <Pause>', () => {
  test('<Pause> after <Start> answers the call [C14]', () => {
    const { call } = receive(
      {
        '/inbound': `<Response><Start><Stream url="wss://app.test/media"/></Start><Pause length="60"/></Response>`,
      },
      1_000,
    )
    expect(call.status).toBe('in-progress')
  })

  test('only leading pauses let it ring on [C14]', () => {
    const network = new VirtualNetwork()
    network.pages.set(
      '/inbound',
      '<Response><Pause length="2"/><Pause length="2"/><Stop/><Pause length="60"/></Response>',
    )
    const call = network.dial(CALLER)
    network.pass(3_900)
    expect(call.status).toBe('ringing')
    network.pass(200)
    expect(call.status).toBe('in-progress')
  })
})

describe('what the schema does not allow', () => {
  test.each([
    ['text among verbs', 'Hello <Say>there</Say>'],
    ['text among the prompts of a <Gather>', '<Gather>Press one<Say>there</Say></Gather>'],
    ['text beside the nouns of a <Dial>', '<Say>there</Say><Dial>+14155550199<Client>ada</Client></Dial>'],
    ['loop="two"', '<Say loop="two">there</Say>'],
    ['loop="-1"', '<Say loop="-1">there</Say>'],
    ['length="long"', '<Say>there</Say><Pause length="long"/>'],
    ['a timeout of <Dial> in words', '<Say>there</Say><Dial timeout="soon"><Client>ada</Client></Dial>'],
    ['muted="yes"', '<Say>there</Say><Dial><Conference muted="yes">Room</Conference></Dial>'],
    ['method="PUT"', '<Say>there</Say><Redirect method="PUT">/end</Redirect>'],
    ['input="voice"', '<Gather input="voice"><Say>there</Say></Gather>'],
    ['reason="tired"', '<Say>there</Say><Reject reason="tired"/>'],
  ])('%s is reported as 12200 and the rest is performed [C14]', (_, verbs) => {
    const { network, codes } = receive({ '/inbound': `<Response>${verbs}</Response>`, '/end': '<Response/>' })
    expect(codes).toEqual([12200])
    expect(said(network)[0]).toBe('there')
  })

  test('lawful values are not reported [C14]', () => {
    const { codes } = receive({
      '/inbound':
        '<Response><Gather timeout="auto" input="dtmf speech" speechTimeout="auto" method="get" actionOnEmptyResult="False">' +
        `<Say loop="2">there</Say></Gather><Dial record="record-from-ringing-dual" timeout="5"><Number>${CALLER}</Number></Dial></Response>`,
    })
    expect(codes).toEqual([])
  })
})

test('the redirect of the program itself, by REST, is not counted as a loop [C14]', () => {
  const network = new VirtualNetwork()
  network.pages.set('/inbound', '<Response><Say>Hi</Say><Pause length="600"/></Response>')
  const call = network.dial(CALLER)
  network.pass(2_000)
  const instructions = { url: `${APP}/inbound`, method: 'POST' as const, fallback: null }
  for (let count = 0; count < IDLE_DOCUMENTS_MAX * 2; count += 1) {
    network.take({
      kind: 'call.changed',
      callSid: call.sid,
      change: { status: null, instructions, statusCallback: null, timeLimitMs: null },
    })
  }
  network.pass(1_000)
  expect(call.status).toBe('in-progress')
  expect(network.ofKind('alert')).toEqual([])
})
