import { createHmac } from 'node:crypto'
import AccessToken from 'twilio/lib/jwt/AccessToken.js'
import { describe, expect, test } from 'vitest'
import { ANONYMOUS, readAccessToken } from './access-token.ts'
import { credentialsOf } from './account.ts'

const account = credentialsOf(7)
const NOW = Date.now()

function token(more: { secret?: string; ttl?: number; identity?: string; account?: string } = {}): string {
  const made = new AccessToken(
    more.account ?? account.accountSid,
    account.apiKeySid,
    more.secret ?? account.apiKeySecret,
    { identity: more.identity ?? 'ada', ttl: more.ttl ?? 600 },
  )
  made.addGrant(new AccessToken.VoiceGrant({ outgoingApplicationSid: account.twimlAppSid, incomingAllow: true }))
  return made.toJwt()
}

describe("a browser's token, made by Twilio's library", () => {
  test('gives identity, application, incoming and time to live', () => {
    expect(readAccessToken(token(), account, NOW)).toEqual({
      identity: 'ada',
      accountSid: account.accountSid,
      applicationSid: account.twimlAppSid,
      incoming: true,
      ttl: expect.closeTo(600, -1),
    })
  })

  test.each([
    [token({ secret: 'another' }), 31204],
    [token({ account: `AC${'0'.repeat(32)}` }), 31204],
    [`${token().slice(0, -4)}AAAA`, 31204],
    ['', 31204],
    ['a.b.c', 31204],
    ['x'.repeat(10_000), 31204],
  ])('refuses %#', (bad, code) => {
    expect(readAccessToken(bad, account, NOW)).toMatchObject({ code })
  })

  test('an expired one has a code of its own', () => {
    expect(readAccessToken(token({ ttl: 60 }), account, NOW + 61_000)).toMatchObject({ code: 31205 })
  })

  test('a token that names nobody may call as Anonymous, and cannot be rung [C14]', () => {
    const [head, body] = token().split('.')
    const payload = JSON.parse(Buffer.from(body ?? '', 'base64url').toString())
    delete payload.grants.identity
    const signed = `${head}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`
    const signature = createHmac('sha256', account.apiKeySecret).update(signed).digest('base64url')
    expect(readAccessToken(`${signed}.${signature}`, account, NOW)).toMatchObject({
      identity: ANONYMOUS,
      applicationSid: account.twimlAppSid,
      incoming: false,
    })
  })
})
