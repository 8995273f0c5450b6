/** Servers for ICE: those of the settings, and those of a vendor against its look-alike. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { iceServersOf } from '../../src/providers/ice/ice-servers.ts'
import { listIn } from '../../src/providers/ice/server-list.ts'
import { startCloudflareTurn, TURN_KEY } from '../vendors/cloudflare-turn.ts'
import type { VendorServer } from '../vendors/vendor-server.ts'

let vendor: VendorServer
beforeAll(async () => {
  vendor = await startCloudflareTurn()
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => vendor.stop())

const ICE_SERVERS =
  '[{"urls": "stun:stun.example.com"}, {"urls": ["turn:turn.example.com"], "username": "a", "credential": "b"}]'
const LISTED = [
  { urls: ['stun:stun.example.com'] },
  { urls: ['turn:turn.example.com'], username: 'a', credential: 'b' },
]
const cloudflare = (more: object = {}) => ({
  ...{
    CLOUDFLARE_TURN_KEY_ID: TURN_KEY,
    CLOUDFLARE_TURN_API_TOKEN: 'test-token',
    CLOUDFLARE_TURN_BASE_URL: vendor.url,
  },
  ...more,
})

test('without a setting there are none, and a list of the settings stays until it changes', async () => {
  expect(await iceServersOf({})).toEqual({ servers: [], ttlS: null })
  expect(await iceServersOf({ ICE_SERVERS })).toEqual({ servers: LISTED, ttlS: null })
})

test.each(['{', '{}', '[{}]', '[{"urls": "http://stun.example.com"}]', '[{"urls": []}]'])('%s is no list', setting => {
  expect(listIn(setting)).toBeNull()
})

test('Cloudflare makes credentials for a day', async () => {
  const { servers, ttlS } = await iceServersOf(cloudflare({ ICE_SERVERS }))
  expect(ttlS).toBe(86_400)
  expect(servers).toEqual([
    { urls: ['stun:stun.cloudflare.com:3478'] },
    expect.objectContaining({ username: 'u86400', credential: 'c86400' }),
  ])
})

test('a vendor that refuses, or does not answer, leaves the list of the settings, and no key is in a log', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  for (const wrong of [
    { CLOUDFLARE_TURN_API_TOKEN: 'wrong-token' },
    { CLOUDFLARE_TURN_BASE_URL: 'http://127.0.0.1:1' },
  ])
    expect(await iceServersOf(cloudflare({ ICE_SERVERS, ...wrong }))).toEqual({ servers: LISTED, ttlS: null })
  expect(said).toHaveBeenCalledTimes(2)
  expect(JSON.stringify(said.mock.calls)).not.toMatch(/wrong-token|f00dfeed/)
})
