import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DOMAIN, PASSWORD, type SipStage, startSipStage } from '../testing/sip-stage.ts'

/** SIP domains, lists and mappings, used by the unmodified `twilio` package. */

let stage: SipStage
beforeAll(async () => {
  stage = await startSipStage()
})
beforeEach(() => stage.clear())
afterAll(() => stage.stop())

const refused = (code: number) => ({ status: 400, code })

describe('domains', () => {
  test('are made with defaults, listed, changed and removed', async () => {
    const { domains } = stage.client.sip
    const made = await domains.create({ domainName: 'Sales.sip.twilio.com' })
    expect(made).toMatchObject({
      domainName: 'sales.sip.twilio.com',
      friendlyName: '',
      authType: '',
      voiceUrl: null,
      voiceMethod: 'POST',
      sipRegistration: false,
      secure: false,
      accountSid: stage.network.account.accountSid,
    })
    expect(made.sid).toMatch(/^SD[0-9a-f]{32}$/)
    const changed = await domains(made.sid).update({
      voiceUrl: 'https://app.example.test/voice',
      voiceMethod: 'GET',
      voiceFallbackUrl: 'https://app.example.test/fallback',
      voiceStatusCallbackUrl: 'https://app.example.test/status',
      sipRegistration: true,
      friendlyName: 'Sales',
    })
    expect(changed).toMatchObject({
      domainName: 'sales.sip.twilio.com',
      voiceUrl: 'https://app.example.test/voice',
      voiceMethod: 'GET',
      voiceFallbackUrl: 'https://app.example.test/fallback',
      voiceStatusCallbackUrl: 'https://app.example.test/status',
      sipRegistration: true,
      friendlyName: 'Sales',
    })
    expect((await domains.list()).map(one => one.domainName)).toEqual(['sales.sip.twilio.com', DOMAIN])
    await domains(made.sid).remove()
    await expect(domains(made.sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 })
  })

  test.each([
    ['is in use', DOMAIN],
    ['is in use, in other letters', DOMAIN.toUpperCase()],
    ['is not under sip.twilio.com', 'desk.example.test'],
    ['has no name of its own', 'sip.twilio.com'],
    ['has a sign that is no letter', 'my_desk.sip.twilio.com'],
    ['is below a domain of somebody else', 'a.other.sip.twilio.com'],
    ['is empty', ''],
  ])('a name that %s is 21232', async (_, domainName) => {
    await expect(stage.client.sip.domains.create({ domainName })).rejects.toMatchObject(refused(21232))
  })

  test('a domain below one’s own is made; a URL that is none is refused', async () => {
    const { domains } = stage.client.sip
    const made = await domains.create({ domainName: `a.${DOMAIN}` })
    expect(made.domainName).toBe(`a.${DOMAIN}`)
    await expect(domains(made.sid).update({ voiceUrl: 'nowhere' })).rejects.toMatchObject(refused(21205))
    await domains(made.sid).remove()
  })
})

