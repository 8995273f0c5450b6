import { expect, test } from 'vitest'
import { filled, mergeValues, mistakesIn, unknownFields } from './script.ts'

const amara = {
  ...{ name: 'Amara Ba Diallo', company: '', numberShown: '(415) 555-0101', timeZone: null, attempt: 2, lastNote: '' },
  postcode: '10001',
}
const values = mergeValues(amara, 'Ada', 'Renewals')

test('fields are filled, and a fallback stands where nothing is known', () => {
  const text =
    'Hi {{ firstName }} of {{company|your company}}, {{agent.name}} of {{campaign.name}}, try {{attempt}}{{timeZone}}'
  expect(filled(text, values)).toBe('Hi Amara of your company, Ada of Renewals, try 2')
  expect(filled('{{lastName}} {{phone}} {{postcode}}', values)).toBe('Ba Diallo (415) 555-0101 10001')
})

test('values are text: no pattern, and no field of a field', () => {
  const odd = mergeValues({ ...amara, name: '$& {{agent.name}}' }, 'Ada', '')
  expect(filled('{{name}}', odd)).toBe('$& {{agent.name}}')
})

test('a name that nothing has is found, and left as it is', () => {
  expect(unknownFields('{{firstName}} {{frstName|x}} {{constructor}} {{}}')).toEqual(['frstName', 'constructor', ''])
  expect(filled('{{frstName}}', values)).toBe('{{frstName}}')
})

test('each mistake of a script has its place', () => {
  const blocks = [
    { blockId: 'open', text: 'Hi {{nobody}}', answers: [{ label: 'Yes', to: 'none' }] },
    { blockId: 'open', text: '', answers: [{ label: '{{x}}', to: 'open' }] },
  ]
  expect(mistakesIn(blocks).map(one => one.path.join('.'))).toEqual([
    ...['0.text', '0.answers.0.to', '1.blockId', '1.answers.0.label'],
  ])
  expect(mistakesIn([{ blockId: 'a', text: '{{name}}', answers: [{ label: 'Again', to: 'a' }] }])).toEqual([])
})
