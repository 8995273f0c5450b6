/** The API's answers about AI agents and their calls, for tests that only look at screens. */
import type { AiAgent } from '../../src/wire/ai-agent.ts'
import type { Conversation, ConversationEntry } from '../../src/wire/conversation.ts'
import type { Answer } from '../../src/wire/routes/row.ts'
import type { Routes } from '../../src/wire/routes/table.ts'
import type { Rehearsal, RehearsalState, Scenario } from '../../src/wire/scenario.ts'

const BEGAN_MS = 1_795_000_000_000

export const AGENT: AiAgent = {
  agentId: 'ai_robin',
  version: 3,
  savedMs: BEGAN_MS,
  savedBy: 'Root',
  numbers: ['+14155550010'],
  body: {
    name: 'Robin',
    prompt: 'You are Robin, the receptionist of Northwind Supplies.\nOpening hours are Monday to Friday, nine to five.',
    opening: 'Hello {firstName}, this is Robin at Northwind Supplies. How can I help you?',
    openingUninterruptible: false,
    language: 'en-US',
    voice: '',
    driver: 'stream',
    model: '',
    hints: ['Northwind'],
    neverSay: [],
    tools: ['transfer_call', 'end_call', 'opt_out'],
    httpTools: [
      {
        name: 'order_status',
        description: 'Looks up where an order is.',
        method: 'POST',
        url: 'https://shop.example.com/orders',
        input: { type: 'object', properties: { order: { type: 'string' } } },
        secretHeaders: { Authorization: '' },
      },
    ],
    directory: [{ name: 'agent', kind: 'desk', target: 'u1', description: 'whoever is free' }],
    limits: { durationSeconds: 900, costCents: 500 },
    answering: { detect: true, voicemail: '' },
    trialContactId: '',
    record: true,
    turnSilenceMs: null,
    silenceSeconds: 12,
    phrases: {},
  },
}

const VERSIONS = [
  { version: 3, savedMs: BEGAN_MS, savedBy: 'Root', changed: ['prompt', 'tools'] },
  { version: 2, savedMs: BEGAN_MS - 3_600_000, savedBy: 'Root', changed: ['limits.costCents'] },
  { version: 1, savedMs: BEGAN_MS - 7_200_000, savedBy: 'Root', changed: [] },
]

let seq = 0
function entry(who: ConversationEntry['who'], second: number, text: string, change: Partial<ConversationEntry> = {}) {
  seq += 1
  const at = BEGAN_MS + second * 1000
  const none = {
    sessionId: null,
    startMs: null,
    endMs: null,
    confidence: null,
    interrupted: false,
    latency: null,
    data: {},
  }
  return { seq, at, who, text, ...none, startMs: who === 'caller' || who === 'agent' ? at : null, ...change }
}
const latency = { transcriptionMs: 140, languageMs: 320, speechMs: 180, voiceToVoiceMs: 890 }

export function conversationOf(callId: string): Conversation {
  seq = 0
  const entries = [
    entry('system', 0, 'The line to the agent is open', { data: { word: 'line-opened', stream: 1 } }),
    entry('system', 0.1, 'Recording begins', { data: { word: 'recording-began' } }),
    entry('agent', 0.4, 'Hello, this is Robin at Northwind Supplies. How can I help you?'),
    entry('caller', 5, 'What are your opening hours?', { confidence: 0.97 }),
    entry('agent', 7, 'We are open Monday to Friday, nine to five. Anything else?', { latency }),
    entry('caller', 12, 'What can you do?'),
    entry('agent', 14, 'I can tell you our opening hours and prices, book an', {
      interrupted: true,
      latency: { ...latency, voiceToVoiceMs: 1210 },
    }),
    entry('system', 16, 'The caller interrupts', { data: { word: 'interrupted' } }),
    entry('caller', 16, 'I want to talk to a person.'),
    entry(
      'tool',
      18,
      'transfer_call({"dest":"agent","mode":"attended","summary":"Wants a person."}) → {"result":"success"}',
      {
        data: { name: 'transfer_call', tookMs: 12 },
      },
    ),
    entry('system', 18, 'A colleague is asked to take the call', { data: { word: 'transfer-asked' } }),
    entry('system', 40, 'A provider failed', { data: { word: 'failed' } }),
    entry('system', 44, 'What the conversation cost so far', {
      data: {
        word: 'usage',
        heardMs: 44_000,
        spokenCharacters: 240,
        tokensIn: 900,
        tokensOut: 120,
        costMicros: 13_404,
      },
    }),
  ]
  return { callId, callSid: null, live: false, agentId: AGENT.agentId, version: 3, entries }
}

