import { expect, test } from 'vitest'
import type { TwilioAccount } from '../port.ts'
import { mediaUrl } from './callback-urls.ts'

const account = (publicUrl: string): TwilioAccount => ({
  provider: 'twilio',
  workspaceId: 'w_test',
  publicUrl,
  accountSid: 'AC1',
  authToken: 'secret of the account',
  apiKeySid: '',
  apiKeySecret: '',
  twimlAppSid: '',
  apiBaseUrl: 'http://127.0.0.1:1',
  callsPerSecond: 1,
})

test.each(['https://calls.example.test', 'http://127.0.0.1:5050'])(
  'sound goes over wss only, whatever the public address %s is [S2-36]',
  async base => {
    const url = await mediaUrl(account(base), 'w_test.call_1', 1)
    expect(url).toMatch(/^wss:\/\//)
    expect(url).toContain('/media/w_test.call_1/')
    expect(url).not.toContain('secret of the account')
  },
)
