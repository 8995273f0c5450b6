/** The answers of the look-alikes' models. The last message decides, so that a suite can ask for each kind of answer. */

export type Made =
  | { type: 'text'; text: string }
  | { type: 'tool'; id: string; name: string; json: string }
  | { type: 'end'; reason: 'stop' | 'tools' | 'length' }
  /** nothing more comes, and the connection stays open */
  | { type: 'silence' }

/**
 * `say W1 W2` streams the words one by one · `call NAME JSON` calls a tool · `calls A B` calls several at once · `both NAME` says "One moment." and calls it ·
 * `too long` ends for length · `silence` never answers · `stall` says one word and never ends · anything else is repeated.
 */
export function replyTo(last: string): Made[] {
  const [verb = '', ...rest] = last.split(' ')
  if (verb === 'say')
    return [...rest.map((word, at): Made => text(at === 0 ? word : ` ${word}`)), { type: 'end', reason: 'stop' }]
  if (verb === 'call') return [call(rest[0] ?? '', rest.slice(1).join(' ')), { type: 'end', reason: 'tools' }]
  if (verb === 'calls')
    return [...rest.map((name, at) => call(name, '{}', `call_${at + 1}`)), { type: 'end', reason: 'tools' }]
  if (verb === 'both') return [text('One moment.'), call(rest[0] ?? '', '{}'), { type: 'end', reason: 'tools' }]
  if (last === 'too long') return [text('And so on'), { type: 'end', reason: 'length' }]
  if (verb === 'silence') return [{ type: 'silence' }]
  if (verb === 'stall') return [text('Well'), { type: 'silence' }]
  return [text(`You said: ${last}`), { type: 'end', reason: 'stop' }]
}

function text(value: string): Made {
  return { type: 'text', text: value }
}

function call(name: string, json: string, id = 'call_1'): Made {
  return { type: 'tool', id, name, json }
}
