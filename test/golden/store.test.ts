/**
 * The store of every release opens in today's Worker: real workerd on a copy of the files, nothing replaced. The old calls
 * are read, and the old agent dials a new round on it.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call as ask, OUR_NUMBERS, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import type { CallDetail, CallRow, Campaign, EventPage, List } from '../../src/wire/api.ts'

const RELEASES = readdirSync(import.meta.dirname).filter(name => /^\d+\.\d+\.\d+$/.test(name))

function unpacked(release: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'trunkline-store-'))
  const packed = gunzipSync(readFileSync(path.join(import.meta.dirname, release, 'store.json.gz')))
  for (const [name, base64] of Object.entries(JSON.parse(packed.toString()) as Record<string, string>)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), Buffer.from(base64, 'base64'))
  }
  return folder
}

describe.each(RELEASES)('the store of %s', release => {
  const state = unpacked(release)
  let stage: Stage
  let cookie: string

  beforeAll(async () => {
    stage = await setStage({ state, dialer: false, port: 6350, networkPort: 6370 })
    cookie = await signIn(stage.url, 'root')
  }, 60_000)
  afterAll(async () => {
    await stage?.close()
    rmSync(state, { recursive: true })
  })
  const get = <T>(at: string) => ask<T>(stage.url, cookie, 'GET', at)

  test('the call log lists every call, and each has its timeline in words', async () => {
    const { items } = await get<List<CallRow>>('/api/calls?limit=200')
    expect(items.length).toBeGreaterThan(55)
    for (const row of items.slice(0, 20)) {
      const { timeline } = await get<CallDetail>(`/api/calls/${row.callId}`)
      expect(timeline.length).toBeGreaterThan(2)
      expect(timeline.every(line => line.words.length > 0)).toBe(true)
    }
  })

  test('the lines of the old timelines are events, and reading on from them is possible', async () => {
    const events = []
    for (let cursor = ''; ; ) {
      const page = await get<EventPage>(`/api/events?limit=200${cursor}`)
      events.push(...page.items)
      cursor = `&cursor=${page.next}`
      if (!page.more) break
    }
    const old = events.filter(event => event.cursor.startsWith('before~'))
    expect(old.length).toBeGreaterThan(1_000)
    expect(old.every(event => event.about.call !== undefined)).toBe(true)
    expect(new Set(events.map(event => event.id)).size).toBe(events.length)
    // Renamed facts have today's names.
    const types = new Set(old.map(event => event.type))
    expect(types).toContain('recording-reported')
    expect(types).not.toContain('call-recording')
  })

  test('a conversation of then is read with its words', async () => {
    const { items } = await get<List<CallRow>>('/api/calls?limit=200')
    const talks = items.filter(row => row.direction === 'inbound' && row.from === '+14155550010')
    expect(talks.length).toBeGreaterThan(3)
    const found = await Promise.all(
      talks.map(row => get<{ entries: { type: string }[] }>(`/api/calls/${row.callId}/conversation`)),
    )
    expect(found.every(one => one.entries.length > 0)).toBe(true)
  })

  test('campaigns, contacts and numbers are there', async () => {
    expect((await get<List<Campaign>>('/api/campaigns')).items.length).toBeGreaterThan(0)
    const numbers = await get<List<{ number: string; inFlight: number }>>('/api/numbers')
    expect(numbers.items.map(row => row.number)).toEqual(expect.arrayContaining(OUR_NUMBERS))
    expect(numbers.items.every(row => row.inFlight === 0)).toBe(true)
  })

  test('the AI agent of then answers its number', async () => {
    const callSid = stage.network.control.dial('+14155557001', '+14155550010', {
      kind: 'human',
      acts: [{ say: 'what are your opening hours' }, { pauseMs: 6_000 }],
    })
    const path = `/twilio/call/${callSid}/status`
    await expect
      .poll(
        () =>
          get<{ status: string }>(path).then(
            ({ status }) => status,
            () => 'unknown',
          ),
        { timeout: 20_000 },
      )
      .toBe('progressing')
    const { callId } = await get<{ callId: string }>(path)
    await expect
      .poll(
        async () =>
          (
            await get<{ entries: { type: string; who?: string }[] }>(`/api/calls/${callId}/conversation`)
          ).entries.filter(entry => entry.who === 'agent').length,
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0)
    // The new call stands in the log of this month, before those of the old log.
    const { items } = await get<List<CallRow>>('/api/calls?limit=5')
    expect(items).toHaveLength(5)
    expect(items[0]?.callId).toBe(callId)
  })
})
