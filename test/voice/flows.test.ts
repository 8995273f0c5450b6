/** Flows over the whole phone network: made by a program with a key, heard by a pretend phone. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answers, caller, ended, log, MAIN, program, said, setProgramStage, stage, until } from './program-stage.ts'

/** The caller waits until the other side has said something. */
const LISTEN = { listen: true }
beforeAll(() => setProgramStage(6850, '300'), 120_000)
afterAll(() => stage?.close())

/** A variable as a flow writes it. */
const NAME = ['$', '{name}'].join('')

interface Timeline {
  call: { status: string; kind: string; talkedMs: number }
  timeline: { type: string }[]
}

test('the seed’s flow rings on for two seconds, is answered by its step, and speaks [S1-13] [S1-14] [S1-15] [S1-16]', async () => {
  const id = await answers([
    { type: 'sleep', option: { duration: 2_000 } },
    { type: 'answer' },
    { type: 'talk', option: { text: 'Hello from the edge.' } },
  ])
  expect(await program('GET', `/numbers/${encodeURIComponent(MAIN)}`)).toMatchObject({ id: MAIN, flow_id: id })
  const sid = caller([{ pauseMs: 30_000 }])
  await ended(sid)
  const at = (kind: string) => log().find(one => one.kind === kind && one.callSid === sid)?.at ?? 0
  expect(at('call-answered') - at('call-ringing')).toBeGreaterThanOrEqual(2_000)
  expect(said(sid)).toEqual(['Hello from the edge.'])
})

test('a menu asks again after a wrong key, connects the caller, and goes on when the other side is gone [S1-16] [S1-17]', async () => {
  await answers([
    { id: 'hello', type: 'answer' },
    {
      id: 'menu',
      type: 'menu',
      option: { text: 'Press 1 for sales.', target_ids: { 1: 'sales' }, timeout: 3_000 },
    },
    { id: 'bye', type: 'talk', option: { text: 'Nobody was chosen.' } },
    { id: 'end', type: 'hangup' },
    { id: 'sales', type: 'connect', option: { destinations: [{ type: 'tel', target: '+15002009001' }] } },
    { id: 'after', type: 'talk', option: { text: 'Thank you for calling.' } },
  ])
  const script = {
    kind: 'human',
    answerMs: 500,
    acts: [{ say: 'Sales, this is Mia.' }, { pauseMs: 2_000 }, { hangUp: true }],
  }
  stage.network.control.definePeople([{ number: '+15002009001', name: 'Mia', company: '', timeZone: null, script }])
  const sid = caller([{ pauseMs: 2_500 }, { press: '7' }, { pauseMs: 4_000 }, { press: '1' }, { pauseMs: 30_000 }])
  await ended(sid)
  const heard = said(sid)
  expect(heard.filter(text => text === 'Press 1 for sales.').length).toBeGreaterThanOrEqual(2)
  expect(heard.at(-1)).toBe('Thank you for calling.')
  expect(heard).not.toContain('Nobody was chosen.')
  const rung = log().filter(one => one.kind === 'call-created' && one.to === '+15002009001')
  expect(rung).toHaveLength(1)
})

