import { expect, test } from 'vitest'
import { requireIds } from './path-ids.ts'

const GOOD = { callId: 'w_a.call_1', campaignId: 'w_a.c_1', runId: 'w_a.rh_1' }
const NAMES = Object.keys(GOOD) as (keyof typeof GOOD)[]

test('an id of the right kind and of the own workspace passes; a parameter of another name is any text', () => {
  expect(() => requireIds({ ...GOOD, agentId: 'w_b.x', name: '?' }, 'w_a')).not.toThrow()
})

test('an id of another workspace, an id of another kind and a text that is no id are 404', () => {
  for (const name of NAMES) {
    const others = NAMES.filter(one => one !== name).map(one => GOOD[one])
    for (const text of [GOOD[name].replace('w_a', 'w_b'), ...others, 'w_a', 'nope', ''])
      expect(() => requireIds({ [name]: text }, 'w_a'), `${name} ${text}`).toThrow(
        expect.objectContaining({ status: 404 }),
      )
    expect(() => requireIds({ [name]: GOOD[name] }, null), name).toThrow(expect.objectContaining({ status: 404 }))
  }
})
