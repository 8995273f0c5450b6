import { describe, expect, test } from 'vitest'
import { demoPeople } from './load.ts'
import { MAGIC, personAt } from './magic.ts'
import { checkPerson, checkScript } from './script.ts'

describe('the demo campaign', () => {
  test('is forty people of many kinds with numbers of their own', async () => {
    const people = await demoPeople()
    expect(people).toHaveLength(40)
    expect(new Set(people.map(person => person.number)).size).toBe(40)
    const count = (...kinds: string[]): number => people.filter(person => kinds.includes(person.script.kind)).length
    expect(count('human')).toBe(16)
    expect(count('voicemail')).toBe(8)
    expect(count('busy', 'reject')).toBe(5)
    expect(count('no-answer')).toBe(6)
    expect(count('manual')).toBe(2)
    expect(count('unreachable', 'invalid')).toBe(3)
    for (const { script } of people.filter(person => person.script.kind === 'human')) {
      expect(script.answerMs).toBeGreaterThanOrEqual(2_000)
      expect(script.answerMs).toBeLessThanOrEqual(9_000)
      expect(script.acts.length).toBeGreaterThan(0)
    }
  })
})

describe('magic numbers', () => {
  test.each([...MAGIC.keys()])('+1500%s… is in the table and is always the same', code => {
    const number = `+1500${code}01201`
    expect(personAt(number).scriptId).toBe(MAGIC.get(code)?.name)
    expect(personAt(number)).toEqual(personAt(number))
  })

  test('the parameter is tenths of a second', () => {
    expect(personAt('+15002001501').script).toMatchObject({ kind: 'human', answerMs: 1_500 })
    expect(personAt('+15005100201').script.create).toMatchObject({ answer: 429, times: 2 })
  })

  test('any other number is a human who answers after 2 to 6 s', () => {
    for (const number of ['+14155557777', '+442071838750', '+15009901001']) {
      const { script } = personAt(number)
      expect(script.kind).toBe('human')
      expect(script.answerMs).toBeGreaterThanOrEqual(2_000)
      expect(script.answerMs).toBeLessThan(6_000)
    }
  })
})

describe('scripts from outside', () => {
  test.each([
    [{}, /kind must be one of/],
    [{ kind: 'human', acts: [{ sing: 'la' }] }, /acts\[0\]/],
    [{ kind: 'human', acts: [{ say: 'a', pauseMs: 1 }] }, /exactly one/],
    [{ kind: 'human', answerMs: -1 }, /answerMs/],
    [{ kind: 'human', answerSeconds: 1 }, /no field "answerSeconds"/],
    [{ kind: 'human', create: { answer: 200 } }, /create.answer/],
    [{ kind: 'human', acts: 'hello' }, /acts must be a list/],
    ['human', /must be an object/],
  ])('%j is refused with a reason', (value, message) => {
    expect(() => checkScript(value)).toThrow(message)
  })

  test('a person needs an E.164 number and a script that exists', () => {
    expect(() => checkPerson({ number: '555', script: { kind: 'busy' } }, new Map())).toThrow(/E.164/)
    expect(() => checkPerson({ number: '+14155550101', script: 'nope' }, new Map())).toThrow(/no script "nope"/)
    expect(checkPerson({ number: '+14155550101', script: { kind: 'busy' } }, new Map())).toMatchObject({
      name: '+14155550101',
      script: { kind: 'busy' },
    })
  })
})