const NEVER = { said: [], heard: [], tools: ['transfer_call'], notes: ['failed'] }

function scenario(name: string, about: string, last: Scenario['last']): Scenario {
  const acts = [{ listen: true as const }, { say: 'what are your opening hours' }, { hangUp: true as const }]
  const expect = [
    { agent: 'We are open', withinMs: 1_500 },
    { tool: 'opt_out', arguments: { reason: 'asked' } },
  ]
  const caller = { persona: '', voice: '', acts }
  const body = { about, caller, expect, never: NEVER, end: 'none' as const, atMostSeconds: 60, answers: {} }
  return { name, savedMs: BEGAN_MS, savedBy: 'Root', body, last }
}

function ran(name: string, state: RehearsalState, version = 3): NonNullable<Scenario['last']> {
  return { runId: `w_demo.rh_${name}`, version, state, startedMs: BEGAN_MS + 1_000, endedMs: BEGAN_MS + 12_000 }
}

const SCENARIOS = [
  scenario('hours', 'A caller asks for the opening hours and is answered quickly.', ran('hours', 'passed')),
  scenario('opt-out', 'A caller wants no more calls.', ran('opt-out', 'failed', 2)),
  scenario('price', 'A caller asks what it costs.', ran('price', 'broken')),
  scenario('goodbye', 'A caller says goodbye at once.', null),
]

function rehearsalOf(runId: string): Rehearsal {
  const { last, name } = SCENARIOS.find(one => one.last?.runId === runId) ?? (SCENARIOS[0] as Scenario)
  const run = last ?? ran(name, 'broken')
  return {
    ...run,
    agentId: AGENT.agentId,
    name,
    why: run.state === 'broken' ? 'Calls have no voice here: TTS_PROVIDER is not set.' : '',
    differences:
      run.state === 'failed' ? ['it did not call opt_out', '"We are open" came after 2210 ms instead of 1500'] : [],
    entries: conversationOf(runId).entries,
    costMicros: 13_404,
  }
}

/** The form is that of the row, so that a fake which says less than the server does not compile. */
export function answerOf<E extends keyof Routes>(_row: E, answer: Answer<Routes[E]>): Answer<Routes[E]> {
  return answer
}

const NUMBER = {
  number: '+14155550010',
  name: 'AI reception',
  status: 'active',
  refusedBecause: null,
  deskId: null,
  inFlight: 0,
  inFlightCap: 4,
  cooldownSeconds: 0,
  cooldownUntilMs: 0,
  usageCount: 0,
  lastUsedMs: null,
  attemptedCalls: 0,
  rejectedCalls: 0,
}

/** Null: not an address about AI. */
export function aiAnswer(path: string): unknown {
  const agent = `/api/ai/agents/${AGENT.agentId}`
  if (path === '/api/ai/agents') return answerOf('GET /api/ai/agents', { items: [AGENT], next: null })
  if (path === agent) return answerOf('GET /api/ai/agents/:agentId', AGENT)
  if (path === `${agent}/trials`) return answerOf('POST /api/ai/agents/:agentId/trials', { callId: 'w.call_1' })
  if (path === `${agent}/versions`)
    return answerOf('GET /api/ai/agents/:agentId/versions', { items: VERSIONS, next: null })
  if (path === `${agent}/scenarios`)
    return answerOf('GET /api/ai/agents/:agentId/scenarios', { items: SCENARIOS, next: null })
  const [, runId] = /^\/api\/ai\/rehearsals\/([^/]+)$/.exec(path) ?? []
  if (runId !== undefined) return answerOf('GET /api/ai/rehearsals/:runId', rehearsalOf(decodeURIComponent(runId)))
  if (path === '/api/ai/voice') return answerOf('GET /api/ai/voice', { ready: true, missing: [] })
  if (path === '/api/members')
    return answerOf('GET /api/members', { items: [{ userId: 'u1', name: 'Ada', role: 'agent' }], next: null })
  if (path === '/api/numbers') return answerOf('GET /api/numbers', { items: [NUMBER], next: null })
  const [, callId] = /^\/api\/calls\/([^/]+)\/conversation$/.exec(path) ?? []
  return callId === undefined
    ? null
    : answerOf('GET /api/calls/:callId/conversation', conversationOf(decodeURIComponent(callId)))
}
