import { expect, test } from 'vitest'
import { faultWords, microphoneFault, sdkFault } from './faults.ts'

const named = (name: string) => Object.assign(new Error('x'), { name })

test('what getUserMedia throws', () => {
  expect(microphoneFault(named('NotAllowedError'))).toBe('microphone-refused')
  expect(microphoneFault(named('NotFoundError'))).toBe('no-microphone')
  expect(microphoneFault(named('NotReadableError'))).toBe('microphone-busy')
  expect(microphoneFault('odd')).toBe('unsupported')
})

test('what the SDK reports; unknown codes are "offline" [S1-23]', () => {
  expect(sdkFault({ code: 20101 })).toBe('token-refused')
  expect(sdkFault({ code: 20104 })).toBe('token-expired')
  expect(sdkFault({ code: 31401 })).toBe('microphone-refused')
  expect(sdkFault({ code: 53405 })).toBe('media-blocked')
  expect(sdkFault({ code: 31005 })).toBe('offline')
  expect(sdkFault(null)).toBe('offline')
})

test('every fault has a title and a way on', () => {
  for (const fault of ['microphone-refused', 'token-refused', 'offline', 'media-blocked', 'claim-refused'] as const) {
    expect(faultWords(fault).title.length).toBeGreaterThan(5)
    expect(faultWords(fault).fix.length).toBeGreaterThan(5)
  }
})
