/** The workspace's recordings are told of every report of the carrier, and of every call that may be recorded. */
import { describe, expect, test } from 'vitest'
import { step } from '../../machine.ts'
import { call } from '../call.ts'
import type { CallEffect, CallInput, CallLinks, CallState } from '../state.ts'

const LINKS: CallLinks = {
  ...{ kind: 'single', batchId: null, campaignId: null, contactId: null, deskId: null },
  agentName: null,
}
const PARTY = { to: '+15002002001', from: '+14155550001', name: 'Pat' }

interface Word {
  type: CallInput['type']
  [field: string]: unknown
}

/** What the call tells its workspace's recordings after these inputs. */
function toldBy(record: boolean, ...words: Word[]): string[] {
  const placed: Word[] = [
    {
      ...{ type: 'call.requested', links: LINKS, party: PARTY, talk: null },
      options: { ringLimitMs: 30_000, amd: 'off', record },
    },
    { type: 'call.slot-granted', notBefore: 0, profile: 'custom' },
    { type: 'call.create-answered', providerId: 'CA1', status: 'queued' },
  ]
  let state: CallState = call.initial
  const effects: CallEffect[] = []
  for (const [n, word] of [...placed, ...words].entries()) {
    const next = step(call, state, { ...word, at: n + 1 } as CallInput)
    state = next.state
    effects.push(...next.effects)
  }
  return effects.flatMap(effect => {
    if (effect.type === 'file-recording') return [`${effect.type} ${effect.status}`]
    return effect.type === 'expect-recording' ? [effect.type] : []
  })
}

const ANSWERED: Word = { type: 'call.answer-seen', providerId: 'CA1' }
const reported = (status: string, message?: true): Word => {
  return { type: 'recording.reported', recordingId: 'RE1', status, seconds: 4, ...(message ? { message } : {}) }
}

describe('a recording', () => {
  test('is told of with each new word of the carrier, and looked for while it runs', () => {
    expect(toldBy(false, ANSWERED, reported('in-progress'), reported('in-progress'), reported('completed'))).toEqual([
      'file-recording in-progress',
      'expect-recording',
      'file-recording completed',
    ])
  })

  test('that the carrier was asked to make is looked for, whatever it reports', () => {
    expect(toldBy(true, ANSWERED)).toEqual(['expect-recording'])
    expect(toldBy(false, ANSWERED)).toEqual([])
    expect(toldBy(false, ANSWERED, { type: 'control.record-wanted', on: true })).toEqual(['expect-recording'])
  })

  test('that still runs when the call is over is looked for then; one that has ended is not', () => {
    const over: Word = { type: 'call.reported', providerId: 'CA1', status: 'completed', remote: true }
    const running = toldBy(false, ANSWERED, reported('in-progress'), over)
    expect(running.slice(2)).toEqual(['expect-recording'])
    expect(toldBy(false, ANSWERED, reported('in-progress'), reported('completed'), over).slice(2)).toEqual([
      'file-recording completed',
    ])
  })

  test('of a message is for the inbox', () => {
    expect(toldBy(false, ANSWERED, reported('completed', true))).toEqual([])
  })
})
