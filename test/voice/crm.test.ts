/** Calls to people of the CRM, from reading their number to filing the Task: nothing inside is replaced. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AI_NUMBER } from '../../scripts/local/demo.ts'
import type { CallDetail } from '../../src/wire/api.ts'
import { AiStage, type Held } from './ai-stage.ts'

let stage: AiStage
beforeAll(async () => {
  stage = await AiStage.set(6200)
})
afterAll(() => stage.close())

const LISTEN = { listen: true }
const TALK = [{ say: 'hello' }, LISTEN, { say: 'what are your opening hours' }, LISTEN, { say: 'goodbye' }, LISTEN]
const SHORT = { kind: 'human', acts: [{ say: 'hello' }, { pauseMs: 500 }, { hangUp: true }] }

const knobs = () => {
  const { crm } = stage.stage.network
  if (!crm) throw new Error('the stage has no CRM')
  return crm.knobs
}

let people = 0
interface Person {
  contactId: string
  number: string
}
/** A person of the CRM whose phone acts by this script. */
function person(script: Record<string, unknown>, fields: Record<string, unknown> = {}): Person {
  people += 1
  const tail = String(people).padStart(4, '0')
  const [contactId, number] = [`00300000000${tail}`, `+1415558${tail}`]
  knobs().change({ contacts: [{ Id: contactId, FirstName: 'Ida', LastName: 'Berg', MobilePhone: number, ...fields }] })
  stage.stage.network.control.definePeople([{ number, name: 'Ida Berg', company: '', timeZone: null, script }])
  return { contactId, number }
}

interface Placed {
  callId: string
  callSid: string
  toNumber: string
}
const call = (body: Record<string, unknown>) => stage.api<Placed>('ada', 'POST', '/twilio/outbound/call', body)
const tasks = (callSid: string) =>
  knobs()
    .org.tasks()
    .filter(task => task.CallObject === callSid)
const detail = (callId: string) => stage.api<CallDetail>('root', 'GET', `/api/calls/${callId}`)
const crmOf = async (callId: string) => (await detail(callId)).crm
const until = (callId: string, state: string) =>
  expect.poll(async () => (await crmOf(callId))?.state, { timeout: 30_000, interval: 250 }).toBe(state)

/** The carrier repeats its last status callback. */
async function sayAgain(held: Held, CallStatus: string): Promise<number> {
  const { account } = stage.stage.network
  const url = `${stage.url}/twilio/status`
  const form: Record<string, string> = { AccountSid: account.accountSid, CallSid: held.callSid, CallStatus }
  const signed =
    url +
    Object.keys(form)
      .sort()
      .map(key => key + form[key])
      .join('')
  const headers = { 'X-Twilio-Signature': createHmac('sha1', account.authToken).update(signed).digest('base64') }
  return (await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) })).status
}

