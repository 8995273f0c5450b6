/** A fact in words, for the timeline that people read. */
import { wordsOf as ruleWords } from '../../core/clearance/words.ts'

export const WORDS: Record<string, string> = {
  'call-created': 'Call recorded',
  'call-received': 'Call came in',
  'call-identified': 'The caller is known',
  'delivery-given-up': 'A delivery was given up',
  'call-cleared': 'May be called under the rules',
  'call-not-cleared': 'Not called: a rule forbids it',
  'input-refused': 'Something could not be stored, and nothing came of it',
  'call-queued': 'Waiting for a calls-per-second slot',
  'call-attempted': 'Handed to the carrier',
  'call-outcome-unknown': 'The carrier did not answer: looking for the call',
  'call-searched': 'Looked in the list of the carrier',
  'call-placed': 'Accepted by the carrier',
  'call-progressed': 'The carrier reports',
  'call-ringing': 'Rings',
  'voicemail-began': 'The caller is asked for a message',
  'voicemail-left': 'A message was left',
  'voicemail-missed': 'Nobody was reached: a missed call',
  'voicemail-sought': 'The carrier is asked for a message that it has not told of',
  'voicemail-found': 'The carrier answers what messages there are',
  'call-voicemail-began': 'Nobody took it: the caller is asked for a message',
  'call-unanswered': 'The agent did not take it: the caller waits in a queue',
  'call-answered': 'Answered',
  'call-canceling': 'Being let go',
  'call-terminating': 'Being hung up',
  'call-redirected': 'Asked to fetch its instruction again',
  'call-checked': 'Asked the carrier what became of it',
  'call-judged': 'Detection says',
  'mask-call-led': 'Led to the other person of a masked number',
  'mask-call-over': 'The masked number has no more to do',
  'call-unpaid': 'Cannot be paid any longer',
  'recording-reported': 'Recording',
  'recording-live-moved': 'The call is written down',
  'recording-live-said': 'Said on the call',
  'recording-transcript-moved': 'The recording is written down',
  'recording-said': 'Said in the recording',
  'recording-flow-started': 'The flow of the recording begins',
  'recording-flow-ended': 'The flow of the recording is over',
  'conference-flow-started': 'The flow of the recording of the conference begins',
  'conference-flow-ended': 'The flow of the recording of the conference is over',
  'conference-recording-reported': 'Recording of the conference',
  'conference-recording-expected': 'The carrier may record the conference',
  'conference-recording-stop-wanted': 'The recording of the conference is to end',
  'conference-transcript-moved': 'The recording of the conference is written down',
  'conference-said': 'Said in the conference',
  'call-stray': 'A second call of this leg was ended',
  'call-onward-answered': 'The number that the caller is connected to has taken it up',
  'call-onward-ended': 'The number that the caller was connected to has hung up',
  'call-hungup': 'Over',
  'crm-wanted': 'To be filed in the CRM: a lead',
  'crm-created': 'Filed in the CRM',
  'crm-retrying': 'Not filed in the CRM yet',
  'crm-failed': 'Could not be filed in the CRM',
  'crm-nobody': 'Nobody of the CRM to file it with',
  'crm-asked': 'To be filed in the CRM again',
  'talk-ordered': 'An AI agent has this call',
  'talk-stream-opened': 'The sound goes to the AI agent',
  'talk-stream-closed': 'The sound of the AI agent ended',
  'talk-said': 'Said',
  'talk-noted': 'Noted',
  'talk-transfer-asked': 'A colleague is asked to take the call',
  'talk-transfer-answered': 'The transfer',
  'talk-dialed-on': 'Connected to another number',
  'talk-dial-ended': 'The other number is done',
  'talk-handed-back': 'Handed back to the agent',
  'talk-last-words': 'The carrier says the apology',
  'flow-created': 'A flow is given to this call',
  'flow-started': 'The flow begins',
  'flow-step-entered': 'Step',
  'flow-step-continued': 'The caller is asked again',
  'flow-step-ended': 'Step over',
  'flow-loop-counted': 'Turns another round',
  'flow-variable-set': 'A variable is set',
  'flow-variable-refused': 'A variable was not set',
  'flow-stack-pushed': 'Steps from outside',
  'flow-stack-left': 'The steps from outside are over',
  'flow-outside-asked': 'The outside is asked',
  'flow-outside-answered': 'The outside answers',
  'flow-deed-owed': 'Something is owed to the outside',
  'flow-agent-engaged': 'An AI agent takes the call for the flow',
  'flow-ended': 'The flow is over',
  'call-agent-joined': 'An agent has this call',
  'call-agent-left': 'The agent no longer has this call',
  'control-began': 'A program interrupts',
  'control-ended': 'The interruption is over',
  'control-record-wanted': 'A program has it recorded',
  'control-record-answered': 'The carrier says to the recording',
  'control-record-ended': 'A program ends the recording',
  'control-record-pause-wanted': 'The recording is to pause',
  'control-record-pause-answered': 'The carrier says to the pause',
  'control-record-resumed': 'The recording goes on',
  'transfer-wanted': 'To be handed over',
  'transfer-offered': 'A desk is asked to take the person',
  'transfer-offer-over': 'That desk is not asked any more',
  'transfer-stayed': 'Not handed over: the person stays',
  'transfer-leaving': 'Goes elsewhere, as soon as the carrier asks',
  'transfer-moved': 'Has gone elsewhere',
  'transfer-picked-up': 'The agent takes the caller to their open line',
  'transfer-lost': 'Whoever had the person is gone',
  'ring-began': 'An agent is asked by the call itself',
  'ring-heard': 'The agent’s desk rings',
  'ring-taken': 'The agent takes the call',
  'ring-over': 'The agent is not asked any more, or is done',
  'transfer-calling': 'The number that is asked first is called',
  'transfer-joining': 'Whoever is asked first has said yes',
  'transfer-consulting': 'Who speaks with whom',
  'transfer-parting': 'Whoever was asked first goes ahead',
  'transfer-origin-lost': 'Whoever asked has lost their line',
  'transfer-leg-over': 'The number that was asked first is not needed any more',
  'consult-ordered': 'An agent asks this number about somebody',
  'consult-arrived': 'In the room',
  'consult-moved': 'Goes to the room where the person will be',
  'transfer-move-asked': 'The agent asks for',
  'transfer-phase-changed': 'The agent reads who speaks with whom',
  'transfer-unattended': 'The agent’s line is gone while somebody is asked',
  'visit-began': 'The colleague’s line is called in',
  'visit-joined': 'The colleague’s line is in the room',
  'visit-phase-changed': 'The colleague reads who speaks with whom',
  'visit-over': 'The colleague’s line goes home',
  'visit-ended': 'The colleague’s line is no longer away',
  'visit-refused': 'The colleague’s line cannot be called in',
  'line-abandoned': 'A line that nobody can find is ended',
  'transfer-asked': 'The agent hands the person over',
  'take-back-asked': 'The agent takes the person back',
  'transfer-over': 'The agent learns what came of it',
  'seat-granted': 'The agent’s seat is given',
  'seat-asked': 'The agent’s seat is asked for',
  'seat-revoked': 'The agent’s seat is taken back',
  'seat-paused': 'The agent’s line is away, or back',
  'offer-rang': 'Rings at the desk',
  'offer-refused': 'The agent is not free',
  'caller-queued': 'Waits in a queue',
  'caller-refused': 'The queue takes nobody now',
  'place-said': 'Hears the place in the queue',
  'callback-kept': 'Keeps the place and is called back',
  'call-offered': 'The queue offers the call to an agent',
  'offer-ended': 'The offer is over',
  'callback-dialed': 'Is called back',
  'callback-missed': 'The callback was not answered',
  'caller-connected': 'The queue connects the agent',
  'conversation-over': 'The conversation from the queue is over',
  'caller-returned': 'The agent’s line was lost: waits again',
  'caller-left': 'Has left the queue or the conference',
  'caller-asked-about': 'The queue asks whether they are still there',
  'leg-joined': 'Joined the round',
  'leg-placed': 'Dialled',
  'leg-rang': 'The phone rings',
  'leg-judged': 'Detection says',
  'leg-held': 'First to answer: with the agent',
  'race-won': 'Won the round',
  'leg-dismissed': 'Not with the agent',
  'leg-released': 'Let go while it rang',
  'leg-looked-after': 'Looked after by the watchdog',
  'leg-ended': 'Leg over',
  'conversation-started': 'The agent talks with this person',
  'conversation-won': 'The agent keeps this person',
  'conversation-ended': 'Conversation over',
  'conversation-held': 'Hold changed',
  'conversation-heard': 'In the room',
  'conversation-parked': 'Put on hold for an inbound call',
  'conversation-resumed': 'Back from hold',
  'hold-asked': 'Hold asked for',
  'arrival-asked-about': 'Nobody says that they are in: the room is asked',
  'do-not-call-asked': 'Put on the do-not-call list by the agent',
  'hang-up-asked': 'The agent hangs up',
  'keep-asked': 'The agent says: a person',
  'lane-skip-asked': 'The agent skips',
  'note-saved': 'Note saved',
  'outcome-chosen': 'Outcome chosen during the call',
  'outcome-saved': 'Outcome saved',
  'outcome-noted': 'Outcome noted by the campaign',
  'inbound-rang': 'Rings at the desk',
  'inbound-accepted': 'Accepted by the agent',
  'inbound-declined': 'Declined by the agent',
  'inbound-picked-up': 'The phone stops ringing, the caller comes to the line',
  'inbound-ended': 'Inbound call over',
  'lane-shown': 'The agent’s screen shows who has answered',
  'attempt-ended': 'Attempt counted',
  'leg-answered': 'The campaign counts an answer',
  'leg-abandoned': 'Abandoned: nobody was free for this person',
  'conversation-owed': 'An outcome is owed',
  'line-opening': 'The agent’s line opens',
  'quality-changed': 'The sound changed',
  'quality-alerted': 'Alert: the sound is bad',
  'contact-tried': 'The book is told',
  'single-asked': 'The agent dials this number',
  'supervisor-shown': 'The agent is told who listens',
  'guest-gone': 'Not in the agent’s room any more',
  'hold-wanted': 'Hold asked for in the room',
  'mute-wanted': 'Mute asked for',
  'pin-wanted': 'Asked for the PIN of a conference',
  'entry-refused': 'Not let into the conference',
  'caller-let-in': 'Let into the conference',
  'caller-let-go': 'Has to leave the conference',
  'participant-removed': 'Taken out of the conference at the carrier',
  'whisper-wanted': 'The summary is whispered to the agent',
  'supervision-wanted': 'Supervision is asked for',
  'supervision-answered': 'The supervisor’s phone comes',
  'supervision-began': 'A supervisor listens',
  'supervision-mode-wanted': 'Another mode is asked for',
  'supervision-changed': 'The supervisor is heard otherwise',
  'supervision-refused': 'The carrier did not do it',
  'supervision-ended': 'The supervisor is gone',
  'supervision-late': 'The leg of a supervisor came too late and was ended',
  'participant-muted': 'Mute changed in the room',
  'participant-joined': 'Joined the room',
  'participant-left': 'Left the room',
  'call-held': 'Hold changed in the room',
}

