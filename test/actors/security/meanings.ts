/**
 * Who may do what, written down by hand in the words of people. It is not made from the rows of `src/wire/routes`: what it says may
 * differ from what they say, and then one of both is wrong. A route or a command that is missing here fails the test.
 */

/** `own`: every member, and it shows or changes nothing but their own things. */
export type Meaning =
  | 'anyone'
  | 'own'
  | 'member'
  | 'supervisor'
  | 'admin'
  | 'agent-of-the-call'
  | 'supervisor-of-the-call'

export interface RouteMeaning {
  may: Meaning
  body?: object
  /** query of the request */
  query?: string
  /** it names a thing of the workspace in its path or body, which nobody of another workspace finds */
  names?: true
}

const scenario = {
  about: 'says hello',
  caller: { acts: [{ listen: true }, { say: 'hello' }, { hangUp: true }] },
  expect: [{ agent: 'hello' }],
  end: 'none',
}
const words = { text: 'Hello.' }
const outcomes = [{ key: 1, outcomeId: 'yes', label: 'Yes' }]
const agent = { name: 'Robin', prompt: 'Speak.' }
const secret = 'a long enough secret'
const email = () => `new${crypto.randomUUID()}@example.com`

export const ROUTES: Record<string, RouteMeaning> = {
  // The door.
  'GET /api/config': { may: 'anyone' },
  'POST /api/demo/sign-in': { may: 'anyone', body: { key: 'ada' } },

  // One's own account.
  'GET /api/me': { may: 'own' },
  'PUT /api/me/password': { may: 'own', body: { currentPassword: 'wrong', newPassword: secret } },
  'GET /api/me/sessions': { may: 'own' },
  'GET /api/desk': { may: 'own' },
  'GET /api/desk/view': { may: 'own' },
  'GET /api/campaign/campaign-status': { may: 'own' },
  'POST /api/campaign/call-notknown': { may: 'own', body: { phone: '+14155550140' } },
  'POST /api/campaign/stop-campaign': { may: 'own' },
  'GET /api/twilio/token': { may: 'own' },
  'POST /api/twilio/token': { may: 'own', body: {} },
  'GET /twilio/media-stream-url': { may: 'own' },
  'GET /api/ai/voice': { may: 'own' },
  'GET /api/crm': { may: 'own' },

  // The team.
  'GET /api/members': { may: 'supervisor' },
  'POST /api/members': { may: 'admin', body: { name: 'New', role: 'agent', password: secret, email: email() } },
  'PATCH /api/members/:userId': { may: 'admin', names: true, body: { role: 'agent' } },
  'DELETE /api/members/:userId': { may: 'admin', names: true },
  'GET /api/members/:userId/sessions': { may: 'admin', names: true },
  'DELETE /api/members/:userId/sessions': { may: 'admin', names: true },
  'PUT /api/workspace': {
    may: 'admin',
    body: { name: 'Same', sellerName: 'Same', sellerNumber: '+14155550100' },
  },

  // Numbers.
  'GET /api/numbers': { may: 'supervisor' },
  'POST /api/numbers': { may: 'admin', body: { number: '+14155550709' } },
  'DELETE /api/numbers/:number': { may: 'admin', names: true },

  // People to call, and lists of them.
  'GET /api/voice-profile': { may: 'own' },
  'PUT /api/voice-profile': {
    may: 'own',
    body: { allowOutbound: true, allowInbound: true, recordCalls: false, callerId: null, identityAlias: '' },
  },
  'GET /api/workspace': { may: 'supervisor' },
  'GET /api/do-not-call': { may: 'member' },
  'POST /api/do-not-call': { may: 'member', body: { number: '+14155550188' } },
  'POST /api/do-not-call/imports': { may: 'supervisor', body: { importId: 'matrix', numbers: ['+14155550189'] } },
  'POST /api/do-not-call/removals': { may: 'supervisor', body: { importId: 'none', reason: 'for the matrix' } },
  'GET /api/do-not-call/removals': { may: 'supervisor' },
  'GET /api/clearance/rules': { may: 'member' },
  'PUT /api/clearance/rules': { may: 'admin', body: { profile: 'custom', country: 'US' } },
  'POST /api/clearance/checks': { may: 'member', body: { number: '+14155550140' } },
  'POST /api/consents': { may: 'supervisor', body: { consents: [{ number: '+14155550140', source: 'a form' }] } },
  'GET /api/consents': { may: 'member', query: '?number=%2B14155550140' },

  'GET /api/contacts': { may: 'member' },
  'POST /api/contacts': { may: 'supervisor', body: { contacts: [{ phone: '+14155550141' }] } },
  'POST /api/contacts/batch': { may: 'member', body: { ids: ['p_matrix'] } },
  'GET /api/contacts/lookup-by-phone': { may: 'member', names: true, query: '?phone=%2B14155550142' },
  'PATCH /api/contacts/:id': { may: 'member', names: true, body: { result: 'interested' } },
  'GET /api/campaigns': { may: 'member' },
  'GET /api/campaigns/:campaignId': { may: 'member', names: true },
  'POST /api/campaigns': { may: 'supervisor', body: { name: 'Another', outcomes } },
  'POST /api/campaigns/:campaignId/contacts': {
    may: 'supervisor',
    names: true,
    body: { contacts: [{ phone: '+14155550143' }] },
  },
  'POST /api/campaigns/:campaignId/ai': {
    may: 'supervisor',
    names: true,
    body: { agentId: 'ai_matrix', word: 'stop' },
  },
  'POST /api/campaign/call-campaign': { may: 'member', names: true, body: { campaignId: ':campaignId' } },

  // AI agents.
  'GET /api/ai/agents': { may: 'member' },
  'POST /api/ai/agents': { may: 'admin', body: agent },
  'GET /api/ai/agents/:agentId': { may: 'member', names: true },
  'PUT /api/ai/agents/:agentId': { may: 'admin', names: true, body: agent },
  'GET /api/ai/agents/:agentId/versions': { may: 'member', names: true },
  'POST /api/ai/agents/:agentId/rollback': { may: 'admin', names: true, body: { version: 1 } },
  'PUT /api/ai/agents/:agentId/numbers': { may: 'admin', names: true, body: { numbers: [] } },
  'POST /api/ai/agents/:agentId/trials': { may: 'member', names: true },
  'POST /api/ai/agents/:agentId/calls': { may: 'member', names: true, body: { toNumber: '+14155550144' } },
  'GET /api/ai/agents/:agentId/scenarios': { may: 'member', names: true },
  'PUT /api/ai/agents/:agentId/scenarios/:name': { may: 'admin', names: true, body: scenario },
  'DELETE /api/ai/agents/:agentId/scenarios/:name': { may: 'admin', names: true },
  'POST /api/ai/agents/:agentId/scenarios/:name/rehearsals': { may: 'member', names: true },
  'GET /api/ai/rehearsals/:runId': { may: 'member', names: true },
  'GET /api/ai/rehearsals/:runId/live': { may: 'member', names: true },

  // Calls.
  'GET /api/calls': { may: 'own' },
  'GET /api/events': { may: 'supervisor' },
  'GET /api/calls/:callId': { may: 'agent-of-the-call', names: true },
  'GET /api/calls/:callId/recording.wav': { may: 'agent-of-the-call', names: true },
  'GET /api/calls/:callId/conversation': { may: 'agent-of-the-call', names: true },
  'GET /api/calls/:callId/log.txt': { may: 'agent-of-the-call', names: true },
  'GET /api/calls/:callId/live': { may: 'agent-of-the-call', names: true },
  'POST /api/calls/:callId/say': { may: 'agent-of-the-call', names: true, body: words },
  'POST /api/calls/:callId/hand-back': { may: 'agent-of-the-call', names: true },
  'POST /api/calls/:callId/crm-retry': { may: 'agent-of-the-call', names: true },
  'POST /api/calls/:callId/whisper': { may: 'supervisor-of-the-call', names: true, body: words },
  'POST /api/calls/:callId/take-over': { may: 'supervisor-of-the-call', names: true },
  'GET /twilio/call/:callSid/status': { may: 'agent-of-the-call', names: true },
  'POST /twilio/outbound/call': {
    may: 'member',
    names: true,
    body: { toNumber: '+14155550145', agentId: 'ai_matrix', customMessage: 'Hi.' },
  },

  // What nobody may do by an ordinary session: the token of the installation decides, once.
  'POST /api/first-admin': {
    may: 'anyone',
    body: { token: 'guess', email: 'x@example.com', name: 'X', password: secret, workspaceName: 'X' },
  },
  // Ends a sign-in of one's own; that of a colleague is not found.
  'DELETE /api/me/sessions/:sessionId': { may: 'own', names: true },
}

