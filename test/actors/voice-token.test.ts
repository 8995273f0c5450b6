/** The access token of a browser phone, read as the carrier reads it. */
import { jwtVerify } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { bindings, cookieOf, migrated, request } from './stage.ts'

beforeAll(migrated)

async function tokenOf(person: string, method: 'GET' | 'POST' = 'GET', query = ''): Promise<Response> {
  const headers = { Cookie: await cookieOf(person), 'Content-Type': 'application/json' }
  return request(`/api/twilio/token${query}`, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) })
}
interface Given {
  token: string
  identity: string
  expiresIn: number
}

test.each(['GET', 'POST'] as const)(
  '%s gives a token that our API key signed, for our TwiML App and one identity [S3-40 S4-22 S4-23]',
  async method => {
    const answer = await tokenOf('ada', method)
    expect(answer.status).toBe(200)
    const { token, identity, expiresIn } = (await answer.json()) as Given
    const key = new TextEncoder().encode(bindings.TWILIO_API_KEY_SECRET)
    const { payload, protectedHeader } = await jwtVerify(token, key, { algorithms: ['HS256'] })
    expect(protectedHeader).toMatchObject({ alg: 'HS256', cty: 'twilio-fpa;v=1' })
    expect(payload).toMatchObject({
      iss: bindings.TWILIO_API_KEY_SID,
      sub: bindings.TWILIO_ACCOUNT_SID,
      grants: {
        identity,
        voice: { incoming: { allow: true }, outgoing: { application_sid: bindings.TWILIO_TWIML_APP_SID } },
      },
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(expiresIn)
  },
)

test('every agent has an identity of their own, and gets a token for no other [S3-45 S4-22]', async () => {
  const [ada, bo] = await Promise.all(
    ['ada', 'bo'].map(async person => ((await (await tokenOf(person)).json()) as Given).identity),
  )
  expect(ada).toMatch(/^agent_[A-Za-z0-9_]+$/)
  expect(bo).toMatch(/^agent_[A-Za-z0-9_]+$/)
  expect(bo).not.toBe(ada)
  expect((await tokenOf('ada', 'GET', `?identity=${ada}`)).status).toBe(200)
  expect((await tokenOf('ada', 'GET', `?identity=${bo}`)).status).toBe(403)
})

test('nobody gets a token without a session [S1-21 S4-22]', async () => {
  const answer = await request('/api/twilio/token')
  expect(answer.status).toBe(401)
  expect(await answer.text()).not.toContain('eyJ')
})