test('a program calls, the flow begins with the answer, and the call is followed to its end [S1-5] [S1-6] [S1-9] [S1-10]', async () => {
  const to = '+15002009002'
  const script = { kind: 'human', answerMs: 1_500, acts: [{ pauseMs: 30_000 }] }
  stage.network.control.definePeople([{ number: to, name: 'Ida', company: '', timeZone: null, script }])
  const placed = await program<{ id: string; status: string; flow_id: null }>('POST', '/calls', {
    destinations: [{ type: 'tel', target: '(500) 200-9002', target_name: 'Ida' }],
    actions: [
      { type: 'talk', option: { text: `Hello ${NAME}, your order is ready.` } },
      { type: 'sleep', option: { duration: 3_000 } },
    ],
    variables: { name: 'Ida' },
  })
  expect(placed).toMatchObject({ status: 'dialing', flow_id: null })
  const states = new Set<string>()
  await until(async () => {
    const { status } = await program<{ status: string }>('GET', `/v1.0/calls/${placed.id}`)
    states.add(status)
    expect(status).toBe('hangup')
  })
  expect(states).toContain('progressing')
  const sid = log().find(one => one.kind === 'call-created' && one.to === to)?.callSid ?? ''
  expect(said(sid)).toEqual(['Hello Ida, your order is ready.'])
  const { timeline } = await until(async () => {
    const detail = await program<Timeline>('GET', `/api/calls/${placed.id}`)
    expect(detail.call).toMatchObject({ kind: 'api', status: 'hangup' })
    return detail
  })
  const types = timeline.map(one => one.type)
  expect(types.indexOf('call-answered')).toBeLessThan(types.indexOf('flow-started'))
  expect(types).toContain('flow-ended')
})

test('an AI agent talks for the flow, and after its goodbye the flow goes on [S1-16] [S1-18]', async () => {
  const { items } = await program<{ items: { agentId: string }[] }>('GET', '/api/ai/agents')
  await answers([
    { type: 'answer' },
    { type: 'ai_agent', option: { agent_id: items[0]?.agentId } },
    { type: 'talk', option: { text: 'The flow says goodbye too.' } },
  ])
  const acts = [LISTEN, { say: 'what are your opening hours' }, LISTEN, { say: 'goodbye' }, LISTEN, { pauseMs: 20_000 }]
  const sid = caller(acts, { voice: 'man' })
  await ended(sid)
  expect(said(sid)).toEqual(['The flow says goodbye too.'])
  const { items: calls } = await program<{ items: { callId: string }[] }>('GET', '/api/calls?limit=1')
  const { timeline } = await program<Timeline>('GET', `/api/calls/${calls[0]?.callId}`)
  const types = timeline.map(one => one.type)
  expect(types.indexOf('flow-agent-engaged')).toBeGreaterThan(types.indexOf('flow-started'))
  expect(types.indexOf('talk-said')).toBeGreaterThan(types.indexOf('flow-agent-engaged'))
  expect(types.at(-1)).not.toBe('talk-said')
}, 120_000)

test('a program holds a person, speaks to them, and records them; the flow is at the same step all the while', async () => {
  const to = '+15002009003'
  const script = { kind: 'human', answerMs: 500, acts: [{ pauseMs: 60_000 }] }
  stage.network.control.definePeople([{ number: to, name: 'Lea', company: '', timeZone: null, script }])
  const menu = { text: 'Press one.', target_ids: { 1: 'end' }, timeout: 30_000, retries: 0 }
  const { id } = await program<{ id: string }>('POST', '/calls', {
    destinations: [{ type: 'tel', target: to }],
    actions: [
      { id: 'menu', type: 'menu', option: menu },
      { id: 'end', type: 'hangup' },
    ],
  })
  const sid = await until(() => {
    const made = log().find(one => one.kind === 'call-created' && one.to === to)?.callSid ?? ''
    expect(said(made)).toEqual(['Press one.'])
    return made
  })
  const does = (verb: string, method = 'POST', body?: object) => program(method, `/v1.0/calls/${id}/${verb}`, body)
  const verbs = () => log().flatMap(one => (one.kind === 'twiml-received' && one.callSid === sid ? [one.verbs] : []))

  await does('hold')
  await until(() => expect(verbs().at(-1)).toEqual(['Play']))
  await does('hold', 'DELETE')
  await until(() => expect(said(sid)).toEqual(['Press one.', 'Press one.']))
  await does('talk', 'POST', { text: 'Your car is here.' })
  await until(() => expect(said(sid)).toEqual(['Press one.', 'Press one.', 'Your car is here.', 'Press one.']))
  await does('silence')
  await until(() => expect(verbs().at(-1)?.[0]).toBe('Pause'))
  await does('silence', 'DELETE')
  await until(() => expect(said(sid)).toHaveLength(5))

  await does('recording_start')
  await expect(does('recording_start')).rejects.toThrow('409')
  const told = async (type: string) =>
    (await program<Timeline>('GET', `/api/calls/${id}`)).timeline.filter(one => one.type === type)
  await until(async () => expect(await told('recording-reported')).toHaveLength(1))
  await does('recording_stop')
  await until(async () => expect(await told('recording-reported')).toHaveLength(2))
  expect(await program('GET', `/v1.0/calls/${id}`)).toMatchObject({ status: 'progressing', action_id: 'menu' })
  await expect(does('recording_stop')).rejects.toThrow('409')

  await does('hangup')
  await ended(sid)
  await until(() => expect(does('hold')).rejects.toThrow('This call is over.'))
})

