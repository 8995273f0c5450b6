/** Whoever holds a stream may send any text; a reader that throws would end the call's object. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scriptedMedia, scriptedRelay } from './scripted/streams.ts'
import { twilioRelay } from './twilio/conversation-relay.ts'
import { twilioMedia } from './twilio/media-stream.ts'

const DEEP = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
const nasty = fc.oneof(
  fc.jsonValue().map(value => JSON.stringify(value)),
  fc.constantFrom('{"toString":1,"valueOf":2}', DEEP, '"\\ud800"', '1e999', '{"__proto__":1}', '[]', 'null'),
)
const fields = [
  'digit',
  'name',
  'payload',
  'track',
  'sampleRate',
  'encoding',
  'channels',
  'voicePrompt',
  'value',
  'token',
]
const inner = fc
  .array(fc.tuple(fc.constantFrom(...fields), nasty), { maxLength: 4 })
  .map(pairs => `{${pairs.map(([key, value]) => `"${key}":${value}`).join()}}`)
const twilio = fc
  .tuple(
    fc.constantFrom('event', 'type'),
    fc.constantFrom('start', 'media', 'dtmf', 'mark', 'stop', 'connected', 'setup', 'prompt', 'interrupt', 'info'),
    inner,
    inner,
  )
  .map(
    ([kind, word, first, second]) =>
      `{"${kind}":"${word}","dtmf":${first},"mark":${first},"media":${first},"start":{"streamSid":"a","callSid":"b",` +
      `"mediaFormat":${second},"customParameters":${first}},"name":"tokensPlayed",${first.slice(1, -1) || '"a":1'}}`,
  )
const scripted = fc
  .tuple(fc.constantFrom('hello', 'begin', 'sound', 'key', 'played', 'end', 'heard'), fc.array(nasty, { maxLength: 4 }))
  .map(([word, more]) => `[${[`"${word}"`, ...more].join()}]`)
const messages = fc.oneof(twilio, scripted, nasty, fc.string())

test('no message of a stream makes its reader throw, and every word that it gives is text', () => {
  const property = fc.property(messages, text => {
    for (const { cheapPayload, readMessage } of [twilioMedia, scriptedMedia]) {
      expect(cheapPayload(text)).toSatisfy(payload => payload === null || typeof payload === 'string')
      const { type, ...words } = readMessage(text)
      const values = Object.entries(words).flatMap(([, value]) =>
        typeof value === 'object' && value !== null ? Object.values(value) : [value],
      )
      expect(typeof type).toBe('string')
      for (const value of values) expect(value).toSatisfy(one => one === null || typeof one === 'string')
    }
  })
  fc.assert(property, { numRuns: 3_000, seed: 11 })
})

test('no message of a relay makes its reader throw', () => {
  const property = fc.property(messages, text => {
    for (const { readMessage } of [twilioRelay, scriptedRelay]) expect(typeof readMessage(text).type).toBe('string')
  })
  fc.assert(property, { numRuns: 3_000, seed: 11 })
})
