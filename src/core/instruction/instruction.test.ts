import { expect, test } from 'vitest'
import { safeHarbour, safeHarbourWithKey } from './instruction.ts'

test('the safe-harbour message names the seller, a number digit by digit, and the way off the list', () => {
  expect(safeHarbour({ name: 'Northwind', number: '+14155550001' })[0]).toEqual({
    kind: 'say',
    text:
      'Hello, this is Northwind. We are sorry, all of our agents are speaking with other people. ' +
      'You can reach us at 1 4 1 5 5 5 5 0 0 0 1. To be taken off our list, call that number and say stop. Goodbye.',
  })
})

test('without a number the message does not speak of one', () => {
  for (const number of ['', 'banana'])
    expect(safeHarbour({ name: 'Northwind', number })).toEqual([
      {
        kind: 'say',
        text: 'Hello, this is Northwind. We are sorry, all of our agents are speaking with other people. Goodbye.',
      },
      { kind: 'hang-up' },
    ])
})

test('where an actor answers, the message takes one key, and hangs up without it [C1]', () => {
  const [gather, end, ...more] = safeHarbourWithKey({ name: 'Northwind', number: '+14155550001' })
  expect(gather).toMatchObject({ kind: 'gather', digits: { most: 1 }, token: 'opt-out' })
  expect(JSON.stringify(gather)).toContain('Or press 9 now, and we will not call you again.')
  expect([end, more]).toEqual([{ kind: 'hang-up' }, []])
})
