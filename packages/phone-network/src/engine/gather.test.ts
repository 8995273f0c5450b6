import { describe, expect, test } from 'vitest'
import type { Act } from '../people/acts.ts'
import { script } from '../people/script.ts'
import { VirtualNetwork } from '../testing/virtual-network.ts'

const PERSON = '+14155551777'

/** A network with one person who does `acts`, and TwiML by path. */
function network(acts: Act[], pages: Record<string, string>): VirtualNetwork {
  const made = new VirtualNetwork()
  const person = { number: PERSON, name: 'P', company: '', timeZone: 'UTC', scriptId: 'test' }
  made.take({
    kind: 'people.defined',
    people: [{ ...person, script: script({ kind: 'human', answerMs: 500, acts }) }],
  })
  for (const [path, twiml] of Object.entries(pages)) made.pages.set(path, `<Response>${twiml}</Response>`)
  return made
}

const fieldsOf = (made: VirtualNetwork, path: string) =>
  made.fetches().find(one => one.target.url.endsWith(path))?.fields

describe('keys', () => {
  test('numDigits ends it at once; a key stops the prompt', () => {
    const made = network([{ pauseMs: 1_000 }, { press: '42' }], {
      '/answer': `<Gather numDigits="2" action="/keys"><Say>${'word '.repeat(60)}</Say></Gather>`,
      '/keys': '<Say>Thanks</Say>',
    })
    made.call(PERSON)
    made.pass(4_000)
    expect(fieldsOf(made, '/keys')).toMatchObject({ Digits: '42', FinishedOnKey: '' })
    expect(made.ofKind('gathered')[0]).toMatchObject({ digits: '42' })
    expect(made.did('stop-playing').length).toBeGreaterThan(0)
  })

  test('# ends it and is not part of it; GET is obeyed', () => {
    const made = network([{ pauseMs: 2_000 }, { press: '123#' }], {
      '/answer': '<Gather action="/keys" method="GET"/>',
      '/keys': '<Hangup/>',
    })
    made.call(PERSON)
    made.pass(8_000)
    const fetch = made.fetches().find(one => one.target.url.endsWith('/keys'))
    expect(fetch?.fields).toMatchObject({ Digits: '123', FinishedOnKey: '#' })
    expect(fetch?.target.method).toBe('GET')
  })

  test('silence falls through after the timeout, which begins after the prompts', () => {
    const made = network([], {
      '/answer': '<Gather timeout="3" action="/keys"><Pause length="4"/></Gather><Say>Nobody</Say>',
    })
    made.call(PERSON)
    made.pass(7_000)
    expect(made.ofKind('network-said')).toEqual([])
    made.pass(1_000)
    expect(made.ofKind('network-said')[0]?.text).toBe('Nobody')
    expect(fieldsOf(made, '/keys')).toBeUndefined()
  })

  test('actionOnEmptyResult asks the action all the same', () => {
    const made = network([], {
      '/answer': '<Gather timeout="2" actionOnEmptyResult="true" action="/keys"/>',
      '/keys': '',
    })
    made.call(PERSON)
    made.pass(4_000)
    expect(fieldsOf(made, '/keys')).toMatchObject({ Digits: '' })
  })

  test('without bargeIn keys during the prompt are lost', () => {
    const made = network([{ press: '1' }, { pauseMs: 5_000 }, { press: '2' }], {
      '/answer': '<Gather numDigits="1" bargeIn="false" action="/keys"><Pause length="3"/></Gather>',
      '/keys': '',
    })
    made.call(PERSON)
    made.pass(9_000)
    expect(fieldsOf(made, '/keys')).toMatchObject({ Digits: '2' })
  })

  test('its own URL is the default action', () => {
    const made = network([{ pauseMs: 500 }, { press: '7' }], { '/answer': '<Gather numDigits="1"/>' })
    made.call(PERSON)
    made.pass(3_000)
    expect(made.fetches()[1]?.target.url).toMatch(/\/answer$/)
    expect(made.fetches()[1]?.fields.Digits).toBe('7')
  })
})

describe('speech', () => {
  test('what the person says comes as words, after the silence that ends it', () => {
    const made = network([{ pauseMs: 1_000 }, { say: 'I want a refund.' }, { say: 'For two chairs.' }], {
      '/answer':
        '<Gather input="speech" speechTimeout="auto" action="/words"><Say>What can I do for you?</Say></Gather>',
      '/words': '<Say>I see</Say>',
    })
    made.call(PERSON)
    made.pass(12_000)
    expect(fieldsOf(made, '/words')).toMatchObject({
      SpeechResult: 'I want a refund. For two chairs.',
      Confidence: '0.95',
    })
  })

  test('partial results are told as they come, with a sequence', () => {
    const made = network([{ say: 'One.' }, { say: 'Two.' }], {
      '/answer': '<Gather input="dtmf speech" action="/words" partialResultCallback="/partial"/>',
      '/words': '',
    })
    made.call(PERSON)
    made.pass(8_000)
    expect(made.notices('partial').map(({ fields }) => [fields.UnstableSpeechResult, fields.SequenceNumber])).toEqual([
      ['One.', '0'],
      ['One. Two.', '1'],
    ])
  })

  test('words are misheard at the rate that was asked for, the same ones for one seed', () => {
    const heard = () => {
      const made = network([{ say: 'Yes I can pay five or nine for two' }], {
        '/answer': '<Gather input="speech" action="/words"/>',
        '/words': '',
      })
      made.world.recogniserErrorRate = 0.5
      made.call(PERSON)
      made.pass(8_000)
      return fieldsOf(made, '/words')?.SpeechResult
    }
    expect(heard()).not.toBe('Yes I can pay five or nine for two')
    expect(heard()).toBe(heard())
  })
})

test('an IVR follows the keys that a program sends', () => {
  const made = network(
    [
      { say: 'For sales press one.' },
      { menu: { keys: { '1': [{ say: 'Sales department.' }, { hangUp: true }] }, waitMs: 4_000 } },
      { say: 'Goodbye.' },
      { hangUp: true },
    ],
    { '/answer': '<Pause length="3"/><Play digits="w1"/><Pause length="20"/>' },
  )
  const call = made.call(PERSON)
  made.pass(20_000)
  expect(made.ofKind('person-said').map(({ text }) => text)).toEqual(['For sales press one.', 'Sales department.'])
  expect(call.status).toBe('completed')
})

test('a person plays a file as its voice; one that cannot be had is passed over', () => {
  const url = 'http://127.0.0.1:1/voice.wav'
  const made = network([{ play: url }, { say: 'That was it.' }], { '/answer': '<Pause length="9"/>' })
  const call = made.call(PERSON)
  made.pass(1_000)
  expect(made.did('play-url')).toMatchObject([{ url, by: 'person' }])
  made.pass(2_000)
  expect(made.ofKind('person-said').map(({ text }) => text)).toEqual(['That was it.'])
  const other = network([{ pauseMs: 9_000 }, { play: url }], { '/answer': '<Pause length="20"/>' })
  const failing = other.call(PERSON)
  other.pass(2_000)
  const token = failing.acting?.token ?? 0
  other.take({ kind: 'sound.failed', callSid: failing.sid, token, code: 11200, message: 'gone' })
  other.pass(100)
  expect(other.did('play-url')).toHaveLength(1)
  expect(call.status).toBe('in-progress')
})
