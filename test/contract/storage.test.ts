/** The scripted place for files: the contract in Node, and its failures on demand. R2 runs the same suite in test/actors/storage.test.ts. */
import { expect, test } from 'vitest'
import { sha256Of } from '../../src/providers/storage/port.ts'
import { type Fault, ScriptedStorage } from '../../src/providers/storage/scripted/scripted.ts'
import { storageSuite } from './storage-suite.ts'

storageSuite('scripted', () => new ScriptedStorage())

const body = new TextEncoder().encode('hello')
async function storing(fault: Fault) {
  let faults: Fault = fault
  const storage = new ScriptedStorage(() => faults)
  const put = await storage.put({ key: 'a', body, bytes: 5, sha256: await sha256Of(body), type: 'text/plain' })
  faults = null
  return { put, there: (await storage.head('a')).ok }
}

test('a place that is down has stored nothing; an answer that is lost may hide that it has', async () => {
  expect(await storing('down')).toMatchObject({ put: { ok: false, failure: { kind: 'unavailable' } }, there: false })
  expect(await storing('lost')).toMatchObject({ put: { ok: false, failure: { kind: 'unavailable' } }, there: true })
  expect(await storing('refused')).toMatchObject({ put: { ok: false, failure: { kind: 'refused' } }, there: false })
})

test('a changed file is read with its old hash, so its reader finds out', async () => {
  const storage = new ScriptedStorage(operation => (operation === 'get' ? 'changed' : null))
  await storage.put({ key: 'a', body, bytes: 5, sha256: null, type: 'text/plain' })
  const open = await storage.get('a')
  const read = open.ok ? new Uint8Array(await new Response(open.value.body as never).arrayBuffer()) : new Uint8Array()
  expect(await sha256Of(read)).not.toBe(open.ok && open.value.file.sha256)
})
