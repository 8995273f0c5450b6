import { type RoomEffect, type RoomFact, type RoomInput, type RoomState, room } from '../../../src/core/room/room.ts'
import type { Tongue } from '../tell.ts'

export const roomTongue: Tongue<RoomState, RoomInput, RoomFact, RoomEffect> = {
  machine: room,
  phrases: [
    {
      pattern: /^room (\S+) of (\S+)$/,
      input: ([name = '', deskId = ''], at) => ({ type: 'room.named', at, room: name, deskId }),
    },
    {
      pattern: /^(\w+) joins (\w+) as (\w+)$/,
      input: ([callSid = '', conferenceSid = '', label = ''], at) => ({
        type: 'participant.joined',
        at,
        callSid,
        conferenceSid,
        label,
      }),
    },
    { pattern: /^(\w+) leaves$/, input: ([callSid = ''], at) => ({ type: 'participant.left', at, callSid }) },
    {
      pattern: /^(\w+) is (held|back from hold)$/,
      input: ([callSid = '', word], at) => ({ type: 'participant.held', at, callSid, held: word === 'held' }),
    },
    {
      pattern: /^(hold|unhold) (\w+)$/,
      input: ([word, callId = ''], at) => ({ type: 'hold.wanted', at, callId, held: word === 'hold' }),
    },
    { pattern: /^(\w+) ends$/, input: ([conferenceSid = ''], at) => ({ type: 'conference.ended', at, conferenceSid }) },
  ],
}
