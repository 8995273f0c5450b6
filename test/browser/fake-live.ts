/** The API's answers about what happens now and about supervisions, for tests that only look at screens. */
import type { Live, LiveAgent, Supervision } from '../../src/wire/supervision.ts'
import { answerOf } from './fake-ai.ts'

const TALKS = 'w_demo.c_q4.b1.1'
const HELD: Supervision = {
  id: 'w_demo.d_u2.1.v1',
  call_id: TALKS,
  agent_id: 'u1',
  status: 'progressing',
  mode: 'whisper',
  wanted_mode: 'whisper',
  refused: false,
  announced: true,
}

function agent(agentId: string, name: string, more: Partial<LiveAgent>): LiveAgent {
  const sinceMs = Date.now() - 95_000
  return {
    agentId,
    name,
    role: 'agent',
    state: 'ready',
    sinceMs,
    why: null,
    campaign: null,
    call: null,
    at: Date.now(),
    ...more,
  }
}

function live(): Live {
  const now = Date.now()
  const call = {
    callId: TALKS,
    name: 'Amara Diallo',
    number: '(415) 555-0100',
    kind: 'campaign' as const,
    sinceMs: now - 83_000,
    held: false,
    whyNot: null,
    supervisors: [{ supervisionId: 'v9', agentId: 'u9', name: 'Olga', mode: 'listen' as const }],
  }
  const through = {
    ...call,
    callId: 'w_demo.call_2',
    name: '(415) 555-0102',
    kind: 'inbound' as const,
    supervisors: [],
  }
  return {
    at: now,
    agents: [
      agent('u1', 'Ada', { role: 'admin', why: 'line-not-open' }),
      agent('u2', 'Bo', { state: 'on-call', call, campaign: 'Q4 renewals' }),
      agent('u3', 'Cy with a long name that does not end soon', {
        state: 'on-call',
        why: 'on-hold',
        call: { ...through, number: '(415) 555-0102', held: true, whyNot: 'no-room' },
      }),
      agent('u4', 'Di', { state: 'dialing', campaign: 'Q4 renewals' }),
      agent('u5', 'Ed', { state: 'wrap-up', why: 'outcome-owed' }),
      agent('u6', 'Fay', { state: 'paused' }),
      agent('u7', 'Gil', { state: 'offline', sinceMs: 0, why: 'never-signed-in' }),
    ],
    talks: [
      {
        ...{ callId: 'w_demo.call_ai1', direction: 'inbound', name: 'Ben Ortiz', number: '(415) 555-0101' },
        ...{ sinceMs: now - 41_000, asked: false, at: now },
      },
    ],
    queues: [
      {
        ...{ queueId: 'w_demo.q_1', name: 'Support', waiting: 2, waitingSinceMs: now - 83_000, talking: 1 },
        ...{ free: 1, members: 3, serviceLevel: 0.857, abandonRate: 0.143 },
        at: now,
      },
    ],
    campaigns: [
      {
        ...{ campaignId: 'c1', name: 'Q4 renewals', agents: 2, ringing: 3, conversations: 1, answered30Days: 612 },
        ...{ abandoned30Days: 5, abandonMaxPercent: 3, pace: { lines: 6, because: 'few-answers' }, at: now },
      },
    ],
    unread: [{ of: 'agent', id: 'u8', name: 'Hal' }],
    more: false,
  }
}

/** Null: not one of these addresses. */
export function liveAnswer(pathname: string): unknown {
  if (pathname === '/api/live') return answerOf('GET /api/live', live())
  if (pathname === '/api/workspace')
    return answerOf('GET /api/workspace', {
      ...{ sellerName: 'Acme', sellerNumber: '+14155550100', timeZone: 'America/New_York', supervision: 'announced' },
      voicemailDays: 90,
      recordingDays: 90,
      recordingFormat: 'wav' as const,
      recordingChannels: 2 as const,
      recordingTranscripts: 'none' as const,
    })
  if (pathname.endsWith('/supervise')) return answerOf('POST /v1.0/calls/:callId/supervise', HELD)
  return pathname.startsWith('/v1.0/supervisions/') ? answerOf('GET /v1.0/supervisions/:supervisionId', HELD) : null
}
