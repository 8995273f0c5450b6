import { batch, destinationOf, SOLO_POLICY } from '../../../src/core/batch/batch.ts'
import type {
  BatchEffect,
  BatchFact,
  BatchInput,
  BatchPolicy,
  BatchState,
  EndCause,
  SeatOffer,
  Verdict,
} from '../../../src/core/batch/state.ts'
import { names, type Tongue } from '../tell.ts'

const offer = (name: string): SeatOffer => ({
  seatId: name,
  deskId: `desk-${name}`,
  place: { kind: 'room', room: `room-${name}` },
})

function policyOf(words: string): BatchPolicy {
  const policy: BatchPolicy = { ...SOLO_POLICY }
  for (const word of names(words)) {
    if (word === 'cut' || word === 'ring-out') policy.release = word
    else if (word === 'amd off') policy.amd = 'off'
    else if (word === 'amd before') policy.amd = 'before'
    else if (word === 'open') policy.closed = false
    else throw new Error(`no such policy: ${word}`)
  }
  return policy
}

export const batchTongue: Tongue<BatchState, BatchInput, BatchFact, BatchEffect> = {
  machine: batch,
  phrases: [
    {
      pattern: /^round of ([^:]+): (.+?)(?: \((.+)\))?$/,
      input: ([seats = '', legs = '', policy = ''], at) => ({
        type: 'batch.opened',
        at,
        policy: policyOf(policy),
        legIds: names(legs),
        seats: names(seats).map(offer),
      }),
    },
    {
      pattern: /^what does (\w+) hear( on another call)?\?$/,
      ask: ([leg = '', other = ''], state) => {
        const said = destinationOf(state, leg, other ? `${leg}'s second call` : `${leg}'s call`)
        return [`${leg} hears ${said.kind === 'room' ? said.room : said.kind}`]
      },
    },
    { pattern: /^(\w+) is placed$/, input: ([legId = ''], at) => ({ type: 'leg.placed', at, legId }) },
    { pattern: /^(\w+) rings$/, input: ([legId = ''], at) => ({ type: 'leg.rang', at, legId }) },
    {
      pattern: /^(\w+) answers(?: as (\w+))?$/,
      input: ([legId = '', verdict = ''], at) => ({
        type: 'leg.answered',
        at,
        legId,
        providerId: `${legId}'s call`,
        verdict: verdict === '' ? null : (verdict as Verdict),
      }),
    },
    {
      pattern: /^(\w+) is (human|machine|fax|unknown)$/,
      input: ([legId = '', verdict], at) => ({ type: 'leg.judged', at, legId, verdict: verdict as Verdict }),
    },
    {
      pattern: /^(\w+) ended ([\w-]+)$/,
      input: ([legId = '', cause], at) => ({ type: 'leg.ended', at, legId, cause: cause as EndCause }),
    },
    {
      pattern: /^the agent (keeps|hangs up on|skips) (\w+)$/,
      input: ([deed, legId = ''], at) => {
        if (deed === 'keeps') return { type: 'agent.kept', at, legId }
        return { type: deed === 'skips' ? 'agent.skipped' : 'agent.hung-up', at, legId }
      },
    },
    { pattern: /^(\w+)'s line is away$/, input: ([seatId = ''], at) => ({ type: 'seat.paused', at, seatId }) },
    { pattern: /^(\w+)'s line is back$/, input: ([seatId = ''], at) => ({ type: 'seat.resumed', at, seatId }) },
    { pattern: /^agent (\w+) leaves$/, input: ([seatId = ''], at) => ({ type: 'seat.left', at, seatId }) },
    { pattern: /^agent (\w+) joins$/, input: ([name = ''], at) => ({ type: 'seat.joined', at, seat: offer(name) }) },
    { pattern: /^(\w+) is dialled too$/, input: ([legId = ''], at) => ({ type: 'leg.joined', at, legId }) },
    { pattern: /^stop$/, input: (_, at) => ({ type: 'batch.stopped', at }) },
    { pattern: /^the clock strikes$/, input: (_, at) => ({ type: 'clock.struck', at }) },
  ],
}