test('a flow ends its recording before the call ends [S1-29]', async () => {
  await answers([
    { type: 'answer' },
    { type: 'recording_start' },
    { type: 'talk', option: { text: `This is recorded: \${voipbin.recording.id}` } },
    { type: 'recording_stop' },
    { type: 'talk', option: { text: 'This is not.' } },
    { type: 'sleep', option: { duration: 30_000 } },
  ])
  const sid = caller([{ pauseMs: 60_000 }])
  const runs = () => stage.network.control.world().recordings.some(one => one.callSid === sid)
  await until(() => expect(runs()).toBe(true))
  await until(() => expect(said(sid).at(-1)).toBe('This is not.'))
  await until(() => expect(runs()).toBe(false))
  // The flow has the name that the recording has in the list [S1-28].
  const told = said(sid)[0]?.replace('This is recorded: ', '') ?? ''
  expect(told).toMatch(/\.rf1$/)
  await until(async () =>
    expect(await program('GET', `/v1.0/recordings/${told}`)).toMatchObject({ status: 'available' }),
  )
  expect(log().some(one => one.kind === 'call-ended' && one.callSid === sid)).toBe(false)
})

test('a flow has a call written down while it is said, each side by itself, and no more when it says so [S1-58]', async () => {
  await answers([
    { type: 'answer' },
    { type: 'transcribe_start', option: { language: 'en-US' } },
    { id: 'ask', type: 'talk', option: { text: 'How can we help you?' } },
    { type: 'digits_receive', option: { duration: 20_000, length: 1 } },
    { type: 'transcribe_stop' },
    { type: 'talk', option: { text: 'Nobody writes this down.' } },
    { type: 'digits_receive', option: { duration: 60_000 } },
  ])
  const sid = caller([
    { listen: true },
    { say: 'My order has not come.' },
    { pauseMs: 1_000 },
    { press: '#' },
    { pauseMs: 60_000 },
  ])
  await until(() => expect(said(sid)).toContain('Nobody writes this down.'))
  type Event = {
    type: string
    timestamp: string
    data: { call_id: string; who?: string; text?: string; status?: string }
  }
  const heard = async () => {
    const { items } = await program<{ items: Event[] }>('GET', '/v1.0/events?types=call_transcribing&limit=200')
    // Others of this file are written down as well: those with AI agents.
    const mine = items.findLast(({ data }) => data.text === undefined)?.data.call_id
    return items.flatMap(({ data: { call_id, who, text, status } }) =>
      call_id === mine ? [text === undefined ? status : `${who}: ${text}`] : [],
    )
  }
  await until(async () => expect((await heard()).at(-1)).toBe('done'))
  const words = await heard()
  expect(words[0]).toBe('progressing')
  expect(words.filter(one => one?.startsWith('agent: ')).join()).toMatch(/how can we help you/i)
  expect(words.filter(one => one?.startsWith('caller: ')).join()).toMatch(/my order has not come/i)
  expect(words.join()).not.toMatch(/nobody writes/i)
  stage.network.control.hangUpCall(sid)
  await ended(sid)
})
