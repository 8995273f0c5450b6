import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { call, signIn } from '../../scripts/local/demo.ts'
import { setStage } from '../../scripts/local/stage.ts'

const state = mkdtempSync(path.join(tmpdir(), 'local-state-'))
afterAll(() => rmSync(state, { recursive: true, force: true }))

/** Starts the stack on this folder, adds the contacts, and returns the campaign and the number of contacts. */
async function started(contacts: unknown[]): Promise<{ campaignId: string; known: number }> {
  const stage = await setStage({ state, dialer: false, port: 6750, networkPort: 6770 })
  try {
    const cookie = await signIn(stage.url, 'root')
    if (contacts.length > 0) await call(stage.url, cookie, 'POST', '/api/contacts', { contacts })
    const { items } = await call<{ items: unknown[] }>(stage.url, cookie, 'GET', '/api/contacts?limit=200')
    return { campaignId: stage.campaignId, known: items.length }
  } finally {
    await stage.close()
  }
}

test('what the local Worker has stored is there after a restart', async () => {
  const first = await started([{ firstName: 'Ida', phone: '+14155559999' }])
  const second = await started([])
  expect(second).toMatchObject({ campaignId: first.campaignId, known: first.known })
  expect(first.known).toBeGreaterThan(0)
})