describe('lists', () => {
  test('of credentials: names are kept, passwords are never shown', async () => {
    const { credentialLists } = stage.client.sip
    const list = await credentialLists.create({ friendlyName: 'mine' })
    const { credentials } = credentialLists(list.sid)
    const made = await credentials.create({ username: 'dora', password: PASSWORD })
    expect(JSON.stringify(made)).not.toContain(PASSWORD)
    expect([made.username, made.credentialListSid]).toEqual(['dora', list.sid])
    expect((await credentials(made.sid).update({ password: 'Another-horse-8' })).username).toBe('dora')
    expect((await credentials.list()).map(one => one.sid)).toEqual([made.sid])
    await expect(credentials.create({ username: 'dora', password: PASSWORD })).rejects.toMatchObject(refused(20001))
    await expect(credentials.create({ username: 'x'.repeat(33), password: PASSWORD })).rejects.toMatchObject(
      refused(20001),
    )
    for (const weak of ['short-A1', 'no-capital-letter-1', 'NO-SMALL-LETTER-1', 'No-digit-at-all']) {
      await expect(credentials.create({ username: 'eve', password: weak })).rejects.toMatchObject(refused(20001))
    }
    await credentials(made.sid).remove()
    expect(await credentials.list()).toEqual([])
    expect((await credentialLists(list.sid).update({ friendlyName: 'yours' })).friendlyName).toBe('yours')
    await credentialLists(list.sid).remove()
    await expect(credentialLists(list.sid).fetch()).rejects.toMatchObject({ code: 20404 })
    expect(JSON.stringify(stage.network.control.log(0))).not.toContain(PASSWORD)
  })

  test('of addresses: IPv4 with a prefix', async () => {
    const { ipAccessControlLists } = stage.client.sip
    const list = await ipAccessControlLists.create({ friendlyName: 'office' })
    const { ipAddresses } = ipAccessControlLists(list.sid)
    const made = await ipAddresses.create({ friendlyName: 'lan', ipAddress: '10.1.2.3' })
    expect(made).toMatchObject({ ipAddress: '10.1.2.3', cidrPrefixLength: 32, friendlyName: 'lan' })
    expect(await ipAddresses(made.sid).update({ cidrPrefixLength: 24 })).toMatchObject({
      cidrPrefixLength: 24,
      ipAddress: '10.1.2.3',
    })
    for (const ipAddress of ['10.1.2', '10.1.2.300', 'localhost', '::1']) {
      await expect(ipAddresses.create({ friendlyName: 'x', ipAddress })).rejects.toMatchObject(refused(20001))
    }
    await expect(ipAddresses(made.sid).update({ cidrPrefixLength: 33 })).rejects.toMatchObject(refused(20001))
    await ipAddresses(made.sid).remove()
    expect(await ipAddresses.list()).toEqual([])
    await ipAccessControlLists(list.sid).remove()
  })

  test('need a name', async () => {
    await expect(stage.client.sip.credentialLists.create({ friendlyName: '' })).rejects.toMatchObject(refused(20001))
  })
})

describe('mappings', () => {
  test('say what opens a domain for calls, under both of their names, and keep a list from being removed', async () => {
    const { sip } = stage.client
    const domain = await sip.domains.create({ domainName: 'mapped.sip.twilio.com' })
    const list = await sip.ipAccessControlLists.create({ friendlyName: 'office' })
    const at = sip.domains(domain.sid)
    const mapped = await at.auth.calls.ipAccessControlListMappings.create({ ipAccessControlListSid: list.sid })
    expect([mapped.sid, mapped.friendlyName]).toEqual([list.sid, 'office'])
    await at.auth.calls.credentialListMappings.create({ credentialListSid: stage.listSid })
    expect((await at.fetch()).authType).toBe('IP_ACL,CREDENTIAL_LIST')
    expect((await at.ipAccessControlListMappings.list()).map(one => one.sid)).toEqual([list.sid])
    expect((await at.auth.calls.credentialListMappings.list()).map(one => one.sid)).toEqual([stage.listSid])
    expect(await at.auth.registrations.credentialListMappings.list()).toEqual([])
    const again = at.auth.calls.ipAccessControlListMappings.create({ ipAccessControlListSid: list.sid })
    await expect(again).rejects.toMatchObject(refused(21231))
    await expect(at.auth.calls.credentialListMappings.create({ credentialListSid: 'CL1' })).rejects.toMatchObject(
      refused(20001),
    )
    await expect(sip.ipAccessControlLists(list.sid).remove()).rejects.toMatchObject(refused(20001))
    await at.auth.calls.ipAccessControlListMappings(list.sid).remove()
    expect((await at.fetch()).authType).toBe('CREDENTIAL_LIST')
    await sip.ipAccessControlLists(list.sid).remove()
    await at.remove()
  })
})
