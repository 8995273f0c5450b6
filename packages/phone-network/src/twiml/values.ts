/**
 * This table says what the values of attributes look like. A value that does not fit is reported as 12200 and counts as absent. Attributes
 * that are not named here take any text.
 */

type Shape = { test: RegExp; words: string }

const oneOf = (...values: string[]): Shape => ({
  test: new RegExp(`^(?:${values.join('|')})$`, 'i'),
  words: values.join(', '),
})
const some = (...values: string[]): Shape => ({
  test: new RegExp(`^(?:${values.join('|')})(?:[\\s,]+(?:${values.join('|')}))*$`, 'i'),
  words: `some of ${values.join(', ')}`,
})

const WHOLE: Shape = { test: /^\d{1,9}$/, words: 'a whole number' }
const WHOLE_OR_AUTO: Shape = { test: /^(?:\d{1,9}|auto)$/i, words: 'a whole number or auto' }
const FLAG = oneOf('true', 'false')
const METHOD = oneOf('GET', 'POST')
const TRACKS = oneOf('inbound_track', 'outbound_track', 'both_tracks')
const DIAL_RECORDS = ['answer', 'answer-dual', 'ringing', 'ringing-dual'].map(when => `record-from-${when}`)
const SIDES = oneOf('inbound', 'outbound', 'both')

function named(names: string, shape: Shape): [string, Shape][] {
  return names.split(' ').map(name => [name, shape])
}

/** `attribute`, or `Element.attribute` where one element differs from the others. */
const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ...named('loop length timeLimit maxLength numDigits maxQueueSize maxParticipants', WHOLE),
  ...named('machineDetectionTimeout machineDetectionSilenceTimeout machineDetectionSpeechThreshold', WHOLE),
  ...named('machineDetectionSpeechEndThreshold', WHOLE),
  ...named('timeout speechTimeout', WHOLE_OR_AUTO),
  ...named('Dial.timeout Record.timeout', WHOLE),
  ...named('actionOnEmptyResult bargeIn playBeep transcribe partialResults answerOnBridge hangupOnStar', FLAG),
  ...named('sequential muted startConferenceOnEnter endConferenceOnExit copyParentTo dtmfDetection', FLAG),
  ...named('partialPrompts preemptible', FLAG),
  ...named('track', TRACKS),
  ...named('Recording.track recordingTrack', SIDES),
  ...named('trim', oneOf('trim-silence', 'do-not-trim')),
  ...named('channels', oneOf('mono', 'dual')),
  ...named('reason', oneOf('rejected', 'busy')),
  ...named('beep', oneOf('true', 'false', 'onEnter', 'onExit')),
  ...named('input', some('dtmf', 'speech')),
  ...named('machineDetection', oneOf('Enable', 'DetectMessageEnd')),
  ...named('Dial.record', oneOf('do-not-record', ...DIAL_RECORDS, 'true', 'false')),
  ...named('Conference.record', oneOf('do-not-record', 'record-from-start', 'true', 'false')),
])

/** Says why the value of an attribute is refused; null: the value fits, or the attribute takes any text. */
export function valueProblem(element: string, attribute: string, value: string): string | null {
  const shape = /[mM]ethod$/.test(attribute) ? METHOD : (SHAPES.get(`${element}.${attribute}`) ?? SHAPES.get(attribute))
  if (shape === undefined || shape.test.test(value.trim())) return null
  return `${attribute}="${value.slice(0, 60)}" of <${element}> is not ${shape.words}`
}
