/** Flows that nobody has written: what a call runs whose number leads straight to a queue, a conference or a mask. */
import type { Action } from './flow.ts'

/** Whoever is not answered in the queue is asked for a message, which is for its members. */
export function queueFlow(queueId: string): Action[] {
  const unanswered = 'message'
  return [
    {
      id: 'queue',
      type: 'queue_join',
      option: { queue_id: queueId, no_answer_target_id: unanswered, error_target_id: unanswered },
    },
    { id: 'end', type: 'hangup', option: {} },
    { id: unanswered, type: 'voicemail', option: { box: queueId } },
    { id: 'thanks', type: 'talk', option: { text: 'Thank you. Goodbye.' } },
  ]
}

/**
 * A number rings a desk, and its agent does not take the call: the caller waits in the queue like anyone. If the queue is not there any
 * more, the message is for the agent whom the caller wanted.
 */
export function unansweredFlow(queueId: string, box: string): Action[] {
  const [queue, end, ...message] = queueFlow(queueId)
  const own = 'own-message'
  const waits = queue as Action
  return [
    { ...waits, option: { ...waits.option, error_target_id: own } },
    end as Action,
    ...message,
    { id: 'goodbye', type: 'hangup', option: {} },
    { id: own, type: 'voicemail', option: { box } },
    { id: 'own-thanks', type: 'talk', option: { text: 'Thank you. Goodbye.' } },
  ]
}

/** Rings the phones of an extension; whoever is not answered leaves a message for the workspace. */
export function extensionFlow(extensionId: string): Action[] {
  const unanswered = 'message'
  return [
    {
      id: 'ring',
      type: 'connect',
      option: {
        destinations: [{ type: 'extension', target: extensionId }],
        timeout: EXTENSION_RING_MS,
        no_answer_target_id: unanswered,
        error_target_id: unanswered,
      },
    },
    { id: 'end', type: 'hangup', option: {} },
    { id: unanswered, type: 'voicemail', option: { text: NOBODY } },
    { id: 'thanks', type: 'talk', option: { text: 'Thank you. Goodbye.' } },
  ]
}
const NOBODY = 'Nobody can take your call now. Please leave a message after the tone.'
const EXTENSION_RING_MS = 25_000

/** Nobody is let go without a word. */
export function conferenceFlow(conferenceId: string): Action[] {
  const refused = 'refused'
  return [
    {
      id: 'conference',
      type: 'conference_join',
      option: { conference_id: conferenceId, refused_target_id: refused, error_target_id: refused },
    },
    { id: 'over', type: 'talk', option: { text: 'You have left the conference. Goodbye.' } },
    { id: 'end', type: 'hangup', option: {} },
    // Locked, full, over, or the PIN was wrong three times.
    { id: refused, type: 'answer', option: {} },
    { id: 'sorry', type: 'talk', option: { text: 'You cannot join this conference now. Goodbye.' } },
  ]
}

/** The mask has the other words: which of them depends on who calls. */
export function maskFlow(maskId: string): Action[] {
  const [unanswered, failed] = ['unanswered', 'failed']
  return [
    {
      id: 'mask',
      type: 'mask_connect',
      option: { mask_id: maskId, no_answer_target_id: unanswered, error_target_id: failed },
    },
    { id: 'end', type: 'hangup', option: {} },
    { id: unanswered, type: 'talk', option: { text: 'Nobody has answered. Please call again later. Goodbye.' } },
    { id: 'goodbye', type: 'hangup', option: {} },
    { id: failed, type: 'talk', option: { text: 'This call cannot be connected now. Goodbye.' } },
  ]
}