/**
 * Commands of a desk's socket, each naming what is a colleague's where it names something. Nobody but the colleague acts on it:
 * `refused` is the answer to everybody else, `own` changes nothing but the desk that says it.
 */
export const COMMANDS: Record<string, { command: object; gives: 'refused' | 'own' }> = {
  'phone.claim': { command: { tabId: 'stolen' }, gives: 'own' },
  'phone.registered': { command: { tabId: 'stolen' }, gives: 'own' },
  'phone.lost': { command: { tabId: 'tab', reason: '' }, gives: 'own' },
  'phone.refused': { command: { tabId: 'stolen', reason: 'token' }, gives: 'own' },
  // It counts for the conversation on one's own line alone; another call's id is passed over.
  'quality.reported': { command: { callId: ':callId', level: 'poor', cause: null }, gives: 'own' },
  'session.start': { command: { campaignId: ':campaignId', lines: 1 }, gives: 'refused' },
  'session.continue': { command: {}, gives: 'refused' },
  'session.pause': { command: {}, gives: 'refused' },
  'session.resume': { command: {}, gives: 'refused' },
  'session.stop': { command: {}, gives: 'refused' },
  'lane.skip': { command: { callId: ':callId' }, gives: 'refused' },
  'call.keep': { command: { callId: ':callId' }, gives: 'refused' },
  'call.hang-up': { command: { callId: ':callId' }, gives: 'refused' },
  'call.hold': { command: { callId: ':callId' }, gives: 'refused' },
  'call.unhold': { command: { callId: ':callId' }, gives: 'refused' },
  'mute.changed': { command: { muted: true }, gives: 'own' },
  'single.dial': { command: { phone: '+14155550146' }, gives: 'refused' },
  'inbound.accept': { command: { callId: ':callId' }, gives: 'refused' },
  'inbound.decline': { command: { callId: ':callId' }, gives: 'refused' },
  'note.saved': { command: { callId: ':callId', text: 'stolen' }, gives: 'refused' },
  'outcome.saved': { command: { callId: ':callId', outcomeId: 'yes' }, gives: 'refused' },
  'presence.paused': { command: {}, gives: 'own' },
  'presence.ready': { command: {}, gives: 'own' },
}
