import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { SmallApp } from '../testing/small-app.ts'
import { twilioClient } from '../testing/twilio-client.ts'

/** The account's resources, used by the unmodified `twilio` package. */

const FROM = '+14155550000'
let app: SmallApp
let network: PhoneNetwork
let client: ReturnType<typeof twilioClient>

beforeAll(async () => {
  app = await new SmallApp().start()
  app.pages.set('/stay', '<Response><Pause length="600"/></Response>')
  network = await startPhoneNetwork({
    port: 0,
    cps: 50,
    numbers: [{ number: FROM, voiceUrl: `${app.url}/stay` }],
    account: { voiceUrl: `${app.url}/stay` },
  })
  client = twilioClient(network.url, network.account)
})

afterAll(async () => {
  await network.close()
  await app.stop()
})

const ended = (sid: string) => network.control.until(entry => entry.kind === 'call-ended' && entry.callSid === sid)

describe('the account', () => {
  test('is found, listed, and can be suspended: then it can only look at itself', async () => {
    const { accountSid } = network.account
    expect((await client.api.v2010.accounts(accountSid).fetch()).status).toBe('active')
    expect((await client.api.v2010.accounts.list()).map(account => account.sid)).toEqual([accountSid])
    await client.api.v2010.accounts(accountSid).update({ status: 'suspended' })
    await expect(client.calls.list()).rejects.toMatchObject({ status: 403, code: 20005 })
    await client.api.v2010.accounts(accountSid).update({ status: 'active' })
    expect(await client.calls.list()).toEqual([])
    expect((await client.balance.fetch()).currency).toBe('USD')
  })

  test('a made key signs in, and no more when it is deleted', async () => {
    const { sid, secret, friendlyName } = await client.newKeys.create({ friendlyName: 'mine' })
    expect({ friendlyName, listed: (await client.keys.list()).map(key => key.sid) }).toEqual({
      friendlyName: 'mine',
      listed: [sid, network.account.apiKeySid],
    })
    const keyed = twilioClient(network.url, { ...network.account, apiKeySid: sid, apiKeySecret: secret }, true)
    expect(await keyed.calls.list()).toEqual([])
    await client.signingKeys(sid).remove()
    await expect(keyed.calls.list()).rejects.toMatchObject({ code: 20003 })
  })

  test('more requests at once than allowed are refused with 20429', async () => {
    network.control.setAccount({ requestsMax: 0 })
    await expect(client.calls.list()).rejects.toMatchObject({ status: 429, code: 20429 })
    network.control.setAccount({ requestsMax: null })
    expect(() => network.control.setAccount({ requestsMax: 'many' })).toThrow('requestsMax')
  })

  test('tokens carry ice servers of this machine', async () => {
    const token = await client.tokens.create({ ttl: 60 })
    expect(token.ttl).toBe('60')
    expect(token.iceServers.map(server => String(server.urls).split(':')[1])).toEqual(Array(3).fill('127.0.0.1'))
  })
})

