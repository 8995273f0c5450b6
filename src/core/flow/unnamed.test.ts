import { expect, test } from 'vitest'
import { checkFlow } from './check.ts'
import { conferenceFlow, extensionFlow, queueFlow, unansweredFlow } from './unnamed.ts'

test('the flows that nobody has written pass the check of those that somebody has', () => {
  const flows = [queueFlow('w_a.q_1'), unansweredFlow('w_a.q_1', 'ada'), conferenceFlow('w_a.cf_1')]
  for (const actions of [...flows, extensionFlow('ex_1')]) expect(checkFlow(actions, { call: true }).errors).toEqual([])
})
