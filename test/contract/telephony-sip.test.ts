/** The contract of SIP domains, over every adapter, and a real phone at the domain that Twilio's adapter keeps. */
import { afterEach, assert, beforeEach, describe, expect, test } from 'vitest'
import { startPhoneNetwork } from '../../packages/phone-network/src/phone-network.ts'
import { SipPhone } from '../../packages/phone-network/src/testing/sip-phone.ts'
import { SmallApp } from '../../packages/phone-network/src/testing/small-app.ts'
import type { SipDomains, SipDomainWish } from '../../src/providers/telephony/sip-port.ts'
import { twilioCarrier } from '../../src/providers/telephony/twilio/carrier.ts'
import { CARRIERS } from './telephony/carriers.ts'
import { type Stage, WORKSPACE } from './telephony/stage.ts'

const PASSWORD = 'Correct-horse-7'
const VOICE = 'https://calls.example.test/voice'

describe.each(CARRIERS)('%s', (_name, open) => {
  let stage: Stage
  let domains: SipDomains
  const wish = (more: Partial<SipDomainWish> = {}): SipDomainWish => ({
    domainName: `desk${domains.ending}`,
    voiceUrl: VOICE,
    statusUrl: `${VOICE}/status`,
    users: [
      { username: 'bo', password: PASSWORD },
      { username: 'ada', password: PASSWORD },
    ],
    networks: [],
    ...more,
  })
  beforeEach(async () => {
    stage = await open()
    const made = stage.carrier.sipDomains?.(stage.account)
    assert(made !== undefined)
    domains = made
    await domains.remove(`desk${domains.ending}`)
  })
  afterEach(() => stage.stop())

  test('a domain is made with its users and networks, and is found as it was kept', async () => {
    expect(await domains.find(`desk${domains.ending}`)).toEqual({ ok: true, value: null })
    const networks = [{ address: '203.0.113.0', prefixLength: 24 }]
    const kept = await domains.keep(wish({ networks }))
    const value = {
      domainId: expect.any(String),
      domainName: `desk${domains.ending}`,
      voiceUrl: VOICE,
      users: ['ada', 'bo'],
      networks,
    }
    expect(kept).toEqual({ ok: true, value })
    expect(await domains.find(`DESK${domains.ending}`)).toEqual(kept)
    expect(JSON.stringify(kept)).not.toContain(PASSWORD)
  })

  test('the carrier’s hosts are told from those of others', () => {
    expect(domains.isCarrierHost(`far${domains.ending}`)).toBe(true)
    expect(domains.isCarrierHost('pbx.example')).toBe(false)
  })

  test('our addresses for its calls say the workspace and the door', () => {
    const { voiceUrl, statusUrl } = domains.urls('phones')
    for (const url of [voiceUrl, statusUrl]) expect(url).toContain(`${stage.account.publicUrl}/`)
    for (const url of [voiceUrl, statusUrl]) expect(url).toContain(`/${WORKSPACE}/`)
    expect(voiceUrl).toMatch(/\bphones$/)
    expect(domains.urls('tr_1').voiceUrl).not.toBe(voiceUrl)
  })

  test('the same wish again changes nothing; another one makes, changes and removes', async () => {
    const first = await domains.keep(wish())
    expect(await domains.keep(wish())).toEqual(first)
    const changed = await domains.keep(
      wish({
        voiceUrl: `${VOICE}/2`,
        users: [
          { username: 'ada', password: null },
          { username: 'cy', password: PASSWORD },
        ],
        networks: [{ address: '198.51.100.7', prefixLength: 32 }],
      }),
    )
    expect(changed).toMatchObject({
      ok: true,
      value: {
        voiceUrl: `${VOICE}/2`,
        users: ['ada', 'cy'],
        networks: [{ address: '198.51.100.7', prefixLength: 32 }],
      },
    })
    assert(first.ok && changed.ok)
    expect(changed.value.domainId).toBe(first.value.domainId)
    expect(await domains.keep(wish({ users: [], networks: [] }))).toMatchObject({
      ok: true,
      value: { users: [], networks: [] },
    })
  })

  test('a removed domain is gone with its users, and removing it again is no failure', async () => {
    await domains.keep(wish())
    const name = `desk${domains.ending}`
    expect(await domains.remove(name)).toEqual({ ok: true, value: null })
    expect(await domains.find(name)).toEqual({ ok: true, value: null })
    expect(await domains.remove(name)).toEqual({ ok: true, value: null })
    expect(await domains.keep(wish({ users: [{ username: 'cy', password: PASSWORD }] }))).toMatchObject({
      value: { users: ['cy'] },
    })
  })

  test('a name that the carrier does not take, and a new user without a password, are refused', async () => {
    for (const wrong of [
      wish({ domainName: 'desk.example.test' }),
      wish({ users: [{ username: 'dora', password: null }] }),
    ]) {
      expect(await domains.keep(wrong)).toMatchObject({ ok: false, failure: { kind: 'refused' } })
    }
  })
})

test('twilio: a phone registers at the domain that was kept, and calls our voice URL; a removed user does neither', async () => {
  const app = await new SmallApp().start()
  app.pages.set('/voice', '<Response><Pause length="1"/><Say>Hello</Say><Pause length="60"/></Response>')
  const network = await startPhoneNetwork({ port: 0, sipPort: 0 })
  const account = {
    provider: 'twilio' as const,
    workspaceId: WORKSPACE,
    publicUrl: app.url,
    callsPerSecond: 4,
    ...network.account,
    apiBaseUrl: network.url,
  }
  const domains = twilioCarrier.sipDomains?.(account)
  assert(domains !== undefined)
  const domain = 'desk.sip.twilio.com'
  const users = [{ username: 'ada', password: PASSWORD }]
  const wish = { domainName: domain, voiceUrl: `${app.url}/voice`, statusUrl: `${app.url}/status`, users, networks: [] }
  expect(await domains.keep(wish)).toMatchObject({ ok: true })
  const phone = await SipPhone.open(network.sipPort ?? 0, { user: 'ada', domain, password: PASSWORD })
  expect((await phone.register()).status).toBe(200)
  expect((await phone.dial('100')).response.status).toBe(200)
  expect(app.at('/voice')[0]?.fields).toMatchObject({ SipDomain: domain, SipUsername: 'ada' })
  expect(await domains.keep({ ...wish, users: [{ username: 'bo', password: PASSWORD }] })).toMatchObject({ ok: true })
  expect((await phone.register()).status).toBe(403)
  expect((await phone.dial('100')).response.status).toBe(403)
  phone.close()
  await network.close()
  await app.stop()
})
