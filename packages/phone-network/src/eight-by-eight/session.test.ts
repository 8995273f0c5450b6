import { expect, test } from 'vitest'
import { type Action, CallflowError } from './callflow.ts'
import { type Input, newSession, type Posted, RING_MS, step, wakesAt } from './session.ts'

const [RIDER, OURS, DRIVER] = ['+6591234567', '+6531234567', '+6598765432']
const SAY: Action = { action: 'say', text: 'Please hold.', repetition: 1, speed: 1 }
const CALL: Action = { action: 'makeCall', source: OURS, destination: DRIVER }

function started() {
  const session = newSession('s', 'shop', RIDER, OURS, 0)
  const posted: Posted[] = []
  let now = 0
  const take = (input: Input) => posted.push(...step(session, input, now, { msPerCharacter: 10 }))
  take({ is: 'begun' })
  return {
    session,
    take,
    after(ms: number, input: Input) {
      now += ms
      take(input)
    },
    /** until what comes of time has come */
    passes() {
      now = wakesAt(session) ?? now
      take({ is: 'time' })
    },
    flow: (...actions: Action[]) => take({ is: 'replied', flow: { actions, clientActionId: 'mine' } }),
    words: () =>
      posted.map(({ type, body: { payload } }) =>
        [type, payload.callDirection, payload.callStatus ?? payload.sessionStatus].filter(one => one).join(' '),
      ),
    last: () => posted.at(-1)?.body.payload as Record<string, unknown>,
  }
}

test('words, a call to the other side, talk, and a summary with both legs', () => {
  const one = started()
  one.flow(SAY, CALL)
  one.passes()
  one.after(2_000, { is: 'answered' })
  one.after(30_000, { is: 'hung-up', side: 'b' })
  expect(one.words()).toEqual([
    ...['VCS INBOUND CALL_RECEIVED', 'VCA INBOUND CALL_RECEIVED', 'VCS INBOUND CALL_CONNECTED'],
    ...['VCS OUTBOUND CALL_INITIATED', 'VCS OUTBOUND CALL_CONNECTED', 'VCS OUTBOUND CALL_DISCONNECTED'],
    ...['VCS INBOUND CALL_DISCONNECTED', 'VSS COMPLETED'],
  ])
  expect(one.session.heard).toEqual(['Please hold.'])
  expect(one.last()).toMatchObject({
    ...{ sessionStatus: 'COMPLETED', callCount: 2, lastAction: 'MAKE_CALL' },
    details: { callA: { source: RIDER, destination: OURS }, callB: { source: OURS, callDuration: 30 } },
  })
})

test.each([
  ['BUSY', { is: 'refused', because: 'BUSY' }, 'BUSY'],
  ['nobody', { is: 'refused', because: 'NO_ANSWER' }, 'NO_ANSWER'],
  ['the caller gives up', { is: 'hung-up', side: 'a' }, 'CANCELED'],
] as const)('the other side is not reached: %s', (_, input, status) => {
  const one = started()
  one.flow(CALL)
  one.after(1_000, input)
  expect(one.last()).toMatchObject({ sessionStatus: status, details: { callB: { callDuration: 0 } } })
  expect((one.last().details as { callB: object }).callB).not.toHaveProperty('connectedTimestamp')
})

test('a phone that nobody takes up stops ringing, and the words behind the call are heard', () => {
  const one = started()
  one.flow(CALL, SAY)
  expect(wakesAt(one.session)).toBe(RING_MS)
  one.passes()
  expect(one.session.heard).toEqual(['Please hold.'])
  one.passes()
  expect(one.last()).toMatchObject({ sessionStatus: 'NO_ANSWER' })
})

test('keys are asked for as often as the flow says, and come back with the id of the flow', () => {
  const one = started()
  const asks: Action = { action: 'sayAndCapture', prompt: 'PIN?', speed: 1, most: 6, ms: 5_000, onHash: true, tries: 2 }
  one.flow(asks)
  one.passes()
  expect(one.session.heard).toEqual(['PIN?', 'PIN?'])
  one.take({ is: 'keyed', keys: '47' })
  one.take({ is: 'keyed', keys: '11#9' })
  expect(one.last()).toMatchObject({
    ...{ callStatus: 'ACTION_COMPLETED', clientActionId: 'mine', eventData: { dtmf: '4711' } },
  })
  one.flow(asks)
  one.passes()
  one.passes()
  expect(one.last()).toMatchObject({ callStatus: 'ACTION_COMPLETED', eventData: { dtmf: '' } })
})

test('a reply that is no callflow ends the call with its code, and nothing comes after the end', () => {
  const one = started()
  one.take({ is: 'replied', flow: new CallflowError(-1007, 'unknown action') })
  expect(one.last()).toMatchObject({ sessionStatus: 'ERROR', errorDetails: { errorCode: -1007 } })
  const count = one.words().length
  one.flow(SAY)
  one.take({ is: 'hung-up', side: 'a' })
  expect(one.words()).toHaveLength(count)
})
