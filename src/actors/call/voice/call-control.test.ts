import { expect, test } from 'vitest'
import { aiAgentBody } from '../../../wire/ai-agent.ts'
import type { Neighbours } from '../../neighbours.ts'
import { type CallActions, CallControl } from './call-control.ts'
import { Tools } from './tool-executor.ts'

const BODY = aiAgentBody.parse({
  name: 'Robin',
  prompt: 'Speak.',
  tools: ['transfer_call', 'end_call'],
  directory: [
    { name: 'sales', kind: 'desk', target: 'u1' },
    { name: 'warehouse', kind: 'number', target: '+14155550199' },
  ],
})

function onCall() {
  const did: string[] = []
  let pending = false
  const actions = {
    transferPending: () => pending,
    transferTo: () => {
      pending = true
      did.push('rings a desk')
    },
    dialOn: () => {
      pending = true
      did.push('dials')
    },
    leaveAfterReply: () => void did.push('leaves'),
    stayAfterReply: () => void did.push('stays'),
  } as Partial<CallActions> as CallActions
  const near = { actor: () => ({ judge: async () => [{ cleared: true }] }) } as unknown as Neighbours
  const tools = new Tools(BODY, new CallControl(near, 'w_eu_1.c_1', BODY, actions))
  return { did, run: (name: string, input: unknown = {}) => tools.run({ toolId: name, name, input }) }
}

test.each([
  ['sales', 'rings a desk'],
  ['warehouse', 'dials'],
])('a transfer to %s and the end of the call in one answer: the transfer, in either order [C8]', async (dest, done) => {
  const first = onCall()
  await first.run('transfer_call', { dest })
  expect(await first.run('end_call')).toMatchObject({ error: expect.stringContaining('cannot end now') })
  expect(first.did).toEqual(['stays', done])
  const last = onCall()
  await last.run('end_call')
  await last.run('transfer_call', { dest })
  expect(last.did).toEqual(['leaves', 'stays', done])
})
