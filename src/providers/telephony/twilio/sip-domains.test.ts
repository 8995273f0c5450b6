import { expect, test } from 'vitest'
import type { TwilioAccount } from '../port.ts'
import { TwilioSipDomains } from './sip-domains.ts'

const domains = new TwilioSipDomains({} as TwilioAccount, () => Promise.reject(new Error('nothing is sent')))

test('a host is known as the carrier’s by every spelling of its domains', () => {
  for (const host of [
    'sip.twilio.com',
    'sip.us1.twilio.com',
    'sip.ashburn.twilio.com',
    'pstn.twilio.com',
    'twilio.com',
  ])
    expect(domains.isCarrierHost(host === 'twilio.com' ? host : `far.${host}`), host).toBe(true)
  for (const host of ['pbx.example', 'nottwilio.com', 'sip.twilio.com.pbx.example', 'twilio.company'])
    expect(domains.isCarrierHost(host), host).toBe(false)
})
