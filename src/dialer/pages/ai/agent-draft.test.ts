import { describe, expect, test } from 'vitest'
import { bodyOf, changedWords, draftOf, errorAt, NEW_AGENT, NEW_HTTP_TOOL, variablesIn } from './agent-draft.ts'

const FULL = {
  ...NEW_AGENT,
  name: 'Robin',
  hints: ['Northwind', 'Ada'],
  neverSay: ['Blue Harvest'],
  limits: { durationSeconds: 90, costCents: 25 },
  phrases: { wait: 'One moment.' },
  httpTools: [
    {
      name: 'order_status',
      description: 'Looks up an order',
      method: 'GET' as const,
      url: 'https://shop.example.com/order',
      input: { type: 'object' },
      secretHeaders: { Authorization: '' },
    },
  ],
}

test('what a form shows goes back as it came, secrets that were kept included', () => {
  expect(bodyOf(draftOf(FULL))).toEqual({ body: FULL, errors: [] })
  expect(bodyOf(draftOf(NEW_AGENT))).toEqual({ body: NEW_AGENT, errors: [] })
})

describe('what cannot be sent', () => {
  test('is told beside its field', () => {
    const draft = { ...draftOf(FULL), durationMinutes: 'ten', silenceSeconds: '' }
    const tool = { ...NEW_HTTP_TOOL, input: '[1]' }
    const { errors } = bodyOf({ ...draft, httpTools: [tool, { ...tool, input: '{' }] })
    expect(errors.map(({ field }) => field)).toEqual([
      'httpTools.0.input',
      'httpTools.1.input',
      'limits.durationSeconds',
      'silenceSeconds',
    ])
    expect(errorAt(errors, 'httpTools.1')).toMatch(/JSON Schema/)
    expect(errorAt(errors, 'httpTools.10')).toBeUndefined()
  })
})

test('comma or point; lines without words are no hints; a header without a name is none', () => {
  const draft = { ...draftOf(FULL), costDollars: '0,5', hints: ' one \n\n two' }
  const [tool = NEW_HTTP_TOOL] = draft.httpTools
  const { body } = bodyOf({ ...draft, httpTools: [{ ...tool, secretHeaders: [{ name: ' ', value: 'x' }] }] })
  expect([body.limits.costCents, body.hints, body.httpTools[0]?.secretHeaders]).toEqual([50, ['one', 'two'], {}])
})

test('variables, each once; changes in words', () => {
  expect(variablesIn('Hi {firstName}, {a b}', '{company} {firstName}')).toEqual(['firstName', 'company'])
  expect(changedWords(['phrases.wait', 'phrases.goodbye', 'prompt'])).toBe('phrases, prompt')
  expect(changedWords([])).toBe('first version')
})
