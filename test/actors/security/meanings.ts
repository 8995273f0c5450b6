/**
 * Who may do what, written down by hand in the words of people. It is not made from the rows of `src/wire/routes`: what it says may
 * differ from what they say, and then one of both is wrong. A route or a command that is missing here fails the test.
 */

import { COST_TYPES } from '../../../src/core/billing/rates.ts'
import { EXTENSIONS } from './extension-meanings.ts'
import { FURTHER } from './further-meanings.ts'
import { RECORDINGS } from './recording-meanings.ts'

/** `own`: every member, and it shows or changes nothing but their own things. */
export type Meaning =
  | 'anyone'
  | 'own'
  | 'member'
  | 'supervisor'
  | 'admin'
  | 'agent-of-the-call'
  | 'supervisor-of-the-call'
  /** nobody by a session: `keys.test.ts` tries programs */
  | 'program'
  /** whoever has the token; a wrong one opens nothing for anybody (`invitations.test.ts`) */
  | 'holder'

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
const hello = [{ type: 'answer' }, { type: 'talk', option: { text: 'Hello.' } }]
const outcomes = [{ key: 1, outcomeId: 'yes', label: 'Yes' }]
const agent = { name: 'Robin', prompt: 'Speak.' }
const secret = 'a long enough secret'
const email = () => `new${crypto.randomUUID()}@example.com`

const unlimited = {
  ...{ mode: 'shown', credit_limit: 0, limit_per_day: null, limit_per_call: null },
  out_of_money: { end: true, words: 'Goodbye.' },
}
const topUp = { type: 'top_up', amount: 1_000_000, reason: 'a test' }
const RATES = COST_TYPES.map(cost_type => ({
  ...{ cost_type, currency: 'USD', rate_micros: 10_000, increment: 60, minimum: 60 },
}))

