import fc from 'fast-check'
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js'
import { expect, test } from 'vitest'
import { lawfulText } from '../../../core/instruction/lawful-text.ts'
import { documentOf, element, words } from './twiml.ts'

const WORDS = fc
  .oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'&<>"\'\t\n\r ;a#') }))
  .map(lawfulText)

test('whatever the words are, a document is what the library would build of them', () => {
  fc.assert(
    fc.property(WORDS, WORDS, WORDS, (name, url, said) => {
      const response = new VoiceResponse()
      const gather = response.gather({ input: ['dtmf', 'speech'], action: url, timeout: 0, actionOnEmptyResult: true })
      gather.say({ language: name as never }, said)
      response.hangup()
      const say = element('Say', { language: name }, words(said))
      const asked = { input: ['dtmf', 'speech'], action: url, timeout: 0, actionOnEmptyResult: true }
      expect(documentOf([element('Gather', asked, say), element('Hangup', {})])).toBe(response.toString())
    }),
  )
})
