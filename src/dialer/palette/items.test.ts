import { describe, expect, test } from 'vitest'
import { conversationOf, viewOf } from '../testing/views.ts'
import { itemsOf, type Known, matching } from './items.ts'

const CALL = { callId: 'w_a.call_1', name: 'Pat', number: '', kind: 'campaign', sinceMs: 1, held: false } as const
const BO = { agent: { agentId: 'u2', name: 'Bo' }, call: { ...CALL, whyNot: null, supervisors: [] } }

function known(change: Partial<Known> = {}): Known {
  return {
    ...{ view: viewOf(), whyNot: () => null, talking: [], whyNotListen: () => null, whyNotTake: () => null },
    workspaces: [],
    ...change,
  }
}
const itemOf = (id: string, of: Known) => itemsOf(of).find(one => one.id === id)

describe('what is offered', () => {
  test('what the desk refuses stands last, with the reason', () => {
    const items = itemsOf(known({ whyNot: action => (action === 'call.hang-up' ? null : 'Not now') }))
    const first = items.findIndex(one => one.why !== null)
    expect(items.slice(first).every(one => one.why === 'Not now')).toBe(true)
    expect(items[0]).toMatchObject({ id: 'call.hang-up', key: 'X' })
    expect(items.slice(0, first).map(one => one.id)).toContain('go /calls')
  })

  test('an action on the call is about the call on the line', () => {
    const of = known({ view: viewOf({ conversation: conversationOf({ callId: 'leg-7' }) }) })
    expect(itemOf('call.hold', of)?.deed).toEqual({ do: 'act', action: { type: 'call.hold', callId: 'leg-7' } })
  })

  test('a supervisor listens to whoever talks, and reads why not', () => {
    const of = known({ talking: [BO], whyNotTake: () => 'A call rings at your desk' })
    expect(itemOf('whisper w_a.call_1', of)).toMatchObject({ why: null, deed: { do: 'supervise', mode: 'whisper' } })
    expect(itemOf('take w_a.call_1', of)?.why).toBe('A call rings at your desk')
  })

  test('another workspace is gone to, and not while somebody is on the line', () => {
    const workspaces = [{ workspaceId: 'w_b', name: 'North' }]
    expect(itemOf('enter w_b', known({ workspaces }))).toMatchObject({
      ...{ why: null, deed: { do: 'enter', workspaceId: 'w_b' } },
    })
    const talking = known({ workspaces, view: viewOf({ conversation: conversationOf({ callId: 'leg-7' }) }) })
    expect(itemOf('enter w_b', talking)?.why).not.toBeNull()
  })

  test('an agent is offered no page Live', () => {
    const role = (wanted: 'agent' | 'supervisor') => viewOf({ agent: { ...viewOf().agent, role: wanted } })
    expect(itemOf('go /live', known({ view: role('agent') }))).toBeUndefined()
    expect(itemOf('go /live', known({ view: role('supervisor') }))).toBeDefined()
  })
})

test('words are found in any order and any case', () => {
  const words = (typed: string) => matching(itemsOf(known()), typed).map(one => one.words)
  expect(words('SESSION stop')).toEqual(['Stop the session'])
  expect(words('do-not list')).toEqual(['Put this number on the do-not-call list'])
  expect(words('go queues')).toEqual(['Go to Queues'])
  expect(words('nothing like that')).toEqual([])
  expect(words(' ').length).toBe(itemsOf(known()).length)
})
