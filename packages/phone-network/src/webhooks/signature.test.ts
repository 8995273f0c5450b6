import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import { describe, expect, test } from 'vitest'
import { signedUrl, signWebhook } from './signature.ts'

const TOKEN = 'a token of the test'
const FIELDS = { CallSid: 'CA1', To: '+14155550101', Umlaut: 'Zoë & Söhne', Empty: '', 'a b': '1' }

describe('the signature', () => {
  // Each row has a configured URL and the URL that the program sees. Twilio's own validator checks the signature.
  test.each([
    ['https://app.example.test/voice', 'https://app.example.test/voice'],
    ['https://app.example.test/voice?x=1&y=%20z', 'https://app.example.test/voice?x=1&y=%20z'],
    ['https://app.example.test:8443/voice', 'https://app.example.test/voice'],
    ['http://127.0.0.1:5050/voice', 'http://127.0.0.1:5050/voice'],
    ['http://user:word@127.0.0.1:5050/voice', 'http://127.0.0.1:5050/voice'],
    ['https://user:word@app.example.test/voice', 'https://app.example.test/voice'],
    ['http://app.example.test/voice#rc=2&rp=all', 'http://app.example.test/voice'],
    ['https://app.example.test/voice?m=a@b', 'https://app.example.test/voice?m=a@b'],
  ])('of %s is valid for %s', (configured, seen) => {
    expect(signedUrl(configured)).toBe(seen)
    expect(validateRequest(TOKEN, signWebhook(TOKEN, configured, FIELDS), seen, FIELDS)).toBe(true)
  })

  test('is not valid for another token, another URL or a changed field', () => {
    const signature = signWebhook(TOKEN, 'https://app.example.test/voice', FIELDS)
    expect(validateRequest('other', signature, 'https://app.example.test/voice', FIELDS)).toBe(false)
    expect(validateRequest(TOKEN, signature, 'https://app.example.test/status', FIELDS)).toBe(false)
    expect(validateRequest(TOKEN, signature, 'https://app.example.test/voice', { ...FIELDS, To: '+1' })).toBe(false)
  })
})
