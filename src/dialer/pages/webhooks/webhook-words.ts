/** How an endpoint and its deliveries are doing, in words. */
import type { Delivery, Webhook } from '../../../wire/webhook.ts'
import { stampText } from '../../desk/time.ts'

const DISABLED: Record<NonNullable<Webhook['disabled_because']>, string> = {
  'by-hand': 'Off: somebody has turned it off.',
  gone: 'Off: the server said that nothing is wanted at this address any more (410).',
  failing: 'Off: the server has taken nothing for five days.',
}

export function stateWords({ disabled_because, failing_since, waiting }: Webhook): string {
  const queued = waiting === 0 ? '' : ` ${waiting === 1 ? '1 message waits' : `${waiting} messages wait`}.`
  if (disabled_because !== null)
    return `${DISABLED[disabled_because]} What happens meanwhile is kept in the log.${queued}`
  if (failing_since !== null) return `Fails since ${stampText(Date.parse(failing_since))}.${queued}`
  return `On.${queued}`
}

const NO_ANSWER: Record<string, string> = {
  'not-answered': 'The server did not answer.',
  'address-refused': 'This address is not allowed.',
  redirected: 'The server sent us elsewhere, where we do not go.',
}

/** What the server answered. */
export function answerWords({ status, answer, ms }: Delivery): string {
  const words = NO_ANSWER[answer]
  if (status === null) return words ?? answer
  const rest = words ?? answer
  return `${status} after ${ms} ms${rest === '' ? '' : `: ${rest}`}`
}

export const STATE_WORDS: Record<Delivery['state'], string> = {
  delivered: 'taken',
  retrying: 'not taken, and sent again',
  dead: 'given up',
}
