/** The place for files in the Worker's own runtime: R2 as miniflare has it, and the scripted one. */
import { expect, test } from 'vitest'
import { storageOf } from '../../src/providers/registry.ts'
import { R2Storage } from '../../src/providers/storage/r2/r2.ts'
import { ScriptedStorage } from '../../src/providers/storage/scripted/scripted.ts'
import { storageSuite } from '../contract/storage-suite.ts'
import { bindings } from './stage.ts'

storageSuite('R2', () => new R2Storage(bindings.ARCHIVE as R2Bucket))
storageSuite('scripted in workerd', () => new ScriptedStorage())

test('without a bucket there is no place for files', () => {
  expect(storageOf({})).toBeNull()
  expect(storageOf({ ARCHIVE: bindings.ARCHIVE })).toBeInstanceOf(R2Storage)
})
