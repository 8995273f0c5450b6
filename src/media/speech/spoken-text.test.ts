import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSpokenText, pronounced } from './spoken-text.ts'

function spoken(...pieces: string[]): string {
  const text = createSpokenText('en')
  return [...pieces.flatMap(piece => text.push(piece)), ...text.flush()].join(' ')
}

test.each([
  ['Write to jane_doe@example.com.', 'Write to jane_doe@example.com.'],
  ['It is _jane@example.com or https://example.com/a_b_', 'It is _jane@example.com or https://example.com/a_b_'],
  ['How many seats? 12. Shall I book one?', 'How many seats? 12. Shall I book one?'],
  ['Am 12. Mai passt es.', 'Am 12. Mai passt es.'],
  ['12.', '12.'],
  ['We have 5 left. 7) is taken.', 'We have 5 left. 7) is taken.'],
  ['Press # or * to go on.', 'Press # or * to go on.'],
  ['Press one. # to go on, *67 to hide.', 'Press one. # to go on, *67 to hide.'],
  ['# to go on.', '# to go on.'],
  ['Press `#`, or **\\***.', 'Press #, or *.'],
  ['Which key? *', 'Which key? *'],
  ['**Two** chairs, *nice* ones, _really_ __good__.', 'Two chairs, nice ones, really good.'],
  ['# Our prices\n- one chair\n* two chairs\n1. a table', 'Our prices one chair two chairs 1. a table'],
  ['See [our page](https://example.com/x).', 'See our page.'],
  ['Great 👍🏽! Bye 🇫🇷👩‍👩‍👧.', 'Great ! Bye .'],
  ['Take 5️⃣, © 2026.', 'Take 5, © 2026.'],
  ['👍', ''],
  ['***\n---\n…', ''],
  ['2 < 3 and 4 > 3, <b', '2 < 3 and 4 > 3, <b'],
])('%j is spoken as %j [C8]', (written, wanted) => {
  expect(spoken(written)).toBe(wanted)
})

test.each([
  ['<think>secret</think>The price is ten.', 'The price is ten.'],
  ['Well. <THINKING>secret\n\nsecret</THINKING> Ten.', 'Well. Ten.'],
  ['<think>a <think>secret</think> secret</think>Ten.', 'Ten.'],
  ['<tool_call>{"name": "secret", "arguments": {"a": "<b>"}}</tool_call>', ''],
  ['One moment. <function=secret>{"a": 1}</function>', 'One moment.'],
  ['<invoke name="secret"><parameter name="x">secret</parameter></invoke>Done.', 'Done.'],
  ['Ten.<|im_end|>', 'Ten.'],
  ['The price is ten. <think>secret that never ends', 'The price is ten.'],
  ['</think>Ten.', 'Ten.'],
  ['Ten. <thi', 'Ten.'],
  ['The thinking <thinner> person.', 'The thinking <thinner> person.'],
])('hidden parts of %j leave %j, wherever the stream is cut [C8]', (written, wanted) => {
  expect(spoken(written)).toBe(wanted)
  expect(spoken(...written)).toBe(wanted)
  const cuts = fc.array(fc.nat({ max: written.length }), { maxLength: 8 })
  fc.assert(
    fc.property(cuts, found => {
      const at = [0, ...found.toSorted((a, b) => a - b), written.length]
      const pieces = at.slice(1).map((end, index) => written.slice(at[index], end))
      expect(spoken(...pieces)).toBe(wanted)
    }),
    { seed: 8, numRuns: 200 },
  )
})

const token = fc.constantFrom(
  ...[
    '<think>',
    '</think>',
    '<tool_call>',
    '</tool_call>',
    '<',
    '>',
    '|',
    '<|',
    '|>',
    'th',
    'ink',
    '_',
    '*',
    '#',
    '- ',
  ],
  ...['\n', ' ', '.', 'Ten', '12', '👍', '`', '@', '</', 'x'.repeat(210)],
)

test('fuzz: cuts on the way change nothing, and what is inside a part is never said [C8]', () => {
  const pieces = fc.array(token, { maxLength: 40 })
  fc.assert(
    fc.property(pieces, pieces, fc.infiniteStream(fc.integer({ min: 1, max: 12 })), (before, after, steps) => {
      const hidden = '<think>Secret'
      const text = `${before.join('')}${hidden}${after.join('').replaceAll('>', '')}`
      const cut: string[] = []
      for (let at = 0; at < text.length; ) {
        const step = steps.next().value as number
        cut.push(text.slice(at, at + step))
        at += step
      }
      const whole = spoken(text)
      expect(spoken(...cut)).toBe(whole)
      expect(whole.includes('Secret')).toBe(isOpenTag(before.join('')))
    }),
    { seed: 8, numRuns: 500 },
  )
})

/** Text before the part that makes one tag of both: its `<` is not closed, and the part belongs to it. */
function isOpenTag(before: string): boolean {
  return spoken(`${before}<think>Marker`).includes('Marker')
}

test('keys become words for a voice, and numbers and addresses stay [C8]', () => {
  expect(pronounced('Press # or * to go on.', 'en', 'en-US')).toBe('Press pound or star to go on.')
  expect(pronounced('Press #.', 'en', 'en-GB')).toBe('Press hash.')
  expect(pronounced('Dial *67, we are #1, a#b 5*3.', 'en', 'en-US')).toBe('Dial star 67, we are #1, a#b 5*3.')
  expect(pronounced('Drücken Sie „#“.', 'de', 'de-DE')).toBe('Drücken Sie „Raute“.')
})
