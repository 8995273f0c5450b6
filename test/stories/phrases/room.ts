import { room } from '../../../src/core/room/room.ts'
import type { RoomEffect, RoomFact, RoomInput, RoomState } from '../../../src/core/room/state.ts'
import type { Tongue } from '../tell.ts'

export const roomTongue: Tongue<RoomState, RoomInput, RoomFact, RoomEffect> = {
  machine: room,
  phrases: [
    {
      pattern: /^room (\S+) of (\S+)$/,
      input: ([name = '', id = ''], at) => ({ type: 'room.named', at, room: name, owner: { kind: 'desk', id } }),
    },
    {
      pattern: /^(\w+) joins (\w+) as (the agent's )?(\w+)$/,
      input: ([providerId = '', conferenceId = '', agents, callId = ''], at) => ({
        type: 'participant.joined',
        at,
        callId,
        role: agents ? 'agent' : 'customer',
        providerId,
        conferenceId,
      }),
    },
    { pattern: /^(\w+) leaves$/, input: ([providerId = ''], at) => ({ type: 'participant.left', at, providerId }) },
    {
      pattern: /^(\w+) is (held|back from hold)$/,
      input: ([providerId = '', word], at) => ({ type: 'participant.held', at, providerId, held: word === 'held' }),
    },
    {
      pattern: /^(hold|unhold) (\w+)$/,
      input: ([word, callId = ''], at) => ({ type: 'hold.wanted', at, callId, held: word === 'hold' }),
    },
    { pattern: /^(\w+) ends$/, input: ([conferenceId = ''], at) => ({ type: 'conference.ended', at, conferenceId }) },
  ],
}
