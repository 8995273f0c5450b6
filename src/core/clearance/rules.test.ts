import { expect, test } from 'vitest'
import { ASKED, defaultProfile, PROFILE_RULES, PURPOSES } from './rules.ts'

test('a workspace that has chosen nothing keeps the consumer rules of the United States', () => {
  expect(defaultProfile(undefined)).toBe('us-consumer')
  expect(defaultProfile('no such profile')).toBe('us-consumer')
  expect(defaultProfile('uk')).toBe('uk')
})

test('the list, the country and premium numbers are asked about on every way to place a call', () => {
  for (const purpose of PURPOSES)
    expect(ASKED[purpose]).toEqual(
      expect.arrayContaining(['not-a-number', 'country', 'premium', 'do-not-call', 'spend']),
    )
})

test('every named profile asks an AI voice for consent and keeps hours', () => {
  for (const profile of ['us-consumer', 'us-business', 'uk', 'eu'] as const) {
    expect(PROFILE_RULES[profile].consentFor).toEqual(expect.arrayContaining(['ai', 'ai-campaign']))
    expect(PROFILE_RULES[profile].hours.some(one => one.fromMinute === 0 && one.toMinute === 1_440)).toBe(false)
  }
})
