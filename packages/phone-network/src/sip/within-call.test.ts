import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type SipStage, startSipStage } from '../testing/sip-stage.ts'
import { header, readSequence } from './message.ts'

/** What a SIP phone sends and gets within its call. */

let stage: SipStage
const STAY = '<Response><Pause length="1"/><Say>Hello phone</Say><Pause length="60"/></Response>'

beforeAll(async () => {
  stage = await startSipStage()
})
beforeEach(() => stage.clear())
afterAll(() => stage.stop())

describe('during a call', () => {
  test('keys by INFO reach a <Gather>, in both kinds; what is no key is refused', async () => {
    stage.app.pages.set('/voice', '<Response><Gather numDigits="3" action="/keys" timeout="60"/></Response>')
    stage.app.pages.set('/keys', STAY)
    const ada = await stage.phone('ada')
    const { call } = await ada.dial('100')
    const info = async (type: string, body: string): Promise<number> => {
      const before = ada.got.length
      ada.send(ada.within(call, 'INFO', [['Content-Type', type]], body))
      await ada.until(() => ada.got.slice(before).some(one => one.status > 0 && readSequence(one)?.method === 'INFO'))
      return ada.got.slice(before).find(one => readSequence(one)?.method === 'INFO')?.status ?? 0
    }
    expect(await info('application/dtmf-relay', 'Signal=4\r\nDuration=160\r\n')).toBe(200)
    expect(await info('application/dtmf-relay', 'Signal=zebra')).toBe(400)
    expect(await info('text/plain', '5')).toBe(415)
    expect(await info('application/dtmf', '5')).toBe(200)
    expect(await info('application/dtmf', '#')).toBe(200)
    await stage.app.until(() => stage.app.at('/keys').length === 1)
    expect(stage.app.at('/keys')[0]?.fields.Digits).toBe('45')
  })

  test('hold and its end: the answer mirrors the direction', async () => {
    stage.app.pages.set('/voice', STAY)
    const ada = await stage.phone('ada')
    const { call } = await ada.dial('100')
    const offer = async (direction: string): Promise<string> => {
      const before = ada.got.length
      ada.send(ada.within(call, 'INVITE', [['Content-Type', 'application/sdp']], ada.describe(direction)))
      const answer = await ada.next(200, before)
      ada.send(ada.within(call, 'ACK'))
      return /a=(sendrecv|sendonly|recvonly|inactive)/.exec(answer.body)?.[1] ?? ''
    }
    expect([await offer('sendonly'), await offer('inactive'), await offer('sendrecv')]).toEqual([
      'recvonly',
      'inactive',
      'sendrecv',
    ])
  })

  test('a <Refer> is a REFER, and what the phone tells of its new call is what the action is told', async () => {
    stage.app.pages.set(
      '/voice',
      '<Response><Refer action="/after"><Sip>sip:bo@127.0.0.1:5080</Sip></Refer></Response>',
    )
    stage.app.pages.set('/after', STAY)
    const ada = await stage.phone('ada')
    const { call } = await ada.dial('100')
    const refer = await ada.next('REFER')
    expect(header(refer, 'Refer-To')).toBe('<sip:bo@127.0.0.1:5080>')
    ada.reply(refer, 202)
    const notify = async (body: string): Promise<number> => {
      const before = ada.got.length
      const headers: [string, string][] = [
        ['Event', 'refer'],
        ['Subscription-State', 'active'],
        ['Content-Type', 'message/sipfrag'],
      ]
      ada.send(ada.within(call, 'NOTIFY', headers, body))
      await ada.until(() => ada.got.slice(before).some(one => readSequence(one)?.method === 'NOTIFY'))
      return ada.got.slice(before).find(one => readSequence(one)?.method === 'NOTIFY')?.status ?? 0
    }
    expect(await notify('nonsense')).toBe(400)
    expect(await notify('SIP/2.0 180 Ringing')).toBe(200)
    expect(await notify('SIP/2.0 200 OK')).toBe(200)
    await stage.app.until(() => stage.app.at('/after').length === 1)
    expect(stage.app.at('/after')[0]?.fields).toMatchObject({
      ReferCallStatus: 'in-progress',
      ReferSipResponseCode: '202',
      NotifySipResponseCode: '200',
    })
  })

  test('an older request, an unknown call and another method are refused', async () => {
    stage.app.pages.set('/voice', STAY)
    const ada = await stage.phone('ada')
    const { call } = await ada.dial('100')
    const status = async (method: string, change: (one: ReturnType<typeof ada.within>) => void): Promise<number> => {
      const before = ada.got.length
      const request = ada.within(call, method)
      change(request)
      ada.send(request)
      await ada.until(() => ada.got.slice(before).some(one => one.status >= 200))
      return ada.got.slice(before).find(one => one.status >= 200)?.status ?? 0
    }
    const set = (name: string, value: string) => (one: ReturnType<typeof ada.within>) => {
      for (const line of one.headers) if (line[0] === name) line[1] = value
    }
    expect(await status('OPTIONS', set('CSeq', '1 OPTIONS'))).toBe(500)
    expect(await status('BYE', set('Call-ID', 'nobody'))).toBe(481)
    expect(await status('REFER', () => undefined)).toBe(405)
    expect(await status('BYE', () => undefined)).toBe(200)
  })
})
