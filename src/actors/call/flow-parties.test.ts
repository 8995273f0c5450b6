import { expect, test } from 'vitest'
import type { CallState } from '../../core/call/state.ts'
import type { Neighbours } from '../neighbours.ts'
import { connected } from './flow-parties.ts'

const REFUSED = { cleared: false, rule: 'credit', untilMs: null }

/** The gate of a workspace whose calls need credit. */
async function connects(from: string, to: string, kind = 'inbound') {
  const judge = async ([ask]: { uncharged?: true }[]) => [
    ask?.uncharged ? REFUSED : { cleared: true, profile: 'custom' },
  ]
  const reach = async (_: string, uri: string) => ({ extension: null, uri, name: '' })
  const near = { actor: () => ({ judge, reach }) } as unknown as Neighbours
  const call = { phase: 'live', links: { kind }, party: { from, to, name: '' } }
  const option = { destinations: [{ type: 'tel', target: '+14155550199' }] }
  const state = { call } as unknown as CallState
  const nobody = () => Promise.reject(new Error('no agent'))
  return connected(near, 'w_eu_1.c_1', state, option, nobody)
}

test('where calls need credit, a SIP phone is not connected with a number for nothing', async () => {
  for (const [from, to] of [
    ['sip:101@desk.example', '200'],
    ['+14155550111', '200'],
    ['sip:101@desk.example', '+14155550100'],
  ] as const)
    expect(await connects(from, to), `${from} ${to}`).toEqual({
      is: 'failed',
      because: expect.stringContaining('The credit of the workspace'),
    })
})

test('everybody else is connected as before', async () => {
  expect(await connects('+14155550111', '+14155550100')).toMatchObject({ is: 'steps' })
  expect(await connects('', '+14155550100')).toMatchObject({ is: 'steps' })
  expect(await connects('+14155550100', 'sip:101@desk.example', 'api')).toMatchObject({ is: 'steps' })
})
