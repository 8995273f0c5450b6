import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPhoneNetwork, type PhoneNetwork } from '../phone-network.ts'
import { SipPhone } from '../testing/sip-phone.ts'
import { SmallApp } from '../testing/small-app.ts'
import { twilioClient } from '../testing/twilio-client.ts'
import { header, readUri } from './message.ts'

/** SIP phones at a domain, over real sockets of this machine: who may register and call, and what becomes of a call. */

const NAME = 'desk.sip.twilio.com'
const PASSWORD = 'Correct-horse-7'
let app: SmallApp
let network: PhoneNetwork
let client: ReturnType<typeof twilioClient>
let domainSid: string
let listSid: string
const phones: SipPhone[] = []

beforeAll(async () => {
  app = await new SmallApp().start()
  network = await startPhoneNetwork({ port: 0, sipPort: 0, cps: 50, numbers: [{ number: '+14155550000', voiceUrl: `${app.url}/number` }] })
  client = twilioClient(network.url, network.account)
  const voiceStatusCallbackUrl = `${app.url}/status`
  const domain = await client.sip.domains.create({ domainName: NAME, sipRegistration: true, voiceUrl: `${app.url}/voice`, voiceStatusCallbackUrl })
  const list = await client.sip.credentialLists.create({ friendlyName: 'phones' })
  for (const username of ['ada', 'bo', 'cy']) {
    await client.sip.credentialLists(list.sid).credentials.create({ username, password: PASSWORD })
  }
  await client.sip.domains(domain.sid).auth.registrations.credentialListMappings.create({ credentialListSid: list.sid })
  await client.sip.domains(domain.sid).auth.calls.credentialListMappings.create({ credentialListSid: list.sid })
  domainSid = domain.sid
  listSid = list.sid
})

beforeEach(() => {
  for (const phone of phones.splice(0)) phone.close()
  app.heard.length = 0
  app.pages.clear()
})

afterAll(async () => {
  for (const phone of phones) phone.close()
  await network.close()
  await app.stop()
})

async function phoneOf(user: string, more: { password?: string; transport?: 'UDP' | 'TCP'; domain?: string } = {}): Promise<SipPhone> {
  const phone = await SipPhone.open(network.sipPort ?? 0, { user, domain: NAME, password: PASSWORD, ...more })
  phones.push(phone)
  return phone
}
const alerts = (code: number) =>
  network.control.log(0).filter(entry => entry.kind === 'alert' && entry.code === code).length

describe('registering', () => {
  test.each(['UDP', 'TCP'] as const)('over %s: challenged, then accepted with its contact and its time', async transport => {
    const phone = await phoneOf('ada', { transport })
    const answer = await phone.register(300)
    expect(phone.got.map(one => one.status)).toEqual([401, 200])
    expect(answer.status).toBe(200)
    expect(header(answer, 'Contact')).toBe(`${phone.contact};expires=300`)
    expect((await phone.register(0)).status).toBe(200)
  })

  test('is refused for a wrong password, another user’s name, and a domain that does not exist', async () => {
    expect((await (await phoneOf('ada', { password: 'wrong' })).register()).status).toBe(403)
    expect(alerts(32202)).toBe(1)
    const bo = await phoneOf('bo')
    Object.assign(bo, { user: 'ada' })
    expect((await bo.register()).status).toBe(403)
    expect(alerts(32106)).toBe(1)
    expect((await (await phoneOf('ada', { domain: 'other.sip.twilio.com' })).register()).status).toBe(404)
  })
})

describe('a call of a phone', () => {
  test('asks the domain’s voice URL with the fields of SIP, is answered, and ends with BYE', async () => {
    app.pages.set('/voice', '<Response><Say>Hello phone</Say><Pause length="60"/></Response>')
    const ada = await phoneOf('ada')
    const { response, call } = await ada.dial('100', [['X-Crm', '77']])
    expect(response.status).toBe(200)
    const asked = app.at('/voice')[0]?.fields
    expect(asked).toMatchObject({
      From: `sip:ada@${NAME}`,
      To: `sip:100@${NAME}`,
      SipDomain: NAME,
      SipDomainSid: domainSid,
      SipCallId: call.callId,
      SipSourceIp: '127.0.0.1',
      SipUsername: 'ada',
      'SipHeader_X-Crm': '77',
      Direction: 'inbound',
      CallStatus: 'ringing',
    })
    expect(asked).not.toHaveProperty('StirVerstat')
    ada.send(ada.within(call, 'BYE'))
    await app.until(() => app.at('/status').length === 1)
    expect(app.at('/status')[0]?.fields).toMatchObject({ CallSid: asked?.CallSid, CallStatus: 'completed' })
  })
})

void readUri
void listSid
