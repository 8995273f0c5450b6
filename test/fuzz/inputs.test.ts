/** What `npm run fuzz` sends: the same for the same seed, of every kind that it promises, and signed so that the carrier's door opens. */
import { expect, test } from 'vitest'
import { Random } from '../simulation/random.ts'
import { mutatedForm, mutatedJson } from './mutations.ts'
import { routeTargets } from './routes.ts'
import { webhookTargets } from './webhooks.ts'

const IDS = {
  agentId: 'ai_1',
  campaignId: 'w_bench.c_1',
  callId: 'w_bench.call_1',
  callSid: 'CA1',
  userId: 'u',
  id: 'p',
}
const SAMPLE = { name: 'Pat', list: [{ phone: '+14155550142', at: 1 }], deep: { on: true } }

const texts = (seed: number, count: number) => {
  const random = new Random(seed)
  return Array.from({ length: count }, () => mutatedJson(SAMPLE, random))
}

test('the same seed makes the same inputs, another seed others', () => {
  expect(texts(1, 300)).toEqual(texts(1, 300))
  expect(texts(1, 300)).not.toEqual(texts(2, 300))
})

test.each<[string, (text: string) => boolean]>([
  ['half characters', text => /\\u(?:d8|db|dc|df)/i.test(text)],
  ['NUL', text => text.includes('\\u0000')],
  ['keys of the prototype', text => text.includes('"__proto__"')],
  ['keys that come twice', text => /"name":.*"name":/.test(text)],
  ['numbers that no double holds', text => text.includes('1e309')],
  ['negative numbers', text => /:-\d/.test(text)],
  ['nesting of ten thousand levels', text => text.includes('['.repeat(10_000))],
  ['a mebibyte', text => text.length > 2 ** 20],
  ['text that is no JSON', text => text.endsWith(',}') || text === ''],
])('among a few thousand inputs of a body are %s', (_, shows) => {
  expect(texts(3, 6_000).some(shows)).toBe(true)
})

test('most inputs of every row with a body are bad, and the good ones are few', () => {
  for (const target of routeTargets(IDS).filter(one => one.namesFields)) {
    const random = new Random(5)
    const inputs = Array.from({ length: 200 }, () => target.make(random))
    const lawful = inputs.filter(input => input.lawful).length
    // Without a good request among them, every mistake would be hidden behind another one.
    expect(lawful, target.name).toBeGreaterThan(0)
    expect(lawful, target.name).toBeLessThan(140)
  }
})

test('a form of a webhook says what is sent: its fields are what a strict reader finds in its text', () => {
  const random = new Random(7)
  let same = 0
  for (let round = 0; round < 500; round += 1) {
    const { text, fields } = mutatedForm({ CallSid: 'CA1', From: '+1', To: '+2' }, random)
    if (JSON.stringify(Object.fromEntries(new URLSearchParams(text))) === JSON.stringify(fields)) same += 1
  }
  // Some texts have a broken code or a repeated key at the end, on purpose.
  expect(same).toBeGreaterThan(450)
  expect(webhookTargets('http://127.0.0.1', IDS).length).toBeGreaterThan(20)
})
