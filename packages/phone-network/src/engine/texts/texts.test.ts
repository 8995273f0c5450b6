import { describe, expect, test } from 'vitest'
import { asked, PERSON, play, toldOf } from '../../testing/twiml-play.ts'
import { APP, OUR_NUMBER, VirtualNetwork } from '../../testing/virtual-network.ts'
import { segmentsOf, type Text } from './text.ts'
import { DOCUMENTS_MAX, REPLIES_MAX } from './text-answer.ts'
import { FAST_REPLIES_MAX } from './text-problem.ts'

/** Texts in virtual time: what is sent, what arrives, and the documents that answer. */

const PAT = '+14155551001'
const SAM = '+14155551003'
const SECOND = '+14155550002'

type Page = string | number | { body: string; contentType: string }

function network(pages: Record<string, Page> = {}): VirtualNetwork {
  const made = new VirtualNetwork()
  for (const [path, page] of Object.entries(pages)) made.pages.set(path, page)
  const sms = { SmsUrl: `${APP}/sms`, SmsFallbackUrl: `${APP}/fallback` }
  for (const number of [OUR_NUMBER, SECOND]) {
    made.take({ kind: 'book.kept', change: { of: 'number', number, settings: { sms } } })
  }
  return made
}

function receive(made: VirtualNetwork, body: string, from = PAT): void {
  made.take({ kind: 'text.received', from, to: OUR_NUMBER, body, media: [] })
}

const texts = (made: VirtualNetwork): Text[] => [...made.world.texts.all.values()]
const sent = (made: VirtualNetwork) => texts(made).filter(text => text.direction !== 'inbound')
const asks = (made: VirtualNetwork) => made.intents.flatMap(intent => (intent.do === 'ask-text' ? [intent] : []))
const codes = (made: VirtualNetwork) => made.ofKind('alert').map(({ code }) => code)
const answer = (verbs: string) => `<Response>${verbs}</Response>`

function send(made: VirtualNetwork, to: string): void {
  const callback = { url: `${APP}/told`, method: 'POST' as const }
  const request = { from: OUR_NUMBER, to, body: 'Hello', media: [], callback }
  made.take({ kind: 'text.requested', request })
}

describe('a text that is sent', () => {
  test('is queued, sent and delivered, and its callback is told each time, in order [C14]', () => {
    const made = network()
    send(made, PAT)
    made.pass(5_000)
    const told = made.notices('text-status').map(({ fields, lane }) => [fields.MessageStatus, fields.SmsStatus, lane])
    const [{ sid = '' } = {}] = texts(made)
    expect(told).toEqual(['queued', 'sent', 'delivered'].map(status => [status, status, sid]))
    expect(made.notices('text-status')[0]?.fields).toMatchObject({ MessageSid: sid, From: OUR_NUMBER, To: PAT })
  })

  test('to a phone that cannot be reached is undelivered, with 30003 [C14]', () => {
    const made = network()
    send(made, '+15004300000')
    made.pass(5_000)
    expect(made.notices('text-status').at(-1)?.fields).toMatchObject({
      MessageStatus: 'undelivered',
      ErrorCode: '30003',
    })
  })

  test('to a number of our own arrives there as another text [C14]', () => {
    const made = network({ '/sms': answer('') })
    send(made, SECOND)
    made.pass(5_000)
    expect(texts(made).map(({ direction, to, status }) => [direction, to, status])).toEqual([
      ['outbound-api', SECOND, 'delivered'],
      ['inbound', SECOND, 'received'],
    ])
    expect(asks(made)).toHaveLength(1)
  })
})

