import { expect, test } from 'vitest'
import { lawful, lawfulText } from './lawful-text.ts'

test('what no XML may have becomes a space, and everything else stays [D12]', () => {
  for (let code = 0; code < 0x20; code += 1) {
    const text = `a${String.fromCharCode(code)}b`
    expect(lawfulText(text), String(code)).toBe([9, 10, 13].includes(code) ? text : 'a b')
  }
  expect(lawfulText('a\ud800b\udc00c\ufffe\uffff')).toBe('a b c  ')
  const plain = 'Grüße, «Ærø» 北京 🙂 \u{10ffff} & <b> "q"'
  expect(lawfulText(plain)).toBe(plain)
})

test('texts are made lawful however deep they are in an instruction [D12]', () => {
  const say = { kind: 'say' as const, text: 'a\u000bb', voice: 'c\u0000' }
  const gather = { kind: 'gather' as const, digits: null, speech: null, untilMs: 1, token: 't\u0001', prompt: [say] }
  const dial = {
    kind: 'dial' as const,
    parties: [{ kind: 'sip' as const, uri: 'sip:\u0002x' }],
    from: '',
    ringMs: 1,
    record: false,
  }
  expect(lawful([say, gather, dial])).toEqual([
    { ...say, text: 'a b', voice: 'c ' },
    { ...gather, token: 't ', prompt: [{ ...say, text: 'a b', voice: 'c ' }] },
    { ...dial, parties: [{ kind: 'sip', uri: 'sip: x' }] },
  ])
})