describe('numbers and applications', () => {
  test('on sale, bought, changed, given back', async () => {
    const [local] = await client.availablePhoneNumbers('US').local.list({ areaCode: 512, limit: 5 })
    expect(local).toMatchObject({ locality: 'Austin', region: 'TX', isoCountry: 'US' })
    expect(await client.availablePhoneNumbers('US').local.list({ areaCode: 512, limit: 1 })).toEqual([local])
    const [vanity] = await client.availablePhoneNumbers('US').tollFree.list({ contains: '**FLOWERS' })
    expect(vanity?.phoneNumber).toMatch(/3569377$/)
    const abroad = await client.availablePhoneNumbers('GB').mobile.list({ pageSize: 3 })
    expect(abroad.length).toBeGreaterThan(0)
    for (const { phoneNumber } of abroad) expect(phoneNumber).toMatch(/^\+44/)
    const countries = await client.availablePhoneNumbers.list({ pageSize: 40 })
    expect(countries.find(each => each.countryCode === 'GB')?.country).toBe('United Kingdom')
    expect(new Set(countries.map(each => each.countryCode)).size).toBe(countries.length)
    await expect(client.availablePhoneNumbers('US').mobile.list()).rejects.toMatchObject({ code: 20404 })

    const phoneNumber = local?.phoneNumber ?? ''
    const bought = await client.incomingPhoneNumbers.create({ phoneNumber, voiceUrl: 'http://a.test/v' })
    expect(bought).toMatchObject({
      phoneNumber,
      voiceMethod: 'POST',
      voiceUrl: 'http://a.test/v',
      statusCallback: null,
    })
    const changed = await client.incomingPhoneNumbers(bought.sid).update({ friendlyName: 'mine', voiceUrl: '' })
    expect(changed).toMatchObject({ friendlyName: 'mine', voiceUrl: null })
    expect((await client.incomingPhoneNumbers.list({ phoneNumber: '512' })).map(each => each.sid)).toEqual([bought.sid])
    expect(await client.incomingPhoneNumbers.tollFree.list()).toEqual([])
    await client.incomingPhoneNumbers(bought.sid).remove()
    await expect(client.incomingPhoneNumbers(bought.sid).fetch()).rejects.toMatchObject({ code: 20404 })
  })

  test.each([
    [{ phoneNumber: '12' }, 21421],
    [{ phoneNumber: FROM }, 21422],
    [{ phoneNumber: '+14155551001' }, 21422],
    [{ areaCode: '533' }, 21452],
    [{ areaCode: '512', voiceUrl: 'nonsense' }, 21502],
    [{ areaCode: '512', voiceApplicationSid: 'AP1' }, 21218],
  ])('buying %j is refused with %i', async (wish, code) => {
    await expect(client.incomingPhoneNumbers.create(wish)).rejects.toMatchObject({ code })
  })

  test('an application answers for a number, and calls by its SID use it', async () => {
    const made = await client.applications.create({
      friendlyName: 'other',
      voiceUrl: `${app.url}/other`,
      statusCallback: `${app.url}/other-status`,
    })
    app.pages.set('/other', '<Response><Hangup/></Response>')
    const bought = await client.incomingPhoneNumbers.create({
      areaCode: '212',
      voiceUrl: `${app.url}/never`,
      voiceApplicationSid: made.sid,
      voiceCallerIdLookup: true,
    })
    await client.applications(made.sid).update({ voiceCallerIdLookup: true })
    await ended(network.control.dial('+14155551001', bought.phoneNumber))
    await app.until(() => app.at('/other-status').length === 1)
    const [asked] = app.at('/other')
    expect(asked?.fields).toMatchObject({ ApplicationSid: made.sid, FromCity: 'SAN FRANCISCO', ToState: 'NY' })
    expect(asked?.fields.CallerName).toMatch(/^[A-Z .'-]{1,15}$/)
    const call = await client.calls.create({ to: '+15002000101', from: FROM, applicationSid: made.sid })
    await ended(call.sid)
    await app.until(() => app.at('/other').length === 2 && app.at('/other-status').length === 2)
    expect(app.at('/never')).toEqual([])
    await client.applications(made.sid).remove()
    expect((await client.applications.list()).map(each => each.sid)).toEqual([network.account.twimlAppSid])
  })
})

describe('caller ids', () => {
  test('a human types the code; then calls may be made in that name', async () => {
    const phoneNumber = '+15002000105'
    const create = () => client.calls.create({ to: '+15004100001', from: phoneNumber, url: `${app.url}/stay` })
    await expect(create()).rejects.toMatchObject({ code: 21210 })
    const statusCallback = `${app.url}/verified`
    const asked = await client.validationRequests.create({ phoneNumber, friendlyName: 'Ada', statusCallback })
    expect(asked.validationCode).toMatch(/^\d{6}$/)
    await app.until(() => app.at('/verified').length === 1)
    const [known] = await client.outgoingCallerIds.list({ phoneNumber })
    expect(app.at('/verified')[0]?.fields).toMatchObject({
      VerificationStatus: 'success',
      OutgoingCallerIdSid: known?.sid,
    })
    expect(known?.friendlyName).toBe('Ada')
    await client.calls((await create()).sid).update({ status: 'canceled' })
    await expect(client.validationRequests.create({ phoneNumber })).rejects.toMatchObject({ code: 21450 })
    await client.outgoingCallerIds(known?.sid ?? '').remove()
    await expect(create()).rejects.toMatchObject({ code: 21210 })
  })

  test('nobody answers: the verification fails', async () => {
    const statusCallback = `${app.url}/failed`
    await client.validationRequests.create({ phoneNumber: '+15004000001', statusCallback })
    await app.until(() => app.at('/failed').length === 1)
    expect(app.at('/failed')[0]?.fields.VerificationStatus).toBe('failed')
  })
})

describe('what happened', () => {
  test('an event that does not exist is left out with a warning, the call is made', async () => {
    const statusCallbackEvent = ['answered', 'in-progress']
    const { sid } = await client.calls.create({
      to: '+15004100002',
      from: FROM,
      url: `${app.url}/stay`,
      statusCallback: `${app.url}/status`,
      statusCallbackEvent,
    })
    expect(sid).toMatch(/^CA/)
    const alerts = await client.monitor.v1.alerts.list({ logLevel: 'warning' })
    expect(alerts.map(alert => alert.errorCode)).toContain('21626')
    const [first] = alerts
    expect(await client.monitor.v1.alerts(first?.sid ?? '').fetch()).toMatchObject({ sid: first?.sid })
    await client.calls(sid).update({ status: 'canceled' })
  })

  test('a broken document: notification of the call, its events, and its deletion', async () => {
    app.pages.set('/broken', '<Response><Say>')
    const { sid } = await client.calls.create({ to: '+15002000102', from: FROM, url: `${app.url}/broken` })
    await expect(client.calls(sid).remove()).rejects.toMatchObject({ status: 409 })
    await ended(sid)
    const [notification] = await client.calls(sid).notifications.list()
    expect(notification).toMatchObject({ errorCode: '12100', log: '0', requestUrl: `${app.url}/broken`, callSid: sid })
    const again = await client.notifications(notification?.sid ?? '').fetch()
    expect(again.responseBody).toBe('<Response><Say>')
    const [event] = await client.calls(sid).events.list()
    expect(event?.request).toMatchObject({ method: 'POST', url: `${app.url}/broken` })
    await client.calls(sid).remove()
    await expect(client.calls(sid).fetch()).rejects.toMatchObject({ code: 20404 })
  })

  test('prefixes that the account may not call', async () => {
    network.control.setAccount({ blockedPrefixes: ['+882'] })
    const to = '+88213123456'
    await expect(client.calls.create({ to, from: FROM, url: 'http://a/' })).rejects.toMatchObject({ code: 21215 })
    app.pages.set('/dial', `<Response><Dial>${to}</Dial></Response>`)
    const { sid } = await client.calls.create({ to: '+15002000103', from: FROM, url: `${app.url}/dial` })
    await ended(sid)
    expect((await client.calls(sid).notifications.list()).map(each => each.errorCode)).toEqual(['13227'])
    network.control.setAccount({ blockedPrefixes: [] })
  })
})

describe('lookup', () => {
  test('of numbers of the world and of this network', async () => {
    const lookup = (number: string, fields = '') => client.lookups.v2.phoneNumbers(number).fetch({ fields })
    expect(await lookup('+442079460123')).toMatchObject({ valid: true, countryCode: 'GB', callingCountryCode: '44' })
    const person = await lookup('+14155551001', 'caller_name,line_type_intelligence')
    expect(person).toMatchObject({ valid: true, nationalFormat: '(415) 555-1001', simSwap: null })
    expect(person.lineTypeIntelligence).toMatchObject({ type: 'mobile' })
    expect(person.callerName).toMatchObject({ callerType: 'CONSUMER' })
    expect(await lookup('+15005000001')).toMatchObject({ valid: false, nationalFormat: null })
    await expect(lookup('+14155551001', 'horoscope')).rejects.toMatchObject({ status: 400 })
    await expect(lookup('nobody')).rejects.toMatchObject({ code: 20404 })
  })
})