describe('a text that arrives', () => {
  test('asks the SmsUrl; each <Message> and <Sms> of the answer is sent back [C14]', () => {
    const made = network({
      '/sms': answer(
        `<Message>One</Message><Message to="${SAM}"><Body>Two</Body><Media>http://a.test/x.png</Media></Message>` +
          '<Sms statusCallback="/told">Three</Sms>',
      ),
    })
    receive(made, 'Hi there')
    made.pass(5_000)
    expect(asks(made)[0]?.fields).toMatchObject({
      Body: 'Hi there',
      From: PAT,
      To: OUR_NUMBER,
      SmsStatus: 'received',
      NumMedia: '0',
      FromCountry: 'US',
    })
    expect(sent(made).map(({ direction, from, to, body, media }) => [direction, from, to, body, media.length])).toEqual(
      [
        ['outbound-reply', OUR_NUMBER, PAT, 'One', 0],
        ['outbound-reply', OUR_NUMBER, SAM, 'Two', 1],
        ['outbound-reply', OUR_NUMBER, PAT, 'Three', 0],
      ],
    )
    expect(sent(made)[1]?.sid).toMatch(/^MM/)
    expect(toldOf(made, '/told').map(({ fields }) => fields.MessageStatus)).toEqual(['queued', 'sent', 'delivered'])
    expect(codes(made)).toEqual([])
  })

  test('an answer of plain text is sent back; one without a type, or of sound, is refused [C14]', () => {
    const made = network({ '/sms': { body: 'Thanks\n', contentType: 'text/plain' } })
    receive(made, 'Hi')
    expect(sent(made).map(({ body }) => body)).toEqual(['Thanks'])
    for (const contentType of ['', 'audio/mpeg', 'application/json']) {
      made.pages.set('/sms', { body: 'Thanks', contentType })
      receive(made, 'Hi')
    }
    expect(sent(made)).toHaveLength(1)
    expect(codes(made)).toEqual([11200, 12300, 12300])
  })

  test('a failing document leads to the fallback, with the error; what is broken is not sent [C14]', () => {
    const made = network({ '/sms': 11200, '/fallback': answer('<Message>Sorry</Message>') })
    receive(made, 'Hi')
    expect(asks(made)[1]).toMatchObject({
      target: { url: `${APP}/fallback` },
      fields: { ErrorCode: '11200', ErrorUrl: `${APP}/sms` },
    })
    made.pages.set('/sms', '<Response><Message>')
    receive(made, 'Hi')
    expect(asks(made)[3]?.fields.ErrorCode).toBe('12100')
    expect(sent(made).map(({ body }) => body)).toEqual(['Sorry', 'Sorry'])
  })

  test('<Redirect> and an action lead on; a loop of documents ends with 14106 [C14]', () => {
    const made = network({
      '/sms': answer('<Message action="/next" method="GET">One</Message><Message>never</Message>'),
      '/next': answer('<Redirect>/sms2</Redirect>'),
      '/sms2': answer('<Message>Two</Message>'),
    })
    receive(made, 'Hi')
    expect(asks(made)[1]).toMatchObject({ target: { method: 'GET' }, fields: { MessageSid: sent(made)[0]?.sid } })
    expect(sent(made).map(({ body }) => body)).toEqual(['One', 'Two'])
    made.pages.set('/sms', answer('<Redirect>/sms</Redirect>'))
    const before = asks(made).length
    receive(made, 'Hi')
    expect(asks(made)).toHaveLength(before + DOCUMENTS_MAX)
    expect(codes(made)).toEqual([14106])
  })

  test.each([
    ['<Message to="nobody">Hi</Message>', 14101],
    [`<Message to="${OUR_NUMBER}">Hi</Message>`, 14101],
    ['<Message from="+14155559999">Hi</Message>', 14102],
    ['<Message/>', 14103],
    [`<Message>${'x'.repeat(1_601)}</Message>`, 14103],
    ['<Say>Hi</Say>', 12200],
    ['text', 12200],
  ])('%s is reported as %i and sends nothing [C14]', (verbs, code) => {
    const made = network({ '/sms': answer(verbs) })
    receive(made, 'Hi')
    expect(codes(made)).toEqual([code])
    expect(sent(made)).toEqual([])
  })

  test('more answers than Twilio sends are not sent [C14]', () => {
    const made = network({ '/sms': answer('<Message>Hi</Message>'.repeat(REPLIES_MAX + 1)) })
    receive(made, 'Hi')
    expect(sent(made)).toHaveLength(REPLIES_MAX)
    expect(codes(made)).toEqual([14109])
  })

  test('two numbers that answer each other stop after twenty answers, with 14107 [C14]', () => {
    const made = network({ '/sms': answer('<Message>Hi</Message>') })
    send(made, SECOND)
    made.pass(60_000)
    expect(codes(made).every(code => code === 14107)).toBe(true)
    expect(codes(made).length).toBeGreaterThan(0)
    expect(sent(made).length).toBeLessThanOrEqual(2 * FAST_REPLIES_MAX + 1)
  })

  test('a person who texts STOP gets nothing more, until START [C14]', () => {
    const made = network({ '/sms': answer('<Message>Hi</Message>') })
    receive(made, ' Stop ')
    expect(sent(made)).toEqual([])
    expect(codes(made)).toEqual([21610])
    receive(made, 'START')
    expect(sent(made)).toHaveLength(1)
  })

  test('a number without an SmsUrl keeps the text and says so; an application’s URL goes first [C14]', () => {
    const made = network({ '/app': answer('<Message>App</Message>') })
    const change = { of: 'application', sid: null, settings: { sms: { SmsUrl: `${APP}/app` } } } as const
    made.take({ kind: 'book.kept', change })
    const application = [...made.world.applications.values()].at(-1)
    const settings = (sms: Record<string, string>) =>
      made.take({ kind: 'book.kept', change: { of: 'number', number: OUR_NUMBER, settings: { sms } } })
    settings({})
    receive(made, 'Hi')
    expect(made.ofKind('alert').map(({ message }) => message)).toEqual([expect.stringContaining('no SmsUrl')])
    settings({ SmsUrl: `${APP}/sms`, SmsApplicationSid: application?.sid ?? '' })
    receive(made, 'Hi')
    expect(sent(made).map(({ body }) => body)).toEqual(['App'])
  })
})

