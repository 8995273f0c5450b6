/** What a supervisor says to an agent: a message, a break, the end of a sign-in; on the screen, in the log, and by whom. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { NOTICES_MAX } from '../../src/core/desk/told.ts'
import { deskId, deskName } from '../../src/core/ids.ts'
import type { LogEvent } from '../../src/wire/api.ts'
import type { Live } from '../../src/wire/supervision.ts'
import { ask, type Person, person } from './security/people.ts'
import { say } from './sitting.ts'
import { bindings, carrier, migrated, request, until } from './stage.ts'
import { type Sitting, sits } from './switchboard.ts'

let sam = {} as Person
beforeAll(async () => {
  await migrated()
  sam = await person('Sam', 'supervisor')
}, 60_000)
beforeEach(async () => {
  await carrier.reset()
})

const at = ({ userId }: { userId: string }, what: string) => `POST /v1.0/agents/${userId}/${what}`
const view = async ({ desk }: Sitting) => (await desk.view()) as NonNullable<Awaited<ReturnType<typeof desk.view>>>
async function logged(type: string): Promise<LogEvent[]> {
  const answer = await ask(sam, `GET /api/events?types=${type}&limit=200`)
  return (await answer.json<{ items: LogEvent[] }>()).items
}

test('a message stands on the agent’s screen until they have read it', async () => {
  const ada = await sits()
  expect((await ask(sam, at(ada, 'messages'), { text: ' Well done. ' })).status).toBe(200)
  const [notice] = (await view(ada)).notices ?? []
  expect(notice).toMatchObject({ kind: 'message', text: 'Well done.', by: 'Sam' })
  await ada.desk.command(say({ type: 'notice.read', noticeId: notice?.noticeId }))
  expect((await view(ada)).notices).toBeUndefined()
})

test('a supervisor sends an agent on a break: the wallboard says why, and the reason stands in the log', async () => {
  const ada = await sits()
  expect((await ask(sam, at(ada, 'state'), { state: 'paused', reason: 'Stand-up' })).status).toBe(200)
  expect(await view(ada)).toMatchObject({ presence: 'paused', notices: [{ kind: 'paused', text: 'Stand-up' }] })
  const live = await (await ask(sam, 'GET /api/live')).json<Live>()
  const shown = live.agents.find(one => one.agentId === deskName(ada.userId))
  expect(shown).toMatchObject({ state: 'paused', why: 'paused-by-supervisor' })
  await until(async () => {
    const own = (await logged('agent-forced')).filter(one => one.about.desk === ada.id)
    expect(own).toMatchObject([{ data: { to: 'paused' }, personal: { text: 'Stand-up', by: 'Sam' } }])
  })
})

test('who is signed out has no sign-in left, and reads the reason when they come back', async () => {
  const bo = await person('Bo', 'agent')
  const headers = { Cookie: bo.cookie }
  expect((await request('/api/desk/view', { headers })).status).toBe(200)
  expect((await ask(sam, at(bo, 'state'), { state: 'signed-out', reason: 'The day is over' })).status).toBe(200)
  expect((await request('/api/me', { headers })).status).toBe(401)
  const desk = stubFor(bindings, 'desk', deskId('w_test', deskName(bo.userId)))
  expect((await desk.view())?.notices).toMatchObject([{ kind: 'signed-out', text: 'The day is over', by: 'Sam' }])
})

test('whoever has twenty messages to read gets no more, and can be sent on a break and signed out all the same', async () => {
  const ada = await sits()
  for (let n = 0; n < NOTICES_MAX; n += 1)
    await ada.desk.deliver({ type: 'message.left', at: Date.now(), noticeId: `n${n}`, text: 'Hello.', by: 'Sam' }, null)
  expect((await ask(sam, at(ada, 'messages'), { text: 'Hello.' })).status).toBe(409)
  expect((await ask(sam, at(ada, 'state'), { state: 'paused', reason: 'Stand-up' })).status).toBe(200)
  expect(await view(ada)).toMatchObject({ presence: 'paused', pausedBecause: 'supervisor' })
  expect((await ask(sam, at(ada, 'state'), { state: 'signed-out', reason: 'The day is over' })).status).toBe(200)
  const { notices = [] } = await view(ada)
  expect(notices.map(one => one.kind).slice(-3)).toEqual(['message', 'paused', 'signed-out'])
  expect(notices).toHaveLength(NOTICES_MAX)
})

test('an agent, another workspace and an empty message are refused, and so is a supervisor at an administrator’s desk', async () => {
  const ada = await sits()
  const [colleague, far] = [await person('Cy', 'agent'), await person('Far', 'admin', 'w_far')]
  const boss = await person('Root', 'admin')
  expect((await request('/api/desk/view', { headers: { Cookie: boss.cookie } })).status).toBe(200)
  const message = { text: 'Hello.' }
  expect((await ask(colleague, at(ada, 'messages'), message)).status).toBe(403)
  expect((await ask(far, at(ada, 'messages'), message)).status).toBe(404)
  expect((await ask(sam, at(ada, 'messages'), { text: '  ' })).status).toBe(400)
  expect((await ask(sam, at(boss, 'state'), { state: 'signed-out', reason: 'No' })).status).toBe(403)
  expect((await ask(sam, at(ada, 'state'), { state: 'gone', reason: 'No' })).status).toBe(400)
  expect((await view(ada)).notices).toBeUndefined()
})
