import { expect, test, vi } from 'vitest'
import { makeDevice, TOKEN_REFRESH_MS } from './twilio-device.ts'

const { made } = vi.hoisted(() => ({ made: [] as { token: string; options: Record<string, unknown> }[] }))
vi.mock('@twilio/voice-sdk', () => {
  class Call {
    static Codec = { Opus: 'opus', PCMU: 'pcmu' }
    readonly options: unknown
    constructor(_config: unknown, options?: unknown) {
      this.options = options
    }
  }
  class Device {
    constructor(token: string, options: Record<string, unknown>) {
      made.push({ token, options })
    }
  }
  return { Call, Device }
})

test('a device logs errors only, prefers opus to pcmu, and asks for its next token in time [S3-39 S4-8]', async () => {
  await makeDevice({ token: 'a token', identity: 'agent_ada', expiresIn: 3_300, signallingUrl: null, outgoing: true })
  expect(made).toHaveLength(1)
  expect(made[0]).toMatchObject({
    token: 'a token',
    options: { logLevel: 'error', codecPreferences: ['opus', 'pcmu'], tokenRefreshMs: TOKEN_REFRESH_MS },
  })
})

test('an inbound call that is answered leaves the open line up: the hook that ends it is gone [S4-2]', async () => {
  await makeDevice({ token: 'a token', identity: 'agent_ada', expiresIn: 3_300, signallingUrl: null, outgoing: true })
  const OpenLineCall = made.at(-1)?.options.Call as new (config: object, options: object) => { options: object }
  const call = new OpenLineCall({}, { beforeAccept: () => {}, dtmf: true })
  expect(call.options).toEqual({ beforeAccept: undefined, dtmf: true })
})
