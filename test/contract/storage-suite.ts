/** What every place for files must do. It runs in Node and in workerd. */
import { describe, expect, test } from 'vitest'
import {
  FILES_AT_ONCE,
  type FileStorage,
  type Kept,
  type NewFile,
  type OpenFile,
  type StorageFailure,
  sha256Of,
} from '../../src/providers/storage/port.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const OTHER = 'f'.repeat(64)

async function fileOf(key: string, text: string, change: Partial<NewFile> = {}): Promise<NewFile> {
  const body = bytesOf(text)
  return { key, body, bytes: body.length, sha256: await sha256Of(body), type: 'text/plain', ...change }
}

/** In pieces of three bytes; `breaks`: after the last one comes an error in place of the end. */
function streamOf(text: string, breaks = false): ReadableStream<Uint8Array> {
  const bytes = bytesOf(text)
  let at = 0
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at + 3))
      else if (breaks) controller.error(new Error('the carrier hung up'))
      else controller.close()
      at += 3
    },
  })
}

function kept<T>(answer: Kept<T>): T {
  expect(answer).toMatchObject({ ok: true })
  return (answer as { value: T }).value
}
function failureOf(answer: Kept<unknown>): StorageFailure {
  expect(answer).toMatchObject({ ok: false })
  return (answer as { failure: StorageFailure }).failure
}
const textOf = (open: OpenFile) => new Response(open.body as ReadableStream<Uint8Array<ArrayBuffer>>).text()

