/**
 * The outcome by which a person asks not to be called. An outcome is free text in a request (S3-61), and programs spell this one in many
 * ways; a spelling that was missed would be an opt-out that is lost. All other words are kept as they were written.
 */

export const DO_NOT_CALL = 'do-not-call'

/** Words of an outcome, joined by single spaces. `dnc` alone among other words means it as well. */
const MEANINGS = new Set([
  'do not call',
  'donotcall',
  'dont call',
  'do not contact',
  'dont contact',
  'do not phone',
  'never call',
  'no calls',
  'no more calls',
  'stop calling',
  'stop calls',
  'opt out',
  'optout',
  'opted out',
  'opts out',
  'optedout',
  'unsubscribe',
  'unsubscribed',
  'remove from list',
  'removed from list',
  'take off list',
  'taken off list',
])
/** They change nothing about what is asked. */
const FILLERS = new Set(['please', 'again', 'anymore', 'ever', 'me', 'us', 'them', 'the', 'our', 'your'])

/** Does this outcome say that the person must not be called? */
export function meansDoNotCall(outcome: string): boolean {
  const words = wordsIn(outcome)
  if (words.includes('dnc')) return words[words.indexOf('dnc') - 1] !== 'not'
  return MEANINGS.has(words.filter(word => !FILLERS.has(word)).join(' '))
}

/** The one name of what means do-not-call; any other outcome as it was written. */
export function outcomeNamed(outcome: string): string {
  return meansDoNotCall(outcome) ? DO_NOT_CALL : outcome
}

/** `DNC`, `Do-Not-Call`, `do_not_call`, `doNotCall` and `D.N.C.` are words of small letters. */
function wordsIn(outcome: string): string[] {
  return outcome
    .normalize('NFKC')
    .replace(/[’'´`.]/g, '')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
}
