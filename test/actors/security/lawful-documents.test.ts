import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../../src/actors/stubs.ts'
import { accountOf } from '../../../src/providers/registry.ts'
import type { TwilioAccount } from '../../../src/providers/telephony/port.ts'
import { fallbackUrl } from '../../../src/providers/telephony/twilio/callback-urls.ts'
import { bindings, migrated, request, signed } from '../stage.ts'
import { SAFE_XML } from './xml.ts'

beforeAll(migrated)

// This test is alone in its file: the seller's name is kept in the isolate for a minute.
test('no character of a seller’s name breaks a document, and the fallback always speaks [D12]', async () => {
  const words = 'North\u000bwind \ud800 & \u0000Sons\ufffe'
  await stubFor(bindings, 'workspace', 'w_test').setProfile('Test', words, '+14155550100')
  const answers = [
    await signed('/twilio/w_test/inbound', { CallSid: 'CA-xml', From: '+14155550123', To: '+14155550999' }),
  ]
  const account = (await accountOf(bindings, 'w_test')) as TwilioAccount
  const url = new URL(await fallbackUrl(account, { name: words, number: '+14155550100' }))
  answers.push(await request(`${url.pathname}${url.search}`, { method: 'POST' }))
  for (const answer of answers) {
    expect(answer.status).toBe(200)
    const text = await answer.text()
    expect(text).toMatch(SAFE_XML)
    expect(text).toContain('wind')
    expect(text).toContain('&amp;')
  }
})