const LISTENING = ['supervisor-listens', 'supervisor-left', 'program-listens', 'program-left']

export function wordsOf(type: string, data: Record<string, unknown>): string {
  const detail =
    data.because ??
    data.phase ??
    data.move ??
    data.effect ??
    data.answer ??
    data.profile ??
    data.who ??
    data.word ??
    data.why ??
    data.reason ??
    data.outcome ??
    data.verdict ??
    data.level ??
    data.status ??
    data.outcomeId ??
    data.verb ??
    data.key ??
    ''
  if (type === 'call-not-cleared' || type === 'contact-held-back') return `Not called: ${ruleWords(data as never)}`
  if (type === 'talk-noted' && data.word === 'transfer-not-cleared')
    return `Transfer not dialled: ${ruleWords(data.data as never)}`
  if (type === 'talk-noted' && LISTENING.includes(String(data.word))) {
    const by = String((data.data as { by?: unknown } | undefined)?.by)
    return String(data.word).endsWith('-left') ? `${by} no longer listens` : `${by} listens`
  }
  if (type.startsWith('supervision-') && data.by !== undefined) return supervisionWords(type, data)
  const words = `${WORDS[type] ?? type.replaceAll('-', ' ')}${gapsOf(data)}`
  return typeof detail === 'string' && detail !== '' ? `${words}: ${detail.replaceAll('-', ' ')}` : words
}

/** What a record of the CRM lacks, and what was made up for it. */
function gapsOf({ leftOut, filledIn }: Record<string, unknown>): string {
  const named = (names: unknown, words: string) =>
    Array.isArray(names) && names.length > 0 ? [`${words} ${names.join(', ')}`] : []
  const gaps = [...named(leftOut, 'without'), ...named(filledIn, 'with a value of ours in')]
  return gaps.length === 0 ? '' : `, ${gaps.join(', ')}`
}

const MODE_WORDS: Record<string, string> = {
  listen: 'listens',
  whisper: 'speaks to the agent alone',
  barge: 'speaks to both',
}

/** Who is on the call beside agent and person, and who hears them. */
function supervisionWords(type: string, data: Record<string, unknown>): string {
  const name = String((data.by as { name?: unknown }).name)
  const mode = MODE_WORDS[String(data.mode)] ?? ''
  if (type === 'supervision-began') return `${name} listens`
  if (type === 'supervision-changed') return `${name} ${mode}`
  const words = `${WORDS[type]}: ${name}`
  if (type === 'supervision-ended') return `${words}, ${String(data.because).replaceAll('-', ' ')}`
  return mode === '' ? words : `${words} ${mode}`
}
