/** An agent whose phone is registered and whose line is open, in a campaign that has numbers to call from. */
import { expect } from 'vitest'
import { SOLO_POLICY } from '../../src/core/batch/batch.ts'
import { DEFAULT_PLAN } from '../../src/core/campaign/retry.ts'
import type { CampaignSettings } from '../../src/core/campaign/state.ts'
import { type Stage, until } from './stage.ts'

export const SETTINGS: CampaignSettings = {
  name: 'Test',
  script: '',
  outcomes: [{ key: 1, outcomeId: 'yes', label: 'Yes' }],
  wrapUpMs: 30_000,
  advance: 'ask',
  afterWrapUp: 'wait',
  policy: SOLO_POLICY,
  plan: DEFAULT_PLAN,
  hours: { fromHour: 0, toHour: 24 },
  hostAgentId: null,
  record: false,
}

let command = 0
export const say = (action: object) => {
  command += 1
  return JSON.stringify({ id: `command-${command}`, ...action })
}

export async function deskWithLine(stage: Stage, deskId: string, providerId = 'CA-line') {
  const desk = stage.stub('desk', deskId)
  const name = deskId.slice(deskId.indexOf('d_') + 2)
  await desk.open({ userId: name, deskId, name: 'Ada', role: 'agent', identity: `agent_${name}` })
  await desk.command(say({ type: 'phone.claim', tabId: 'tab' }))
  await desk.command(say({ type: 'phone.registered', tabId: 'tab' }))
  const [line] = (await desk.openLine(providerId)) ?? []
  if (line?.kind !== 'join-room') throw new Error('the line has no room')
  const { room, callId, role } = line
  await stage
    .stub('room', room)
    .deliver({ type: 'participant.joined', at: Date.now(), callId, role, providerId, conferenceId: 'CF-1' }, 'join-1')
  await until(async () => expect((await stage.peek('desk', deskId).view())?.line.state).toBe('open'))
  return { desk, room }
}