export function storageSuite(name: string, make: () => FileStorage): void {
  describe(name, () => {
    test('bytes are read back as they were stored, with their length, hash and type', async () => {
      const storage = make()
      const file = await fileOf('a/one.txt', 'hello, archive')
      const stored = { key: 'a/one.txt', bytes: 14, sha256: file.sha256, type: 'text/plain' }
      expect(kept(await storage.put(file))).toEqual(stored)
      expect(kept(await storage.head('a/one.txt'))).toEqual(stored)
      const open = kept(await storage.get('a/one.txt'))
      expect(open).toMatchObject({ file: stored, from: 0, bytes: 14 })
      expect(await textOf(open)).toBe('hello, archive')
    })

    test('a stream of announced length is stored, and its hash is told when nobody named it', async () => {
      const storage = make()
      const text = 'the sound of a call'.repeat(1_000)
      const sha256 = await sha256Of(bytesOf(text))
      const unnamed = await fileOf('s/unnamed.wav', text, { body: streamOf(text), sha256: null, type: 'audio/wav' })
      expect(kept(await storage.put(unnamed))).toMatchObject({ bytes: text.length, sha256 })
      expect(kept(await storage.head('s/unnamed.wav'))).toMatchObject({ sha256: null, type: 'audio/wav' })
      const named = await fileOf('s/named.wav', text, { body: streamOf(text) })
      expect(kept(await storage.put(named))).toMatchObject({ sha256 })
      expect(kept(await storage.head('s/named.wav'))).toMatchObject({ sha256 })
      expect(await textOf(kept(await storage.get('s/unnamed.wav')))).toBe(text)
    })

    test.each([
      ['bytes of another hash', 'sha256', async () => fileOf('m/file', 'new', { sha256: OTHER })],
      [
        'a stream of another hash',
        'sha256',
        async () => fileOf('m/file', 'new', { body: streamOf('new'), sha256: OTHER }),
      ],
      ['bytes of another length', 'length', async () => fileOf('m/file', 'new', { bytes: 4 })],
      ['a stream that is too short', 'length', async () => fileOf('m/file', 'new', { body: streamOf('ne') })],
      [
        'a stream that is too long',
        'length',
        async () => fileOf('m/file', 'new', { body: streamOf('newer and newer') }),
      ],
    ] as const)('%s: nothing is stored, and the file of before stays', async (_name, of, order) => {
      const storage = make()
      kept(await storage.put(await fileOf('m/file', 'old')))
      expect(failureOf(await storage.put(await order()))).toEqual({ kind: 'mismatch', of })
      expect(await textOf(kept(await storage.get('m/file')))).toBe('old')
    })

    test('a stream that breaks off is told as such and stores nothing', async () => {
      const storage = make()
      const order = await fileOf('b/file', 'half of it', { body: streamOf('half', true), sha256: null })
      expect(failureOf(await storage.put(order))).toMatchObject({ kind: 'unavailable' })
      expect(failureOf(await storage.head('b/file'))).toEqual({ kind: 'absent' })
    })

    test('a second file under one key takes the place of the first', async () => {
      const storage = make()
      kept(await storage.put(await fileOf('p/file', 'first')))
      kept(await storage.put(await fileOf('p/file', 'second one')))
      expect(await textOf(kept(await storage.get('p/file')))).toBe('second one')
    })

    test('a range is read, to the end of the file at most', async () => {
      const storage = make()
      kept(await storage.put(await fileOf('r/file', '0123456789')))
      const piece = async (from: number, bytes: number | null) => {
        const open = kept(await storage.get('r/file', { from, bytes }))
        return [open.from, open.bytes, open.file.bytes, await textOf(open)]
      }
      expect(await piece(2, 3)).toEqual([2, 3, 10, '234'])
      expect(await piece(7, null)).toEqual([7, 3, 10, '789'])
      expect(await piece(7, 50)).toEqual([7, 3, 10, '789'])
      expect(await piece(0, 1)).toEqual([0, 1, 10, '0'])
      expect(failureOf(await storage.get('r/file', { from: 10, bytes: 1 }))).toEqual({ kind: 'range' })
      expect(failureOf(await storage.get('r/file', { from: -1, bytes: 1 }))).toMatchObject({ kind: 'refused' })
      expect(failureOf(await storage.get('r/file', { from: 0, bytes: 0 }))).toMatchObject({ kind: 'refused' })
      expect(failureOf(await storage.get('r/none', { from: 0, bytes: 1 }))).toEqual({ kind: 'absent' })
    })

    test('what is not there is absent, and deleting it is no failure', async () => {
      const storage = make()
      expect(failureOf(await storage.get('n/none'))).toEqual({ kind: 'absent' })
      expect(failureOf(await storage.head('n/none'))).toEqual({ kind: 'absent' })
      kept(await storage.put(await fileOf('n/some', 'x')))
      kept(await storage.delete(['n/none', 'n/some']))
      expect(failureOf(await storage.head('n/some'))).toEqual({ kind: 'absent' })
      kept(await storage.delete([]))
    })

    test('files are listed by prefix, in order, page by page, each once', async () => {
      const storage = make()
      const empty = await sha256Of(new Uint8Array())
      const keys = Array.from({ length: 25 }, (_, n) => `l/${String(n).padStart(5, '0')}`)
      const order = { body: new Uint8Array(), bytes: 0, sha256: empty, type: 'text/plain' }
      const stored = await Promise.all(
        [...keys, 'k/before', 'l-other/file', 'm/behind'].map(key => storage.put({ key, ...order })),
      )
      for (const one of stored) kept(one)
      const found: string[] = []
      const pages: number[] = []
      for (let cursor: string | null = null; ; ) {
        const { items, next }: { items: { key: string; sha256: string | null }[]; next: string | null } = kept(
          await storage.list('l/', cursor, 10),
        )
        found.push(...items.map(item => item.key))
        pages.push(items.length)
        expect(items.every(item => item.sha256 === empty)).toBe(true)
        cursor = next
        if (cursor === null) break
      }
      expect(found).toEqual(keys)
      expect(pages).toEqual([10, 10, 5])
      kept(await storage.delete(keys.slice(0, 20)))
      expect(kept(await storage.list('l/', null)).items.map(item => item.key)).toEqual(keys.slice(20))
      const many = Array.from({ length: FILES_AT_ONCE + 1 }, (_, n) => `l/${n}`)
      expect(failureOf(await storage.delete(many))).toMatchObject({ kind: 'refused' })
    })

    test.each(['', '/', 'a//b', '/a', 'a/', '../a', 'a/./b', 'a b', 'ä', 'x'.repeat(513), 'a\u0000'])(
      'the key %j is refused',
      async key => {
        expect(failureOf(await make().put(await fileOf(key, 'x')))).toMatchObject({ kind: 'refused' })
      },
    )

    test.each([
      ['a length that is no number', { bytes: Number.NaN }],
      ['a negative length', { bytes: -1 }],
      ['a hash that is none', { sha256: 'abc' }],
    ])('%s is refused', async (_name, change) => {
      expect(failureOf(await make().put(await fileOf('x/file', 'x', change)))).toMatchObject({ kind: 'refused' })
    })
  })
}
