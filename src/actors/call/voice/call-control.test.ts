import { expect, test } from 'vitest'
import { DEFAULT_PROFILE } from '../../../core/desk/voice-profile.ts'
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

const CALLER = { from: '+14155550111', to: '+14155550100', name: '' }

function onCall(verdict: object = { cleared: true, profile: 'custom' }, allowInbound = true, party = CALLER) {
  const asked: object[] = []
  const did: string[] = []
  let pending = false
  const actions = {
    party,
    otherNumber: party.from,
    transferPending: () => pending,
    transferTo: () => {
      pending = true
      did.push('rings a desk')
    },
    judged: verdict => void did.push(verdict.cleared ? 'notes the verdict' : `notes ${verdict.rule}`),
    dialOn: () => {
      pending = true
      did.push('dials')
    },
    leaveAfterReply: () => void did.push('leaves'),
    stayAfterReply: () => void did.push('stays'),
  } as Partial<CallActions> as CallActions
  const near = {
    actor: () => ({
      judge: async (asks: object[]) => {
        asked.push(...asks)
        return [verdict]
      },
    }),
    voiceProfile: async () => ({ ...DEFAULT_PROFILE, allowInbound }),
  } as unknown as Neighbours
  const tools = new Tools(BODY, new CallControl(near, 'w_eu_1.c_1', BODY, actions))
  return { did, asked, run: (name: string, input: unknown = {}) => tools.run({ toolId: name, name, input }) }
}

test.each([
  ['sales', ['rings a desk']],
  ['warehouse', ['notes the verdict', 'dials']],
])('a transfer to %s and the end of the call in one answer: the transfer, in either order [C8]', async (dest, done) => {
  const first = onCall()
  await first.run('transfer_call', { dest })
  expect(await first.run('end_call')).toMatchObject({ error: expect.stringContaining('cannot end now') })
  expect(first.did).toEqual(['stays', ...done])
  const last = onCall()
  await last.run('end_call')
  await last.run('transfer_call', { dest })
  expect(last.did).toEqual(['leaves', 'stays', ...done])
})

test('a transfer that a rule forbids is not dialled, and the rule is noted on the call [C1]', async () => {
  const held = onCall({ cleared: false, rule: 'do-not-call', untilMs: null })
  expect(await held.run('transfer_call', { dest: 'warehouse' })).toMatchObject({ error: expect.any(String) })
  expect(held.did).toEqual(['stays', 'notes do-not-call'])
})

test('a colleague whose profile takes no calls is not rung by a transfer [S4-27]', async () => {
  const away = onCall(undefined, false)
  expect(await away.run('transfer_call', { dest: 'sales' })).toMatchObject({
    error: expect.stringContaining('no calls'),
  })
  expect(away.did).toEqual(['stays'])
})

test('the gate is told when nothing is charged for a number that a SIP phone is handed over to', async () => {
  for (const [party, uncharged] of [
    [CALLER, undefined],
    [{ ...CALLER, from: 'sip:101@desk.example', to: '200' }, true],
    [{ ...CALLER, to: '200' }, true],
  ] as const) {
    const { asked, run } = onCall(undefined, true, party)
    await run('transfer_call', { dest: 'warehouse' })
    expect(asked).toEqual([expect.objectContaining({ to: '+14155550199' })])
    expect((asked[0] as { uncharged?: true }).uncharged).toBe(uncharged)
  }
})