describe('<Sms> in a call', () => {
  // twiml: Sms Sms.to Sms.from Sms.action Sms.method Sms.statusCallback
  test('goes to the far end from our number, tells its callback, and its action is asked [C14]', () => {
    const made = play({
      twiml: '<Sms statusCallback="/told" action="/after" method="GET">See you</Sms><Say>never</Say>',
      pages: { '/after': `<Sms to="${SECOND}" from="${OUR_NUMBER}">Second</Sms><Pause length="60"/>` },
    })
    expect(sent(made).map(({ direction, from, to, body }) => [direction, from, to, body])).toEqual([
      ['outbound-call', OUR_NUMBER, PERSON, 'See you'],
      ['outbound-call', OUR_NUMBER, SECOND, 'Second'],
    ])
    expect(asked(made, '/after')[0]).toMatchObject({
      target: { method: 'GET' },
      fields: { SmsSid: sent(made)[0]?.sid, SmsStatus: 'queued' },
    })
    expect(toldOf(made, '/told').map(({ fields }) => fields.SmsStatus)).toEqual(['queued', 'sent', 'delivered'])
  })

  test('that cannot be sent is reported, and the document goes on [C14]', () => {
    const made = play({ twiml: '<Sms to="nobody">Hi</Sms><Say>on</Say>' })
    expect(codes(made)).toEqual([14101])
    expect(made.ofKind('network-said').map(({ text }) => text)).toEqual(['on'])
  })
})

test.each([
  ['x'.repeat(160), 1],
  ['x'.repeat(161), 2],
  ['€'.repeat(80), 1],
  ['€'.repeat(81), 2],
  ['日'.repeat(70), 1],
  ['日'.repeat(71), 2],
  ['', 1],
])('a text is cut into messages by its letters (%#) [C14]', (body, count) => {
  expect(segmentsOf(body)).toBe(count)
})
