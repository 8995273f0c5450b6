import { describe, expect, test } from 'vitest'
import { parseTwiml } from './document.ts'

describe('reading TwiML', () => {
  test('keeps order, attributes, entities and nesting', () => {
    const result = parseTwiml(
      '<?xml version="1.0" encoding="UTF-8"?><Response><!-- first --><Say voice="Polly.Amy">Fish &amp; chips &#8212; now</Say>' +
        '<Dial action="/a?x=1&amp;y=2"><Number>+1415</Number><Client><Identity>ada</Identity></Client></Dial><Say>0123</Say></Response>',
    )
    expect(result).toEqual({
      ok: true,
      text: '',
      verbs: [
        { name: 'Say', attributes: { voice: 'Polly.Amy' }, text: 'Fish & chips — now', children: [] },
        {
          name: 'Dial',
          attributes: { action: '/a?x=1&y=2' },
          text: '',
          children: [
            { name: 'Number', attributes: {}, text: '+1415', children: [] },
            {
              name: 'Client',
              attributes: {},
              text: '',
              children: [{ name: 'Identity', attributes: {}, text: 'ada', children: [] }],
            },
          ],
        },
        { name: 'Say', attributes: {}, text: '0123', children: [] },
      ],
    })
  })

  test('takes CDATA as it stands', () => {
    const result = parseTwiml('<Response><Say><![CDATA[a & b <c>]]></Say></Response>')
    expect(result).toMatchObject({ ok: true, verbs: [{ text: 'a & b <c>' }] })
  })

  test('an empty body has no verbs', () => {
    expect(parseTwiml(' \n')).toEqual({ ok: true, verbs: [], text: '' })
    expect(parseTwiml('<Response/>')).toEqual({ ok: true, verbs: [], text: '' })
  })

  test.each([
    '<Response>',
    'hello',
    '<Response></Say></Response>',
    '<response/>',
    '{"a":1}',
    '<Response><Play>http://a/?x=1&y=2</Play></Response>',
    '<Response>&nbsp;</Response>',
  ])('%s is 12100', body => {
    expect(parseTwiml(body)).toMatchObject({ ok: false, code: 12100 })
  })

  test.each([
    ['a DOCTYPE', '<!DOCTYPE Response><Response/>'],
    [
      'a DOCTYPE with entities',
      '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><Response><Say>&a;</Say></Response>',
    ],
    ['a control character', '<Response><Say>a\u0007b</Say></Response>'],
    ['a control character in CDATA', '<Response><Say><![CDATA[a\u0000b]]></Say></Response>'],
    ['a control character in an attribute', '<Response><Play digits="1\u000b"/></Response>'],
    ['a control character by its number', '<Response><Say>a&#7;b</Say></Response>'],
    ['a control character by its hexadecimal number', '<Response><Say>a&#x1F;b</Say></Response>'],
    ['half of a surrogate pair', '<Response><Say>a\ud83d</Say></Response>'],
    ['half of a surrogate pair by its number', '<Response><Say>&#xD83D;</Say></Response>'],
    ['a number beyond Unicode', '<Response><Say>&#99999999;</Say></Response>'],
  ])('%s is 12100 [C14]', (_, body) => {
    expect(parseTwiml(body)).toMatchObject({ ok: false, code: 12100 })
  })

  test('what only looks like a DOCTYPE or a reference is text, and whole surrogate pairs are characters [C14]', () => {
    const result = parseTwiml(
      '<Response><!-- <!DOCTYPE> --><Say><![CDATA[<!DOCTYPE> &#7;]]> \ud83d\ude00&#9;!</Say></Response>',
    )
    expect(result).toMatchObject({
      ok: true,
      verbs: [{ name: 'Say', text: expect.stringContaining('<!DOCTYPE> &#7;') }],
    })
  })
})
