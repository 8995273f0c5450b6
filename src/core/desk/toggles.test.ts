import { expect, test } from 'vitest'
import { step } from '../machine.ts'
import { desk } from './desk.ts'
import { type DeskInput, type DeskState, EMPTY_DESK } from './state.ts'

const CONTACT = {
  contactId: 'p1',
  name: 'Amara',
  company: '',
  number: '+14155550101',
  numberShown: '',
  timeZone: null,
  attempt: 1,
  lastNote: '',
}
const TALKING: DeskState = {
  ...EMPTY_DESK,
  agent: { userId: 'u', deskId: 'w_t.d_u', name: 'Ada', role: 'agent', identity: 'agent_u' },
  phone: { ownerTabId: 'tab', state: 'registered' },
  line: { ...EMPTY_DESK.line, state: 'open' },
  conversation: {
    callId: 'leg',
    kind: 'campaign',
    contact: CONTACT,
    sinceMs: 0,
    provisional: false,
    held: false,
    answerToRoomMs: null,
    note: '',
    batchId: 'b1',
    campaignId: 'c',
  },
}

test.each<[string, DeskInput, string]>([
  ['mute', { type: 'mute.changed', at: 5, muted: true }, 'mute-changed'],
  ['hold', { type: 'call.hold-asked', at: 5, callId: 'leg', held: true }, 'hold-asked'],
])('%s adds an entry to the feed each time that it is toggled [S4-10]', (_toggle, input, type) => {
  const first = step(desk, TALKING, input)
  expect(first.facts.map(fact => fact.type)).toEqual([type])
  const back = { ...input, at: 6, ...('muted' in input ? { muted: false } : { held: false }) } as DeskInput
  expect(step(desk, first.state, back).facts.map(fact => fact.type)).toEqual([type])
})
