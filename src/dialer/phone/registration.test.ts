import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Registration, type RegistrationParts } from './registration.ts'
import { fetchVoiceToken, TokenRefused } from './token.ts'
import type { Device } from './twilio-device.ts'

vi.mock('./token.ts', async original => ({
  ...(await original<typeof import('./token.ts')>()),
  fetchVoiceToken: vi.fn(),
}))
const fetched = vi.mocked(fetchVoiceToken)

/** The part of the SDK's device that a registration uses. */
class FakeDevice {
  state = 'unregistered'
  edge: string | null = null
  readonly listeners = new Map<string, (given?: unknown) => void>()
  readonly tokens: string[] = []
  registered = 0
  on(event: string, hear: (given?: unknown) => void): void {
    this.listeners.set(event, hear)
  }
  register(): Promise<void> {
    this.registered += 1
    return Promise.resolve()
  }
  updateToken(token: string): void {
    this.tokens.push(token)
  }
  tell(event: string, given?: unknown): void {
    this.listeners.get(event)?.(given)
  }
}

function begin() {
  const device = new FakeDevice()
  const heard: string[] = []
  const parts: RegistrationParts = {
    onRegistered: () => heard.push('registered'),
    onOffline: fault => heard.push(`offline: ${fault}`),
    onRefused: fault => heard.push(`refused: ${fault}`),
    onTokenRefused: () => void heard.push('token refused'),
    onToken: () => heard.push('token'),
    notify: (tone, text) => heard.push(`${tone}: ${text}`),
  }
  const registration = new Registration(device as unknown as Device, parts)
  registration.start()
  return { device, heard, registration }
}

const given = (token: string) => ({
  token,
  identity: 'agent_ada',
  expiresIn: 3_300,
  signallingUrl: null,
  outgoing: true,
})

beforeEach(() => {
  vi.useFakeTimers()
  fetched.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
})

test('the device is registered, and every word of it about that is heard [S4-7]', () => {
  const { device, heard } = begin()
  expect(device.registered).toBe(1)
  expect([...device.listeners.keys()].sort()).toEqual(['error', 'registered', 'tokenWillExpire', 'unregistered'])
  device.tell('registered')
  device.tell('unregistered')
  device.tell('error', { code: 53405 })
  expect(heard).toEqual(['registered', 'offline: offline', 'offline: media-blocked'])
})

test('a token that will expire is replaced on the same device, which is not registered anew [S4-8]', async () => {
  const { device, heard } = begin()
  device.state = 'registered'
  device.tell('registered')
  fetched.mockResolvedValue(given('a new one'))
  device.tell('tokenWillExpire')
  await vi.waitFor(() => expect(device.tokens).toEqual(['a new one']))
  expect(heard).toEqual(['registered', 'token'])
  expect(device.registered).toBe(1)
})

test.each([
  [new TokenRefused('token: 403'), 'The phone pass was refused.'],
  [new Error('no network'), 'The phone pass could not be renewed.'],
])('a new token that does not come is said, and asked for again: %s', async (failure, words) => {
  const { device, heard } = begin()
  device.state = 'registered'
  device.tell('registered')
  fetched.mockRejectedValueOnce(failure).mockResolvedValueOnce(given('the second'))
  device.tell('tokenWillExpire')
  await vi.waitFor(() => expect(heard.at(-1)).toBe(`problem: ${words} Calls in progress go on; trying again.`))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(device.tokens).toEqual(['the second'])
})

test('after the end nothing is tried again [S4-9]', async () => {
  const { device, heard, registration } = begin()
  registration.stop()
  device.tell('registered')
  device.tell('error', { code: 31005 })
  registration.retryNow()
  await vi.advanceTimersByTimeAsync(60_000)
  expect([device.registered, heard]).toEqual([1, []])
})
