/**
 * The names of public events: what happens in a workspace, in words that programs may rely on. The names of the seed and of VoIPBIN are both
 * served; an endpoint chooses one vocabulary. A name that was published is never given another meaning.
 */

/** Raised when a name or the shape of its data changes; new names and new fields do not raise it. */
export const EVENTS_VERSION = 1

interface Name {
  /** VoIPBIN's name where it has another one. By the status of a recording it has two */
  readonly voipbin?: string | { readonly finished: string; readonly else: string }
  readonly says: string
}

export const EVENTS = {
  call_created: { says: 'A call is there: one that we place, or one that the carrier brings.' },
  call_updated: { says: 'The person on the call is known: a contact, or a record of the CRM.' },
  call_dialing: { says: 'The carrier is asked to call the number.' },
  call_ringing: { says: 'The phone of the called person rings.' },
  call_answered: { voipbin: 'call_progressing', says: 'Somebody, or something, has answered.' },
  call_canceling: { says: 'The call is being ended before anybody has answered.' },
  call_terminating: { says: 'The call is being ended.' },
  call_hungup: { voipbin: 'call_hangup', says: 'The call is over.' },
  call_not_cleared: { says: 'A rule of dialing forbade the call, and nobody was called.' },
  call_detected: { says: 'Detection says whether a person or a machine has answered.' },
  call_recording: {
    voipbin: { finished: 'recording_finished', else: 'recording_started' },
    says: 'A recording of the call has another status.',
  },
  call_transcribing: {
    voipbin: 'transcript_created',
    says: 'Something was said, in words; or a recording begins to be written down, or has been.',
  },
  call_agent_joined: { says: 'An agent has this call from now on.' },
  call_onward_answered: { says: 'A number that the carrier has dialled for this call has taken it up.' },
  call_onward_ended: { says: 'A number that the carrier had dialled for this call has hung up.' },
  call_agent_left: { says: 'The agent no longer has this call.' },
  call_agent_ringing: { says: 'The call itself asks an agent, whose desk rings.' },
  call_missed: { says: 'An inbound call is over, and nobody of ours was on it.' },
  call_quality_alerted: { says: 'The sound of a conversation became bad.' },
  call_held: { says: 'The person on the call hears music, or no longer.' },
  voicemail_left: { says: 'A caller has left a message.' },
  transfer_started: { says: 'Somebody is to be handed over.' },
  transfer_offered: { says: 'A desk is asked to take the person.' },
  transfer_moved: { says: 'The person has gone to whom they were handed over.' },
  transfer_stayed: { says: 'Nothing came of a transfer: the person stays.' },
  transfer_lost: { says: 'Whoever was to take the person is gone.' },
  flow_started: { voipbin: 'activeflow_created', says: 'A flow begins on a call, or with a recording that is there.' },
  flow_step: { voipbin: 'activeflow_updated', says: 'The flow is at another step.' },
  flow_ended: { voipbin: 'activeflow_deleted', says: 'A flow is over.' },
  ai_assigned: { voipbin: 'aicall_status_initializing', says: 'An AI agent is to talk on this call.' },
  ai_started: { voipbin: 'aicall_status_progressing', says: 'An AI agent hears the call.' },
  ai_ended: { voipbin: 'aicall_status_terminated', says: 'An AI agent no longer hears the call.' },
  crm_filed: { says: 'The call stands in the CRM.' },
  crm_failed: { says: 'The call could not be filed in the CRM.' },
  queue_updated: { says: 'A queue was made or changed.' },
  queue_deleted: { says: 'A queue is gone.' },
  queuecall_created: { says: 'A caller waits in a queue.' },
  queuecall_refused: { says: 'The queue takes nobody now.' },
  queuecall_connecting: { says: 'The queue offers the call to an agent.' },
  queuecall_serviced: { says: 'An agent of the queue has the caller.' },
  queuecall_returned: { voipbin: 'queuecall_waiting', says: 'The agent’s line was lost, and the caller waits again.' },
  queuecall_done: { says: 'The conversation from the queue is over.' },
  queuecall_abandoned: { says: 'A caller has left the queue without an agent.' },
  queuecall_callback_kept: { says: 'A caller keeps the place and is called back.' },
  queuecall_callback_missed: { says: 'A callback was not answered.' },
  conference_updated: { says: 'A conference was made or changed.' },
  conference_deleted: { says: 'A conference is gone.' },
  conference_recording: { says: 'The recording of a conference has another status.' },
  conference_transcribing: {
    says: 'Something was said in a conference that is written down; or that begins, or is done, or has failed.',
  },
  conferencecall_joined: { says: 'Somebody is in a room: a conference, or the room of a desk.' },
  conferencecall_left: { voipbin: 'conferencecall_leaved', says: 'Somebody has left a room.' },
  conferencecall_refused: { says: 'Somebody was not let into a conference.' },
  supervision_started: { says: 'A supervisor listens to a conversation.' },
  supervision_updated: { says: 'The supervisor is heard otherwise.' },
  supervision_ended: { says: 'The supervisor is gone.' },
  groupcall_created: { says: 'Several numbers are called together: a round, or a group call.' },
  groupcall_progressing: { says: 'The first person has answered, and has the seat.' },
  groupcall_hangup: { says: 'All calls of the round, or of the group call, are over.' },
  campaign_updated: { says: 'A campaign was made or changed.' },
  campaign_session_started: { voipbin: 'campaign_status_run', says: 'An agent begins to dial in a campaign.' },
  campaign_agent_joined: { voipbin: 'campaign_updated', says: 'An agent joins the pool of a campaign, and is free.' },
  campaign_agent_left: { voipbin: 'campaign_updated', says: 'An agent leaves the pool of a campaign.' },
  campaign_session_paused: { voipbin: 'campaign_status_stopping', says: 'An agent pauses in a campaign.' },
  campaign_session_resumed: { voipbin: 'campaign_status_run', says: 'An agent goes on in a campaign.' },
  campaign_session_finished: { voipbin: 'campaign_status_stop', says: 'An agent has ended in a campaign.' },
  campaign_attempt_ended: { voipbin: 'campaigncall_done', says: 'An attempt to reach a contact is over.' },
  campaign_outcome_noted: { says: 'The outcome of a conversation is in the campaign.' },
  campaign_call_abandoned: { says: 'Nobody was free for a person who answered.' },
  contact_held_back: { says: 'A rule of dialing kept a contact from being called.' },
  contact_tried: { voipbin: 'contact_updated', says: 'A contact was called by hand.' },
  contact_opted_out: { says: 'A person asked not to be called again.' },
  agent_status_updated: { says: 'An agent is free, busy or away.' },
  agent_line_opened: { says: 'The line of an agent is open.' },
  agent_line_closed: { says: 'The line of an agent is closed.' },
  agent_talk_started: { says: 'An agent talks with a person.' },
  agent_talk_ended: { says: 'The conversation of an agent is over.' },
  agent_call_ringing: { says: 'A call rings at the desk of an agent.' },
  agent_call_accepted: { says: 'An agent takes a call that rings.' },
  agent_call_declined: { says: 'An agent does not take a call that rings.' },
  agent_outcome_saved: { says: 'An agent has saved an outcome.' },
  mask_updated: { says: 'A masked number was made or changed.' },
  mask_deleted: { says: 'A masked number is gone.' },
  masksession_created: { says: 'Two people may reach each other behind a masked number.' },
  masksession_closed: { says: 'A session behind a masked number is over.' },
  mask_call_started: { says: 'A caller of a masked number is led to the other person of the session.' },
  mask_call_ended: { says: 'A call to a masked number is over, or was led to nobody.' },
  billing_account_updated: {
    voipbin: 'account_updated',
    says: 'Money was given to the account or taken from it, or its limits were changed. Charges of calls are told by `GET /v1.0/billings` alone.',
  },
  billing_card_updated: { says: 'The rate card was changed.' },
  billing_call_unpaid: { says: 'A call cannot be paid any longer: its words are said, and it is ended.' },
  report_ready: { says: 'A report that is sent by itself: its figures, and a link to all of it.' },
  webhook_disabled: { says: 'A webhook gets nothing any more, because its server is gone or fails for days.' },
} as const satisfies Record<string, Name>
export type EventName = keyof typeof EVENTS
export const EVENT_NAMES = Object.keys(EVENTS) as EventName[]

/** The names that the seed gives; an endpoint that chooses none gets these. */
export const SEED_EVENTS: readonly EventName[] = [
  'call_created',
  'call_dialing',
  'call_ringing',
  'call_answered',
  'call_hungup',
  'call_recording',
  'call_transcribing',
]

export type Vocabulary = 'seed' | 'voipbin'
export const VOCABULARIES = ['seed', 'voipbin'] as const satisfies readonly Vocabulary[]

/** The name in a vocabulary. `status`: of a recording. */
export function nameIn(vocabulary: Vocabulary, name: EventName, status: unknown): string {
  const { voipbin }: Name = EVENTS[name]
  if (vocabulary === 'seed' || voipbin === undefined) return name
  return typeof voipbin === 'string' ? voipbin : voipbin[status === 'completed' ? 'finished' : 'else']
}

/** All names of one event in a vocabulary, for the docs. */
export function namesIn(vocabulary: Vocabulary, name: EventName): string[] {
  return [...new Set([nameIn(vocabulary, name, null), nameIn(vocabulary, name, 'completed')])]
}