describe('a call to a person of the CRM', () => {
  test('number and first words are read there, and one Task tells how it went, also when the end is said twice [S2-18 S2-19 S2-20 S2-21 S2-22 S2-23 S2-29]', async () => {
    const ida = person(
      { kind: 'human', voice: 'woman', acts: TALK },
      { Description: 'your order is ready.', AccountId: '001000000000001AAA' },
    )
    const placed = await call({ contactId: ida.contactId })
    expect(placed.toNumber).toBe(ida.number)
    const held = await stage.follow(placed.callId, placed.callSid)
    await held.over()
    await until(placed.callId, 'created')
    expect(await sayAgain(held, 'completed')).toBeLessThan(300)
    const [task, ...more] = tasks(placed.callSid)
    expect(more).toEqual([])
    const log = await (await stage.fetch('ada', `/api/calls/${placed.callId}/log.txt`)).text()
    expect(task).toMatchObject({
      WhoId: ida.contactId,
      WhatId: '001000000000001AAA',
      Subject: 'AI Voice Call - completed',
      Status: 'Completed',
      TaskSubtype: 'Call',
      CallType: 'Outbound',
      CallDisposition: 'completed',
      Description: log,
      ActivityDate: new Date().toISOString().slice(0, 10),
    })
    expect(log).toContain('AI: Hello, Ida Berg, your order is ready.')
    expect(log).toMatch(/USER: What are your opening hours\?/)
    expect(Number(task?.CallDurationInSeconds)).toBeGreaterThan(5)
    expect(await crmOf(placed.callId)).toEqual({
      contactId: ida.contactId,
      accountId: '001000000000001AAA',
      state: 'created',
      taskId: task?.Id,
      because: null,
      // Most orgs let nobody set this field.
      leftOut: ['Phone'],
      filledIn: [],
    })
    const words = (await detail(placed.callId)).timeline.map(line => line.words)
    expect(words.filter(line => line.startsWith('Filed in the CRM'))).toHaveLength(1)
  })

  test.each([
    ['busy', 'busy'],
    ['manual', 'no-answer'],
    ['unreachable', 'failed'],
  ])('a phone that is %s: the Task says %s [S2-24]', async (kind, word) => {
    const { contactId, number } = person({ kind })
    const placed = await call({ contactId })
    // A person decides that it has rung for long enough.
    const refuse = () => (kind === 'manual' ? stage.stage.network.control.refuse(number, 'no-answer') : undefined)
    await expect.poll(refuse, { timeout: 10_000 }).toBe(undefined)
    await until(placed.callId, 'created')
    expect(tasks(placed.callSid)).toMatchObject([
      { Subject: `AI Voice Call - ${word}`, Status: 'Not Answered', CallDisposition: word, CallDurationInSeconds: 0 },
    ])
    expect(tasks(placed.callSid)[0]?.Description).toBe(`No conversation history found for CallSid: ${placed.callSid}`)
  })

  test('a contact without a description hears the generated words [S2-20]', async () => {
    const ida = person({ kind: 'human', acts: [{ say: 'hello' }, LISTEN, { hangUp: true }] })
    const placed = await call({ contactId: ida.contactId })
    const held = await stage.follow(placed.callId, placed.callSid)
    await held.over()
    expect(held.said('agent')[0]).toBe('This is an automated call for Ida Berg.')
  })

  test('number and words of the request come before those of the contact, one by one [S2-43]', async () => {
    const acts = [{ say: 'hello' }, LISTEN, { hangUp: true }]
    const ida = person({ kind: 'human', acts }, { Description: 'your order is ready.' })
    const other = person({ kind: 'human', acts })
    const elsewhere = await call({ contactId: ida.contactId, toNumber: other.number })
    const otherwise = await call({ contactId: ida.contactId, customMessage: 'Good day to you.' })
    expect([elsewhere.toNumber, otherwise.toNumber]).toEqual([other.number, ida.number])
    const first = async (placed: Placed) => {
      const held = await stage.follow(placed.callId, placed.callSid)
      await held.over()
      return held.said('agent')[0]
    }
    expect(await Promise.all([first(elsewhere), first(otherwise)])).toEqual([
      'Hello, Ida Berg, your order is ready.',
      'Good day to you.',
    ])
  })

  test('a sign-in that fails twice with unknown_error is tried again, and the call is placed [S2-26] [C11]', async () => {
    const ida = person(SHORT)
    knobs().change({ expireNow: true, ability: 'token', failNext: 2, failStatus: 400, failCode: 'unknown_error' })
    const before = knobs()
      .view()
      .requests.filter(one => one.ability === 'token').length
    const placed = await call({ contactId: ida.contactId })
    expect(placed.toNumber).toBe(ida.number)
    expect(
      knobs()
        .view()
        .requests.filter(one => one.ability === 'token').length,
    ).toBe(before + 3)
  })

  test('the day of the Task is a day of the workspace’s zone, and what the org did not take is told [C11]', async () => {
    const set = (timeZone: string) =>
      stage.api('root', 'PUT', '/api/workspace', {
        name: 'Demo',
        sellerName: 'Demo',
        sellerNumber: '+14155550100',
        timeZone,
      })
    const dayIn = (timeZone: string) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(Date.now())
    // One of the two always has another day than UTC.
    const [east, west] = ['Pacific/Kiritimati', 'Pacific/Pago_Pago']
    const zone = dayIn(east) === dayIn('UTC') ? west : east
    await set(zone)
    expect(await stage.api('root', 'GET', '/api/workspace')).toMatchObject({ timeZone: zone })
    knobs().change({ requiredFields: ['Team__c'] })
    const ida = person({ kind: 'busy' })
    const placed = await call({ contactId: ida.contactId })
    await until(placed.callId, 'created')
    expect(tasks(placed.callSid)).toMatchObject([{ ActivityDate: dayIn(zone), Team__c: 'AI voice call' }])
    expect(dayIn(zone)).not.toBe(dayIn('UTC'))
    expect(await crmOf(placed.callId)).toMatchObject({ leftOut: ['Phone'], filledIn: ['Team__c'] })
    const words = (await detail(placed.callId)).timeline.map(line => line.words)
    expect(words).toContain('Filed in the CRM, without Phone, with a value of ours in Team__c')
    await set('UTC')
    knobs().reset()
  })

  test('someone of whom nothing is known hears the seed’s words, and the CRM nothing', async () => {
    const stranger = person({ kind: 'human', acts: [{ say: 'hello' }, LISTEN, { hangUp: true }] })
    const placed = await call({ toNumber: stranger.number })
    const held = await stage.follow(placed.callId, placed.callSid)
    await held.over()
    expect(held.said('agent')[0]).toBe("Hello! I'm your AI assistant. How can I help you today?")
    await expect.poll(async () => (await detail(placed.callId)).call.status, { timeout: 10_000 }).toBe('hangup')
    expect([await crmOf(placed.callId), tasks(placed.callSid)]).toEqual([null, []])
  })

  test('the caller’s own number, words and account come before what is read [S2-38 S2-43]', async () => {
    const ida = person(SHORT, { Description: 'not this', AccountId: '001000000000001AAA' })
    const other = person(SHORT)
    const placed = await call({
      contactId: ida.contactId,
      accountId: '001000000000009',
      toNumber: other.number,
      customMessage: 'Good day.',
    })
    expect(placed).toEqual({
      callId: expect.stringMatching(/^w_demo\.call_/),
      callSid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
      status: expect.any(String),
      message: 'Call initiated successfully',
      toNumber: other.number,
      fromNumber: expect.stringMatching(/^\+1415555/),
    })
    await until(placed.callId, 'created')
    expect(tasks(placed.callSid)).toMatchObject([{ WhoId: ida.contactId, WhatId: '001000000000009' }])
  })

  test('whom the CRM does not know, or knows without a number, is not called', async () => {
    const nobody = person(SHORT, { MobilePhone: null })
    const ask = (body: Record<string, unknown>) =>
      stage.fetch('ada', '/twilio/outbound/call', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect((await ask({ contactId: '003999999999999' })).status).toBe(400)
    expect((await ask({ contactId: nobody.contactId })).status).toBe(400)
    expect((await ask({ contactId: person(SHORT).contactId, accountId: 'x' })).status).toBe(400)
    expect((await ask({})).status).toBe(400)
    const { contactId } = person(SHORT)
    knobs().change({ ability: 'contact', failNext: 3, failStatus: 503 })
    const unread = await ask({ contactId })
    expect([unread.status, await unread.text()]).toEqual([400, expect.stringContaining('could not be asked')])
    await stage.logged(/a contact could not be read.*SERVER_UNAVAILABLE/)
  })
})

describe('somebody calls an AI agent', () => {
  async function callsUs(number: string): Promise<Held> {
    const callSid = stage.stage.network.control.dial(number, AI_NUMBER, { ...SHORT, voice: 'man' })
    const held = await stage.follow(await stage.callIdOf(callSid), callSid)
    await held.over()
    return held
  }

  test('whose number the CRM knows: the Task is of that person, inbound', async () => {
    const ida = person(SHORT, { MobilePhone: '(415) 558-9001', AccountId: '001000000000001AAA' })
    const { callId, callSid } = await callsUs('+14155589001')
    await until(callId, 'created')
    const [task, ...more] = tasks(callSid)
    expect(more).toEqual([])
    expect(task).toMatchObject({ WhoId: ida.contactId, WhatId: '001000000000001AAA', CallType: 'Inbound' })
    // The other side hung up.
    expect(task).toMatchObject({ CallDisposition: 'completed-remote', Status: 'Completed' })
    expect(await crmOf(callId)).toMatchObject({ contactId: ida.contactId, taskId: task?.Id })
  })

  test('whose number is nobody’s there, or several people’s: said on the call, filed when it is one person’s', async () => {
    const { callId, callSid } = await callsUs('+14155589002')
    await until(callId, 'nobody')
    expect(await crmOf(callId)).toMatchObject({ because: 'nobody there has this number', contactId: null })
    const [one, two] = [person(SHORT, { Phone: '+14155589002' }), person(SHORT, { MobilePhone: '415 558 9002' })]
    const retry = () => stage.fetch('root', `/api/calls/${callId}/crm-retry`, { method: 'POST' })
    const because = async () => (await crmOf(callId))?.because
    expect((await retry()).status).toBe(202)
    await expect.poll(because, { timeout: 10_000 }).toBe('several people there have this number')
    expect(tasks(callSid)).toEqual([])
    knobs().change({ contacts: [{ Id: two.contactId, LastName: 'Berg', MobilePhone: two.number }] })
    expect((await retry()).status).toBe(202)
    await until(callId, 'created')
    expect(tasks(callSid)).toMatchObject([{ WhoId: one.contactId }])
  })
})

describe('when the CRM is in trouble', () => {
  test('the session ends in between, and the answer of the create is lost: still one Task', async () => {
    const { contactId } = person(SHORT)
    const placed = await call({ contactId })
    knobs().change({ expireNow: true, closedFields: [], ability: 'task', loseNext: 1 })
    await until(placed.callId, 'retrying')
    expect((await detail(placed.callId)).call.status).toBe('hangup')
    expect(tasks(placed.callSid)).toHaveLength(1)
    await until(placed.callId, 'created')
    expect(tasks(placed.callSid)).toHaveLength(1)
    expect((await crmOf(placed.callId))?.taskId).toBe(tasks(placed.callSid)[0]?.Id)
    await stage.logged(/a call is not in the CRM.*no answer.*"again":true/)
    knobs().reset()
  })

  test('a refusal is seen on the call, the call is complete, and a person files it again [S2-27 S2-28]', async () => {
    const { contactId } = person(SHORT)
    const placed = await call({ contactId })
    knobs().change({ ability: 'task', failNext: 1, failStatus: 400, failCode: 'FIELD_INTEGRITY_EXCEPTION' })
    await until(placed.callId, 'failed')
    expect(await crmOf(placed.callId)).toMatchObject({ because: 'salesforce: FIELD_INTEGRITY_EXCEPTION', taskId: null })
    expect((await detail(placed.callId)).call.status).toBe('hangup')
    expect(tasks(placed.callSid)).toEqual([])
    await stage.logged(/a call is not in the CRM.*FIELD_INTEGRITY_EXCEPTION.*"again":false/)
    const retry = () => stage.fetch('ada', `/api/calls/${placed.callId}/crm-retry`, { method: 'POST' })
    expect((await retry()).status).toBe(202)
    await until(placed.callId, 'created')
    expect(tasks(placed.callSid)).toHaveLength(1)
    expect((await retry()).status).toBe(409)
  })

  test('the Worker dies while the Task is being made: it is found, not made again', async () => {
    const { contactId } = person(SHORT)
    const asked = () =>
      knobs()
        .view()
        .requests.filter(one => one.ability === 'task').length
    const before = asked()
    knobs().change({ closedFields: [], ability: 'task', delayMs: 2_000 })
    const placed = await call({ contactId })
    await expect.poll(asked, { timeout: 30_000, interval: 20 }).toBe(before + 1)
    const pid = stage.stage.worker.pid()
    if (pid === null) throw new Error('no workerd to kill')
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => tasks(placed.callSid).length, { timeout: 10_000 }).toBe(1)
    await until(placed.callId, 'created')
    expect(tasks(placed.callSid)).toHaveLength(1)
    expect((await crmOf(placed.callId))?.taskId).toBe(tasks(placed.callSid)[0]?.Id)
    expect(asked()).toBe(before + 1)
  })
})