const VCA = {
  namespace: 'VOICE',
  eventType: 'CALL_ACTION',
  payload: { sessionId: 's', callStatus: 'CALL_RECEIVED', source: '+6591234567', destination: '+6531234567' },
}

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
  'GET /api/desk/conference': { may: 'own' },
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

  // Money.
  'GET /v1.0/billings': { may: 'admin' },
  'GET /v1.0/billings.csv': { may: 'admin' },
  'GET /v1.0/billing_accounts': { may: 'admin' },
  'PUT /v1.0/billing_accounts/:accountId': { may: 'admin', names: true, body: unlimited },
  'POST /v1.0/billing_accounts/:accountId/entries': { may: 'admin', names: true, body: topUp },
  'GET /v1.0/billing_accounts/:accountId/days': { may: 'admin', names: true },
  'GET /v1.0/rate_card': { may: 'admin' },
  'PUT /v1.0/rate_card': { may: 'admin', body: { currency: 'USD', rates: RATES } },

  // Keys of programs.
  'GET /api/keys': { may: 'admin' },
  'POST /api/keys': { may: 'admin', body: { name: 'CRM', scopes: ['calls:read'] } },
  'DELETE /api/keys/:keyId': { may: 'admin', names: true },
  'POST /api/cidr/originate': { may: 'program', body: { to: '+14155550149' } },
  'GET /api/cidr/calls/:callId': { may: 'program', names: true },
  'POST /api/cidr/calls/:callId/hangup': { may: 'program', names: true },

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
  'GET /api/contacts.csv': { may: 'supervisor' },
  ...FURTHER,
  ...EXTENSIONS,
  'POST /api/contacts': { may: 'supervisor', body: { contacts: [{ phone: '+14155550141' }] } },
  'POST /api/contacts/batch': { may: 'member', body: { ids: ['p_matrix'] } },
  'GET /api/contacts/lookup-by-phone': { may: 'member', names: true, query: '?phone=%2B14155550142' },
  'PATCH /api/contacts/:id': { may: 'member', names: true, body: { result: 'interested' } },
  'GET /api/campaigns': { may: 'member' },
  'GET /api/campaigns/:campaignId': { may: 'member', names: true },
  'POST /api/campaigns': { may: 'supervisor', body: { name: 'Another', outcomes } },
  'GET /api/campaigns/:campaignId/settings': { may: 'supervisor', names: true },
  'PUT /api/campaigns/:campaignId/settings': { may: 'supervisor', names: true, body: { name: 'Another', outcomes } },
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

  // Flows, and calls with a flow on them.
  'GET /v1.0/flows': { may: 'member' },
  'POST /v1.0/flows': { may: 'supervisor', body: { name: 'Hello', actions: hello } },
  'POST /v1.0/flows/checks': { may: 'member', body: { actions: hello } },
  'GET /v1.0/flows/:flowId': { may: 'member', names: true },
  'PUT /v1.0/flows/:flowId': { may: 'supervisor', names: true, body: { name: 'Hello' } },
  'DELETE /v1.0/flows/:flowId': { may: 'supervisor', names: true },
  'POST /v1.0/flows/:flowId/publish': { may: 'supervisor', names: true, body: {} },
  'POST /v1.0/flows/:flowId/rollback': { may: 'supervisor', names: true, body: { version: 1 } },
  'GET /v1.0/flows/:flowId/versions': { may: 'member', names: true },
  'GET /v1.0/conferences': { may: 'member' },
  'POST /v1.0/conferences': { may: 'supervisor', body: { name: 'w_new' } },
  'GET /v1.0/conferences/:conferenceId': { may: 'member', names: true },
  'PUT /v1.0/conferences/:conferenceId': { may: 'supervisor', names: true, body: { detail: 'Hello' } },
  'GET /v1.0/events': { may: 'supervisor' },
  'GET /v1.0/ws': { may: 'own' },
  'GET /v1.0/webhooks': { may: 'admin' },
  'POST /v1.0/webhooks': { may: 'admin', body: { url: 'https://example.com/hooks' } },
  'GET /v1.0/webhooks/:webhookId': { may: 'admin', names: true },
  'PUT /v1.0/webhooks/:webhookId': { may: 'admin', names: true, body: { name: 'Hello' } },
  'DELETE /v1.0/webhooks/:webhookId': { may: 'admin', names: true },
  'POST /v1.0/webhooks/:webhookId/rotate': { may: 'admin', names: true },
  'POST /v1.0/webhooks/:webhookId/test': { may: 'admin', names: true },
  'GET /v1.0/webhooks/:webhookId/deliveries': { may: 'admin', names: true },
  'POST /v1.0/webhooks/:webhookId/replay': { may: 'admin', names: true, body: { call_id: 'w_test.call_own' } },
  'DELETE /v1.0/conferences/:conferenceId': { may: 'supervisor', names: true },
  'POST /v1.0/conferences/:conferenceId/end': { may: 'supervisor', names: true },
  'POST /v1.0/conferences/:conferenceId/recording_start': { may: 'supervisor', names: true },
  'POST /v1.0/conferences/:conferenceId/recording_stop': { may: 'supervisor', names: true },
  'GET /v1.0/conferencecalls': { may: 'member', names: true, query: '?conference_id=:conferenceId' },
  'GET /v1.0/conferencecalls/:conferencecallId': { may: 'member', names: true },
  'DELETE /v1.0/conferencecalls/:conferencecallId': { may: 'supervisor', names: true },
  'POST /v1.0/conferencecalls/:conferencecallId/mute': { may: 'supervisor', names: true },
  'DELETE /v1.0/conferencecalls/:conferencecallId/mute': { may: 'supervisor', names: true },
  'POST /v1.0/conferencecalls/:conferencecallId/hold': { may: 'supervisor', names: true },
  'DELETE /v1.0/conferencecalls/:conferencecallId/hold': { may: 'supervisor', names: true },
  'GET /v1.0/inbox': { may: 'own' },
  'GET /v1.0/inbox-waiting': { may: 'own' },
  'PUT /v1.0/inbox/:entryId': { may: 'member', names: true, body: { handled: true } },
  'DELETE /v1.0/inbox/:entryId': { may: 'member', names: true },
  'POST /v1.0/inbox/:entryId/restore': { may: 'member', names: true },
  'GET /v1.0/voicemails': { may: 'own' },
  'GET /v1.0/voicemails/:entryId': { may: 'member', names: true },
  'GET /v1.0/voicemails/:entryId/audio': { may: 'member', names: true },
  'PUT /v1.0/voicemails/:entryId': { may: 'member', names: true, body: { handled: true } },
  'DELETE /v1.0/voicemails/:entryId': { may: 'member', names: true },
  'GET /v1.0/voicemail-greetings': { may: 'own' },
  'PUT /v1.0/voicemail-greetings': { may: 'supervisor', body: { kind: 'workspace', text: '' } },
  ...RECORDINGS,
  // Whoever has a signed address: test/actors/recordings.test.ts tries others.
  'GET /v1.0/numbers': { may: 'supervisor' },
  'GET /v1.0/numbers/:number': { may: 'supervisor', names: true },
  'PUT /v1.0/numbers/:number': { may: 'admin', names: true, body: { flow_id: null } },
  'POST /v1.0/calls': {
    may: 'supervisor',
    body: { destinations: [{ type: 'tel', target: '+14155550148' }], actions: hello },
  },
  'GET /v1.0/calls': { may: 'own' },
  'GET /v1.0/calls/:callId': { may: 'agent-of-the-call', names: true },
  'POST /v1.0/calls/:callId/hangup': { may: 'supervisor-of-the-call', names: true },
  'POST /v1.0/calls/:callId/transfer': {
    may: 'agent-of-the-call',
    names: true,
    body: { destination: { type: 'tel', target: '+14155550147' } },
  },
  'POST /v1.0/calls/:callId/takeback': { may: 'agent-of-the-call', names: true },
  'POST /v1.0/calls/:callId/hold': { may: 'supervisor-of-the-call', names: true },
  'DELETE /v1.0/calls/:callId/hold': { may: 'supervisor-of-the-call', names: true },
  'POST /v1.0/calls/:callId/moh': { may: 'supervisor-of-the-call', names: true },
  'DELETE /v1.0/calls/:callId/moh': { may: 'supervisor-of-the-call', names: true },
  'POST /v1.0/calls/:callId/silence': { may: 'supervisor-of-the-call', names: true },
  'DELETE /v1.0/calls/:callId/silence': { may: 'supervisor-of-the-call', names: true },
  'POST /v1.0/calls/:callId/recording_start': { may: 'supervisor-of-the-call', names: true },
  'POST /v1.0/calls/:callId/recording_pause': { may: 'agent-of-the-call', names: true },
  'POST /v1.0/calls/:callId/recording_resume': { may: 'agent-of-the-call', names: true },
  'GET /v1.0/calls/:callId/recording_state': { may: 'agent-of-the-call', names: true },
  'POST /v1.0/calls/:callId/recording_stop': { may: 'supervisor-of-the-call', names: true },
  'GET /v1.0/calls/:callId/media_stream': { may: 'program', names: true },
  'POST /v1.0/calls/:callId/talk': {
    may: 'supervisor-of-the-call',
    names: true,
    body: { text: 'Hello.' },
  },
  'GET /v1.0/transfers/:callId': { may: 'agent-of-the-call', names: true },
  'POST /v1.0/transfers/:callId/swap': { may: 'agent-of-the-call', names: true },
  'POST /v1.0/transfers/:callId/merge': { may: 'agent-of-the-call', names: true },
  'POST /v1.0/transfers/:callId/complete': { may: 'agent-of-the-call', names: true },
  'POST /v1.0/transfers/:callId/cancel': { may: 'agent-of-the-call', names: true },
  // A supervisor's own, on somebody else's call.
  'POST /v1.0/calls/:callId/supervise': { may: 'supervisor-of-the-call', names: true, body: { mode: 'listen' } },
  'GET /v1.0/supervisions/:supervisionId': { may: 'supervisor', names: true },
  'PUT /v1.0/supervisions/:supervisionId': { may: 'supervisor', names: true, body: { mode: 'whisper' } },
  'DELETE /v1.0/supervisions/:supervisionId': { may: 'supervisor', names: true },
  'GET /api/live': { may: 'supervisor' },
  'PUT /api/workspace/voicemail': { may: 'admin', body: { days: 30 } },
  'PUT /api/workspace/recordings': { may: 'admin', body: { days: 30 } },
  'PUT /api/workspace/supervision': { may: 'admin', body: { rule: 'announced' } },
  'GET /v1.0/groupcalls/:groupcallId': { may: 'supervisor', names: true },
  'POST /v1.0/groupcalls/:groupcallId/hangup': { may: 'supervisor', names: true },
  'GET /v1.0/activeflows': { may: 'own' },
  'GET /v1.0/activeflows/:activeflowId': { may: 'agent-of-the-call', names: true },
  'POST /v1.0/activeflows/:activeflowId/stop': { may: 'supervisor-of-the-call', names: true },

  // Queues, and who waits in them.
  'GET /v1.0/masks': { may: 'supervisor' },
  'POST /v1.0/masks': { may: 'supervisor', body: { carrier: '8x8', name: 'Rides', number: '+6531234561' } },
  'GET /v1.0/masks/:maskId': { may: 'supervisor', names: true },
  'PUT /v1.0/masks/:maskId': { may: 'supervisor', names: true, body: { name: 'Rides' } },
  'DELETE /v1.0/masks/:maskId': { may: 'supervisor', names: true },
  'GET /v1.0/masks/:maskId/interactions': { may: 'supervisor', names: true },
  'GET /v1.0/masksessions': { may: 'supervisor' },
  'POST /v1.0/masksessions': {
    may: 'supervisor',
    body: { participants: [{ number: '+6591234561' }, { number: '+6591234562' }] },
  },
  'GET /v1.0/masksessions/:maskSessionId': { may: 'supervisor', names: true },
  'DELETE /v1.0/masksessions/:maskSessionId': { may: 'supervisor', names: true },
  'GET /v1.0/masksessions/:maskSessionId/participants': { may: 'admin', names: true },
  'GET /v1.0/masksessions/:maskSessionId/interactions': { may: 'supervisor', names: true },
  'GET /v1.0/active-calls': { may: 'supervisor' },
  'POST /api/webhooks/vca': { may: 'program', body: VCA },
  'POST /api/webhooks/vcs': { may: 'program', body: { ...VCA, eventType: 'CALL_STATUS' } },
  'POST /api/webhooks/vss': {
    may: 'program',
    body: { namespace: 'VOICE', eventType: 'SESSION_SUMMARY', payload: { sessionId: 's', sessionStatus: 'COMPLETED' } },
  },
  'GET /v1.0/queues': { may: 'member' },
  'POST /v1.0/queues': { may: 'supervisor', body: { name: 'Sales' } },
  'GET /v1.0/queues/:queueId': { may: 'member', names: true },
  'PUT /v1.0/queues/:queueId': { may: 'supervisor', names: true, body: { name: 'Sales' } },
  'DELETE /v1.0/queues/:queueId': { may: 'supervisor', names: true },
  'GET /v1.0/queuecalls': { may: 'member', names: true, query: '?queue_id=:queueId' },
  'GET /v1.0/queuecalls/:queuecallId': { may: 'member', names: true },
  'POST /v1.0/queuecalls/:queuecallId/kick': { may: 'supervisor', names: true },

  // The team, as those see it who connect calls.
  'GET /v1.0/agents': { may: 'member' },
  'GET /v1.0/agents/:userId': { may: 'member', names: true },
  'PUT /v1.0/agents/me/status': { may: 'own', body: { status: 'available' } },

  // Calls.
  'GET /api/calls': { may: 'own' },
  'GET /api/calls.csv': { may: 'own' },
  'GET /api/events': { may: 'supervisor' },
  'GET /api/calls/:callId/actors': { may: 'supervisor', names: true },
  'GET /api/calls/:callId': { may: 'agent-of-the-call', names: true },
  'GET /api/calls/:callId/recording.wav': { may: 'agent-of-the-call', names: true },
  'GET /api/calls/:callId/conversation': { may: 'agent-of-the-call', names: true },
  'GET /api/calls/:callId/log.txt': { may: 'agent-of-the-call', names: true },
  'GET /api/calls/:callId/live': { may: 'agent-of-the-call', names: true },
  'GET /api/calls/:callId/listen': { may: 'supervisor-of-the-call', names: true },
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
  look: { command: { on: true }, gives: 'own' },
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
  'call.do-not-call': { command: { callId: ':callId' }, gives: 'refused' },
  'call.transfer': { command: { callId: ':callId', to: { kind: 'number', number: '+14155550146' } }, gives: 'refused' },
  'call.take-back': { command: { callId: ':callId' }, gives: 'refused' },
  'transfer.swap': { command: { callId: ':callId' }, gives: 'refused' },
  'transfer.merge': { command: { callId: ':callId' }, gives: 'refused' },
  'transfer.complete': { command: { callId: ':callId' }, gives: 'refused' },
  'transfer.cancel': { command: { callId: ':callId' }, gives: 'refused' },
  'visit.leave': { command: { callId: ':callId' }, gives: 'refused' },
  'mute.changed': { command: { muted: true }, gives: 'own' },
  'single.dial': { command: { phone: '+14155550146' }, gives: 'refused' },
  'inbound.accept': { command: { callId: ':callId' }, gives: 'refused' },
  'inbound.decline': { command: { callId: ':callId' }, gives: 'refused' },
  'note.saved': { command: { callId: ':callId', text: 'stolen' }, gives: 'refused' },
  'outcome.saved': { command: { callId: ':callId', outcomeId: 'yes' }, gives: 'refused' },
  'presence.paused': { command: {}, gives: 'own' },
  'presence.ready': { command: {}, gives: 'own' },
  'wrap-up.done': { command: {}, gives: 'refused' },
  'notice.read': { command: { noticeId: 'n1' }, gives: 'own' },
}
