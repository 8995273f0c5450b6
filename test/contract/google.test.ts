/** Tests of behaviour that only Google has: its token is shared, renewed in time, and fetched again when it is refused. */
import { expect, test } from 'vitest'
import { googleCredentialsOf } from '../../src/providers/google/access-token.ts'
import { GoogleTranscription } from '../../src/providers/transcription/google.ts'
import type { Heard } from '../../src/providers/transcription/port.ts'
import { googleKeyFile, startGoogle } from '../vendors/google.ts'
import { soundOfWords } from '../vendors/spelled-sound.ts'
import { failureOf } from './outcomes.ts'

const never = new AbortController().signal

test('one token serves all calls until its end, and a withdrawn one is replaced once', async () => {
  const vendor = await startGoogle()
  const credentials = googleCredentialsOf(JSON.stringify(googleKeyFile(vendor.url)))
  if (!credentials) throw new Error('no key file')
  let nowMs = Date.now()
  const google = new GoogleTranscription({ credentials, baseUrl: vendor.url, now: () => nowMs })
  const asked = () => vendor.seen.filter(one => one.path === '/token').length
  const call = async () => {
    const events: Heard[] = []
    const ear = await google.open({ language: 'en-US', hints: ['Acme'] }, event => events.push(event), never)
    ear.began(0)
    ear.send(soundOfWords('yes please'))
    ear.settle()
    await expect.poll(() => events.at(-1)?.type).toBe('settled')
    expect(events[0]).toMatchObject({ text: 'yes please', confidence: 0.9 })
    ear.close()
  }
  await call()
  await call()
  expect(asked()).toBe(1)
  nowMs += 3_599_000 - 60_000
  // The look-alike refuses a token that says it comes from the future: the new one is asked for with a clock that is wrong.
  expect((await failureOf(google.open({ language: 'en-US', hints: [] }, () => undefined, never))).kind).toBe('refused')
  nowMs = Date.now()
  expect(vendor.complaints.splice(0)).toHaveLength(1)
  const before = asked()
  vendor.withdrawTokens()
  await call()
  expect(asked()).toBe(before + 1)
  expect(vendor.complaints).toEqual([])
  await vendor.stop()
})

test('a key file that is none is no credentials, and a key that is none is a refusal of ours', async () => {
  expect(googleCredentialsOf('')).toBeNull()
  expect(googleCredentialsOf('{"client_email":"a"}')).toBeNull()
  const credentials = { client_email: 'a', private_key: 'not a key' }
  const google = new GoogleTranscription({ credentials })
  const failed = await failureOf(google.open({ language: 'en-US', hints: [] }, () => undefined, never))
  expect([failed.kind, failed.message.includes('not a key')]).toEqual(['unauthorised', false])
})
