/** Agents at their desks, queues, and callers whom the carrier brings: what tests of queues and transfers begin with. */
import { expect, vi } from 'vitest'
import { stubFor } from '../../src/actors/stubs.ts'
import { deskId } from '../../src/core/ids.ts'
import type { Flow } from '../../src/wire/flow.ts'
import type { Queue, QueueCall } from '../../src/wire/queue.ts'
import { ask, person, socketOf } from './security/people.ts'
import { deskWithLine, say } from './sitting.ts'
import { bindings, carrier, plainStage, signed, until } from './stage.ts'

export { say }

let agents = 0
let calls = 0

/** An agent whose line is open and whose page is. `lineSid`: the carrier's id of the line. */
export async function sits(lineSid = 'CA-line') {
  agents += 1
  const who = await person(`Agent ${agents}`, 'agent')
  const id = deskId('w_test', who.userId)
  const { desk, room } = await deskWithLine(plainStage, id, lineSid)
  // An agent without a page is offline on the screens of others.
  await socketOf(who, '/api/desk')
  return { userId: who.userId, id, desk, room }
}
export type Sitting = Awaited<ReturnType<typeof sits>>

export interface Floor {
  /** our number, which callers dial */
  number: string
  ask(endpoint: string, body?: object, headers?: Record<string, string>): Promise<Response>
  /** A queue of these agents; unless it is said otherwise, a flow on our number leads into it and says goodbye after it. */
  queue(members: Sitting[], more?: object, bound?: boolean): Promise<Queue>
}

export async function floorOf(number: string): Promise<Floor> {
  const admin = await person('Root', 'admin')
  const entry = { number, name: 'Support', deskId: null, inFlightCap: 99, cooldownMs: 0 }
  await stubFor(bindings, 'trunk', 'w_test').saveNumber(entry)
  const asked: Floor['ask'] = (endpoint, body, headers) => ask(admin, endpoint, body, headers)
  return {
    number,
    ask: asked,
    async queue(members, more = {}, bound = true) {
      const body = { name: 'Support', members: members.map(one => ({ agent_id: one.userId })), ...more }
      const answer = await asked('POST /v1.0/queues', body)
      expect(answer.status, await answer.clone().text()).toBe(201)
      const queue = await answer.json<Queue>()
      if (!bound) return queue
      const actions = [
        { type: 'answer' },
        { id: 'wait', type: 'queue_join', option: { queue_id: queue.id } },
        { type: 'talk', option: { text: 'Goodbye.' } },
      ]
      const flow = await (await asked('POST /v1.0/flows', { name: 'Support', actions })).json<Flow>()
      const put = await asked(`PUT /v1.0/numbers/${encodeURIComponent(number)}`, { flow_id: flow.id })
      expect(put.status, await put.clone().text()).toBe(200)
      return queue
    },
  }
}

/** Somebody calls our number: what they hear, and how the carrier goes on with the call. */
export async function rings({ number }: Pick<Floor, 'number'>, as: string | null = null) {
  calls += 1
  const sid = `CA${String(calls).padStart(32, 'e')}`
  const from = as ?? `+1415666${String(1000 + calls)}`
  const form = { CallSid: sid, From: from, To: number, CallStatus: 'ringing', Direction: 'inbound' }
  let page = await (await signed('/twilio/w_test/inbound', form)).text()
  const callId = (await stubFor(bindings, 'trunk', 'w_test').callOf(sid)) ?? ''
  const call = stubFor(bindings, 'call', callId)
  const report = (status: string) => signed(`/twilio/w_test/calls/${callId}/status`, { ...form, CallStatus: status })
  const fetched = async (url: string, more: Record<string, string> = {}) => {
    const [path = ''] = url
      .replaceAll('&amp;', '&')
      .replace(/^https?:\/\/[^/]+/, '')
      .split('#')
    page = await (await signed(path, { ...form, CallStatus: 'in-progress', ...more })).text()
    return page
  }
  let followed = 0
  /** The carrier goes where it is sent, and else on with the page at hand, until the caller hears this. */
  const hears = (text: string) =>
    until(async () => {
      const told = (await carrier.requests()).filter(one => one.path.endsWith(`/Calls/${sid}.json`) && one.form.Url)
      // Music that is repeated for ever, a conference and a dialled number are left only by a redirect.
      const stays = page.includes('loop="0"') || page.includes('<Dial')
      const next = stays ? '' : (/<Redirect[^>]*>([^<]+)</.exec(page)?.[1] ?? '')
      if (told.length > followed) {
        followed = told.length
        await fetched(told.at(-1)?.form.Url ?? '')
      } else if (!page.includes(text) && next !== '') await fetched(next)
      expect(page).toContain(text)
      return page
    })
  /** The number of this page is gone, or was not reached: the carrier asks what comes after. */
  const dialEnds = (dialing: string, status: string) =>
    fetched(/<Dial[^>]*action="([^"]+)"/.exec(dialing)?.[1] ?? '', { DialCallStatus: status })
  /** The caller keys these, and the carrier asks what comes after. */
  const keys = (digits: string) => fetched(/<Gather[^>]*action="([^"]+)"/.exec(page)?.[1] ?? '', { Digits: digits })
  return { sid, from, callId, call, report, hears, dialEnds, keys }
}
export type Caller = Awaited<ReturnType<typeof rings>>

export async function waiting(floor: Floor, queue: Queue): Promise<QueueCall[]> {
  const answer = await floor.ask(`GET /v1.0/queuecalls?queue_id=${encodeURIComponent(queue.id)}`)
  return (await answer.json<{ items: QueueCall[] }>()).items
}

/** What rings at this desk, from a queue or from a colleague. */
export function ringAt({ desk }: Sitting, timeout = 20_000) {
  return vi.waitFor(
    async () => {
      const ring = (await desk.view())?.inbound
      expect(ring?.transfer?.of).toBeDefined()
      expect(ring?.accepted).toBe(false)
      return ring as NonNullable<typeof ring>
    },
    { timeout, interval: 50 },
  )
}

export async function decide({ desk }: Sitting, type: 'inbound.accept' | 'inbound.decline'): Promise<void> {
  const callId = (await desk.view())?.inbound?.callId ?? ''
  expect(await desk.command(say({ type, callId }))).toMatchObject({ type: 'accepted' })
}

let joins = 0
export async function join(agent: Sitting, { callId, sid: providerId }: Caller): Promise<void> {
  joins += 1
  const joined = { type: 'participant.joined' as const, role: 'customer' as const, conferenceId: 'CF-1' }
  await stubFor(bindings, 'room', agent.room).deliver({ ...joined, at: Date.now(), callId, providerId }, `in-${joins}`)
}

/** This agent has taken the caller and talks with them. */
export async function talks(agent: Sitting, caller: Caller): Promise<void> {
  await ringAt(agent)
  await decide(agent, 'inbound.accept')
  await caller.hears(agent.room)
  await join(agent, caller)
  await until(async () => expect((await agent.desk.view())?.conversation?.callId).toBe(caller.callId))
}
