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
  'call-voicemail-began': 'Nobody took it: the caller is asked for a message',
  'call-answered': 'Answered',
  'call-canceling': 'Being let go',
  'call-terminating': 'Being hung up',
  'call-redirected': 'Asked to fetch its instruction again',
  'call-checked': 'Asked the carrier what became of it',
  'call-judged': 'Detection says',
  'recording-reported': 'Recording',
  'call-stray': 'A second call of this leg was ended',
  'call-hungup': 'Over',
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
  'hang-up-asked': 'The agent hangs up',
  'keep-asked': 'The agent says: a person',
  'lane-skip-asked': 'The agent skips',
  'note-saved': 'Note saved',
  'outcome-saved': 'Outcome saved',
  'outcome-noted': 'Outcome noted by the campaign',
  'inbound-rang': 'Rings at the desk',
  'inbound-accepted': 'Accepted by the agent',
  'inbound-declined': 'Declined by the agent',
  'inbound-ended': 'Inbound call over',
  'attempt-ended': 'Attempt counted',
  'leg-answered': 'The campaign counts an answer',
  'leg-abandoned': 'Abandoned: nobody was free for this person',
  'conversation-owed': 'An outcome is owed',
  'line-opening': 'The agent’s line opens',
  'quality-changed': 'The sound changed',
  'quality-alerted': 'Alert: the sound is bad',
  'contact-tried': 'The book is told',
  'single-asked': 'The agent dials this number',
  'guest-gone': 'Not in the agent’s room any more',
  'hold-wanted': 'Hold asked for in the room',
  'whisper-wanted': 'The summary is whispered to the agent',
  'participant-muted': 'Mute changed in the room',
  'participant-joined': 'Joined the room',
  'participant-left': 'Left the room',
  'call-held': 'Hold changed in the room',
}

export function wordsOf(type: string, data: Record<string, unknown>): string {
  const detail =
    data.because ??
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
    ''
  if (type === 'call-not-cleared' || type === 'contact-held-back') return `Not called: ${ruleWords(data as never)}`
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
