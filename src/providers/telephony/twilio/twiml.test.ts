import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js'
import { expect, test } from 'vitest'
import { enterRoom } from './twiml.ts'

/** What the library would build for these values. */
function built(room: string, label: string, statusUrl: string): string {
  const response = new VoiceResponse()
  response.dial().conference(
    {
      participantLabel: label,
      beep: 'false',
      waitUrl: '',
      startConferenceOnEnter: true,
      endConferenceOnExit: false,
      jitterBufferSize: 'small',
      statusCallback: statusUrl,
      statusCallbackEvent: ['start', 'end', 'join', 'leave', 'mute', 'hold'],
    },
    room,
  )
  return response.toString()
}

const unescaped = (xml: string): string =>
  xml.replace(
    /&(amp|lt|gt|quot|apos);/g,
    (_all, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" })[name] ?? '',
  )

test.each([
  ['w_a.d_1.1', 'w_a.c_1.b1.2', 'https://demo.example.test/twilio/w_a/rooms/w_a.d_1.1/conference'],
  ['a & b', '<label "1">', "https://demo.example.test/x?a=1&b='2'"],
])('the room document is what the library would build: %s', (room, label, statusUrl) => {
  const mine = enterRoom({ room, label, statusUrl })
  expect(unescaped(mine)).toBe(unescaped(built(room, label, statusUrl)))
  // Nothing that is put in can become markup.
  expect(mine.match(/</g)).toHaveLength(built('r', 'l', 'https://s').match(/</g)?.length ?? 0)
  expect(mine).not.toMatch(/&(?!(amp|lt|gt|quot|apos);)/)
})
