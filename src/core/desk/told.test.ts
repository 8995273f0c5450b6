import { expect, test } from 'vitest'
import { step } from '../machine.ts'
import { desk, viewOf } from './desk.ts'
import type { DeskState } from './state.ts'
import { readyDesk } from './testing.ts'
import { NOTICES_MAX } from './told.ts'
import type { SessionView } from './view.ts'

const READY = readyDesk('Ada')
const session = (state: SessionView['state']): DeskState => ({
  ...READY,
  session: {
    ...{ campaignId: 'w_a.c_1', name: 'Q4', lines: 2, state, restUntilMs: null, restReason: null, startedMs: 1 },
    ...{ contactsLeft: 3, counts: {} as SessionView['counts'] },
  },
})
const message = (noticeId: string) => ({
  type: 'message.left' as const,
  at: 5,
  noticeId,
  text: 'Well done.',
  by: 'Sam',
})
const forced = (to: 'paused' | 'signed-out') => ({
  ...{ type: 'agent.forced' as const, at: 5, noticeId: 'n1', to, text: 'Stand-up', by: 'Sam' },
})
const words = (state: DeskState, input: ReturnType<typeof forced>) =>
  step(desk, state, input).facts.map(fact => (fact.type === 'session-asked' ? fact.word : fact.type))

test('a message stands on the screen until the agent has read it, and comes once', () => {
  const { state } = step(desk, READY, message('n1'))
  expect(viewOf(state, 6, true)?.notices).toEqual([
    { noticeId: 'n1', kind: 'message', text: 'Well done.', by: 'Sam', at: 5 },
  ])
  expect(step(desk, state, message('n1')).facts).toEqual([])
  const read = { type: 'notice.read' as const, at: 7, noticeId: 'n1' }
  const after = step(desk, state, read)
  expect(viewOf(after.state, 8, true)?.notices).toBeUndefined()
  expect(step(desk, after.state, read).facts).toEqual([])
})

test('more than twenty that nobody has read are not taken', () => {
  let state = READY
  for (let n = 0; n < NOTICES_MAX + 3; n += 1) state = step(desk, state, message(`n${n}`)).state
  expect(state.notices).toHaveLength(NOTICES_MAX)
})

test('a break and a sign-out take effect however much is unread, in the place of the oldest message', () => {
  let state = READY
  for (let n = 2; n < NOTICES_MAX + 2; n += 1) state = step(desk, state, message(`n${n}`)).state
  const paused = step(desk, state, forced('paused'))
  expect(paused.state.paused).toBe(true)
  const ids = paused.state.notices?.map(one => one.noticeId)
  expect(ids).toEqual([...Array.from({ length: NOTICES_MAX - 1 }, (_, n) => `n${n + 3}`), 'n1'])
  // Words of a supervisor on what was done to the agent go only when nothing else is left.
  state = paused.state
  for (let n = 0; n < NOTICES_MAX; n += 1)
    state = step(desk, state, { ...forced('signed-out'), noticeId: `s${n}` }).state
  expect(state.notices).toHaveLength(NOTICES_MAX)
  expect(state.notices?.at(-1)).toMatchObject({ noticeId: `s${NOTICES_MAX - 1}`, kind: 'signed-out' })
})

test('a supervisor pauses an agent: the session is paused, nobody new comes, and the screen says who and why', () => {
  expect(words(session('dialing'), forced('paused'))).toEqual(['agent-forced', 'pause', 'presence-changed'])
  expect(words(session('paused'), forced('paused'))).toEqual(['agent-forced', 'presence-changed'])
  const { state } = step(desk, READY, forced('paused'))
  const view = viewOf(state, 6, true)
  expect(view).toMatchObject({ presence: 'paused', pausedBecause: 'supervisor' })
  expect(view?.notices).toMatchObject([{ kind: 'paused', text: 'Stand-up', by: 'Sam' }])
  // The agent may end it, and then nothing is left of the reason.
  const ready = step(desk, state, { type: 'presence.changed', at: 9, paused: false })
  expect(viewOf(ready.state, 10, true)).not.toHaveProperty('pausedBecause')
})

test('signing somebody out stops their session, also one that is paused', () => {
  expect(words(session('waiting'), forced('signed-out'))).toEqual(['agent-forced', 'stop', 'presence-changed'])
  expect(words(session('paused'), forced('signed-out'))).toEqual(['agent-forced', 'stop', 'presence-changed'])
})
