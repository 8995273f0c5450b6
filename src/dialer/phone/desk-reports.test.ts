import { expect, test } from 'vitest'
import type { DeskAction } from '../../wire/desk.ts'
import { DeskReports } from './desk-reports.ts'
import type { Quality } from './port.ts'

function reports() {
  const sent: DeskAction[] = []
  const desk = {
    tabId: 'tab',
    view: () => null,
    linkOpen: () => true,
    send: async (action: DeskAction) => {
      sent.push(action)
      return { ok: true as const }
    },
    onChange: () => () => undefined,
    notify: () => undefined,
  }
  return { sent, told: new DeskReports(desk) }
}

const GOOD: Quality = { level: 'good', cause: null }
const POOR: Quality = { level: 'poor', cause: 'Uneven network: sound may break up' }

test('a change of the sound is reported once, with the call that it disturbs [S4-14]', () => {
  const { sent, told } = reports()
  for (const quality of [GOOD, POOR, POOR, GOOD, GOOD]) told.quality('c1', quality)
  told.quality(null, POOR)
  told.quality('c2', POOR)
  expect(sent).toEqual([
    { type: 'quality.reported', callId: 'c1', level: 'poor', cause: POOR.cause },
    { type: 'quality.reported', callId: 'c1', level: 'good', cause: null },
    { type: 'quality.reported', callId: 'c2', level: 'poor', cause: POOR.cause },
  ])
})

test('a refused pass is told once until the phone is registered again [S4-20]', async () => {
  const { sent, told } = reports()
  told.refused('token-refused')
  told.refused('token-refused')
  await told.registered()
  told.refused('token-refused')
  expect(sent.map(action => action.type)).toEqual(['phone.refused', 'phone.registered', 'phone.refused'])
})
